from sop.ui.frame import page

with page("sign_off") as visit:
    visit.message(f"sign_off: {visit.view.name}")

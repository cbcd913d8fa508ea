from sop.ui.frame import page

with page("inventory") as visit:
    visit.message(f"inventory: {visit.view.name}")

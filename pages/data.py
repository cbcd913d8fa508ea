from sop.ui.frame import page

with page("data") as visit:
    visit.message(f"data: {visit.view.name}")

from sop.ui.frame import page

with page("financial") as visit:
    visit.message(f"financial: {visit.view.name}")

from sop.ui.frame import page

with page("scenarios") as visit:
    visit.message(f"scenarios: {visit.view.name}")

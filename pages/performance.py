from sop.ui.frame import page

with page("performance") as visit:
    visit.message(f"performance: {visit.view.name}")

from sop.ui.frame import page

with page("plan_changes") as visit:
    visit.message(f"plan_changes: {visit.view.name}")

from sop.ui.frame import page

with page("production") as visit:
    visit.message(f"production: {visit.view.name}")

from sop.ui.frame import page

with page("executive_review") as visit:
    visit.message(f"executive_review: {visit.view.name}")

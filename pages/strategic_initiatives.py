from sop.ui.frame import page

with page("strategic_initiatives") as visit:
    visit.message(f"strategic_initiatives: {visit.view.name}")

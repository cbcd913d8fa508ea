from sop.ui.frame import page

with page("assumptions") as visit:
    visit.message(f"assumptions: {visit.view.name}")

from sop.ui.frame import page

with page("sales") as visit:
    visit.message(f"sales: {visit.view.name}")

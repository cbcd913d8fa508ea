from sop.ui.frame import page

with page("new_products") as visit:
    visit.message(f"new_products: {visit.view.name}")

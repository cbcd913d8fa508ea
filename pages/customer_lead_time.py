from sop.ui.frame import page

with page("customer_lead_time") as visit:
    visit.message(f"customer_lead_time: {visit.view.name}")

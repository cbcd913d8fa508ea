"""Rules about orders and deliveries: dates and quantities that contradict each other."""

from __future__ import annotations

from sop.core.findings import Finding
from sop.intake.subject import Subject


def check_past_due(subject: Subject) -> list[Finding]:
    """Past due orders are a part of the open orders, so they cannot exceed them."""
    if subject.spec.name != "order_book":
        return []
    rows = subject.frame["past_due"] > subject.frame["quantity"]
    remedy = "quantity is all open orders, past_due the late part of it"
    return subject.at(rows, "error", "past_due", "past_due is more than all open orders", remedy, "past_due")


def check_delivery_dates(subject: Subject) -> list[Finding]:
    """Nothing is delivered, promised or requested before it was ordered; what is delivered has a date."""
    if subject.spec.name != "deliveries":
        return []
    frame = subject.frame
    findings = []
    for name, level in (("delivered", "error"), ("promised", "warning"), ("requested", "warning")):
        rows = frame[name].fillna("9999") < frame["ordered"].fillna("")
        what = f"{name} '{{value}}' is before the order date"
        findings += subject.at(
            rows, "error" if level == "error" else "warning", "delivery_dates", what, "Check both dates", name
        )
    undated = frame["delivered"].isna() & (frame["quantity_delivered"] > 0)
    what = "units are delivered but the delivery date is empty"
    return findings + subject.at(undated, "warning", "delivery_dates", what, "Fill delivered", "delivered")

"""Rules about the identities of stock; the books must add up before a plan stands on them."""

from __future__ import annotations

from sop.core.findings import Finding
from sop.intake.stock import is_broken, movement_gap_units, previous_closing
from sop.intake.subject import Subject

_ADJUST = "Mend it, or book the difference in adjustments"


def check_opening(subject: Subject) -> list[Finding]:
    """A month opens with the stock that the month before closed with; a break is an error."""
    if subject.spec.name != "inventory" or not subject.has("opening"):
        return []
    stored = subject.tables.get("inventory") if subject.mode == "add" else None
    gap = subject.frame["opening"] - previous_closing(subject.frame, stored)
    what = "opening is not what the month before closed with"
    return subject.at(is_broken(gap), "error", "opening_break", what, _ADJUST, "opening")


def check_movements(subject: Subject) -> list[Finding]:
    """Opening and movements add up to the closing stock; a break is an error."""
    if subject.spec.name != "inventory":
        return []
    rows = is_broken(movement_gap_units(subject.frame))
    what = "opening and movements do not add up to closing"
    return subject.at(rows, "error", "movement_break", what, _ADJUST, "closing")


def check_negative_closing(subject: Subject) -> list[Finding]:
    """A negative closing stock is a warning where the movements add up (books have them), else an error.

    Rows that `until` sets aside are looked at too, so that the whole file's books are judged.
    """
    if subject.spec.name != "inventory":
        return []
    values = subject.values
    negative, broken = values["closing"] < 0, is_broken(movement_gap_units(values))
    aside = int((negative & ~broken).reindex(subject.set_aside.index).sum())
    what = "closing stock is negative though the movements add up"
    what += f" ({aside} in months set aside)" if aside else ""
    return [
        *subject.at(
            negative & ~broken, "warning", "negative_closing", what, "Look for receipts booked late", "closing"
        ),
        *subject.at(
            negative & broken,
            "error",
            "negative_closing",
            "closing stock is negative and the movements do not add up",
            "Mend the movements",
            "closing",
        ),
    ]

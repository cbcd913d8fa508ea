"""Rules about the identities of stock; the books must add up before a plan stands on them."""

from __future__ import annotations

from sop.core.findings import Finding
from sop.intake.stock import SERIES, is_broken, movement_gap_units, previous_closing
from sop.intake.subject import Subject

_ADJUST = "Mend it, or book the difference in adjustments"


def check_opening(subject: Subject) -> list[Finding]:
    """A month opens with the stock that the month before closed with; a break is an error."""
    if subject.spec.name != "inventory" or not subject.has("opening"):
        return []
    stored = subject.stored if subject.mode == "add" else None
    gap = subject.frame["opening"] - previous_closing(subject.frame, stored)
    what = "opening is not what the month before closed with"
    return subject.at(is_broken(gap), "error", "opening_break", what, _ADJUST, "opening")


def check_next_opening(subject: Subject) -> list[Finding]:
    """Added months must close with what the stored months after them opened with; a break is an error."""
    if subject.spec.name != "inventory" or subject.mode != "add" or subject.stored is None:
        return []
    key = ["month", *SERIES]
    given = set(subject.frame[key].itertuples(index=False, name=None))
    kept = [row not in given for row in subject.stored[key].itertuples(index=False, name=None)]
    rest = subject.stored[kept]
    broken = rest[is_broken(rest["opening"] - previous_closing(rest, subject.frame))]
    if not len(broken):
        return []
    first = broken.iloc[0]
    what = f"{len(broken)} stored row(s) open with another stock than this file closes with, from {first['month']}"
    remedy = "Bring the later months in the same file"
    return [subject.finding("error", "opening_break", what, remedy, "closing", str(first["product"]), len(broken))]


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


def count_filled_openings(subject: Subject) -> int:
    """Rows whose missing opening stock is the closing of the month before."""
    if subject.spec.name != "inventory":
        return 0
    given = subject.cells.loc[subject.frame.index, "opening"].notna()
    return int((subject.frame["opening"].notna() & ~given).sum())


def check_filled_openings(subject: Subject) -> list[Finding]:
    """A note that counts the opening stocks taken from the month before."""
    count = count_filled_openings(subject)
    if not count:
        return []
    what = f"{count:,} opening stocks are not given and taken from the month before"
    return [subject.finding("note", "opening_filled", what, column="opening", count=count)]

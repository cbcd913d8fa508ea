"""What past claims were worth, in words and as a table; a proven bias as a sentence and as a correction."""

from __future__ import annotations

from typing import Any

from sop.analysis.ranges.claims import SAID, Bias, ClaimRow, TrackRecord
from sop.core.calendar import worded
from sop.core.format import how_many, percent, percent_signed
from sop.core.present import Cell, Col, PlanTable, TableRow, texts
from sop.core.words import all_of, in_sentence

CORRECTIONS = {
    "revenue": "demand_pct",
    "inventory": "stock_above_safety",
    "ebit": "operating_cost_pct",
    "cash": "dso_days",
}
"""The assumption by which its owner may correct a measure that is planned with a bias."""

_TOLD = 0.02
_ENOUGH_PLANS = 30
_HALF = 0.5


def claims_table(record: TrackRecord) -> PlanTable:
    """How often eight in ten came true, by measure and how far ahead it was said, and how far off plans were."""
    spans = tuple(dict.fromkeys(row.horizon for row in record.rows))
    found = {(row.headline.label, row.horizon): row for row in record.rows}
    columns = (*texts("Measure"), *(Col[Any](span, "percent", bare=True) for span in spans))
    rows: tuple[TableRow, ...] = tuple(
        (label, *(_held(found.get((label, span))) for span in spans))
        for label in dict.fromkeys(row.headline.label for row in record.rows)
    )
    empty = worded("No month that a signed plan claimed something about has closed yet.")
    return PlanTable("Past claims", columns, rows, empty)


def _held(row: ClaimRow | None) -> Cell:
    if row is None:
        return Cell(None)
    off = "" if row.bias is None else f", off {percent_signed(row.bias)}"
    return Cell(row.share, tone="good" if row.share >= SAID - _TOLD else "bad", note=f"of {row.claims}{off}")


def bias_sentence(bias: Bias) -> str:
    """'Inventory was planned too low in each of the last 8 signed plans, by 40% at 6 months'."""
    way = "high" if bias.share > 0 else "low"
    every = bias.same == bias.cycles
    often = f"each of the last {bias.cycles}" if every else f"{bias.same} of the last {bias.cycles}"
    months = worded(how_many(bias.ahead, "months"), counted=True)
    size = (
        how_many(percent(abs(bias.share), 1), "points")
        if bias.headline.unit == "fraction"
        else percent(abs(bias.share))
    )
    return (
        f"{bias.headline.label} was planned too {way} in {how_many(often, 'signed plans')}, by {size} at {months}"
    )


def bias_note(bias: Bias) -> str:
    """The same in few words, beside the figure: '8 of 8 plans: 40% too low'."""
    way = "high" if bias.share > 0 else "low"
    return f"{bias.same} of {how_many(bias.cycles, 'plans')}: {percent(abs(bias.share))} too {way}"


def record_sentence(record: TrackRecord) -> str:
    """What past claims were worth in one sentence, the largest bias first; empty before any month closed."""
    if record.share is None:
        return ""
    held = f"Our past ranges held {percent(record.share)} of the time where we said {percent(SAID)}"
    if not record.biases:
        return f"{held}; no figure was off one way in too many plans to be luck."
    worst = max(record.biases, key=lambda bias: abs(bias.share))
    return f"{bias_sentence(worst)}; {held[0].lower()}{held[1:]}."


def missed_sentence(record: TrackRecord) -> str:
    """The measures whose past ranges held less than half the time and which way these came; empty without any.

    'Ranges of cash (42%) and inventory (44%) held less than half the time: they were too narrow or in the wrong
    place. On average cash came out above plan and inventory came out below plan.'
    """
    told = dict.fromkeys(row.headline for row in record.rows)
    shares = ((entry, record.share_of(entry.key)) for entry in told)
    missed = {entry: share for entry, share in shares if share is not None and share < _HALF}
    if not missed:
        return ""
    named = all_of([f"{in_sentence(entry.label)} ({percent(share)})" for entry, share in missed.items()])
    ways = {entry: record.off_on_average(entry.key) for entry in missed}
    sides = [
        f"{in_sentence(entry.label)} came out {'below' if off > 0 else 'above'} plan"
        for entry, off in ways.items()
        if off
    ]
    text = f"Ranges of {named} held less than half the time: they were too narrow or in the wrong place."
    return f"{text} On average {all_of(sides)}." if sides else text


def evidence_sentence(record: TrackRecord) -> str:
    """What so few months can and cannot show."""
    if not record.plans:
        return ""
    plans = how_many(record.plans, "signed plans")
    months = worded(
        "1 closed month"
        if record.months == 1
        else f"up to {how_many(record.months, 'closed months')}, which overlap",
        counted=True,
    )
    text = f"{plans} with {months}"
    if record.plans >= _ENOUGH_PLANS:
        return f"{text}."
    return f"{text}: enough to see a figure that is always off one way, too few to prove that eight of ten hold."

"""The smallest changes that close a gap, and where assumptions break even, as tables and sentences."""

from __future__ import annotations

from collections.abc import Sequence

from sop.analysis.decisions.gap import WAYS_TOLD, Alternative, GapClosed, Tried
from sop.analysis.decisions.robust import Holds
from sop.core.calendar import period_short, shift_period, worded
from sop.core.format import MoneyFormat, how_many, percent
from sop.core.measures import HEADLINES
from sop.core.present import Cell, Col, Declared, PlanTable
from sop.core.words import in_sentence
from sop.views.assumption_words import lever_name, value_text
from sop.views.executive.scenario_compare import LeverWorth
from sop.views.measure_columns import headline_col, headline_text, headline_unit

ALTERNATIVES = "Alternatives"


def gap_message(found: GapClosed, money: MoneyFormat) -> str:
    """What the target is, how far the plan is from it, and whether it can be reached."""
    entry = found.target.entry

    def told(value: float | None) -> str:
        if entry.unit == "currency":
            return money.words(value)
        return f"{headline_text(entry, value, money)} {headline_unit(entry, money)}".strip()

    start = f"{entry.label} is {told(found.base)}; the target is {told(found.target.value)}"
    refused = "; ".join(found.refused)
    without = f" Left out, because it was refused in this cycle: {refused}." if refused else ""
    if found.base is not None and found.target.reached_at(found.base):
        return f"{start}: it is reached already."
    if found.best is not None:
        closest = f"the best that can be had is {told(found.best.value)}"
        what = "; ".join(move.title for move in found.best.moves)
        return f"{start}: it is beyond reach, {closest}{f', with {what}' if what else ''}.{without}"
    count = len(found.alternatives)
    more = "; no other was found" if count < WAYS_TOLD else ""
    reach = "way reaches" if count == 1 else "ways reach"
    return f"{start}: {count} {reach} it, each planned again in full{more}.{without}"


def gap_table(found: GapClosed, first_open: str, money: MoneyFormat) -> PlanTable:
    """The alternatives, or the best that can be had, with price, side effects and who is to be asked."""
    entry = found.target.entry
    rows = found.alternatives or ((Alternative(("Best that can be had",), found.best),) if found.best else ())
    like = headline_col(entry)
    decimals = 2 if entry.unit == "currency" else like.decimals
    return Declared[Alternative](
        ALTERNATIVES,
        (
            Col("Alternative", "text", lambda row: Cell(", ".join(row.names), strong=True)),
            Col("What is done", "text", lambda row: Cell(_titles(row.found), note=robust_line(row.holds))),
            Col("Ask", "text", lambda row: Cell(", ".join(row.found.owners), note=_works(row.found, first_open))),
            Col(like.title, like.form, lambda row: row.found.value, decimals=decimals),
            Col("Cost", "money", lambda row: row.found.cost, signed=True),
            Col(
                worded("EBIT, 12 months"),
                "money",
                lambda row: row.found.effect.ebit_12_months,
                signed=True,
                better=1,
            ),
            Col("to the horizon", "money", lambda row: row.found.effect.ebit_horizon, signed=True, better=1),
            Col("Lowest cash", "money", lambda row: row.found.effect.cash_low, signed=True, better=1),
            Col("Beside it", "text", lambda row: side_effects(found, row.found, money)),
        ),
    ).of(rows)


def _works(found: Tried, first_open: str) -> str:
    return f"works from {period_short(shift_period(first_open, found.lead_months))}"


def _titles(found: Tried) -> str:
    return "; ".join(move.title for move in found.moves)


def side_effects(gap: GapClosed, found: Tried, money: MoneyFormat) -> str:
    """What else moves in the headline, beside the target and EBIT; 'nothing else' where nothing does."""
    told = []
    for entry in HEADLINES:
        was, now = gap.measures.get(entry.key), found.measures.get(entry.key)
        if entry.key in (gap.target.measure, "ebit", "gross_margin", "cash") or was is None or now is None:
            continue
        before, after = (headline_text(entry, value, money) for value in (was, now))
        if before != after:
            told.append(f"{in_sentence(entry.label)} {before} → {after} {headline_unit(entry, money)}".strip())
    return ", ".join(told) or "nothing else"


def robust_line(holds: Sequence[Holds]) -> str:
    """'holds to −9% demand; fails at 6 days of supplier delay'."""
    return "; ".join(_held(each) for each in holds)


def _held(each: Holds) -> str:
    demand = each.what == "demand"

    def told(value: float) -> str:
        sign = "+" if demand and value > 0 else ""
        return (
            f"{sign}{percent(value)} demand" if demand else f"{how_many(f'{value:.0f}', 'days')} of supplier delay"
        )

    if each.last is None:
        return "does not hold as planned"
    if each.first is None:
        return f"holds to {told(each.last)} and beyond"
    if demand:
        return f"holds to {told(each.last)}" if each.last else f"fails at {told(each.first)}"
    return f"fails at {told(each.first)}"


def break_even_table(worth: Sequence[LeverWorth], currency: str) -> PlanTable:
    """Where each assumption stands, and the value beyond which the target is missed or reached."""
    return Declared[LeverWorth](
        "Break-even of each assumption",
        (
            Col("Assumption", "text", lambda row: lever_name(row.lever)),
            Col("Owner", "text", lambda row: row.lever.entry.owner.title),
            Col("Stands at", "text", lambda row: value_text(row.lever.entry, row.lever.value, currency)),
            Col("Breaks even at", "text", lambda row: _turns(row, currency)),
        ),
    ).of(worth)


def _turns(row: LeverWorth, currency: str) -> str:
    return "nowhere in its range" if row.turns is None else value_text(row.lever.entry, row.turns, currency)

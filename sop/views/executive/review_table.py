"""The numbers of the executive review as one table, for its download."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from sop.analysis.comparison.bridge import Bridge
from sop.analysis.decisions.exceptions import ReviewException
from sop.analysis.decisions.valuation import Valuation
from sop.analysis.people import PeopleMove
from sop.analysis.performance.kpis import Kpi
from sop.core.calendar import period_short, worded
from sop.core.plan import Plan
from sop.core.present import Cell, Col, Declared, PlanTable
from sop.core.terms import Function
from sop.views.executive.decision_words import profit_words
from sop.views.people_words import people_move_title


def review_table(
    kpis: Sequence[Kpi],
    bridge: Bridge | None,
    valuation: Valuation,
    exceptions: Sequence[ReviewException],
    moves: Sequence[PeopleMove],
    currency: str,
    near: str,
) -> pd.DataFrame:
    """Columns: section, item, measure, value, unit, owner; money in the currency."""
    rows: list[tuple[str, str, str, float | str | None, str, str]] = []
    for kpi in kpis:
        unit = currency if kpi.headline.unit == "currency" else kpi.headline.unit
        scale = 100 if kpi.headline.unit == "currency" else 1
        for name, value in (("plan", kpi.value), ("compared plan", kpi.base), ("budget", kpi.budget)):
            rows.append(("headline", kpi.headline.label, name, None if value is None else value / scale, unit, ""))
        if kpi.worst is not None:
            rows.append(("headline", kpi.headline.label, f"worst: {kpi.worst.family}", kpi.worst.value, unit, ""))
    for name, value in bridge.steps if bridge else ():
        rows.append(("bridge", name, "revenue", value / 100, currency, ""))
    for decision in valuation.decisions:
        owner = decision.move.owner
        effect = decision.effect
        for name, value in (
            (f"EBIT, {near}", effect.ebit_12_months),
            ("EBIT, to the horizon", effect.ebit_horizon),
            ("lowest cash", effect.cash_low),
            ("cost", decision.cost),
            (worded("a month later"), decision.waiting),
        ):
            rows.append(
                ("decision", decision.move.title, name, None if value is None else value / 100, currency, owner)
            )
    for exception in exceptions:
        for name, value in (
            (f"EBIT, {near}", exception.effect.ebit_12_months),
            ("EBIT, to the horizon", exception.effect.ebit_horizon),
            ("lowest cash", exception.effect.cash_low),
        ):
            told = None if value is None else value / 100
            rows.append(("exception", exception.sentence, name, told, currency, exception.owner))
    owner = Function.OPERATIONS.title
    for move in moves:
        what = f"{'hires' if move.kind == 'hire' else 'releases'} in {move.month}, decide by {move.decide_by}"
        rows.append(("people", move.plant, what, move.people, "people", owner))
    return pd.DataFrame(rows, columns=["section", "item", "measure", "value", "unit", "owner"])


def people_moves_table(moves: Sequence[PeopleMove], owner: str) -> PlanTable:
    """Who starts and who goes, and by when `owner` decides it."""
    columns: tuple[Col[PeopleMove], ...] = (
        Col("People", "text", people_move_title),
        Col("From", "text", lambda move: period_short(move.month)),
        Col("Decide by", "text", lambda move: Cell(period_short(move.decide_by), strong=True)),
        Col("Costs once", "small_money", lambda move: move.cost),
        Col("Owner", "text", lambda move: owner),
    )
    return Declared("People who start and go", columns).of(moves)


def exceptions_note(exceptions: Sequence[ReviewException], plan: Plan) -> str:
    """What the figures of the exceptions shown are; without any, how the exceptions are ordered."""
    effects = [each.effect for each in exceptions]
    year, horizon = (
        any(getattr(e, key) is not None for e in effects) for key in ("ebit_12_months", "ebit_horizon")
    )
    spans = " and ".join([plan.near_text] * year + ["to the horizon"] * horizon)
    told = [f"{profit_words(plan)} of {spans}"] * bool(spans)
    told += ["the lowest cash"] * any(e.cash_low is not None for e in effects)
    if told:
        return f"What the plan would gain without it, by planning again: {' and '.join(told)}"
    return f"From outside first; what they cost is not known, so they are shown in units, {plan.near_text}"


def exceptions_title(exceptions: Sequence[ReviewException]) -> str:
    """The heading of the exceptions shown: ordered by money only where some money is known."""
    valued = any(
        value is not None
        for each in exceptions
        for value in (each.effect.ebit_12_months, each.effect.ebit_horizon, each.effect.cash_low)
    )
    return "Exceptions: from outside first, then by money" if valued else "Exceptions"


def exceptions_table(exceptions: Sequence[ReviewException], near: str, profit: str) -> PlanTable:
    """The exceptions with their money at stake, told by `profit`; no column is without a figure."""
    name = profit[:1].upper() + profit[1:]
    table = Declared[ReviewException](
        "Exceptions",
        (
            Col("Exception", "text", lambda each: Cell(each.sentence, note=each.detail)),
            Col("Owner", "text", lambda each: each.owner, width="7rem"),
            Col(f"{name}, {near}", "money", lambda each: each.effect.ebit_12_months, signed=True, better=1),
            Col("to the horizon", "money", lambda each: each.effect.ebit_horizon, signed=True, better=1),
            Col("Lowest cash", "money", lambda each: each.effect.cash_low, signed=True, better=1),
        ),
        "Nothing is late, lost, short, in excess or slipping.",
    ).of(exceptions)
    return table.without_empty_columns()

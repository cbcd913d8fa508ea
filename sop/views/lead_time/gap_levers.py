"""What would close a family's gap to its lead time target: each lever with what it leaves and its price."""

from __future__ import annotations

from collections.abc import Callable

from sop.analysis.supply.gap_levers import TOGETHER, GapLever, GapLevers
from sop.core.present import Col, Declared, PlanTable
from sop.core.words import Money, days_text


def gap_sentence(found: GapLevers, money: Money, near: str) -> str:
    """Whether and how the gap closes, in one sentence."""
    if found.now.over_days <= 0:
        return f"{found.family} keeps its lead time target in the next {near}."
    if not found.levers:
        return f"No limit that binds holds {found.family} back, so no lever is known that closes its gap."
    best = found.levers[0]
    words = f"{best.name} in {best.periods} helps {found.family} most: {_left(best)}"
    words += _money_of(best, money, near)
    if best.over_days > 0 and found.together is not None:
        words += f"; all levers together {_left(found.together)}"
    return f"{words}."


def _money_of(lever: GapLever, money: Money, near: str) -> str:
    """What a lever does to profit: ' and brings 5 000 € of EBIT in 12 months, net of its cost'."""
    ebit = lever.effect.ebit_12_months
    if ebit is None:
        return ""
    cost = "net of its cost" if lever.known else "before its cost, which is not known"
    return f" and {'brings' if ebit >= 0 else 'costs'} {money(abs(ebit))} of EBIT in {near}, {cost}"


def _left(lever: GapLever) -> str:
    if lever.over_days <= 0:
        return "close the gap" if lever.name == TOGETHER else "it closes the gap"
    return f"{'leave' if lever.name == TOGETHER else 'it leaves'} {days_text(lever.over_days)} over the target"


def gap_table(found: GapLevers, near: str) -> PlanTable:
    """Lead time, gap and money with each lever, as the plan stands first."""
    return Declared[GapLever](
        f"What would close the gap of {found.family}",
        (
            Col("Lever", "text", lambda lever: lever.name),
            Col("in", "text", lambda lever: lever.periods),
            Col("Peak", "days", lambda lever: lever.peak_days),
            Col("Over target", "days", lambda lever: lever.over_days, signed=True, better=-1),
            Col("Over it", "months", lambda lever: lever.months_over),
            Col(f"EBIT, {near}", "money", _of_effect(found, "ebit_12_months"), signed=True, better=1),
            Col("to the horizon", "money", _of_effect(found, "ebit_horizon"), signed=True, better=1),
            Col("Lowest cash", "money", _of_effect(found, "cash_low"), signed=True, better=1),
            Col("Its cost", "text", lambda lever: "" if lever is found.now else _COST[lever.known]),
        ),
    ).of((found.now, *found.levers, *((found.together,) if found.together else ())))


_COST = {True: "is in it", False: "not known"}


def _of_effect(found: GapLevers, name: str) -> Callable[[GapLever], float | None]:
    """A figure of a lever's effect; none for the plan as it stands."""
    return lambda lever: None if lever is found.now else getattr(lever.effect, name)

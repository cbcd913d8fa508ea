"""Outside events and leading indicators in words: what an event does, when, and what hurts most."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sop.core.calendar import Calendar, period_name, shift_period, worded
from sop.core.format import how_many, percent, percent_signed
from sop.core.inputs import Event, LeadingIndicator
from sop.core.plan import DriverProof, Plan
from sop.core.terms import EventUse
from sop.core.words import plain_chance
from sop.views.people_words import count_words

Money = Callable[[float], str]
_NOTHING_HURTS = "No outside event that could hurt is in the register."
USE_WORDS = {EventUse.PLAN: "in the plan", EventUse.RANGE: "in the range", EventUse.WATCH: "watched"}
_MEASURES = {
    "demand": "demand",
    "price": "price",
    "unit_cost": "unit cost",
    "supply": "supply",
    "capacity_hours": "capacity",
    "lead_time": "lead time",
    "inventory_target": "stock target",
}


@dataclass(frozen=True)
class Hurt:
    """The outside event of which most loss is expected, with the profit (minor units) at stake.

    `measure` names the profit: EBIT, or gross margin where the plan ends there.
    """

    title: str
    source: str
    probability: float
    use: EventUse
    profit: int
    measure: str


def event_window(event: Event, calendar: Calendar) -> str:
    """The months in which an event acts: 'Jan 2026 – Mar 2026'."""
    first = period_name(shift_period(calendar.first_open, event.start))
    last = period_name(shift_period(calendar.first_open, event.start + max(event.duration, 1) - 1))
    return first if first == last else f"{first} – {last}"


def event_effect(event: Event) -> str:
    """What an event does if it comes: 'demand −6%, Longtail'."""
    whole = abs(event.impact * 100 - round(event.impact * 100)) < 0.05
    size = percent_signed(event.impact, 0 if whole else 1)
    return f"{_MEASURES.get(event.measure, event.measure)} {size}, {event.scope or 'all'}"


def profit_name(plan: Plan) -> str:
    """What profit at stake is called: EBIT, or gross margin where the plan ends there."""
    if not plan.has_profit:
        return "profit"
    return "gross margin" if plan.headline["ebit"] is None else "EBIT"


def outside_message(
    hurt: Hurt | None,
    chance_budget: float | None,
    alerts: int,
    money: Money,
    months: str,
    span: tuple[str, str] | None = None,
    unknown: str = "",
) -> str:
    """What hurts most from outside, how many indicators are beyond a threshold, and the chance of the budget.

    `span`: where revenue of the rolling year, `months` in words, ends in eight of ten cases; told where nothing
    outside hurts. `unknown`: why nobody knows what events do to profit.
    """
    nothing = f"What outside events do to profit is not known: {unknown}." if unknown else _NOTHING_HURTS
    parts = [_hurt_sentence(hurt, money)] if hurt else [nothing]
    if span and not hurt:
        low, high = span
        parts.insert(0, f"The {months} bring between {low} and {high} of revenue in eight of ten cases.")
    if alerts:
        who = "indicator asks" if alerts == 1 else "indicators ask"
        parts.append(f"{count_words(alerts).capitalize()} leading {who} for attention.")
    if chance_budget is not None:
        parts.append(f"{plain_chance(chance_budget)} chance to reach the budget's revenue.")
    return " ".join(parts)


def _hurt_sentence(hurt: Hurt, money: Money) -> str:
    expected = money(-round(hurt.profit * hurt.probability))
    return (
        f"What hurts most from outside: “{hurt.title}” ({hurt.source}), an expected loss of {expected} of "
        f"{hurt.measure} ({money(-hurt.profit)} at {percent(hurt.probability)}, {USE_WORDS[hurt.use]})."
    )


def lead_words(name: str, proofs: Sequence[DriverProof]) -> str:
    """Which families' demand an indicator was proven to lead; that none; empty where it was not tested."""
    tested = [proof for proof in proofs if proof.driver == name]
    proven = sorted((proof for proof in tested if proof.proven), key=lambda proof: -(proof.gain or 0.0))
    if not tested:
        return ""
    if not proven:
        return f"not proven to lead demand ({how_many(len(tested), 'families')} tested)"
    first, more = proven[0], len(proven) - 1
    others = f" and {more} more {'family' if more == 1 else 'families'}" if more else ""
    used = "moves the forecast" if any(proof.used for proof in proven) else "not in use"
    ahead = worded(f"{first.lag} {'month' if first.lag == 1 else 'months'}", counted=True)
    return (
        f"proven to lead {first.family}{others} by {ahead}: "
        f"saves {percent(first.gain or 0.0)} of the error; {used}"
    )


def threshold_words(indicator: LeadingIndicator) -> str:
    """The thresholds of an indicator: 'item below 95, above 110'; that it has none."""
    found = [("below", indicator.alert_below), ("above", indicator.alert_above)]
    words = [f"{side} {value:g}" for side, value in found if value == value]
    return f"opens an item {', '.join(words)}" if words else "no threshold: nothing opens by itself"

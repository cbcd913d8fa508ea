"""What initiatives promise and cost, and outside events may do, as expected effects on measures of the plan.

An effect says by how much a measure of a scope changes in each month: a fraction (`pct`) or an amount a
month (`abs`). Probability and confidence are already in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from sop.core.arrays import shares_of
from sop.core.calendar import Calendar
from sop.core.inputs import Benefit, Event, Floats, Initiative
from sop.core.money import MINOR, to_minor
from sop.core.register import MITIGATION, PROBABILITY, Assumptions, probability_of, use_of
from sop.core.terms import EventUse


@dataclass(frozen=True)
class Effect:
    """The expected change of one measure: `profile` (T,) as fractions or amounts."""

    origin: str
    name: str
    measure: str
    scope: str
    unit: str
    profile: Floats


def event_effects(events: Iterable[Event], assumptions: Assumptions, calendar: Calendar) -> tuple[Effect, ...]:
    """Expected effects of the events that are used in the plan: impact × probability in their window."""
    t = np.arange(calendar.horizon)
    return tuple(
        Effect(
            "event",
            event.name,
            event.measure,
            event.scope,
            "pct",
            np.where(
                (t >= event.start) & (t < event.start + event.duration),
                event.impact * _chances(event, assumptions, calendar),
                0.0,
            ),
        )
        for event in events
        if use_of(event, assumptions) is EventUse.PLAN
    )


def _chances(event: Event, assumptions: Assumptions, calendar: Calendar) -> Floats:
    """The chance of an event in each planned month (T,): it may change from a month on, when it is mitigated."""
    found = np.full(calendar.horizon, probability_of(event, assumptions))
    start = assumptions.starts.get((PROBABILITY, event.name))
    if start is not None:
        found[: max(calendar.position(start.month), 0)] = probability_of(event, assumptions.before_starts())
    return found


def initiative_effects(
    initiatives: Iterable[Initiative], assumptions: Assumptions, periods: int
) -> tuple[Effect, ...]:
    """Expected effects of initiatives: amount × confidence, growing in a straight line over the ramp."""
    return tuple(
        Effect(
            "initiative",
            initiative.name,
            benefit.measure,
            benefit.scope,
            benefit.unit,
            benefit.amount
            * planned_confidence(initiative, assumptions)
            * _reached(initiative, benefit, assumptions, periods),
        )
        for initiative in initiatives
        for benefit in initiative.benefits
    )


def planned_confidence(initiative: Initiative, assumptions: Assumptions) -> float:
    """The share of the promised benefit that is planned."""
    return assumptions.value("initiative_confidence", initiative.name, initiative.confidence)


def _slip(initiative: Initiative, assumptions: Assumptions) -> int:
    """Periods by which its owner puts an initiative off."""
    return initiative.slip(assumptions.value("initiative_slip_months", initiative.name))


def _reached(initiative: Initiative, benefit: Benefit, assumptions: Assumptions, periods: int) -> Floats:
    """The share of a benefit that is reached in each month (T,), with the slip of its initiative."""
    months_on = np.arange(periods) - (benefit.start + _slip(initiative, assumptions)) + 1
    return np.minimum(np.maximum(months_on / max(benefit.ramp_months, 1.0), 0.0), 1.0)


def multiplier(effects: Iterable[Effect], measure: str, names: Sequence[Sequence[str]], periods: int) -> Floats:
    """Factors (len(names), periods) by which percent effects change a measure; never below zero.

    Each entry of `names` lists the names by which one thing goes (a family and its base, say); an effect
    without scope touches all.
    """
    factors = np.ones((len(names), periods))
    for effect in effects:
        if effect.measure == measure and effect.unit == "pct":
            factors[_touched(effect, names)] *= 1 + effect.profile
    return np.maximum(factors, 0.0)


def addition(effects: Iterable[Effect], measure: str, names: Sequence[Sequence[str]], weights: Floats) -> Floats:
    """Amounts (len(names), T) that absolute effects add to a measure.

    An effect on several things is spread over them by `weights` (len(names),); equal where all are zero.
    """
    effects = tuple(effects)
    total = np.zeros((len(names), len(effects[0].profile) if effects else 0))
    for effect in effects:
        touched = _touched(effect, names)
        if effect.measure == measure and effect.unit == "abs" and touched.any():
            share = shares_of([touched * weights, touched.astype(float)], np.zeros(len(names), np.intp), 1)
            total += share[:, None] * effect.profile
    return total


def takers(effects: Iterable[Effect], measure: str, names: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    """What takes from a measure of each thing (len(names)), in words: "initiative Move of line 2"."""
    taking = [effect for effect in effects if effect.measure == measure and (effect.profile < 0).any()]
    touched = [_touched(effect, names) for effect in taking]
    return tuple(
        tuple(f"{effect.origin} {effect.name}" for effect, on in zip(taking, touched, strict=True) if on[place])
        for place in range(len(names))
    )


def _touched(effect: Effect, names: Sequence[Sequence[str]]) -> np.ndarray:
    return np.array([not effect.scope or effect.scope in own for own in names], dtype=bool)


# -- initiatives by month


def initiative_spend(initiatives: tuple[Initiative, ...], assumptions: Assumptions, periods: int) -> Floats:
    """Spend (K, T) in currency, whole cents: budget not yet spent, evenly to the last milestone.

    Rounded on the running total, so that the months add up to what is left of the budget.
    An initiative stopped by a confidence of zero spends nothing more; one without milestones spends over a year.
    """
    spend = np.zeros((len(initiatives), periods))
    for k, initiative in enumerate(initiatives):
        if planned_confidence(initiative, assumptions) <= 0:
            continue
        last = max((gate.forecast for gate in initiative.milestones), default=periods // 2 - 1)
        last += _slip(initiative, assumptions)
        months = min(max(last + 1, 1), periods)
        spend[k, :months] = max(initiative.budget - initiative.spent, 0.0) / max(last + 1, 1)
    return np.diff(to_minor(np.cumsum(spend, axis=1)), axis=1, prepend=0) / MINOR


def mitigations(
    events: Iterable[Event], assumptions: Assumptions, calendar: Calendar
) -> tuple[tuple[str, ...], Floats]:
    """The events whose mitigation is paid for in planned months, and what it costs (N, T), currency."""
    paid = {}
    for event in events:
        start = assumptions.starts.get((MITIGATION, event.name))
        month = calendar.first_open if start is None else start.month
        cost = assumptions.value(MITIGATION, event.name)
        if cost and month in calendar.months:
            paid[event.name] = np.where(np.arange(calendar.horizon) == calendar.position(month), cost, 0.0)
    return tuple(paid), np.array([*paid.values()]).reshape(len(paid), calendar.horizon)


def benefit_share(initiatives: tuple[Initiative, ...], assumptions: Assumptions, periods: int) -> Floats:
    """Share of each initiative's promised benefit planned in each month (K, T): confidence × mean ramp."""
    share = np.zeros((len(initiatives), periods))
    for k, initiative in enumerate(initiatives):
        if initiative.benefits:
            ramps = [_reached(initiative, benefit, assumptions, periods) for benefit in initiative.benefits]
            share[k] = np.mean(ramps, axis=0) * planned_confidence(initiative, assumptions)
    return share

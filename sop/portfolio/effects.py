"""What initiatives promise and outside events may do, as expected effects on measures of the plan.

An effect says by how much a measure of a scope changes in each month: a fraction (`pct`) or an amount a
month (`abs`). Probability and confidence are already in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from sop.core.events import probability_of, use_of
from sop.core.inputs import Event, Floats, Initiative
from sop.core.register import Assumptions
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


def event_effects(events: Iterable[Event], assumptions: Assumptions, periods: int) -> tuple[Effect, ...]:
    """Expected effects of the events that are used in the plan: impact × probability in their window."""
    t = np.arange(periods)
    return tuple(
        Effect(
            "event",
            event.name,
            event.measure,
            event.scope,
            "pct",
            np.where(
                (t >= event.start) & (t < event.start + event.duration),
                event.impact * probability_of(event, assumptions),
                0.0,
            ),
        )
        for event in events
        if use_of(event, assumptions) is EventUse.PLAN
    )


def initiative_effects(
    initiatives: Iterable[Initiative], assumptions: Assumptions, periods: int
) -> tuple[Effect, ...]:
    """Expected effects of initiatives: amount × confidence, growing in a straight line over the ramp."""
    effects = []
    for initiative in initiatives:
        confidence = assumptions.value("initiative_confidence", initiative.name, initiative.confidence)
        slip = round(assumptions.value("initiative_slip_months", initiative.name))
        for benefit in initiative.benefits:
            reached = (np.arange(periods) - (benefit.start + slip) + 1) / max(benefit.ramp_months, 1.0)
            profile = benefit.amount * confidence * np.clip(reached, 0.0, 1.0)
            effects.append(
                Effect("initiative", initiative.name, benefit.measure, benefit.scope, benefit.unit, profile)
            )
    return tuple(effects)


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
    periods = len(effects[0].profile) if effects else 0
    total = np.zeros((len(names), periods))
    for effect in effects:
        touched = _touched(effect, names)
        if effect.measure == measure and effect.unit == "abs" and touched.any():
            w = np.where(touched, weights, 0.0)
            w = w / w.sum() if w.sum() > 0 else touched / touched.sum()
            total += w[:, None] * effect.profile
    return total


def _touched(effect: Effect, names: Sequence[Sequence[str]]) -> np.ndarray:
    return np.array([not effect.scope or effect.scope in own for own in names], dtype=bool)

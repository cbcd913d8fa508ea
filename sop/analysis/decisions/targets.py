"""A figure of the plan that has to be reached: which ones there are, and when a plan reaches it."""

from __future__ import annotations

from dataclasses import dataclass

from sop.core.errors import BadInput
from sop.core.measures import Headline, headline_measure
from sop.core.plan import Plan

TARGETS = ("revenue", "ebit", "cash", "lead_time", "inventory")
"""Headline measures that a gap can be closed in."""


@dataclass(frozen=True)
class GapTarget:
    """A headline measure and what it has to be at least, or at most where less is better: its unit as in plans."""

    measure: str
    value: float

    @property
    def better(self) -> int:
        """+1 where more is better, −1 where less is."""
        return self.entry.better

    @property
    def entry(self) -> Headline:
        """The headline measure."""
        return headline_measure(self.measure)

    def reached_at(self, value: float) -> bool:
        """Whether a value of the measure reaches it."""
        return self.better * (value - self.value) >= -1e-9


def require_target(measure: str, value: float, plan: Plan) -> GapTarget:
    """A target for a plan. Raises BadInput where the plan has no such figure or the value is none."""
    if measure not in TARGETS or read_target(plan, measure) is None:
        why = plan.why_unknown(measure) if measure in TARGETS else "a gap is closed in another measure"
        label = headline_measure(measure).label if measure in TARGETS else measure
        raise BadInput(f"{label} cannot be a target of this plan", why=why, remedy="Choose another measure")
    if value != value or abs(value) == float("inf"):
        raise BadInput("a target is a number", remedy="Enter the figure that is to be reached")
    return GapTarget(measure, value)


def read_target(plan: Plan, measure: str) -> float | None:
    """What a plan's headline says of the measure."""
    return plan.headline.get(measure)

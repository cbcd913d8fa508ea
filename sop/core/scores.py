"""Forecast accuracy: 80% in deviations; a score, the value that a step adds, and both for a step at a lag."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist


def deviations(share: float) -> float:
    """Half the width of the interval that holds a share of the normal distribution, in standard deviations."""
    return NormalDist().inv_cdf((1 + share) / 2)


Z80 = deviations(0.80)
"""80% of the normal distribution lie within so many standard deviations."""

ALL = ""
"""The name under which all families, or all regions, are taken together."""

NAIVE, STATISTICAL, SALES, MARKETING, CONSENSUS = (
    "Seasonal naive",
    "Statistical forecast",
    "Sales override",
    "Marketing override",
    "Consensus",
)
STEPS = (NAIVE, STATISTICAL, SALES, MARKETING, CONSENSUS)
"""The steps of the forecast in the order of the process; each is judged against the one before it."""


@dataclass(frozen=True)
class Score:
    """One accuracy figure: its value (NaN with a `reason` where undefined) and the months or cells behind it."""

    value: float
    count: int
    reason: str = ""


@dataclass(frozen=True)
class ValueAdded:
    """WAPE saved by a step (positive: better) with a paired interval; `proven` when the interval excludes zero.

    `count`: the months behind it. `lo` and `hi` are NaN where there are too few, which `reason` says.
    """

    value: float
    lo: float
    hi: float
    count: int
    reason: str = ""

    @property
    def proven(self) -> bool:
        """Whether the change is more than luck, for better or worse."""
        return bool(self.lo > 0 or self.hi < 0)


@dataclass(frozen=True)
class StepAccuracy:
    """How good one step's forecast was at a lag, for a family and region (`ALL` where empty).

    Fractions, measured at family × region and added up without netting, over `months` closed months. `added`:
    WAPE saved over the step before it, with an interval; None for the first step.
    """

    step: str
    family: str
    region: str
    lag: int
    months: int
    wape: Score
    bias: Score
    tracking_signal: Score
    mase: Score
    added: ValueAdded | None

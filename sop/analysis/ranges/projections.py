"""What the plan leads to over the short, medium and long horizon, the chance of each target and of all at once.

Everything is read from the same cases (`sop.analysis.ranges.surprises`), so that a chance and the range beside
it agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sop.analysis.performance.kpis import Kpi
from sop.analysis.ranges.surprises import Cases
from sop.core.inputs import Floats
from sop.core.measures import HEADLINES, Headline
from sop.core.register import Assumptions

SHARES = (0.10, 0.50, 0.90)
TOGETHER = ("revenue", "gross_margin", "ebit", "cash")
"""The headline measures whose targets are wanted all at once."""
QUARTERS_A_YEAR, _FEWEST_LONG = 4, 1
_BINS = 9


@dataclass(frozen=True)
class Horizon:
    """A span of planned months, both ends included: 'Short: months 1–3'."""

    name: str
    first: int
    last: int


@dataclass(frozen=True)
class Projection:
    """A headline measure over one horizon: the plan and what it stays below in 10, 50 and 90 of 100 cases."""

    headline: Headline
    horizon: Horizon
    plan: float
    p10: float
    p50: float
    p90: float


@dataclass(frozen=True)
class Target:
    """A mark for a headline measure of the next twelve months, the plan's value, and the chance to be there."""

    kind: str
    headline: Headline
    mark: float
    plan: float
    chance: float


@dataclass(frozen=True)
class Targets:
    """The targets with, by kind, the chance that all of a kind in `TOGETHER` are reached at once."""

    rows: tuple[Target, ...]
    joint: Mapping[str, float]


@dataclass(frozen=True)
class Spread:
    """How likely the next twelve months' revenue or profit is to end in each of equal bins: chances as fractions.

    `edges` (bins + 1) in minor units. `held`: the range of eight in ten cases; `held_without`: the same if no
    event and no launch could go either way.
    """

    headline: Headline
    edges: tuple[float, ...]
    chance: tuple[float, ...]
    held: tuple[float, float]
    held_without: tuple[float, float]


def horizons_of(months: int, year: int) -> tuple[Horizon, ...]:
    """The horizons that a plan of so many months covers; `year`: periods in twelve months."""
    short = max(year // QUARTERS_A_YEAR, 1)
    found = [Horizon("Short", 0, min(short, months) - 1)]
    if months > short:
        found.append(Horizon("Medium", short, min(year, months) - 1))
    if months >= year + _FEWEST_LONG:
        found.append(Horizon("Long", year, months - 1))
    return tuple(found)


def project_headlines(cases: Cases, measures: Sequence[Headline] = HEADLINES) -> tuple[Projection, ...]:
    """Every headline measure that the plan has over every horizon, measures first."""
    months = len(cases.base["revenue"])
    found = []
    for entry in measures:
        for horizon in horizons_of(months, cases.near):
            quantiles = cases.quantiles(entry, horizon.first, horizon.last, SHARES)
            if quantiles is not None:
                planned = planned_value(cases, entry, horizon.first, horizon.last)
                if planned != planned:
                    continue
                found.append(Projection(entry, horizon, planned, *quantiles))
    return tuple(found)


def planned_value(cases: Cases, entry: Headline, first: int, last: int) -> float:
    """A headline measure of the plan itself over some months; not-a-number on time where nothing falls due."""
    path = cases.base[entry.key][first : last + 1]
    match entry.read:
        case "sum":
            return float(path.sum())
        case "low":
            return float(path.min())
        case "last":
            return float(path[-1])
        case "peak":
            return float(path.max())
    due = float(cases.base["due"][first : last + 1].sum())
    return float(path.sum()) / due if due else float("nan")


def target_marks(kpis: Iterable[Kpi], assumptions: Assumptions, *, cash: bool) -> list[tuple[str, str, float]]:
    """Targets of the next twelve months: the budget, the plan compared with, and the minimum of cash.

    `cash`: whether the plan's cash is after all that is paid; no chance is claimed for operating cash.
    """
    found = []
    for kpi in kpis:
        if kpi.budget is not None:
            found.append(("Budget", kpi.key, float(kpi.budget)))
        if kpi.base is not None:
            found.append(("Agreed plan", kpi.key, float(kpi.base)))
        if kpi.key == "cash" and kpi.value is not None and cash:
            found.append(("Minimum cash", kpi.key, assumptions.value("minimum_cash") * 100))
    return found


def value_targets(cases: Cases, marks: Sequence[tuple[str, str, float]]) -> Targets:
    """Chances of targets given as (kind, headline key, mark), each for the next twelve months."""
    by_key = {entry.key: entry for entry in HEADLINES}
    last = min(cases.near, len(cases.base["revenue"])) - 1
    rows: list[Target] = []
    reached: dict[str, list[Floats]] = {}
    for kind, key, mark in marks:
        hits = cases.reached(by_key[key], mark, 0, last)
        if hits is None:
            continue
        if key in TOGETHER:
            reached.setdefault(kind, []).append(hits)
        planned = planned_value(cases, by_key[key], 0, last)
        rows.append(Target(kind, by_key[key], mark, planned, cases.chance_of([hits]) or 0.0))
    joint = {kind: cases.chance_of(hits) or 0.0 for kind, hits in reached.items() if len(hits) > 1}
    return Targets(tuple(rows), joint)


def spread_of(cases: Cases, headline: Headline) -> Spread | None:
    """Where the next twelve months may end; None where the plan has no such measure or nothing is uncertain."""
    last = min(cases.near, len(cases.base["revenue"])) - 1
    values = cases.values(headline, 0, last)
    if values is None or np.ptp(values) <= 0:
        return None
    low, high = np.quantile(values, [0.002, 0.998])
    edges = np.linspace(low, high, _BINS + 1)
    chances = np.histogram(np.clip(values, low, high), edges, weights=cases.weight)[0]
    plain = replace(cases, chance=np.ones(1), moves=np.zeros((1, 0)), effects=())
    held, held_without = (_held(case, headline, last) for case in (cases, plain))
    return Spread(headline, tuple(edges.tolist()), tuple(chances.tolist()), held, held_without)


def _held(cases: Cases, headline: Headline, last: int) -> tuple[float, float]:
    """The range of eight in ten cases."""
    low, high = cases.quantiles(headline, 0, last, (SHARES[0], SHARES[-1])) or (0.0, 0.0)
    return low, high

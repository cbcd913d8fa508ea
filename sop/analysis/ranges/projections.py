"""What the plan leads to over the short, medium and long horizon, the chance of each target and of all at once.

Everything is read from the same draws (`sop.analysis.ranges.draws`), so that a chance and its range agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from sop.analysis.performance.kpis import Kpi
from sop.analysis.ranges.draws import Draws, Driver, chance_of, standard_error
from sop.core.inputs import Floats
from sop.core.measures import HEADLINES, Headline
from sop.core.money import MINOR
from sop.core.register import Assumptions

SHARES = (0.025, 0.10, 0.50, 0.90, 0.975)
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
    """A headline measure over one horizon: the plan, and what it stays below in 2.5, 10, 50, 90 and 97.5 of 100
    draws; `shortfall`: its mean in the worst tenth, and `drivers` what makes that tenth bad, most first."""

    headline: Headline
    horizon: Horizon
    plan: float
    p2_5: float
    p10: float
    p50: float
    p90: float
    p97_5: float
    shortfall: float
    drivers: tuple[Driver, ...]
    draws: int


@dataclass(frozen=True)
class Target:
    """A mark for a headline measure of the next twelve months, the plan's value, and the chance to be there."""

    kind: str
    headline: Headline
    mark: float
    plan: float
    chance: float
    standard_error: float


@dataclass(frozen=True)
class Joint:
    """The chance that all targets of a kind in `TOGETHER` are reached at once."""

    kind: str
    chance: float
    standard_error: float


@dataclass(frozen=True)
class Targets:
    """The targets, and by kind all at once where there are several."""

    rows: tuple[Target, ...]
    joint: tuple[Joint, ...]


@dataclass(frozen=True)
class Spread:
    """How likely the next twelve months' revenue or profit is to end in each of equal bins: chances as fractions.

    `edges` (bins + 1) in minor units; the first and the last bin hold what lies beyond them too. `held`: the range
    of eight in ten draws; `shortfall`: the mean of the worst tenth, `plan` the plan's value, and `drivers` what
    makes that tenth bad.
    """

    headline: Headline
    edges: tuple[float, ...]
    chance: tuple[float, ...]
    held: tuple[float, float]
    plan: float
    shortfall: float
    drivers: tuple[Driver, ...]


def horizons_of(months: int, year: int) -> tuple[Horizon, ...]:
    """The horizons that a plan of so many months covers; `year`: periods in twelve months."""
    short = max(year // QUARTERS_A_YEAR, 1)
    found = [Horizon("Short", 0, min(short, months) - 1)]
    if months > short:
        found.append(Horizon("Medium", short, min(year, months) - 1))
    if months >= year + _FEWEST_LONG:
        found.append(Horizon("Long", year, months - 1))
    return tuple(found)


def spans_of(draws: Draws) -> tuple[Horizon, ...]:
    """Every span that ranges are told for, each once: the next twelve months, the horizons, and to the fiscal
    year's end."""
    found = (
        Horizon(f"Next {draws.near_text}", 0, draws.year),
        *horizons_of(draws.months, draws.near),
        Horizon("To the fiscal year's end", 0, draws.to_year_end - 1),
    )
    spans: dict[tuple[int, int], Horizon] = {}
    for span in found:
        spans.setdefault((span.first, span.last), span)
    return tuple(spans.values())


def project_headlines(
    draws: Draws, spans: Sequence[Horizon], measures: Sequence[Headline] = HEADLINES
) -> tuple[Projection, ...]:
    """Every headline measure that the plan has over every span, measures first."""
    found = []
    for entry in measures:
        for span in spans:
            at = entry, span.first, span.last
            plan, quantiles, shortfall = draws.planned(*at), draws.quantiles(*at, SHARES), draws.shortfall(*at)
            if plan is not None and quantiles is not None and shortfall is not None:
                p2_5, p10, p50, p90, p97_5 = quantiles
                found.append(
                    Projection(
                        entry, span, plan, p2_5, p10, p50, p90, p97_5, shortfall, draws.drivers(*at), draws.count
                    )
                )
    return tuple(found)


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
            found.append(("Minimum cash", kpi.key, assumptions.value("minimum_cash") * MINOR))
    return found


def value_targets(draws: Draws, marks: Sequence[tuple[str, str, float]]) -> Targets:
    """Chances of targets given as (kind, headline key, mark), each for the next twelve months."""
    by_key = {entry.key: entry for entry in HEADLINES}
    rows: list[Target] = []
    reached: dict[str, list[Floats]] = {}
    for kind, key, mark in marks:
        entry = by_key[key]
        hits, plan = draws.reached(entry, mark, 0, draws.year), draws.planned(entry, 0, draws.year)
        if hits is None or plan is None:
            continue
        if key in TOGETHER:
            reached.setdefault(kind, []).append(hits)
        rows.append(Target(kind, entry, mark, plan, *_told(hits)))
    joint = (Joint(kind, *_told(*hits)) for kind, hits in reached.items() if len(hits) > 1)
    return Targets(tuple(rows), tuple(joint))


def _told(*hits: Floats) -> tuple[float, float]:
    """The chance that all are reached at once, with its standard error."""
    chance = chance_of(hits)
    return chance, standard_error(chance, len(hits[0]))


def spread_of(draws: Draws, headline: Headline) -> Spread | None:
    """Where the next twelve months may end; None where the plan has no such measure or nothing is uncertain."""
    at = headline, 0, draws.year
    values, plan, shortfall = draws.values(*at), draws.planned(*at), draws.shortfall(*at)
    if values is None or plan is None or shortfall is None or np.ptp(values) <= 0:
        return None
    # A few extreme draws would stretch the bins until most of them are empty: the outer two hold the rest.
    low, high = np.quantile(values, [0.02, 0.98])
    edges = np.linspace(low, high, _BINS + 1)
    counts = np.histogram(np.clip(values, low, high), edges)[0] / len(values)
    p10, p90 = np.quantile(values, [0.10, 0.90])
    return Spread(
        headline,
        tuple(edges.tolist()),
        tuple(counts.tolist()),
        (float(p10), float(p90)),
        plan,
        shortfall,
        draws.drivers(*at),
    )

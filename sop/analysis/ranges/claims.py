"""What signed plans claimed, and how it came true: ranges of every headline measure held against closed months.

A claim is the range of eight in ten cases that a plan had when it was proposed, for every month ahead: of flows
their sum from the first month on, of anything else the month itself. It is kept beside the plan and scored as
months close: held or not, and, over all plans, biased or not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import comb
from typing import Any

import numpy as np

from sop.analysis.ranges.draws import Draws, Paths
from sop.analysis.ranges.error_records import PastDemand
from sop.analysis.ranges.projections import SHARES, Targets
from sop.core.calendar import Calendar, shift_period
from sop.core.inputs import Floats, Inputs
from sop.core.measures import HEADLINES, Headline
from sop.core.plan import Plan
from sop.facts.actuals import Monthly

SAID = 0.8
"""The chance that is claimed for a range from P10 to P90."""

_LOW, _HIGH = SHARES.index(0.10), SHARES.index(0.90)
_UNLIKELY, _NOTICEABLE, _FEWEST_CLAIMS = 0.05, 0.02, 3


@dataclass(frozen=True)
class PlanClaims:
    """What one plan claimed: `plan` (T,) and `ranges` (5, T) by headline key, at `SHARES`, from `draws` draws.

    `chances`: of targets of the next twelve months, as plain rows: target, measure, mark and chance.
    """

    first_open: str
    draws: int
    plan: Mapping[str, Floats]
    ranges: Mapping[str, Floats]
    chances: tuple[Mapping[str, Any], ...] = ()

    def arrays(self) -> dict[str, Floats]:
        """The figures to be kept, by name."""
        return {**{f"plan {key}": path for key, path in self.plan.items()}, **self.ranges}

    def facts(self) -> dict[str, Any]:
        """The rest of it to be kept."""
        return {"first_open": self.first_open, "draws": self.draws, "chances": [dict(row) for row in self.chances]}


def claims_of(draws: Draws, targets: Targets, first_open: str) -> PlanClaims:
    """What a plan with these draws claims."""
    known = [entry for entry in HEADLINES if entry.key in draws.base and entry.key in draws.paths]
    return PlanClaims(
        first_open,
        draws.count,
        {entry.key: claimed_path(draws.base, entry) for entry in known},
        {entry.key: np.quantile(claimed_path(draws.paths, entry), SHARES, axis=0) for entry in known},
        tuple(
            {"target": row.kind, "measure": row.headline.key, "mark": row.mark, "chance": row.chance}
            for row in targets.rows
        ),
    )


def claims_of_kept(arrays: Mapping[str, Floats], facts: Mapping[str, Any]) -> PlanClaims:
    """Claims read back."""
    plan = {name.removeprefix("plan "): path for name, path in arrays.items() if name.startswith("plan ")}
    ranges = {key: arrays[key] for key in plan}
    return PlanClaims(facts["first_open"], facts["draws"], plan, ranges, tuple(facts["chances"]))


def claimed_path(paths: Paths, entry: Headline) -> Floats:
    """What is claimed of a measure for each month ahead (..., T): a flow's sum up to it, else the month itself."""
    path = paths[entry.key]
    if entry.read == "sum":
        return np.asarray(np.cumsum(path, axis=-1))
    if entry.read == "share":
        due = paths["due"]
        return np.asarray(np.divide(path, due, out=np.full(np.shape(path), np.nan), where=due > 0))
    return np.asarray(path)


# -- scored as months close


@dataclass(frozen=True)
class ScoredClaim:
    """A claim of one cycle's plan about closed months, `ahead` periods ahead (1 the first), and what came."""

    measure: str
    cycle: str
    ahead: int
    plan: float
    low: float
    high: float
    came: float

    @property
    def held(self) -> bool:
        """Whether it came true."""
        return self.low <= self.came <= self.high


def score_claims(claims: Iterable[PlanClaims], actual: Mapping[str, Monthly]) -> tuple[ScoredClaim, ...]:
    """Every claim whose months are closed; `actual` headline measures of closed months by key and month."""
    return tuple(
        scored
        for claim in claims
        for entry in HEADLINES
        if entry.key in claim.plan
        for scored in _scored(claim, entry, actual.get(entry.key, {}))
    )


def _scored(claim: PlanClaims, entry: Headline, actual: Monthly) -> Iterator[ScoredClaim]:
    total = 0.0
    for t, planned in enumerate(claim.plan[entry.key].tolist()):
        came = actual.get(shift_period(claim.first_open, t))
        if came is None:
            if entry.read == "sum":
                return
            continue
        total = total + came if entry.read == "sum" else came
        low, high = (float(claim.ranges[entry.key][place, t]) for place in (_LOW, _HIGH))
        if planned == planned and low == low:
            yield ScoredClaim(entry.key, claim.first_open, t + 1, planned, low, high, total)


@dataclass(frozen=True)
class ClaimRow:
    """How the claims of one measure came true over one horizon: `held` of `claims`, `bias` as a share of what came
    (in points for a share): positive is planned too high."""

    headline: Headline
    horizon: str
    held: int
    claims: int
    bias: float

    @property
    def share(self) -> float:
        """The share that came true."""
        return self.held / self.claims


@dataclass(frozen=True)
class Bias:
    """A measure that signed plans got wrong one way: in `same` of `cycles` plans, by `share` at `ahead` periods.

    `share` of what came (points for a share); positive is planned too high.
    """

    headline: Headline
    same: int
    cycles: int
    share: float
    ahead: int


@dataclass(frozen=True)
class TrackRecord:
    """What past claims say: rows by measure and horizon, proven biases, and how many signed plans were scored."""

    rows: tuple[ClaimRow, ...] = ()
    biases: tuple[Bias, ...] = ()
    plans: int = 0
    months: int = 0

    def share_of(self, measure: str) -> float | None:
        """The share of a measure's claims that came true; None before any month closed."""
        found = [row for row in self.rows if row.headline.key == measure]
        claims = sum(row.claims for row in found)
        return sum(row.held for row in found) / claims if claims else None

    @property
    def share(self) -> float | None:
        """The share of all claims that came true; None before any month closed."""
        claims = sum(row.claims for row in self.rows)
        return sum(row.held for row in self.rows) / claims if claims else None

    def off_on_average(self, measure: str) -> float:
        """How far a measure's plans were off over all its claims; positive is planned too high, 0 without any."""
        found = [row for row in self.rows if row.headline.key == measure]
        claims = sum(row.claims for row in found)
        return sum(row.bias * row.claims for row in found) / claims if claims else 0.0

    def bias_of(self, measure: str) -> Bias | None:
        """The proven bias of a measure; None where none is proven."""
        return next((bias for bias in self.biases if bias.headline.key == measure), None)


def track_record(scored: Sequence[ScoredClaim], calendar: Calendar) -> TrackRecord:
    """All scored claims together."""
    spans = horizons_ahead(calendar)
    by_measure = {entry: [each for each in scored if each.measure == entry.key] for entry in HEADLINES}
    rows = (
        _row(entry, name, [each for each in found if first <= each.ahead <= last])
        for entry, found in by_measure.items()
        for name, first, last in spans
    )
    biases = (find_bias(entry, found) for entry, found in by_measure.items())
    return TrackRecord(
        tuple(row for row in rows if row is not None),
        tuple(bias for bias in biases if bias is not None),
        len({each.cycle for each in scored}),
        max((each.ahead for each in scored), default=0),
    )


def horizons_ahead(calendar: Calendar) -> tuple[tuple[str, int, int], ...]:
    """Spans of periods ahead by which claims are counted: name, first and last."""
    ends = [calendar.quarter, 2 * calendar.quarter, calendar.year, calendar.horizon]
    starts = [1, *(end + 1 for end in ends[:-1])]
    names = (calendar.ahead(first, last) for first, last in zip(starts, ends, strict=True))
    return tuple(
        (name, first, last) for name, first, last in zip(names, starts, ends, strict=True) if last >= first
    )


def _row(entry: Headline, name: str, found: Sequence[ScoredClaim]) -> ClaimRow | None:
    if not found:
        return None
    return ClaimRow(entry, name, sum(each.held for each in found), len(found), relative_error(entry, found))


def relative_error(entry: Headline, found: Sequence[ScoredClaim]) -> float:
    """What was planned less what came: as a share of what came, of a share in points; 0 where nothing came."""
    missed = [each.plan - each.came for each in found]
    if entry.unit == "fraction":
        return float(np.mean(missed))
    size = float(np.sum(np.abs([each.came for each in found])))
    return float(np.sum(missed)) / size if size else 0.0


def find_bias(entry: Headline, found: Sequence[ScoredClaim]) -> Bias | None:
    """A bias that is proven: plans that were off one way too often to be luck, and by an amount that matters.

    Each plan counts once, by the way in which its closed months came out together (a sign test).
    """
    by_cycle: dict[str, list[ScoredClaim]] = {}
    for each in found:
        by_cycle.setdefault(each.cycle, []).append(each)
    ways = [np.sign(relative_error(entry, claims)) for claims in by_cycle.values()]
    high, low = (sum(1 for way in ways if way * sign > 0) for sign in (1, -1))
    same, cycles = max(high, low), len(ways)
    if not cycles or _by_chance(same, cycles) >= _UNLIKELY:
        return None
    ahead = max((each.ahead for each in found if _many(found, each.ahead)), default=1)
    share = relative_error(entry, [each for each in found if each.ahead == ahead])
    if abs(share) < _NOTICEABLE or (share > 0) != (high > low):
        return None
    return Bias(entry, same, cycles, share, ahead)


def _by_chance(same: int, cycles: int) -> float:
    """How likely so many or more of some coins fall on one side, whichever it is (an exact two-sided test)."""
    return min(1.0, 2 * sum(comb(cycles, each) for each in range(same, cycles + 1)) / 2**cycles)


def _many(found: Sequence[ScoredClaim], ahead: int) -> bool:
    return sum(each.ahead == ahead for each in found) >= _FEWEST_CLAIMS


# -- what signed plans teach


def past_demand(plan: Plan, inputs: Inputs) -> PastDemand | None:
    """What a signed plan said of demand, on today's families and regions; None where it had others."""
    names = inputs.families.names, inputs.regions
    if plan.names("consensus_demand") != names[0] or plan.names("consensus_demand", 1) != names[1]:
        return None
    return PastDemand(plan.calendar.first_open, np.asarray(plan["consensus_demand"], dtype=float))


def stock_above_safety(plans: Iterable[Plan], inputs: Inputs) -> float | None:
    """By what share stock really was above the safety stock that signed plans had for the month; None if unknown.

    Families made to stock, at standard cost; the median over closed months of the plan signed last before each.
    """
    stock, cost = inputs.stock, np.nan_to_num(inputs.position.unit_cost)
    if stock is None:
        return None
    last: dict[str, float] = {}
    stocked = ~inputs.families.made_to_order
    for plan in plans:
        if plan.names("safety_stock") != inputs.families.names:
            continue
        for t, month in enumerate(plan.months):
            wanted = float((plan["safety_stock"][:, t] * cost)[stocked].sum())
            if month in stock.months and wanted > 0:
                had = np.nan_to_num(stock.closing[:, stock.months.index(month)]) * cost
                last[month] = float(had[stocked].sum()) / wanted - 1
    return float(np.median(list(last.values()))) if last else None

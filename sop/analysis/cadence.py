"""Cadence: in what buckets, how often, how far ahead and with what fences a family should be planned, and why.

Rules in words rather than a score: demand class after Syntetos, Boylan and Croston (2005), life cycle by age and
yearly change, cumulative lead time, and whether the forecast beats the naive one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil

import numpy as np

from sop.analysis.performance.judged_steps import MOST_LAGS, Said, judge_steps
from sop.core.calendar import MONTH, worded
from sop.core.format import how_many, number, percent
from sop.core.inputs import Floats, Inputs
from sop.core.plan import Plan
from sop.core.scores import ALL, CONSENSUS, StepAccuracy
from sop.facts.actuals import sold_by_family

INTERVAL_LIMIT, CV2_LIMIT = 1.32, 0.49
"""Months between demands, and squared variation of their sizes, that part smooth from intermittent and erratic."""

_CHANGE = 0.20
"""Yearly change of demand from which a family is growing or ending."""
_NEW_SEASONS = 2
_SHORT_LEAD_DAYS = 28
_SHORTEST_HORIZON, _LONGEST_HORIZON, _HORIZON_STEP = 18, 36, 6
_LAG = 3
"""Months ahead at which a forecast is judged: early enough for supply to act on it."""
_MEASURE = "consensus_demand"
_SELDOM = "quarterly"
"""The review of families that need less than the others."""
_OFTEN = "monthly, exceptions every two weeks"
"""That of families that need more: between cycles, where their orders leave their range."""
_DAYS_TO_MAKE = 30.0
"""Goods are made in the month after their material has come."""


class DemandClass(StrEnum):
    """How demand comes."""

    SMOOTH = "smooth"
    ERRATIC = "erratic"
    INTERMITTENT = "intermittent"
    LUMPY = "lumpy"
    NONE = "none"


class LifeCycle(StrEnum):
    """Where a family stands in its life."""

    NEW = "new"
    GROWING = "growing"
    MATURE = "mature"
    ENDING = "ending"


@dataclass(frozen=True)
class FamilyFacts:
    """What a cadence rests on.

    `demand` (H,): units by month, oldest first, NaN before the first; `cumulative_lead_days`: from buying material
    to goods, NaN where not known; `value_added`: WAPE saved over the naive forecast, a fraction, with its
    interval's lower end, NaN where not known.
    """

    family: str
    demand: Floats
    cumulative_lead_days: float = np.nan
    value_added: float = np.nan
    value_added_low: float = np.nan


@dataclass(frozen=True)
class Cadence:
    """What is proposed for a family: fences and horizon in months, with what was seen and the reason in words."""

    family: str
    bucket: str
    cycle: str
    horizon_months: int
    frozen_months: int
    slushy_months: int
    demand_class: DemandClass
    life_cycle: LifeCycle
    cv2: float
    reason: str


def propose_cadence(facts: FamilyFacts, season_length: int = MONTH.a_year) -> Cadence:
    """The cadence of one family.

    >>> propose_cadence(FamilyFacts("Bikes", np.full(36, 100.0), cumulative_lead_days=75.0)).cycle
    'monthly'
    """
    known = facts.demand[np.isfinite(facts.demand)]
    recent = known[-2 * season_length :]
    interval, cv2 = demand_interval(recent), squared_variation(recent)
    kind, stage = demand_class(interval, cv2), life_cycle(known, season_length)
    lead = facts.cumulative_lead_days
    frozen, slushy = _fences(lead)
    return Cadence(
        family=facts.family,
        bucket=_bucket(kind, lead),
        cycle=_cycle(facts, kind, stage),
        horizon_months=_horizon(lead),
        frozen_months=frozen,
        slushy_months=slushy,
        demand_class=kind,
        life_cycle=stage,
        cv2=cv2,
        reason=_reason(facts, kind, stage, cv2, interval, season_length),
    )


@dataclass(frozen=True)
class CompanyCadence:
    """What is proposed for the whole company: in months, with the reason in words.

    `bucket`: a key of the calendar's; `every`: how often a cycle closes; `seldom`: families whose forecast adds
    too little to be reviewed more often than each quarter; `often`: those that are looked at between cycles too.
    """

    bucket: str
    every: str
    horizon_months: int
    frozen_months: int
    slushy_months: int
    seldom: tuple[str, ...]
    reason: str
    often: tuple[str, ...] = ()


def company_cadence(cadences: Sequence[Cadence], revenue: Mapping[str, float]) -> CompanyCadence:
    """One cadence for all: the bucket that most revenue asks for, the longest horizon, the middle fences.

    A cycle closes each month, or each quarter where every family is reviewed no oftener. Each family counts alike
    where no revenue is known.
    """
    weight = {row.family: max(revenue.get(row.family, 0.0), 0.0) for row in cadences}
    if not sum(weight.values()):
        weight = dict.fromkeys(weight, 1.0)
    total = sum(weight.values()) or 1.0
    asked: dict[str, float] = {}
    for row in cadences:
        asked[row.bucket] = asked.get(row.bucket, 0.0) + weight[row.family]
    bucket = max(asked, key=lambda key: (asked[key], key == MONTH.key)) if asked else MONTH.key
    seldom, often = (tuple(row.family for row in cadences if row.cycle == cycle) for cycle in (_SELDOM, _OFTEN))
    every = "quarter" if seldom and len(seldom) == len(cadences) else "" if bucket == "quarter" else MONTH.key
    frozen, slushy = (
        _middle([(months, weight[row.family]) for row, months in zip(cadences, each, strict=True)])
        for each in ([row.frozen_months for row in cadences], [row.slushy_months for row in cadences])
    )
    reason = f"{asked.get(bucket, 0.0) / total:.0%} of revenue is of families that ask for {bucket}s"
    if seldom:
        reason += f"; of {how_many(len(cadences), 'families')} {len(seldom)} need a review each quarter only"
    if often:
        reason += f"; {', '.join(often)} {'is' if len(often) == 1 else 'are'} to be looked at between cycles too"
    horizon = max((row.horizon_months for row in cadences), default=_SHORTEST_HORIZON)
    reason += worded(f"; the horizon is the longest that a family needs, {how_many(horizon, 'months')}")
    return CompanyCadence(bucket, every, horizon, frozen, max(slushy, frozen), seldom, reason, often)


def recent_revenue(inputs: Inputs) -> dict[str, float]:
    """Revenue of the last twelve months by family, currency; what is not known counts for nothing."""
    values = sold_by_family(inputs, "revenue").values[:, -inputs.calendar.year :]
    return dict(zip(inputs.families.names, np.nansum(values, axis=1).tolist(), strict=True))


def _middle(values: Sequence[tuple[int, float]]) -> int:
    """The value up to which half of the weight lies; 1 of none."""
    half, reached = sum(weight for _, weight in values) / 2, 0.0
    for value, weight in sorted(values):
        reached += weight
        if reached >= half:
            return value
    return 1


def company_cadences(inputs: Inputs, plans: Mapping[str, Plan]) -> list[Cadence]:
    """The cadence of every family, from its history, its materials and the plans agreed before, by cycle."""
    demand, lead_days = sold_by_family(inputs, "ordered").values, cumulative_lead_days(inputs)
    added = value_over_naive(inputs, plans)
    return [
        propose_cadence(
            FamilyFacts(name, demand[f], float(lead_days[f]), *added.get(name, (np.nan, np.nan))),
            inputs.calendar.season_length,
        )
        for f, name in enumerate(inputs.families.names)
    ]


def cumulative_lead_days(inputs: Inputs) -> Floats:
    """Days from buying a family's slowest material to its goods (F,); NaN where no material is known."""
    if inputs.materials is None:
        return np.full(len(inputs.families.names), np.nan)
    used = np.where(np.nan_to_num(inputs.materials.use) > 0, inputs.materials.lead_time_days, -np.inf)
    longest = used.max(axis=1, initial=-np.inf)
    return np.where(np.isfinite(longest), longest + _DAYS_TO_MAKE, np.nan)


def value_over_naive(inputs: Inputs, plans: Mapping[str, Plan]) -> dict[str, tuple[float, float]]:
    """By family, the WAPE that past consensus saved over seasonal naive, and its interval's lower end."""
    found = {row.family: row.added for row in accuracy_of_plans(inputs, plans, _LAG) if row.region == ALL}
    return {family: (added.value, added.lo) for family, added in found.items() if added is not None}


def accuracy_of_plans(inputs: Inputs, plans: Mapping[str, Plan], lag: int) -> list[StepAccuracy]:
    """Accuracy of seasonal naive and of the consensus in agreed plans (by first open month) at a lag."""
    names = inputs.families.names, inputs.regions
    said = [
        Said(cycle, names, {CONSENSUS: plan[_MEASURE][..., :MOST_LAGS].astype(float)})
        for cycle, plan in plans.items()
        if _MEASURE in plan and plan.blocks[_MEASURE].names == names
    ]
    return [row for row in judge_steps(inputs, said) if row.lag == lag]


# -- what was seen


def demand_interval(demand: Floats) -> float:
    """Mean months between months with demand; infinite without any."""
    count = int(np.count_nonzero(demand))
    return len(demand) / count if count else np.inf


def squared_variation(demand: Floats) -> float:
    """Squared coefficient of variation of the months with demand; NaN with fewer than two."""
    sizes = demand[demand > 0]
    return float((sizes.std(ddof=1) / sizes.mean()) ** 2) if len(sizes) > 1 else np.nan


def demand_class(interval: float, cv2: float) -> DemandClass:
    """Smooth, erratic, intermittent or lumpy; `none` without demand.

    >>> demand_class(1.0, 0.2).value, demand_class(2.0, 0.9).value
    ('smooth', 'lumpy')
    """
    if np.isinf(interval):
        return DemandClass.NONE
    if interval >= INTERVAL_LIMIT:
        return DemandClass.LUMPY if cv2 >= CV2_LIMIT else DemandClass.INTERMITTENT
    return DemandClass.ERRATIC if cv2 >= CV2_LIMIT else DemandClass.SMOOTH


def life_cycle(demand: Floats, season_length: int = MONTH.a_year) -> LifeCycle:
    """New below two seasons of history, else by the last season's demand against the one before."""
    if len(demand) < _NEW_SEASONS * season_length:
        return LifeCycle.NEW
    change = yearly_change(demand, season_length)
    if change > _CHANGE:
        return LifeCycle.GROWING
    return LifeCycle.ENDING if change < -_CHANGE else LifeCycle.MATURE


def yearly_change(demand: Floats, season_length: int = MONTH.a_year) -> float:
    """The last season over the one before, less one; zero where there was no demand in either."""
    last, before = demand[-season_length:].sum(), demand[-2 * season_length : -season_length].sum()
    if before <= 0:
        return np.inf if last > 0 else 0.0
    return float(last / before - 1)


def _bucket(kind: DemandClass, lead_days: float) -> str:
    """Quarters where most months are empty, weeks where supply can follow them, months otherwise."""
    if kind in (DemandClass.INTERMITTENT, DemandClass.LUMPY, DemandClass.NONE):
        return "quarter"
    return "week" if kind is DemandClass.SMOOTH and lead_days <= _SHORT_LEAD_DAYS else "month"


def _cycle(facts: FamilyFacts, kind: DemandClass, stage: LifeCycle) -> str:
    """More often while things move and supply can react, less often where forecasting adds nothing."""
    moving = stage in (LifeCycle.NEW, LifeCycle.GROWING, LifeCycle.ENDING)
    if kind is DemandClass.NONE:
        return _SELDOM
    if (moving or kind is DemandClass.ERRATIC) and facts.cumulative_lead_days <= 2 * MONTH.mean_days:
        return _OFTEN
    if not moving and facts.value_added <= 0:
        return _SELDOM
    return "monthly"


def _fences(lead_days: float) -> tuple[int, int]:
    """Frozen: a third of the cumulative lead time, at least a month; slushy: all of it. Months, rounded up."""
    if np.isnan(lead_days):
        return 1, 3
    months = lead_days / MONTH.mean_days
    frozen = max(ceil(months / 3), 1)
    return frozen, max(ceil(months), frozen + 1)


def _horizon(lead_days: float) -> int:
    """A full season beyond the cumulative lead time, in half years, between 18 and 36 months."""
    lead = 0.0 if np.isnan(lead_days) else lead_days / MONTH.mean_days
    needed = ceil((MONTH.a_year + lead) / _HORIZON_STEP) * _HORIZON_STEP
    return min(max(needed, _SHORTEST_HORIZON), _LONGEST_HORIZON)


def _reason(
    facts: FamilyFacts, kind: DemandClass, stage: LifeCycle, cv2: float, interval: float, season_length: int
) -> str:
    known = facts.demand[np.isfinite(facts.demand)]
    lead = facts.cumulative_lead_days
    parts = [_demand_words(kind, cv2, interval), _life_words(stage, known, season_length)]
    parts.append(
        "cumulative lead time not known: the usual fences"
        if np.isnan(lead)
        else f"cumulative lead time {how_many(f'{lead:.0f}', 'days')} sets the fences"
    )
    parts.append(_value_words(facts.value_added, facts.value_added_low))
    return "; ".join(parts)


def _demand_words(kind: DemandClass, cv2: float, interval: float) -> str:
    if kind is DemandClass.NONE:
        return "no demand"
    size = "" if np.isnan(cv2) else f"CV² {number(cv2, 2)}, "
    return worded(f"{kind.value} demand ({size}every {how_many(number(interval, 1), 'months')})", counted=True)


def _life_words(stage: LifeCycle, known: Floats, season_length: int) -> str:
    if stage is LifeCycle.NEW:
        return worded(f"new: {how_many(len(known), 'months')} of history", counted=True)
    change = yearly_change(known, season_length)
    return stage.value if np.isinf(change) else f"{stage.value} ({_signed(change, 0)} in a year)"


def _value_words(added: float, low: float) -> str:
    if np.isnan(added):
        return "value of the forecast over the naive one not known yet"
    if added <= 0:
        return f"the forecast does not beat the naive one ({_signed(added, 1)} WAPE): review less often"
    sure = "" if low > 0 else ", not proven yet"
    return f"the forecast saves {percent(added, 1)} WAPE over the naive one{sure}"


def _signed(fraction: float, decimals: int) -> str:
    """A change in percent with its sign, such as '+5%', '−3%', '±0%'.

    >>> _signed(-0.03, 0), _signed(0.001, 0)
    ('−3%', '±0%')
    """
    text = f"{abs(fraction):.{decimals}%}"
    sign = "±" if float(text[:-1]) == 0 else "−" if fraction < 0 else "+"
    return sign + text

"""What each step of past forecasts was worth, from plans that were agreed and what came; how forecasts moved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from sop.core.arrays import Labelled
from sop.core.calendar import periods_apart
from sop.core.inputs import Floats, Inputs
from sop.core.override_scopes import Names
from sop.core.plan import Plan
from sop.core.register import Assumptions
from sop.core.scores import ALL, CONSENSUS, MARKETING, NAIVE, SALES, STATISTICAL, StepAccuracy
from sop.demand.accuracy import said_at_lag, seasonal_naive, summarise_accuracy
from sop.demand.override_effect import marketing_override
from sop.facts.unit_worth import Worth, added_up, prices_of_several, weights

MOST_LAGS = 6
"""Months ahead at which forecasts are judged."""


@dataclass(frozen=True)
class Said:
    """What the steps of one agreed plan said, units (F, R, lags) by step, from its first open month on."""

    first_open: str
    names: Names
    steps: Mapping[str, Floats]


def said_of(plan: Plan, assumptions: Assumptions) -> Said:
    """What each step of a plan said: the stored baseline, then with each function's override, then consensus."""
    baseline, names = _block(plan, "baseline_forecast")
    consensus, _ = _block(plan, "consensus_demand")
    marketing = marketing_override(baseline, names, plan.calendar, assumptions)
    both = baseline + (_block(plan, "overrides")[0] if "overrides" in plan else 0.0)
    steps = {
        STATISTICAL: baseline,
        SALES: np.maximum(both - marketing, 0.0),
        MARKETING: np.maximum(both, 0.0),
        CONSENSUS: consensus,
    }
    return Said(plan.calendar.first_open, names, {name: units[..., :MOST_LAGS] for name, units in steps.items()})


def judge_steps(inputs: Inputs, said: Iterable[Said], family: str | None = None) -> tuple[StepAccuracy, ...]:
    """Every step at every lag, held against the demand of closed months, with seasonal naive as the first step.

    With a `family` that family alone, in all and in each region. Several families are added up at what a unit of
    each sells for today, where that is known of all: an error of one bicycle is not one of one screw.
    """
    told = list(said)
    if not told:
        return ()
    families = inputs.families.names if family is None else (family,)
    rows = [inputs.families.names.index(name) for name in families]
    actual = inputs.ordered_by_family[rows]
    names = families, inputs.regions
    first = [periods_apart(inputs.history.months[0], each.first_open) for each in told]
    naive = seasonal_naive(actual, inputs.calendar.season_length)
    steps: dict[str, dict[int, Floats]] = {NAIVE: dict.fromkeys(range(1, MOST_LAGS + 1), naive)}
    for step in told[0].steps:
        vintages = np.stack([_on(names, each.names, each.steps[step]) for each in told])
        steps[step] = {lag: said_at_lag(vintages, first, actual.shape[-1], lag) for lag in range(1, MOST_LAGS + 1)}
    season = inputs.calendar.season_length
    worth = prices_of_several(inputs) if family is None else None
    each = np.ones(len(families)) if worth is None else weights(worth, families)
    valued = {step: {lag: units * each[:, None, None] for lag, units in by.items()} for step, by in steps.items()}
    found = summarise_accuracy(valued, actual * each[:, None, None], *names, season_length=season)
    if family is None:
        return tuple(found)
    # What is of all families is of the one that was judged alone.
    return tuple(replace(row, family=family) for row in found if row.family == ALL)


def _block(plan: Plan, key: str) -> tuple[Floats, Names]:
    return plan[key].astype(float), (plan.names(key), plan.names(key, 1))


def _on(names: Names, theirs: Names, units: Floats) -> Floats:
    """Units on today's families and regions; not-a-number for what the plan did not know, or not so far ahead."""
    said = Labelled(units, family=theirs[0], region=theirs[1], lag=range(units.shape[-1]))
    return said.on(family=names[0], region=names[1], lag=range(MOST_LAGS)).values


def vintages(
    month: str, plans: Mapping[str, Plan], family: str | None = None, worth: Worth | None = None
) -> list[tuple[str, float]]:
    """How consensus demand for one month moved over the cycles: (cycle, figure) for every plan that covers it.

    Units of one family; of all where none is named, in minor units by what one of each is `worth`, at the same
    worth in every plan, else in units. A plan that does not know the family is left out.
    """
    told = [
        (cycle, plan.by_family("consensus_demand")[:, plan.months.index(month)], plan.names("consensus_demand"))
        for cycle, plan in sorted(plans.items())
        if month in plan.months
    ]
    return [
        (cycle, added_up(names, units, worth) if family is None else float(units[names.index(family)]))
        for cycle, units, names in told
        if family is None or family in names
    ]

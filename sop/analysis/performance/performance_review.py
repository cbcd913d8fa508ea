"""Performance: actuals of closed months against the plans that were agreed for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from sop.analysis.performance.indicators import Indicator, build_indicators
from sop.analysis.performance.tracks import ALL as EVERY
from sop.analysis.performance.tracks import Track, build_tracks, missing_tracks, performance_message, read_line
from sop.core.inputs import Inputs
from sop.core.plan import Plan
from sop.core.scores import ALL, StepAccuracy
from sop.facts.closed import ClosedFacts, OnTime
from sop.facts.unit_worth import Worth, added_up
from sop.finance.explained import actual_year_gap
from sop.finance.gap import Gap


@dataclass(frozen=True)
class Performance:
    """Did we do what we said, over the last closed `months`.

    `tracks` by measure; `missing` says per measure which table it needs; `accuracy` of all families together;
    `otif` by family, by 'requested' and 'promised', empty without deliveries; `plans` are those that were agreed,
    by cycle; `limits`: what each of them that was agreed elsewhere cannot tell.
    """

    inputs: Inputs
    months: tuple[str, ...]
    tracks: Mapping[str, Track]
    missing: Mapping[str, str]
    indicators: tuple[Indicator, ...]
    accuracy: tuple[StepAccuracy, ...]
    otif: Mapping[str, OnTime]
    plans: Mapping[str, Plan]
    message: str
    limits: tuple[str, ...] = ()

    def asked(self, month: str, family: str, worth: Worth | None = None) -> float | None:
        """What customers asked for in a closed month; None while it is open.

        Units of a family; of all in minor units by what one of each is `worth`, else in units.
        """
        if month not in self.months:
            return None
        track, at = self.tracks["demand"], self.months.index(month)
        known = np.nan_to_num(track.actual[:, at])
        in_money = family == EVERY and worth is not None
        value = float(read_line(track, family).actual[at])
        if value != value:
            return None
        return added_up(track.families, known, worth) if in_money else value


def review_performance(
    inputs: Inputs,
    plans: Mapping[str, Plan],
    facts: ClosedFacts,
    steps: Iterable[StepAccuracy],
    limits: tuple[str, ...] = (),
) -> Performance:
    """The last closed months against the plans agreed for them, by cycle; `steps`: every step's accuracy.

    `limits`: what plans that were agreed elsewhere cannot tell.
    """
    months = inputs.history.months[-inputs.calendar.year :]
    promises = facts.promised.on(months) if facts.promised else None
    sides = {"requested": facts.requested, "promised": facts.promised}
    otif = {by: lines.on(months) for by, lines in sides.items() if lines}
    tracks = build_tracks(inputs, months, plans, promises)
    accuracy = tuple(row for row in steps if row.family == row.region == ALL)
    return Performance(
        inputs=inputs,
        months=tuple(months),
        tracks=tracks,
        missing=missing_tracks(inputs, promises),
        indicators=build_indicators(inputs, tracks, otif, accuracy),
        accuracy=accuracy,
        otif=otif,
        plans=plans,
        message=performance_message(tracks),
        limits=limits,
    )


def year_gap(inputs: Inputs, family: str | None = None) -> Gap | None:
    """Revenue of the last twelve closed months against the twelve before, of one family or of all.

    None where the history is shorter than two years.
    """
    if family is None:
        return actual_year_gap(inputs)
    chosen = inputs.products.family == inputs.families.names.index(family)
    history = inputs.history
    kept = chosen[:, None, None]
    told = (history.ordered, history.shipped, history.revenue)
    ordered, shipped, revenue = (np.where(kept, values, 0.0) for values in told)
    own = replace(history, cost=None, ordered=ordered, shipped=shipped, revenue=revenue)
    return actual_year_gap(replace(inputs, history=own))

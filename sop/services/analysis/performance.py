"""Performance: actuals of closed months against the plans that were agreed for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from sop.analysis.performance.indicators import Indicator, build_indicators
from sop.analysis.performance.tracks import Track, build_tracks, missing_tracks, performance_message, read_line
from sop.core.accuracy import ALL, StepAccuracy
from sop.core.inputs import Inputs
from sop.core.plan import Plan
from sop.facts.on_time import OnTime, on_time_in_full, promises_of
from sop.finance.explained import actual_year_gap
from sop.finance.gap import Gap
from sop.services.acting import reading
from sop.services.agreement.agreed_plans import agreed_plans
from sop.services.analysis.value_added import value_added
from sop.services.planning.memo import keep
from sop.services.planning.room import InputSet, PlanningRoom
from sop.store import Store
from sop.store.data import read_frame, read_heads

MONTHS = 12
"""Closed months that the review of performance looks back on."""


@dataclass(frozen=True)
class Performance:
    """Did we do what we said, over the last closed `months`.

    `tracks` by measure; `missing` says per measure which table it needs; `accuracy` of all families together;
    `otif` by 'requested' and 'promised', empty without deliveries; `plans` are those that were agreed, by cycle.
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

    def asked(self, month: str, family: str) -> float | None:
        """Units that customers asked for in a closed month; None while it is open."""
        if month not in self.months:
            return None
        value = float(read_line(self.tracks["demand"], family).actual[self.months.index(month)])
        return value if value == value else None


def read_performance(room: PlanningRoom, person_id: str) -> Performance:
    """The review of performance for the open cycle. Raises NotAllowed, and NotFound without a cycle."""
    with reading(room.store, person_id):
        inputs, plans = room.input_set(), agreed_plans(room)
    key = ("performance", inputs.key, *plans)
    return keep(room, key, lambda: _performance(room, inputs, plans))


def _performance(room: PlanningRoom, today: InputSet, plans: Mapping[str, Plan]) -> Performance:
    inputs = today.inputs
    months = inputs.history.months[-MONTHS:]
    deliveries = _read_deliveries(room.store)
    promises, otif = None, {}
    if deliveries is not None:
        promises = promises_of(inputs, deliveries, months)
        otif = {by: on_time_in_full(deliveries, months, by) for by in ("requested", "promised")}
    tracks = build_tracks(inputs, months, plans, promises)
    accuracy = tuple(row for row in value_added(room, inputs) if row.family == row.region == ALL)
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
    )


def year_gap(inputs: Inputs, family: str | None = None) -> Gap | None:
    """Revenue of the last twelve closed months against the twelve before, of one family or of all.

    None where the history is shorter than two years.
    """
    if family is None:
        return actual_year_gap(inputs)
    chosen = inputs.products.family == inputs.families.names.index(family)
    history = inputs.history
    own = {name: getattr(history, name)[chosen] for name in ("ordered", "shipped", "revenue")}
    return actual_year_gap(replace(inputs, history=replace(history, cost=None, **own)))


def _read_deliveries(store: Store) -> pd.DataFrame | None:
    with store.read() as tx:
        head = read_heads(tx).get("deliveries")
        return None if head is None else read_frame(tx, head.id)

"""A plan agreed in another calendar, in the periods of today's: what it said of the time that both cover.

What adds up is shared by working days, as tables of another calendar are, and comes to the same unit and cent; a
stock moves from one period's end to the next in a straight line; a ratio or a peak holds as long as its period.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sop.agreement.content import FrozenPlan
from sop.analysis.headline import read_headline, read_worst
from sop.core.calendar import LONGEST_HORIZON, Calendar, periods_apart
from sop.core.inputs import Floats
from sop.core.measures import MEASURES
from sop.core.plan import Block, Plan, StoredForecast
from sop.intake.blocks.in_calendar import parts_of

_SERIES = ("mean", "lo80", "hi80", "lo95", "hi95", "product_mean")
_KINDS = {entry.key: entry.kind for entry in MEASURES}


class _Onto(NamedTuple):
    """The periods that a plan covers in another calendar, and what they have of its own.

    `share` (old, new): of each old period the part that lies in a new one; `ends` (new,): how far along the old
    periods a new one ends, in old periods; `most` (new,): the old period that has most of a new one.
    """

    calendar: Calendar
    share: Floats
    ends: Floats
    most: NDArray[np.intp]


def recast(frozen: FrozenPlan, today: Calendar) -> FrozenPlan:
    """A frozen plan in the periods of today's calendar: itself where they are its own, or it covers none."""
    found = _onto(frozen.plan.calendar, today)
    if found is None:
        return frozen
    return replace(
        frozen, plan=_recast_plan(frozen.plan, found), forecast=_recast_forecast(frozen.forecast, found)
    )


def recast_plan(plan: Plan, today: Calendar) -> Plan:
    """The same of a plan's figures alone."""
    found = _onto(plan.calendar, today)
    return plan if found is None else _recast_plan(plan, found)


def _onto(own: Calendar, today: Calendar) -> _Onto | None:
    """Where a calendar's periods lie in another one; None in the same, or where no whole period is covered."""
    if own.bucket is today.bucket:
        return None
    share: dict[str, dict[int, float]] = {}
    until: dict[str, float] = {}
    for t, month in enumerate(own.months):
        for part in parts_of(month, today.bucket):
            share.setdefault(part.period, {})[t] = part.until - part.before
            until[part.period] = t + part.until
    known = set(own.months)
    whole = [
        period
        for period in share
        if all(each.period in known for each in parts_of(period, own.bucket) if each.until > each.before)
    ][:LONGEST_HORIZON]
    if not whole:
        return None
    table = np.zeros((own.horizon, len(whole)))
    for at, period in enumerate(whole):
        for t, of_old in share[period].items():
            table[t, at] = of_old
    calendar = replace(today, first_open=whole[0], horizon=periods_apart(whole[0], whole[-1]) + 1)
    return _Onto(calendar, table, np.array([until[period] for period in whole]), table.argmax(axis=0))


def _recast_plan(plan: Plan, onto: _Onto) -> Plan:
    values = {key: _moved(block.values, _KINDS[key], onto) for key, block in plan.blocks.items()}
    names, near = plan.names("consensus_demand"), onto.calendar.year
    # The family whose lead time was told when it was signed is told still.
    waiting = plan.worst["lead_time"].family if "lead_time" in plan.worst else ""
    order = np.array([name == waiting for name in names], dtype=bool)
    told = read_headline(values, order, near)
    months = onto.calendar.months
    return replace(
        plan,
        calendar=onto.calendar,
        blocks={key: Block(values[key], block.names) for key, block in plan.blocks.items()},
        headline={key: told.get(key) if value is not None else None for key, value in plan.headline.items()},
        worst={
            key: each for key, each in read_worst(values, names, months, order, near).items() if key in plan.worst
        },
    )


def _recast_forecast(forecast: StoredForecast, onto: _Onto) -> StoredForecast:
    bands: Mapping[str, Any] = {name: getattr(forecast, name) @ onto.share for name in _SERIES}
    return replace(forecast, first_open=onto.calendar.first_open, **bands)


def _moved(values: NDArray[Any], kind: str, onto: _Onto) -> NDArray[Any]:
    """A measure (…, T) in the other periods, of the same type."""
    if kind == "flow":
        found = _shared(values.astype(float), onto.share)
    elif kind == "stock":
        ends = np.arange(1, values.shape[-1] + 1)
        rows = values.reshape(-1, values.shape[-1]).astype(float)
        found = np.array([np.interp(onto.ends, ends, row) for row in rows])
        found = found.reshape(*values.shape[:-1], len(onto.ends))
    else:
        found = values[..., onto.most]
    return np.rint(found).astype(values.dtype) if np.issubdtype(values.dtype, np.integer) else found


def _shared(values: Floats, share: Floats) -> Floats:
    """Whole numbers stay whole and sum to what is shared; not-a-number stays where it is."""
    found = np.nan_to_num(values) @ share
    if (np.nan_to_num(values) % 1 == 0).all():
        found = np.diff(np.rint(np.cumsum(found, axis=-1)), axis=-1, prepend=0.0)
    unknown = np.isnan(values).astype(float) @ (share > 0)
    return np.where(unknown > 0, np.nan, found)

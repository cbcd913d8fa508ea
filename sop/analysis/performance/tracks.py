"""Did we do what we said: actual against the plan in force at the time. Ratios come from their parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from sop.core.arrays import Labelled, sum_known
from sop.core.calendar import period_name, worded
from sop.core.format import how_many, number, percent, unit_decimals
from sop.core.inputs import Bools, Floats, Inputs
from sop.core.money import MINOR
from sop.core.plan import Plan
from sop.facts.actuals import orders_by_family, sold_by_family
from sop.facts.closed import OnTime

TOLERANCE = 0.10
"""A family is on plan within this share of its plan."""

MOST_NAMED = 3
"""Families outside their tolerance that a message names."""

ALL = "All families"

Kind = Literal["flow", "stock", "ratio"]


@dataclass(frozen=True)
class Track:
    """One measure over closed months by family: `actual` and `plan` (F, H), not-a-number where not known.

    Money in minor units. A ratio carries its numerators in `actual` and `plan` and its denominators in
    `actual_of` and `plan_of`. `better` is +1 when more is good, −1 when less is, 0 when neither.
    """

    key: str
    label: str
    unit: str
    kind: Kind
    better: int
    families: tuple[str, ...]
    months: tuple[str, ...]
    actual: Floats
    plan: Floats
    actual_of: Floats | None = None
    plan_of: Floats | None = None


@dataclass(frozen=True)
class TrackLine:
    """One family's measure (or all families') over closed months (H,), not-a-number where not known.

    `cumulative` is the running difference over the months in which both are known; only flows have one.
    """

    name: str
    actual: Floats
    plan: Floats
    cumulative: Floats

    @property
    def difference(self) -> Floats:
        """Actual minus plan."""
        return self.actual - self.plan

    @property
    def share(self) -> Floats:
        """Difference as a fraction of the plan; not-a-number where the plan is zero or not known."""
        return _divide(self.difference, self.plan)


def plan_in_force(month: str, plans: Mapping[str, Plan]) -> Plan | None:
    """The plan agreed at the latest cycle up to `month` that covers it; `plans` by their first open month."""
    cycles = [cycle for cycle in plans if cycle <= month]
    plan = plans[max(cycles)] if cycles else None
    return plan if plan is not None and month in plan.months else None


def planned(key: str, families: Sequence[str], months: Sequence[str], plans: Mapping[str, Plan]) -> Floats:
    """What the plan in force said of a measure for each family and month (F, H)."""
    values = np.full((len(families), len(months)), np.nan)
    for t, month in enumerate(months):
        plan = plan_in_force(month, plans)
        if plan is None or key not in plan:
            continue
        column = plan.by_family(key)[:, plan.months.index(month)]
        names = plan.names(key)
        for f, family in enumerate(families):
            if family in names:
                values[f, t] = column[names.index(family)]
    return values


def build_tracks(
    inputs: Inputs, months: Sequence[str], plans: Mapping[str, Plan], promises: OnTime | None = None
) -> dict[str, Track]:
    """Sales, production, inventory, backlog and service of closed months against the plan of the time.

    By measure; what is not loaded has no track (`missing_tracks` says why).
    """
    families, stock = inputs.families.names, inputs.stock

    def track(key: str, label: str, unit: str, kind: Kind, better: int, actual: Floats, plan_key: str) -> Track:
        plan = planned(plan_key, families, months, plans)
        return Track(key, label, unit, kind, better, families, tuple(months), actual, plan)

    def sold(column: str) -> Floats:
        return sold_by_family(inputs, column).on(month=months).values

    found = [
        track("sales", "Shipments", "units", "flow", 1, sold("shipped"), "shipments"),
        track("revenue", "Revenue", "currency", "flow", 1, np.rint(sold("revenue") * MINOR), "revenue"),
        track("demand", "Demand", "units", "flow", 1, sold("ordered"), "consensus_demand"),
    ]
    if stock is not None:
        made, closing = (
            Labelled(values, family=families, month=stock.months).on(month=months).values
            for values in (stock.production, stock.closing)
        )
        if not stock.derived:
            found.append(track("production", "Production", "units", "flow", 0, made, "production"))
        found.append(track("inventory", "Inventory", "units", "stock", -1, closing, "inventory"))
    if inputs.orders is not None and not inputs.orders.derived:
        late = orders_by_family(inputs, inputs.orders, "past_due").on(month=months).values
        found.append(track("past_due", "Past due", "units", "stock", -1, late, "past_due"))
    if promises is not None:
        share, due = (
            planned(key, families, months, plans)
            for key in ("on_time_share", "due_value" if promises.in_money else "due")
        )
        said = np.where(due > 0, share * due, 0.0 * due)
        parts = promises.kept, said, promises.due, due
        found.append(Track("service", "On time in full", "fraction", "ratio", 1, families, tuple(months), *parts))
    return {entry.key: entry for entry in found}


def missing_tracks(inputs: Inputs, promises: OnTime | None) -> dict[str, str]:
    """Label → which table a measure that cannot be followed needs."""
    gaps = {}
    if inputs.stock is None:
        gaps["Production and inventory"] = worded("inventory up to the last closed month")
    elif inputs.stock.derived:
        gaps["Production"] = "production in inventory"
    if inputs.orders is None:
        gaps["Past due"] = worded("order_book up to the last closed month")
    elif inputs.orders.derived:
        gaps["Past due"] = "past_due in order_book"
    if promises is None:
        gaps["On time in full"] = "deliveries"
    return gaps


def adds_up(track: Track) -> bool:
    """Whether its families may be told together: money and shares may, units of different families may not."""
    return track.unit != "units" or len(track.families) == 1


def read_line(track: Track, family: str = ALL) -> TrackLine:
    """A family's line of a track; all families are summed over those whose actual and plan are known."""
    rows = np.arange(len(track.families)) if family == ALL else np.array([track.families.index(family)])
    actual, plan = _total(track.actual, track.actual_of, rows), _total(track.plan, track.plan_of, rows)
    difference = actual - plan
    running = np.where(np.isfinite(difference), np.cumsum(np.nan_to_num(difference)), np.nan)
    return TrackLine(family, actual, plan, running if track.kind == "flow" else np.full(len(actual), np.nan))


def read_lines(track: Track) -> list[TrackLine]:
    """Every family's line, then the line of all families where they add up."""
    return [read_line(track, family) for family in (*track.families, *([ALL] * adds_up(track)))]


def _total(values: Floats, of: Floats | None, rows: np.ndarray) -> Floats:
    """Families added up (H,), a ratio from its parts; not-a-number where no family is known."""
    total = sum_known(values[rows], axis=0)
    return total if of is None else _divide(total, np.nansum(of[rows], axis=0))


def attainment(track: Track, span: slice = slice(None)) -> float:
    """Σ actual / Σ plan over families and months where both are known; not-a-number without a plan."""
    actual, plan = _known(track, span)
    return float(actual.sum() / plan.sum()) if plan.sum() else float("nan")


def worth_of_track(track: Track, each: Floats) -> Track:
    """A track of units at what one of each family is worth (F,), so that families add up."""
    return replace(track, actual=track.actual * each[:, None], plan=track.plan * each[:, None])


def plan_performance(track: Track, span: slice = slice(None)) -> float:
    """1 − Σ|actual − plan| / Σ plan: a shortfall in one family is not netted by a surplus in another."""
    actual, plan = _known(track, span)
    return float(1 - np.abs(actual - plan).sum() / plan.sum()) if plan.sum() else float("nan")


def schedule_attainment(track: Track, span: slice = slice(None)) -> float:
    """Σ min(actual, plan) / Σ plan: what of the plan was made; making something else does not count."""
    actual, plan = _known(track, span)
    return float(np.minimum(actual, plan).sum() / plan.sum()) if plan.sum() else float("nan")


def hit_rate(track: Track, month: int = -1, tolerance: float = TOLERANCE) -> tuple[int, int]:
    """Families within tolerance of their plan in a month, and families that had a plan."""
    return int(_within(track, month, tolerance).sum()), int(_planned(track, month).sum())


def _planned(track: Track, month: int) -> Bools:
    """Families with an actual and a plan above nothing in a month (F,)."""
    actual, plan = track.actual[:, month], track.plan[:, month]
    return np.isfinite(actual) & np.isfinite(plan) & (plan > 0)


def _within(track: Track, month: int, tolerance: float) -> Bools:
    """Those of them that are within tolerance of their plan (F,)."""
    actual, plan = track.actual[:, month], track.plan[:, month]
    return _planned(track, month) & (np.abs(actual - plan) <= tolerance * plan)


def sold_track(tracks: Mapping[str, Track]) -> Track:
    """Units sold against plan; demand where the plan holds nothing else, as one agreed elsewhere may."""
    return tracks["sales"] if hit_rate(tracks["sales"])[1] else tracks["demand"]


def families_outside(tracks: Mapping[str, Track], tolerance: float = TOLERANCE) -> list[tuple[str, float]]:
    """The families whose sales of the last month are not within tolerance of their plan, and by how many units.

    Those that miss or exceed it by most money (else units) come first; a shortfall is negative.
    """
    sales, revenue = sold_track(tracks), tracks["revenue"]
    apart = sales.actual[:, -1] - sales.plan[:, -1]
    weight = np.abs(revenue.actual[:, -1] - revenue.plan[:, -1])
    weight = weight if np.isfinite(weight).any() else np.abs(apart)
    outside = np.flatnonzero(~_within(sales, -1, tolerance) & _planned(sales, -1))
    return [
        (sales.families[f], float(apart[f]))
        for f in sorted(outside, key=lambda f: (-np.nan_to_num(weight[f], nan=-1.0), f))
    ]


def performance_message(tracks: Mapping[str, Track]) -> str:
    """The last closed month against its plan in one sentence; without an agreed plan it says so."""
    month = period_name(tracks["sales"].months[-1])
    sold = sold_track(tracks)
    within, known = hit_rate(sold)
    if not known:
        return worded(f"{month}: no agreed plan covers this month, so nothing can be compared with it yet.")
    held = next(
        (track for track in (tracks["revenue"], sold) if np.isfinite(attainment(track, slice(-1, None)))), sold
    )
    share = attainment(held, slice(-1, None))
    text = f"{month}: {held.label.lower()} {percent(share)} of the agreed plan, "
    text += f"{within} of {how_many(known, 'families')} within tolerance"
    outside = families_outside(tracks)
    if not outside:
        return f"{text}."
    divided = not is_whole(sold.plan)
    named = ", ".join(f"{name} {_apart(units, divided)}" for name, units in outside[:MOST_NAMED])
    more = f" and {len(outside) - MOST_NAMED} more" if len(outside) > MOST_NAMED else ""
    return f"{text}; outside: {named}{more}."


def is_whole(units: Floats) -> bool:
    """Whether what is planned is whole units, as it is where none is divided; what is sold may be in parts all the
    same: in weeks, where sales are told by month and shared."""
    known = units[np.isfinite(units)]
    return bool(len(known)) and bool((known == np.rint(known)).all())


def _apart(units: float, divided: bool) -> str:
    """How far a family is from its plan: '13 units behind'; in parts of a unit only where units are divided."""
    size = number(abs(units), unit_decimals(abs(units)) if divided else 0)
    return f"{how_many(size, 'units')} {'behind' if units < 0 else 'ahead'}"


def _known(track: Track, span: slice) -> tuple[Floats, Floats]:
    actual, plan = track.actual[:, span], track.plan[:, span]
    known = np.isfinite(actual) & np.isfinite(plan)
    return actual[known], plan[known]


def _divide(part: Floats, whole: Floats) -> Floats:
    result = np.full(np.shape(part), np.nan)
    np.divide(part, whole, out=result, where=np.isfinite(whole) & (np.nan_to_num(whole) != 0))
    return result

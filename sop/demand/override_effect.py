"""What people change about the baseline forecast, by function, and what a further change would do to demand.

An entry for several families or regions is spread over them in proportion to their baseline forecast, to the
unit, so that they always add up to what was entered. What an override would do is found by planning demand again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from sop.core.arrays import shares_of
from sop.core.calendar import Calendar, period_name, worded
from sop.core.errors import BadInput
from sop.core.inputs import Floats, Inputs
from sop.core.money import MINOR, largest_remainder
from sop.core.override_scopes import (
    MARKETING_UNITS,
    SALES_UNITS,
    UNIT_OVERRIDES,
    Entered,
    How,
    Names,
    OverrideScope,
    cells_of,
    read_override_scope,
)
from sop.core.plan import StoredForecast
from sop.core.register import Assumptions
from sop.demand.consensus import WholeDemand

_TRIES = 60
"""Attempts to reach a demand exactly: events, price and the floor let demand answer by less or more than asked."""


def entered_units(
    baseline: Floats,
    names: Names,
    calendar: Calendar,
    assumptions: Mapping[tuple[str, str], float],
    keys: Sequence[str] = UNIT_OVERRIDES,
) -> Floats:
    """Overrides that were entered in units (F, R, T), beside a baseline forecast (F, R, T) of the same shape.

    `names`: families and regions along its axes. Entries for months that are closed by now or beyond the horizon,
    and for names that the company no longer has, change nothing.
    """
    entered = np.zeros(baseline.shape)
    for (key, text), units in assumptions.items():
        scope = read_override_scope(text) if key in keys else None
        if scope is None or not 0 <= (t := calendar.position(scope.month)) < baseline.shape[-1]:
            continue
        cells = cells_of(scope, names)
        if cells.any():
            entered[cells, t] += share_units(units, baseline[cells, t])
    return entered


def sales_override(baseline: Floats, names: Names, calendar: Calendar, assumptions: Assumptions) -> Floats:
    """What sales changes (F, R, T): its percent of the baseline by family, and its entries in units."""
    percent = np.array([assumptions.value("demand_pct", family) for family in names[0]])
    units = entered_units(baseline, names, calendar, assumptions, (SALES_UNITS,))
    return baseline * percent[:, None, None] + units


def marketing_override(baseline: Floats, names: Names, calendar: Calendar, assumptions: Assumptions) -> Floats:
    """What marketing changes on top of sales (F, R, T), units."""
    return entered_units(baseline, names, calendar, assumptions, (MARKETING_UNITS,))


def share_units(units: float, weights: Floats) -> Floats:
    """One number over children (n,) in proportion to `weights`, summing exactly to it; whole where it is whole.

    >>> share_units(-10, np.array([2.0, 1.0])).tolist()
    [-7.0, -3.0]
    """
    if units == round(units):
        return largest_remainder(round(units), weights).astype(float)
    return units * shares_of([weights], np.zeros(len(weights), dtype=np.intp), 1)


# -- what a further override would do


@dataclass(frozen=True)
class WantedOverride:
    """An override as somebody enters it: where (empty: all families, all regions), in which months, how much.

    `number`: a signed change in units, a fraction of the baseline forecast, or the demand to reach.
    """

    family: str
    region: str
    months: tuple[str, ...]
    how: How
    number: float


@dataclass(frozen=True)
class OverrideEffect:
    """What an override does to demand at the level at which it is entered, units over its months.

    `entries`: scope → units, as they are stored. `floored`: units of the override that find no demand to take
    away, by (family, region, month). `revenue`: minor units at today's net price, None where no price is known.
    `target`: the demand to reach, None where another figure was entered.
    """

    entries: Mapping[str, int]
    baseline: int
    before: int
    after: int
    revenue: float | None
    floored: Mapping[tuple[str, str, str], int]
    target: int | None = None

    @property
    def reached(self) -> bool:
        """Whether demand comes to the target, to the unit that rounding may take; True where none was given."""
        return self.target is None or abs(self.after - self.target) <= 1

    @property
    def units(self) -> int:
        """Units entered."""
        return sum(self.entries.values())


class DemandPlanner(Protocol):
    """What plans demand again: the inputs and forecast, and consensus demand under assumptions."""

    inputs: Inputs
    forecast: StoredForecast

    def demand(self, assumptions: Assumptions) -> WholeDemand:
        """Consensus demand, supply not asked."""


def preview_override(
    planner: DemandPlanner, assumptions: Assumptions, key: str, wanted: WantedOverride
) -> OverrideEffect:
    """What an override would do to demand, supply not asked. Raises BadInput where it cannot be entered."""
    _require_possible(planner.inputs, wanted)
    return _Level(planner, assumptions, key, wanted).effect()


def names_of(inputs: Inputs) -> Names:
    """Families and regions of a company."""
    return inputs.families.names, inputs.regions


@dataclass(frozen=True)
class _Level:
    """The place at which an override is entered, in the plan it is entered into."""

    planner: DemandPlanner
    assumptions: Assumptions
    key: str
    wanted: WantedOverride

    @property
    def cells(self) -> np.ndarray:
        """Families and regions (F, R) that it covers."""
        return cells_of(OverrideScope(self.wanted.family, self.wanted.region, ""), names_of(self.planner.inputs))

    @property
    def at(self) -> list[int]:
        """Its months as places in the horizon."""
        return [self.planner.inputs.calendar.position(month) for month in self.wanted.months]

    @property
    def baseline(self) -> Floats:
        """The baseline forecast of its months (M,)."""
        return self.planner.forecast.mean[self.cells][:, self.at].sum(axis=0)

    def demand(self, added: Mapping[str, int]) -> WholeDemand:
        """Consensus demand with entries added."""
        more = {(self.key, scope): float(units) for scope, units in added.items()}
        return self.planner.demand(self.assumptions.having(more))

    def total(self, demand: WholeDemand) -> int:
        """Demand of the level, units."""
        return int(demand.total[self.cells][:, self.at].sum())

    def entries(self, units: int) -> dict[str, int]:
        """Units shared over the months, by scope; a month that gets nothing has no entry."""
        shares = largest_remainder(units, self.baseline)
        return {
            self._scope(month, round(float(base))): int(share)
            for month, base, share in zip(self.wanted.months, self.baseline, shares, strict=True)
            if share
        }

    def _scope(self, month: str, baseline: int) -> str:
        """The scope of a month's entry that no other entry has."""
        entered = Entered(self.wanted.how, self.wanted.number, baseline)
        copies = (replace(entered, copy=copy) for copy in range(1, len(self.assumptions) + 2))
        scopes = (OverrideScope(self.wanted.family, self.wanted.region, month, each.text).text for each in copies)
        return next(scope for scope in scopes if (self.key, scope) not in self.assumptions)

    def units_wanted(self, now: WholeDemand) -> int:
        """The units to enter."""
        if self.wanted.how == "units":
            return round(self.wanted.number)
        if self.wanted.how == "percent":
            return round(self.wanted.number * float(self.baseline.sum()))
        return self._to_reach(round(self.wanted.number), self.total(now))

    def _to_reach(self, target: int, reached: int) -> int:
        """The units with which demand comes to a target, or as near as it gets."""
        tried: dict[int, int] = {0: abs(target - reached)}
        units = 0
        for _ in range(_TRIES):
            units += target - reached
            if units in tried:
                break
            reached = self.total(self.demand(self.entries(units)))
            tried[units] = abs(target - reached)
        return min(tried, key=lambda each: (tried[each], abs(each)))

    def effect(self) -> OverrideEffect:
        """What entering the override does."""
        now = self.demand({})
        entries = self.entries(self.units_wanted(now))
        then = self.demand(entries)
        inputs, floor = self.planner.inputs, then.terms["floor"] - now.terms["floor"]
        (families, regions), months = names_of(inputs), inputs.calendar.months
        moved, price = (then.total - now.total).sum(axis=-1), inputs.position.price
        known = np.isfinite(price[self.cells]).any() and np.isfinite(price[moved != 0]).all()
        return OverrideEffect(
            entries=entries,
            baseline=int(now.terms["baseline"][self.cells][:, self.at].sum()),
            before=self.total(now),
            after=self.total(then),
            revenue=float(np.nansum(moved * price) * MINOR) if known else None,
            floored={
                (families[f], regions[r], months[t]): int(floor[f, r, t]) for f, r, t in np.argwhere(floor > 0)
            },
            target=round(self.wanted.number) if self.wanted.how == "target" else None,
        )


def _require_possible(inputs: Inputs, wanted: WantedOverride) -> None:
    """Raises BadInput unless the place is known, the months are open, and the figure is one."""
    families, regions = names_of(inputs)
    for name, known, what in ((wanted.family, families, "family"), (wanted.region, regions, "region")):
        if name and name not in known:
            raise BadInput(f"there is no {what} '{name}'", remedy=f"Choose one of {', '.join(known)}")
        if "|" in name:
            raise BadInput(f"the {what} '{name}' has a | in its name", remedy="Name it without one in the tables")
    closed = [month for month in wanted.months if month not in inputs.calendar.months]
    if closed or not wanted.months:
        which = period_name(closed[0]) if closed else worded("no month")
        raise BadInput(
            f"{which} is not planned in this cycle", remedy=worded("Choose open months within the horizon")
        )
    if not np.isfinite(wanted.number):
        raise BadInput("an override needs a figure", remedy="Enter a number")
    if wanted.how == "target" and wanted.number < 0:
        raise BadInput("demand cannot be less than nothing", remedy="Enter a figure of 0 or more")

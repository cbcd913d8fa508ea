"""Overrides of demand at any level: what one would do, entering and taking back in one piece, those in force."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sop.core.calendar import is_month
from sop.core.errors import BadInput, Conflict
from sop.core.inputs import Floats, Inputs
from sop.core.money import MINOR, largest_remainder
from sop.core.overrides import MARKETING_UNITS, SALES_UNITS, Entered, How, Names, OverrideScope, cells_of
from sop.core.register import Assumptions, assumption, require_valid
from sop.core.terms import Role
from sop.core.words import plain_month
from sop.demand.consensus import WholeDemand
from sop.engine import Planner
from sop.services.acting import acting, reading
from sop.services.planning.choices import View
from sop.services.planning.room import PlanningRoom, as_assumptions
from sop.services.scenarios.drafts import entries, require_editable
from sop.store import Store, Transaction
from sop.store.people import Person
from sop.store.plans import read_plan_content
from sop.store.scenarios import read_assumptions, read_scenario, remove_assumption, save_assumption
from sop.views.sales.overrides import Override, OverrideEffect, group_overrides

_TRIES = 60
"""Attempts to reach a demand exactly: events, price and the floor let demand answer by less or more than asked."""


@dataclass(frozen=True)
class Wanted:
    """An override as somebody enters it: where (empty: all families, all regions), in which months, how much.

    `number`: a signed change in units, a fraction of the baseline forecast, or the demand to reach.
    """

    family: str
    region: str
    months: tuple[str, ...]
    how: How
    number: float


def key_of(person: Person) -> str:
    """The assumption in which a person's overrides are kept: marketing's for the head of product, else sales'."""
    return MARKETING_UNITS if Role(person.role) is Role.HEAD_OF_PRODUCT else SALES_UNITS


def preview_override(planner: Planner, assumptions: Assumptions, key: str, wanted: Wanted) -> OverrideEffect:
    """What an override would do to demand, supply not asked. Raises BadInput where it cannot be entered."""
    _require_possible(planner.inputs, wanted)
    level = _Level(planner, assumptions, key, wanted)
    now = level.demand({})
    change = level.units_wanted(now)
    return level.effect(now, change)


def enter_override(
    room: PlanningRoom, person: Person, scenario_id: int, wanted: Wanted, reason: str, expiry: str | None = None
) -> OverrideEffect:
    """Put an override into a scenario, all of it or nothing, and tell what it does.

    Its units are shared over the months in proportion to the baseline forecast, to the unit; families and regions
    share them whenever a plan is built. Raises NotAllowed, BadInput without reason or effect, and Conflict where
    somebody changed the scenario in this very moment.
    """
    key = key_of(person)
    if not reason.strip():
        raise BadInput(
            "a change of demand needs its reason", remedy="Write what you know that the forecast does not"
        )
    found = entries(room.store, person.id, scenario_id)
    assumptions = as_assumptions(found)
    planner = room.input_set(assumptions).planner
    _require_expiry(expiry, planner.inputs.calendar.first_open)
    effect = preview_override(planner, assumptions, key, wanted)
    if not effect.entries:
        raise BadInput("this override changes nothing", remedy="Enter another figure")
    with acting(room.store, person.id, "run_scenario") as tx:
        require_editable(tx, scenario_id, person.id, [key])
        _require_same(tx, scenario_id, found)
        for scope, units in effect.entries.items():
            save_assumption(
                tx, scenario_id, key, require_valid(key, units), expected_version=0, scope=scope,
                reason=reason.strip(), owner=assumption(key).owner.value, expiry=expiry,
            )  # fmt: skip
    return effect


def take_back(store: Store, person_id: str, scenario_id: int, override: Override) -> None:
    """Take one override out again, all of it or nothing. Raises NotAllowed and Conflict."""
    with acting(store, person_id, "run_scenario") as tx:
        require_editable(tx, scenario_id, person_id, [override.key])
        stored = {(entry.key, entry.scope): entry.version for entry in read_assumptions(tx, scenario_id)}
        if any(stored.get((override.key, scope)) != version for scope, version in override.places):
            raise Conflict(
                f"the override for {override.place} was changed or taken back meanwhile, nothing was saved",
                remedy="Look at the overrides in force again",
            )
        for scope, version in override.places:
            remove_assumption(tx, scenario_id, override.key, expected_version=version, scope=scope)


def overrides_in_force(room: PlanningRoom, person_id: str, scenario_id: int) -> tuple[Override, ...]:
    """The overrides of a scenario as they were entered, the newest first. Raises NotAllowed."""
    found = entries(room.store, person_id, scenario_id)
    chosen = room.input_set(as_assumptions(found))
    return group_overrides(found, chosen.forecast.mean, names_of(chosen.inputs), chosen.inputs.calendar)


def overrides_frozen(store: Store, person_id: str, view: View) -> tuple[Override, ...]:
    """The overrides that a frozen plan was made with, beside the forecast it keeps. Raises NotAllowed."""
    if view.record is None:
        return ()
    with reading(store, person_id) as tx:
        kept = json.loads(read_plan_content(tx, view.record.id))["assumptions"]
    plan = view.plan
    names = plan.names("baseline_forecast"), plan.names("baseline_forecast", 1)
    signed = (_Signed(row["key"], row["scope"], row["value"], row["reason"]) for row in kept)
    return group_overrides(signed, plan["baseline_forecast"].astype(float), names, plan.calendar)


@dataclass(frozen=True)
class _Signed:
    """An assumption as a frozen plan keeps it: who set it and when stays in the scenario it was made from."""

    key: str
    scope: str
    value: Any
    reason: str
    by: str = ""
    at: str = ""
    expiry: str | None = None
    version: int = 0


def names_of(inputs: Inputs) -> Names:
    """Families and regions of a company."""
    return inputs.families.names, inputs.regions


@dataclass(frozen=True)
class _Level:
    """The place at which an override is entered, in the plan it is entered into."""

    planner: Planner
    assumptions: Assumptions
    key: str
    wanted: Wanted

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
        return self.planner.demand(Assumptions({**self.assumptions, **more}))

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

    def effect(self, now: WholeDemand, units: int) -> OverrideEffect:
        """What entering these units does."""
        entries = self.entries(units)
        then = self.demand(entries)
        return OverrideEffect(
            entries=entries,
            baseline=int(now.terms["baseline"][self.cells][:, self.at].sum()),
            before=self.total(now),
            after=self.total(then),
            revenue=self._revenue(now, then),
            floored=dict(self._floored(now, then)),
        )

    def _revenue(self, now: WholeDemand, then: WholeDemand) -> float | None:
        moved = (then.total - now.total).sum(axis=-1)
        price = self.planner.inputs.position.price
        known = np.isfinite(price)
        return float((moved * np.nan_to_num(price))[known].sum() * MINOR) if known[self.cells].any() else None

    def _floored(self, now: WholeDemand, then: WholeDemand) -> Iterator[tuple[tuple[str, str, str], int]]:
        """Units that the floor takes more than before, by cell."""
        families, regions = names_of(self.planner.inputs)
        months = self.planner.inputs.calendar.months
        more = then.terms["floor"] - now.terms["floor"]
        for f, r, t in np.argwhere(more > 0):
            yield (families[f], regions[r], months[t]), int(more[f, r, t])


def _require_possible(inputs: Inputs, wanted: Wanted) -> None:
    """Raises BadInput unless the place is known, the months are open, and the figure is one."""
    families, regions = names_of(inputs)
    for name, known, what in ((wanted.family, families, "family"), (wanted.region, regions, "region")):
        if name and name not in known:
            raise BadInput(f"there is no {what} '{name}'", remedy=f"Choose one of {', '.join(known)}")
        if "|" in name:
            raise BadInput(f"the {what} '{name}' has a | in its name", remedy="Name it without one in the tables")
    closed = [month for month in wanted.months if month not in inputs.calendar.months]
    if closed or not wanted.months:
        which = plain_month(closed[0]) if closed else "no month"
        raise BadInput(f"{which} is not planned in this cycle", remedy="Choose open months within the horizon")
    if not np.isfinite(wanted.number):
        raise BadInput("an override needs a figure", remedy="Enter a number")
    if wanted.how == "target" and wanted.number < 0:
        raise BadInput("demand cannot be less than nothing", remedy="Enter a figure of 0 or more")


def _require_expiry(expiry: str | None, first_open: str) -> None:
    """Raises BadInput unless the last cycle in which an override counts is this or a later one."""
    if expiry is None:
        return
    if not is_month(expiry) or expiry < first_open:
        raise BadInput(f"'{expiry}' is no month from {plain_month(first_open)} on", remedy="Choose a later month")


def _require_same(tx: Transaction, scenario_id: int, seen: object) -> None:
    """Raises Conflict where the scenario is no longer the one from which the override was computed."""
    if read_assumptions(tx, scenario_id) != seen:
        changed = read_scenario(tx, scenario_id)
        raise Conflict(
            f"{changed.updated_by} changed '{changed.name}' in this moment, nothing was saved",
            remedy="Look at the plan again, then enter the override",
        )

"""The limits of a supply plan by name: how far each is used, where it binds, and how to move it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np

from sop.core.inputs import Bools, Floats
from sop.supply.lp.plan import SupplyPlan
from sop.supply.lp.problem import NAMED_KINDS, SupplyProblem, called_in
from sop.supply.lp.terms import build_terms, fence

ProblemChange = Callable[[SupplyProblem], SupplyProblem]
"""A supply problem with something changed in it."""

UNLIMITED = 1e9
"""Hours, people or units that no plan needs. A limit is taken away by as many more and not by infinity, so that
the linear program keeps its layout and the next plan starts from the last one."""

_FIELDS = {
    "line": ("line_hours", "hour"),
    "people": ("people_max", "person"),
    "overtime": ("granted_overtime_hours", "hour"),
    "material": ("material_supply", "unit"),
    "shared resource": ("shared_hours", "hour"),
    "subcontract": ("subcontract_limit", "unit"),
    "storage": ("storage_limit", "unit of volume"),
}
"""Kind of limit -> the field of the problem that moves it, and what one of it is."""


PRICED = {
    "line": ("extra_line_hours", "extra_line_price"),
    "shared resource": ("extra_shared_hours", "extra_shared_price"),
}
"""Kind of limit -> the fields that hold what can be bought beyond it, and at what price."""


@dataclass(frozen=True)
class Limit:
    """One limit: its kind, which one of that kind, its code, and for a line or shared resource its name."""

    kind: str
    index: int
    name: str
    called: str = field(default="", compare=False)

    @property
    def title(self) -> str:
        """What people call it: 'Welding'; its code where it has no other name."""
        return self.called or self.name

    @property
    def label(self) -> str:
        """The limit inside a sentence: 'Welding', 'line GW', 'subcontract of Fleet'."""
        if self.name in (self.kind, ""):
            return self.name
        kind = f"{self.kind} of" if self.kind in ("people", "overtime", "subcontract") else self.kind
        return called_in({self.name: self.title}, kind, self.name)

    @property
    def unit(self) -> str:
        """What one unit of this limit is."""
        return _FIELDS[self.kind][1]


@dataclass(frozen=True, eq=False)
class LimitUse:
    """How far a limit is used: used and most [T] in its unit, and the periods [T] in which it binds."""

    limit: Limit
    used: Floats
    most: Floats
    binding: Bools


def find_limits(plan: SupplyPlan) -> list[LimitUse]:
    """Every limit of the plan that is finite in some period; it binds where nothing of it is left.

    People bind where the plan employs the most allowed and works all their regular hours.
    """
    problem, terms = plan.problem, build_terms(plan.problem)
    made = plan.production.sum(axis=1)
    worked_out = plan.regular_hours >= plan.people * problem.hours_per_person - _slack(plan.regular_hours)
    granted = terms.overtime_limit * plan.people + problem.granted_overtime_hours
    # No overtime at all keeps nobody from anything while regular hours are left.
    overtime = np.where(worked_out | (granted > 0), granted, np.inf)
    ahead = problem.bought_ahead[:, None]
    material = np.where(ahead, plan.material_bought, problem.material_use.T @ made)
    tables = {
        "line": (problem.lines, plan.machine_hours, terms.line_hours),
        "people": (problem.plants, np.where(worked_out, plan.people, 0.0), terms.people_max),
        "overtime": (problem.plants, plan.overtime_hours, overtime),
        "material": (problem.materials, material, problem.material_supply),
        "shared resource": (problem.shared, problem.shared_hours_per_unit.T @ made, problem.shared_hours),
        "subcontract": (problem.families, plan.subcontract, problem.subcontract_limit),
        "storage": (
            ("storage",),
            (problem.volume_per_unit @ plan.inventory)[None, :],
            problem.storage_limit[None, :],
        ),
    }
    uses = []
    for kind, (names, used, most) in tables.items():
        for index in np.flatnonzero(np.isfinite(most).any(axis=1)):
            called = problem.called.get(names[index], "") if kind in NAMED_KINDS else ""
            limit = Limit(kind, int(index), names[index], called)
            uses.append(_use(limit, problem, used[index], most[index]))
    return uses


def _use(limit: Limit, problem: SupplyProblem, used: Floats, most: Floats) -> LimitUse:
    """A limit of 0 binds only what it could serve: a subcontractor who offers nothing is no limit."""
    reached = np.isfinite(most) & (used >= most - _slack(most))
    if limit.kind == "subcontract":
        reached &= most > 0
    if limit.kind == "line" and not (np.nan_to_num(problem.hours_per_unit[:, limit.index]) > 0).any():
        reached &= False
    return LimitUse(limit, used, most, reached)


def _slack(most: Floats) -> Floats:
    return 1e-6 * np.maximum(1.0, np.where(np.isfinite(most), np.abs(most), 1.0))


def binding_limits(plan: SupplyPlan) -> list[LimitUse]:
    """The limits that bind in some period."""
    return [use for use in find_limits(plan) if use.binding.any()]


def open_limits(plan: SupplyPlan) -> list[LimitUse]:
    """The limits that bind in some period that can still be planned: more hours in a frozen one serve nobody."""
    frozen, _ = fence(plan.problem)
    still = np.arange(plan.problem.sizes["T"]) >= frozen
    uses = [replace(use, binding=use.binding & still) for use in binding_limits(plan)]
    return [use for use in uses if use.binding.any()]


def families_under(problem: SupplyProblem, limit: Limit) -> Bools:
    """The families [F] that a limit acts on itself: that run on the line, use the material, fill the storage."""
    labour = problem.qualified & (problem.labour_hours_per_unit > 0) & (problem.line_plant == limit.index)
    used: dict[str, Floats | Bools] = {
        "line": np.nan_to_num(problem.hours_per_unit),
        "material": problem.material_use,
        "shared resource": problem.shared_hours_per_unit,
        "subcontract": np.eye(problem.sizes["F"]),
    }
    if limit.kind in ("people", "overtime"):
        return labour.any(axis=1)
    return problem.volume_per_unit > 0 if limit.kind == "storage" else used[limit.kind][:, limit.index] > 0


def move_limit(
    problem: SupplyProblem, limit: Limit, amount: float, periods: Sequence[int] | None = None
) -> SupplyProblem:
    """The problem with `amount` more (or less) of a limit in each of `periods` (default: all).

    A limit does not go below zero, people not below their least. `inf` removes it.
    """
    name, _ = _FIELDS[limit.kind]
    values = getattr(problem, name).copy()
    row = values if values.ndim == 1 else values[limit.index]
    chosen = slice(None) if periods is None else list(periods)
    row[chosen] = np.maximum(row[chosen] + amount, _lowest(problem, limit)[chosen])
    return replace(problem, **{name: values})


def without_limit(problem: SupplyProblem, limit: Limit) -> SupplyProblem:
    """The problem without a limit where it is not frozen."""
    return move_limit(problem, limit, UNLIMITED, range(fence(problem)[0], problem.sizes["T"]))


def with_more(
    problem: SupplyProblem, limit: Limit, amount: float, periods: Sequence[int], price: float | None
) -> SupplyProblem:
    """The problem with `amount` more of a limit offered in each of `periods`, each at `price` (None: for nothing).

    Only hours of lines and shared resources have a price of their own: people, overtime, material and subcontract
    are paid by the problem's prices.
    """
    if price is None or limit.kind not in PRICED:
        return move_limit(problem, limit, amount, periods)
    hours_name, price_name = PRICED[limit.kind]
    hours, asked = getattr(problem, hours_name).copy(), getattr(problem, price_name).copy()
    chosen = list(periods)
    hours[limit.index, chosen] += amount
    asked[limit.index, chosen] = price
    return replace(problem, **{hours_name: hours, price_name: asked})


def only_from(base: SupplyProblem, moved: SupplyProblem, whole: SupplyProblem, start: int) -> SupplyProblem:
    """`whole` with what `moved` changes against `base` only from period `start` on.

    `whole` may hold more changes than `moved` does; only figures by period can come later.
    """
    later: dict[str, Any] = {}
    for spec in fields(base):
        before, after = getattr(base, spec.name), getattr(moved, spec.name)
        if not spec.metadata.get("shape", "").endswith("T") or before is None or after is None:
            continue
        same = (before == after) | ((before != before) & (after != after))
        early = ~same[..., :start]
        if early.any():
            values = getattr(whole, spec.name).copy()
            values[..., :start] = np.where(early, before[..., :start], values[..., :start])
            later[spec.name] = values
    return replace(whole, **later) if later else whole


def _lowest(problem: SupplyProblem, limit: Limit) -> Floats:
    """How low a limit can go [T]: overtime granted may be negative, which takes from the share."""
    if limit.kind == "people":
        return problem.people_min[limit.index]
    return np.full(problem.sizes["T"], -np.inf if limit.kind == "overtime" else 0.0)

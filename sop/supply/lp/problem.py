"""The supply problem: everything the supply plan needs to know, in one typed record.

Axes are named by one letter throughout the package: F families, L lines, P plants, M materials,
K shared resources, T periods. Every array is float64 and read-only. A field may be given as a
scalar or as any shape that broadcasts to the one stated; `None` means the stated default. A price or cost
that may change by period may be given without its periods: it is the same in all of them then.

>>> from sop.supply import SupplyProblem, solve_supply
>>> problem = SupplyProblem(
...     families=("chairs",), lines=("press",), periods=("Jan", "Feb"),
...     due=[[10, 20]], past_due_cost=5, lost_cost=100, holding_cost=1,
...     hours_per_unit=[[2.0]], line_hours=[[30, 30]], variable_cost=[[7.0]],
... )
>>> plan = solve_supply(problem)
>>> plan.whole.production.tolist(), plan.whole.inventory.tolist(), round(plan.total_cost, 2)
([[[15, 15]]], [[5, 0]], 215.0)
"""

# The helpers below return dataclasses.field, which is what the rule asks for.
# ruff: noqa: RUF009

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from sop.core.calendar import is_period, period_name
from sop.core.findings import Finding
from sop.core.format import how_many
from sop.core.inputs import Bools, Floats, Ints
from sop.supply.lp.errors import SupplyInputError
from sop.supply.lp.expressible import require_expressible

NAMED_KINDS = ("line", "shared resource")
"""Kinds of limit whose members have a name beside their code."""

_MAY_BE_MISSING = {
    "hours_per_unit",
    "line_hours",
    "overtime_hours_per_person",
    "closing_stock_target",
    "closing_stock_price",
    "closing_past_due_price",
}


_MAY_BE_INFINITE = {
    "subcontract_limit",
    "granted_overtime_hours",
    "material_kept",
    "closing_stock_price",
    "closing_past_due_price",
}

_LARGEST = 1e15
"""Beyond this a float no longer holds whole units, and the optimiser would read 1e20 as no limit at all."""


def _array(shape: str, unit: str, meaning: str, default: Any = None, dtype: type = np.float64) -> Any:
    """A field that holds an array: its axes, unit and meaning are kept as metadata."""
    metadata = {"shape": shape, "unit": unit, "meaning": meaning, "dtype": dtype}
    return field(default=default, metadata=metadata)


def _required(shape: str, unit: str, meaning: str, by_period: bool = False) -> Any:
    metadata = {"shape": shape, "unit": unit, "meaning": meaning, "dtype": np.float64, "by_period": by_period}
    return field(metadata=metadata)


def _by_period(shape: str, unit: str, meaning: str, default: Any = None) -> Any:
    """A field that may be given without its last axis, the periods."""
    metadata = {"shape": shape, "unit": unit, "meaning": meaning, "dtype": np.float64, "by_period": True}
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, eq=False)
class SupplyProblem:
    """One supply-planning problem in units, hours and money of one currency.

    A limit of `inf` is no limit. A relief price of `inf` means that nobody sells that relief: the
    limit is then broken only where no other plan exists (a frozen plan above capacity), at a penalty
    that is reported by name and is never part of the money. What else a problem asks for is put in
    `requires` and refused with the reason; whole people, lots, campaigns and shifts are planned by `refine_plan`.
    """

    families: tuple[str, ...]
    periods: tuple[str, ...]
    due: Floats = _required("FT", "units", "demand falling due in the period")
    past_due_cost: Floats = _required("F", "money/unit/period", "cost of a unit past due at the period's end")
    lost_cost: Floats = _required("FT", "money/unit", "lost revenue x priority (>= 1) of a unit lost", True)

    lines: tuple[str, ...] = ("supply",)
    plants: tuple[str, ...] = ()
    materials: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    called: Mapping[str, str] = field(default_factory=dict)
    """What people call lines and shared resources, by code; what is not in it is called by its code."""

    opening_inventory: Floats = _array("F", "units", "finished stock at the start", 0.0)
    opening_past_due: Floats = _array("F", "units", "orders already late at the start", 0.0)
    revenue_per_unit: Floats = _by_period("FT", "money/unit", "net price of a unit shipped", 0.0)
    backlog_allowed: Bools = _array("F", "yes/no", "unmet demand may wait", True, np.bool_)
    lost_allowed: Bools = _array("F", "yes/no", "unmet demand may be lost", True, np.bool_)
    lost_limit: Floats = _array("FT", "units", "most that may be lost (due - least sale)", np.inf)

    hours_per_unit: Floats = _array("FL", "hours/unit", "machine hours; NaN = not qualified", 0.0)
    variable_cost: Floats = _by_period("FLT", "money/unit", "cost of making one, without labour", 0.0)
    line_hours: Floats = _array("LT", "hours", "demonstrated capacity; None = none loaded", np.inf)
    outside_machine_price: Floats = _array("L", "money/hour", "machine hours bought outside", np.inf)
    extra_line_hours: Floats = _array("LT", "hours", "most line hours that may be bought beyond its own", 0.0)
    extra_line_price: Floats = _array("LT", "money/hour", "such an hour; inf = none are offered", np.inf)

    line_plant: Ints = _array("L", "index", "plant of the line; -1 = no people data", -1, np.int64)
    labour_hours_per_unit: Floats = _array("FL", "hours/unit", "labour hours of one unit", 0.0)
    opening_people: Floats = _array("P", "people", "people employed at the start", 0.0)
    people_min: Floats = _array("PT", "people", "fewest people", 0.0)
    people_max: Floats = _array("PT", "people", "most people", np.inf)
    hours_per_person: Floats = _array("PT", "hours/person", "regular hours, from the working days", 0.0)
    wage: Floats = _array("P", "money/hour", "paid for every regular hour, worked or not", 0.0)
    overtime_rate: Floats = _array("P", "money/hour", "paid for an overtime hour worked", 0.0)
    overtime_share: Floats = _array("PT", "fraction", "most overtime, share of regular hours", 0.0)
    overtime_hours_per_person: Floats = _array("PT", "hours/person", "most overtime; NaN = use share", np.nan)
    granted_overtime_hours: Floats = _array("PT", "hours", "overtime allowed beyond that; below 0: less", 0.0)
    extra_overtime_price: Floats = _array("P", "money/hour", "premium on overtime above the limit", np.inf)
    agency_price: Floats = _array("P", "money/hour", "agency hours", np.inf)
    hire_cost: Floats = _array("P", "money/person", "hiring one person", 0.0)
    release_cost: Floats = _array("P", "money/person", "releasing one person", 0.0)

    hire_limit: Floats = _array("PT", "people", "most people hired in the period", np.inf)
    release_limit: Floats = _array("PT", "people", "most people released in the period", np.inf)
    one_rate: Bools = _array("F", "yes/no", "made at one rate over all open periods", False, np.bool_)
    rate_weight: Floats = _array("T", "share", "what the rate follows, such as working days", 1.0)

    material_use: Floats = _array("FM", "units/unit", "material in one unit made", 0.0)
    material_supply: Floats = _array("MT", "units", "material that arrives", np.inf)
    spot_premium: Floats = _array("M", "money/unit", "extra price of spot material", np.inf)
    material_price: Floats = _by_period("MT", "money/unit", "price of material, beside the cost of making", 0.0)
    opening_material: Floats = _array("M", "units", "material in stock at the start", 0.0)
    material_kept: Floats = _by_period("MT", "units", "most material kept to the next period", 0.0)
    material_holding_cost: Floats = _array("M", "money/unit/period", "carrying one unit of material", 0.0)
    shared_hours_per_unit: Floats = _array("FK", "hours/unit", "hours on a shared resource", 0.0)
    shared_hours: Floats = _array("KT", "hours", "capacity of the shared resource", np.inf)
    outside_shared_price: Floats = _array("K", "money/hour", "shared hours bought outside", np.inf)
    extra_shared_hours: Floats = _array("KT", "hours", "most shared hours that may be bought beyond", 0.0)
    extra_shared_price: Floats = _array("KT", "money/hour", "such an hour; inf = none are offered", np.inf)

    subcontract_limit: Floats = _array("FT", "units", "most that can be bought finished", 0.0)
    subcontract_cost: Floats = _by_period("FT", "money/unit", "price of one bought finished", 0.0)

    volume_per_unit: Floats = _array("F", "volume/unit", "space of one unit in stock", 0.0)
    storage_limit: Floats = _array("T", "volume", "own storage", np.inf)
    outside_storage_price: Floats = _array("", "money/volume/period", "storage rented outside", np.inf)

    safety_stock: Floats = _array("FT", "units", "stock wanted against uncertainty", 0.0)
    cover_limit: Floats = _array("FT", "units", "stock above it is excess", np.inf)
    max_inventory: Floats = _array("FT", "units", "most stock; 0 for make to order", np.inf)
    holding_cost: Floats = _array("F", "money/unit/period", "carrying one unit", 0.0)
    excess_cost: Floats = _array("F", "money/unit/period", "planning price above the cover limit", 0.0)
    shortage_cost: Floats = _array("F", "money/unit/period", "planning price below safety stock", 0.0)

    closing_stock_target: Floats = _array("F", "units", "stock wanted at the end; NaN = safety stock", np.nan)
    closing_stock_price: Floats = _array(
        "F", "money/unit", "planning price of a unit short at the end; NaN = replacement; inf = hard", np.nan
    )
    closing_past_due_max: Floats = _array("F", "units", "late at the end without a further charge", 0.0)
    closing_past_due_price: Floats = _array(
        "F", "money/unit", "planning price of a unit late at the end; NaN = lost cost; inf = hard", np.nan
    )

    agreed_production: Floats | None = _array("FLT", "units", "production of the agreed plan")
    agreed_subcontract: Floats | None = _array("FT", "units", "subcontract of the agreed plan")
    frozen_periods: int = 0
    slushy_periods: int = 0
    change_cost: Floats = _array("F", "money/unit", "planning price of a change that needs approval", 0.0)
    unit_decimals: Ints = _array("F", "count", "decimals of a unit that can be divided", 0, np.int64)
    notes: tuple[Finding, ...] = ()
    """What whoever made the problem had to assume; `check_problem` says it first."""
    requires: tuple[str, ...] = ()
    """What else the problem asks for, such as "blending": refused with the reason (`NotExpressible`)."""

    def __post_init__(self) -> None:
        """Broadcast every array to its stated shape and refuse what cannot be read."""
        require_expressible(self.requires)
        sizes = self.sizes
        for name, axes, default, by_period, dtype in _arrays():
            given = getattr(self, name)
            if given is None and default is None:
                continue
            value = default if given is None else given
            shape = tuple([sizes[axis] for axis in axes])
            if by_period:
                value = _over_periods(value, len(shape))
            array = _read_array(name, value, shape, dtype)
            if not np.abs(array).max(initial=0.0) <= _LARGEST:
                _require_known(name, array, name in _MAY_BE_INFINITE or default is np.inf)
            array.flags.writeable = False
            object.__setattr__(self, name, array)

    @property
    def sizes(self) -> dict[str, int]:
        """The length of each axis by its letter."""
        return {
            "F": len(self.families),
            "L": len(self.lines),
            "P": len(self.plants),
            "M": len(self.materials),
            "K": len(self.shared),
            "T": len(self.periods),
        }

    def without_negative_prices(self) -> SupplyProblem:
        """The same problem with every price below zero taken as 0: a plan that earns by waste has no end."""
        negative = [name for name in PRICES if (getattr(self, name) < 0).any()]
        return (
            replace(self, **{name: np.maximum(getattr(self, name), 0.0) for name in negative})
            if negative
            else self
        )

    @property
    def bought_ahead(self) -> Bools:
        """Materials [M] of which it is planned when they are bought: that are kept, or paid by the unit."""
        kept = (self.material_kept > 0).any(axis=1) | (self.opening_material > 0)
        return np.asarray(kept | (self.material_price > 0).any(axis=1))

    @property
    def qualified(self) -> Bools:
        """Which family may run on which line, [F, L]."""
        return ~np.isnan(self.hours_per_unit)


@cache
def _arrays() -> tuple[tuple[str, str, Any, bool, type], ...]:
    """The fields that hold arrays: name, axes, default, whether a value may lack its periods, and type."""
    return tuple(
        (spec.name, of["shape"], spec.default, of.get("by_period", False), of["dtype"])
        for spec in fields(SupplyProblem)
        if "shape" in (of := spec.metadata)
    )


def _over_periods(value: Any, axes: int) -> Any:
    """A value that lacks the last of `axes` axes, with one for it."""
    given = np.asarray(value)
    return given[..., None] if given.ndim == axes - 1 else value


def _read_array(name: str, value: Any, shape: tuple[int, ...], dtype: type) -> npt.NDArray[Any]:
    try:
        given: npt.NDArray[Any] = np.array(value, dtype=dtype)
        return given if given.shape == shape else np.array(np.broadcast_to(given, shape))
    except (TypeError, ValueError) as error:
        raise SupplyInputError(name, f"does not fit the shape {shape}: {error}") from error


def _require_known(name: str, array: npt.NDArray[Any], may_be_infinite: bool) -> None:
    if np.abs(array).max(initial=0) <= _LARGEST:  # false for what is missing too
        return
    if name not in _MAY_BE_MISSING and np.isnan(array).any():
        raise SupplyInputError(name, "has a missing value (NaN); missing is not zero")
    if not may_be_infinite and np.isinf(array).any():
        raise SupplyInputError(name, "has an infinite value")
    if (np.isfinite(array) & (np.abs(array) > _LARGEST)).any():
        raise SupplyInputError(name, f"has a value beyond {_LARGEST:.0e}")


PRICES = tuple(
    spec.name
    for spec in fields(SupplyProblem)
    if spec.metadata.get("unit", "").startswith("money") and spec.name != "revenue_per_unit"
)
"""Names of the fields that are prices to be paid, which cannot be below zero."""


def called_in(names: Mapping[str, str], kind: str, code: str) -> str:
    """A limit inside a sentence, with `names` by code: one with a name of its own by that, others by their kind.

    >>> called_in({"GW": "Welding"}, "line", "GW"), called_in({}, "line", "GW"), called_in({}, "material", "steel")
    ('Welding', 'line GW', 'material steel')
    """
    name = names.get(code, code) if kind in NAMED_KINDS else code
    return f"{kind} {code}" if name == code else name


_MOST_RUNS = 12
"""Runs of periods that are listed: two years of months have no more."""


def list_periods(periods: tuple[str, ...], chosen: npt.ArrayLike) -> str:
    """The chosen periods in words, runs shortened; of very many the first.

    >>> list_periods(("2026-11", "2026-12", "2027-01", "2027-02"), [True, True, False, True])
    'Nov 2026 to Dec 2026, Feb 2027'
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[0], np.asarray(chosen, dtype=int), [0]])))
    runs = [(_period(periods[first]), _period(periods[end - 1])) for first, end in edges.reshape(-1, 2)]
    told = ", ".join(first if first == last else f"{first} to {last}" for first, last in runs[:_MOST_RUNS])
    return told if len(runs) <= _MOST_RUNS else f"{told} and {how_many(len(runs) - _MOST_RUNS, 'times')} more"


def _period(period: str) -> str:
    return period_name(period) if is_period(period) else period

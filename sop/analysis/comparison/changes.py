"""What a plan changes: measure by measure, by family and month, inside the time fences, and in assumptions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

import numpy as np

from sop.analysis.comparison.compare import common_months
from sop.core.arrays import Labelled
from sop.core.calendar import Calendar
from sop.core.inputs import Floats, Inputs
from sop.core.measures import MEASURES, Measure, measure
from sop.core.money import known_minor
from sop.core.plan import Block, Plan
from sop.core.register import Assumptions, assumption
from sop.core.terms import Function
from sop.core.units import on_grid
from sop.facts.unit_worth import UnitWorth, WorthByMonth

FENCES = ("frozen", "slushy", "liquid")
FENCE_NAMES = {"frozen": "frozen", "slushy": "changes need approval", "liquid": "free"}
"""What people read for a time fence."""
_RATIO_PARTS = {"utilisation": ("load_hours", "capacity_hours")}


@dataclass(frozen=True)
class MeasureChange:
    """One measure over the months compared in both plans; None where a plan has none. Money in minor units."""

    entry: Measure
    agreed: float | None
    proposed: float | None

    @property
    def difference(self) -> float | None:
        """Proposed minus agreed."""
        return None if self.agreed is None or self.proposed is None else self.proposed - self.agreed

    @property
    def share(self) -> float | None:
        """Difference as a fraction of the agreed figure; None where that is zero, of another sign, or a ratio."""
        if self.difference is None or not self.agreed or self.proposed is None or self.entry.unit == "fraction":
            return None
        if self.agreed * self.proposed < 0:
            return None
        return self.difference / abs(self.agreed)


@dataclass(frozen=True)
class Grid:
    """One measure by name (families, lines, …) and month in both plans: (n, T), not-a-number where missing."""

    entry: Measure
    names: tuple[str, ...]
    months: tuple[str, ...]
    agreed: Floats
    proposed: Floats

    @property
    def difference(self) -> Floats:
        """Proposed minus agreed."""
        return self.proposed - self.agreed


def compared_months(plan: Plan, base: Plan) -> tuple[str, ...]:
    """The months over which two plans are compared: up to twelve that both cover."""
    return common_months(plan, base)[: plan.calendar.year]


def measure_changes(plan: Plan, base: Plan, worth: UnitWorth | None = None) -> list[MeasureChange]:
    """Every measure that either plan has over the months compared, in the order of the table of measures.

    With the `worth` of units, units of several families, launches or materials are told in money, at the same
    worth in both plans; where some of it is not known they stay units. Units of several materials are told in
    money or not at all.
    """
    months = compared_months(plan, base)
    found = []
    for entry in MEASURES:
        if entry.key not in plan and entry.key not in base:
            continue
        told, each = (entry, None) if worth is None else _in_money(entry, plan, base, worth.of(entry.key, months))
        if each is None and worth is not None and entry.key == "material_need" and _several(entry, plan, base):
            continue
        values = (over_months(of, entry, months, each) for of in (base, plan))
        found.append(MeasureChange(told, *values))
    return found


def _several(entry: Measure, *plans: Plan) -> bool:
    return len({name for plan in plans for name in plan.names(entry.key)}) > 1


def _in_money(
    entry: Measure, plan: Plan, base: Plan, worth: tuple[str, WorthByMonth]
) -> tuple[Measure, WorthByMonth | None]:
    """A measure as money with the worth of one of each name, where units of several are to be added up; else as
    it is."""
    if entry.unit != "units" or not entry.grain or not _several(entry, plan, base):
        return entry, None
    words, each = worth
    moved = {
        name
        for of in (plan, base)
        if entry.key in of
        for name, some in zip(of.names(entry.key), np.nan_to_num(of.by_family(entry.key)).any(axis=1), strict=True)
        if some
    }
    if not all(name in each and np.isfinite(each[name]).all() for name in moved):
        return entry, None
    return replace(entry, unit="currency", label=f"{entry.label} {words}"), each


def over_months(
    plan: Plan, entry: Measure, months: Sequence[str], worth: WorthByMonth | None = None
) -> float | None:
    """A measure of the whole company over months: flows added, stocks at the end, peaks at the highest.

    `worth`: minor units for one of each name in these months, by which units of several are added up in money.
    Utilisation is recomputed from its hours; other ratios have no company total, and a plan without the measure
    or the months has none either, nor has money of which some is not known.
    """
    if not months or not set(months) <= set(plan.months):
        return None
    at = [plan.months.index(month) for month in months]
    if entry.kind == "ratio":
        return _ratio(plan, entry.key, at)
    if entry.key not in plan:
        return None
    values = plan[entry.key].astype(float)[..., at]
    if worth is not None:
        each = _each(worth, plan.names(entry.key), len(at))
        values = values * each.reshape(len(each), *[1] * (values.ndim - 2), len(at))
    if entry.unit in ("currency", "units") and not np.isfinite(values).all():
        return None
    if entry.kind == "peak":
        return float(np.nanmax(values)) if np.isfinite(values).any() else None
    total = np.nansum(values.reshape(-1, len(at)), axis=0)
    if entry.kind == "stock":
        return None if entry.unit == "fraction" else float(total[-1])
    return float(total.sum())


def _each(worth: WorthByMonth, names: Sequence[str], months: int) -> Floats:
    """What one of each name is worth in some months (n, T); nothing for a name of which nothing moves."""
    return np.nan_to_num(np.array([worth.get(name, np.zeros(months)) for name in names]).reshape(-1, months))


def _ratio(plan: Plan, key: str, at: Sequence[int]) -> float | None:
    parts = _RATIO_PARTS.get(key)
    if parts is None or not all(part in plan for part in parts):
        return None
    load, capacity = (float(np.nansum(plan[part][:, at])) for part in parts)
    return load / capacity if capacity else None


def change_grid(plan: Plan, base: Plan, key: str) -> Grid:
    """A measure by its first name and month over the months compared; regions and lines of a family added up."""
    entry, months = measure(key), compared_months(plan, base)
    names = tuple(dict.fromkeys((*plan.names(key), *base.names(key)))) if entry.grain else (entry.label,)
    return Grid(entry, names, months, _on(base, key, names, months), _on(plan, key, names, months))


def _on(plan: Plan, key: str, names: Sequence[str], months: Sequence[str]) -> Floats:
    """A measure's values on names and months (n, T); not-a-number where the plan has none."""
    if key not in plan:
        return np.full((len(names), len(months)), np.nan)
    theirs = plan.names(key) if measure(key).grain else names
    values = plan.by_family(key) if measure(key).grain else plan[key][None, :]
    return Labelled(values.astype(float), name=theirs, month=plan.months).on(name=names, month=months).values


@dataclass(frozen=True)
class FenceChange:
    """How much of the agreed supply inside one time fence a plan changes, family by family and month.

    Units of one family; of several minor units, where their worth is known: `at` says at what they are told.
    """

    fence: str
    months: tuple[str, ...]
    agreed: float
    changed: float
    at: str = ""

    @property
    def share(self) -> float | None:
        """Plan stability: Σ|new − agreed| ÷ Σ agreed; None where nothing was agreed."""
        return self.changed / self.agreed if self.agreed else None


@dataclass(frozen=True)
class Breach:
    """One change of agreed supply before the end of the slushy fence, units."""

    fence: str
    month: str
    measure: str
    name: str
    agreed: float
    proposed: float


def fence_changes(
    plan: Plan, base: Plan, worth: UnitWorth | None = None, key: str = "production"
) -> list[FenceChange]:
    """Plan stability by time fence over the months compared; empty where a plan has no such supply.

    With the `worth` of units, several families are told in money: at net price where some cost is not known.
    """
    if key not in plan or key not in base:
        return []
    grid = change_grid(plan, base, key)
    ways = () if worth is None else (worth.of(key, grid.months), worth.of("shipments", grid.months))
    told = ((words, _in_money(measure(key), plan, base, (words, each))[1]) for words, each in ways)
    at, worths = next((way for way in told if way[1] is not None), ("", None))
    each = np.ones(grid.agreed.shape) if worths is None else _each(worths, grid.names, len(grid.months))
    fences = np.array([plan.calendar.fence(month) for month in grid.months])
    found = []
    for fence in FENCES:
        inside = fences == fence
        months = tuple(month for month, chosen in zip(grid.months, inside, strict=True) if chosen)
        if months:
            agreed, gap = ((values * each)[:, inside] for values in (grid.agreed, grid.difference))
            sums = float(np.nansum(agreed)), float(np.nansum(np.abs(gap)))
            found.append(FenceChange(fence, months, *sums, at))
    return found


def fence_breaches(plan: Plan, base: Plan) -> list[Breach]:
    """Every change of production or subcontract in the frozen and slushy months, the earliest first."""
    found = []
    for key in ("production", "subcontract"):
        if key not in plan or key not in base:
            continue
        grid = change_grid(plan, base, key)
        for f, t in np.argwhere(np.abs(np.nan_to_num(grid.difference)) > 0):
            fence = plan.calendar.fence(grid.months[t])
            if fence != "liquid":
                place = (grid.names[f], float(grid.agreed[f, t]), float(grid.proposed[f, t]))
                found.append(Breach(fence, grid.months[t], grid.entry.label, *place))
    return sorted(found, key=lambda breach: (breach.month, breach.measure, breach.name))


@dataclass(frozen=True)
class AssumptionChange:
    """An assumption that differs between two plans; None where it stood at its default.

    `was_from`, `now_from`: the month in which the value starts; empty where it holds over the whole horizon.
    """

    key: str
    scope: str
    was: float | None
    now: float | None
    reason: str
    by: str
    was_from: str = ""
    now_from: str = ""


def assumption_changes(
    was: Assumptions, now: Assumptions, notes: Mapping[tuple[str, str], tuple[str, str]]
) -> list[AssumptionChange]:
    """Assumptions set, changed or taken back, by owner and key; `notes`: (key, scope) → reason and who set it."""
    order = list(Function)

    def told(side: Assumptions, place: tuple[str, str]) -> tuple[float | None, str]:
        start = side.starts.get(place)
        return side.get(place), "" if start is None else start.month

    places = [
        place
        for place in {**was, **now}
        if was.get(place) != now.get(place) or was.starts.get(place) != now.starts.get(place)
    ]
    places.sort(key=lambda place: (order.index(assumption(place[0]).owner), place))
    return [
        AssumptionChange(*place, before, after, *notes.get(place, ("", "")), since, start)
        for place in places
        for (before, since), (after, start) in [(told(was, place), told(now, place))]
    ]


def plan_of_budget(inputs: Inputs) -> Plan | None:
    """The budget as a plan to compare with: demand and revenue, over the months from the first open one it covers,
    as far as it tells them.

    None without a budget for the first open month, and of one that says nothing of families, or of some of them.
    """
    budget = inputs.budget
    if budget is None or not (budget.by_family and budget.is_whole):
        return None
    told = {*budget.months} - {*budget.partial}
    months = takewhile(told.__contains__, inputs.calendar.months)
    at = [budget.months.index(month) for month in months]
    plan = _reference(inputs, len(at), budget.quantity[..., at], budget.revenue[..., at])
    figures = {"consensus_demand": budget.quantity, "revenue": budget.revenue, "total_revenue": budget.revenue}
    untold = {key for key, values in figures.items() if not np.isfinite(values[..., at]).any()}
    return plan and replace(plan, blocks={key: block for key, block in plan.blocks.items() if key not in untold})


def plan_of_prior_year(inputs: Inputs) -> Plan | None:
    """The same months of the year before as a plan to compare with; None where the history is shorter."""
    season = inputs.calendar.season_length
    if not inputs.knows_years():
        return None
    ordered = inputs.ordered_by_family[..., -season:]
    revenue = np.where(inputs.revenue_lost, np.nan, np.nan_to_num(inputs.revenue_by_family))[..., -season:]
    return _reference(inputs, min(season, inputs.calendar.horizon), ordered, revenue)


def _reference(inputs: Inputs, count: int, units: Floats, revenue: Floats) -> Plan | None:
    if not count:
        return None
    names = (inputs.families.names, inputs.regions)
    whole = on_grid(np.nan_to_num(units[..., :count]), inputs.families.decimals)
    # No row at all is nothing sold; units without an amount are sold at a price that is not known.
    money = known_minor(np.where(whole == 0, np.nan_to_num(revenue[..., :count]), revenue[..., :count]))
    blocks = {"consensus_demand": Block(whole, names)}
    if np.isfinite(money).any():
        blocks["revenue"] = Block(money, names)
    if np.isfinite(money).all():
        blocks["total_revenue"] = Block(money.sum(axis=(0, 1)), ())
    calendar = Calendar(inputs.calendar.first_open, count, inputs.calendar.season_length)
    return Plan(calendar, inputs.company, inputs.currency, blocks, {}, {})

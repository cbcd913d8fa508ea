"""The next twelve months against the last: whether they differ by more than the plan's own range, and by what.

Units are demand: what was ordered, and consensus demand. Money is revenue. The parts add up to the difference
exactly, by family and for the company. Twelve months are never compared with fewer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from sop.core.calendar import Calendar
from sop.core.inputs import Floats, Inputs
from sop.core.money import MINOR, money_text
from sop.core.plan import Plan, StoredForecast
from sop.demand.cleaning import booked_demand

GROWTH, LEVEL, PART_YEAR = (
    "growth carried on",
    "the level of the last quarter",
    "what sold for part of the year only",
)
NEW_PRODUCTS, RETIRED, CORRECTED = "new products", "retired products", "months corrected in the history"
PRICE, SHIPPING = "net price", "shipments against demand"
_TERMS = {
    NEW_PRODUCTS: ("launches", "cannibalisation"),
    "overrides": ("overrides",),
    "events": ("events",),
    "initiatives": ("initiatives",),
    "price effect on demand": ("price_effect", "floor"),
}
_LEAST, _MOST = 0.02, 0.10
"""Shares of the last twelve months: a smaller difference is never told, and a larger one always, because a range
as wide as the jump explains nothing."""
_EXACT = 4


@dataclass(frozen=True)
class JumpPart:
    """What carries a part of the difference: units, and minor units of revenue (None where it is not known)."""

    name: str
    units: float
    revenue: int | None


@dataclass(frozen=True)
class Jump:
    """Twelve planned months of a family ('' the company) against the last twelve.

    Units of demand, minor units of revenue (None where it is not known). `range_units`, `range_revenue`: half the
    width of the plan's own 80% range, the errors of a series' months being one, those of series apart.
    """

    family: str
    last_units: float
    next_units: float
    range_units: float
    last_revenue: int | None
    next_revenue: int | None
    range_revenue: float | None
    parts: tuple[JumpPart, ...]

    @property
    def revenue_known(self) -> bool:
        """Whether revenue is known on both sides."""
        return self.last_revenue is not None and self.next_revenue is not None

    @property
    def in_money(self) -> bool:
        """Whether the difference is told in revenue: where it is known, unless only the units stand out."""
        return self.revenue_known and (self._money_stands_out or not self._units_stand_out)

    @property
    def last(self) -> float:
        """The last twelve months as they are told."""
        return float(self.last_revenue or 0) if self.in_money else self.last_units

    @property
    def next(self) -> float:
        """The next twelve months, likewise."""
        return float(self.next_revenue or 0) if self.in_money else self.next_units

    @property
    def range(self) -> float:
        """Half the width of the plan's range, likewise."""
        return float(self.range_revenue or 0.0) if self.in_money else self.range_units

    @property
    def told(self) -> bool:
        """Whether the difference needs a word: revenue or units beyond the range, or by more than a tenth."""
        return self._units_stand_out or self._money_stands_out

    @property
    def carriers(self) -> tuple[tuple[str, float], ...]:
        """The parts as they are told, the largest first; none that are nothing."""
        values = ((part.name, float(part.revenue or 0) if self.in_money else part.units) for part in self.parts)
        return tuple(sorted((one for one in values if one[1]), key=lambda one: -abs(one[1])))

    def difference_of(self, family: Jump) -> float:
        """What a family adds to the difference, in the unit in which this one is told."""
        if self.in_money:
            return float((family.next_revenue or 0) - (family.last_revenue or 0))
        return family.next_units - family.last_units

    @property
    def _units_stand_out(self) -> bool:
        return _stands_out(self.last_units, self.next_units, self.range_units)

    @property
    def _money_stands_out(self) -> bool:
        was, then = self.last_revenue, self.next_revenue
        return was is not None and then is not None and _stands_out(was, then, self.range_revenue or 0.0)

    def fields(self) -> dict[str, object]:
        """The same as plain fields, money in currency."""
        money = {"last": self.last_revenue, "next": self.next_revenue, "range": self.range_revenue}
        return {
            "family": self.family or None,
            "stands_out": self.told,
            "units": {"last": self.last_units, "next": self.next_units, "range": round(self.range_units, _EXACT)},
            "revenue": {name: None if value is None else _money(value) for name, value in money.items()},
            "parts": [
                {
                    "name": part.name,
                    "units": part.units,
                    "revenue": None if part.revenue is None else _money(part.revenue),
                }
                for part in self.parts
            ],
        }


def _money(minor: float) -> str:
    return money_text(round(minor))


def _stands_out(last: float, planned: float, width: float) -> bool:
    return abs(planned - last) > min(max(width, _LEAST * abs(last)), _MOST * abs(last))


def jumps_of(inputs: Inputs, plan: Plan, forecast: StoredForecast) -> tuple[Jump, ...]:
    """The company's twelve months, then those of each family.

    Nothing where less than twelve months are known or planned, or where plan and history do not meet.
    """
    year = inputs.calendar.year
    meets = plan.months[:1] == (forecast.first_open,) == (inputs.calendar.first_open,)
    same = plan.names("consensus_demand") == inputs.families.names
    if not meets or not same or len(plan.months) < year or not inputs.knows_years():
        return ()
    units = _units_carried(inputs, plan, forecast)
    ordered = np.nansum(inputs.ordered_by_family[..., -year:], axis=-1)
    planned = plan["consensus_demand"][..., :year].sum(axis=-1).astype(float)
    width = (forecast.hi80 - forecast.lo80)[..., :year].sum(axis=-1) / 2
    money = _money_carried(inputs, plan, units, ordered, planned)
    families = [
        _jump(inputs, f, units, (ordered, planned, width), money) for f in range(len(inputs.families.names))
    ]
    return (_together(families), *families) if len(families) > 1 else (replace(families[0], family=""), *families)


def _units_carried(inputs: Inputs, plan: Plan, forecast: StoredForecast) -> dict[str, Floats]:
    """What carries the difference of demand, by family and region (F, R), units."""
    year = inputs.calendar.year
    demand = booked_demand(inputs)
    booked = np.nansum(demand[..., -year:], axis=-1)
    used = _used(inputs, demand, forecast)
    was = np.nansum(used[..., -year:], axis=-1)
    baseline = plan["baseline_forecast"][..., :year].sum(axis=-1)
    found = {
        RETIRED: booked - np.nansum(inputs.ordered_by_family[..., -year:], axis=-1),
        CORRECTED: was - booked,
    }
    rest = baseline - was
    # What the forecast adds is told in order; each part takes no more than is left of the difference.
    for name, part in ((PART_YEAR, _part_year(inputs)), (LEVEL, _level(used, inputs.calendar) - was)):
        found[name] = np.clip(part, np.minimum(rest, 0.0), np.maximum(rest, 0.0))
        rest = rest - found[name]
    found[GROWTH] = rest
    for name, terms in _TERMS.items():
        found[name] = sum((plan[term][..., :year].sum(axis=-1) for term in terms), np.zeros_like(rest))
    return found


def _used(inputs: Inputs, demand: Floats, forecast: StoredForecast) -> Floats:
    """Demand as the forecast used it (F, R, H)."""
    used = demand.copy()
    for found in forecast.corrections:
        place = inputs.families.names.index(found.family), inputs.regions.index(found.region)
        used[(*place, inputs.history.months.index(found.month))] = found.now
    return used


def _part_year(inputs: Inputs) -> Floats:
    """What products that began within the year would have sold before (F, R), at the mean of their months."""
    year = inputs.calendar.year
    sold = inputs.history.ordered[..., -year:]
    known = np.isfinite(sold).sum(axis=-1)
    more = np.nansum(sold, axis=-1) * (year - known) / np.maximum(known, 1)
    more[inputs.products.retired] = 0.0
    return np.asarray(inputs.family_of_product @ more)


def _level(used: Floats, calendar: Calendar) -> Floats:
    """A year at the level of the last quarter (F, R), with the season of the year before the last where known."""
    year, quarter = calendar.year, calendar.quarter
    now = np.nansum(used[..., -quarter:], axis=-1)
    flat = now * year / quarter
    if used.shape[-1] < 2 * year:
        return flat
    before = used[..., -2 * year : -year]
    same = before[..., -quarter:].sum(axis=-1)
    seasonal = np.divide(before.sum(axis=-1) * now, same, out=np.full_like(now, np.nan), where=same > 0)
    return np.where(np.isfinite(seasonal), seasonal, flat)


def _money_carried(
    inputs: Inputs, plan: Plan, units: Mapping[str, Floats], ordered: Floats, planned: Floats
) -> dict[str, Floats] | None:
    """What carries the difference of revenue (F, R), minor units; not-a-number where a price is not known.

    Units count at last year's net price; where nothing was sold then, at the plan's. `last`, `next` and `price`
    stand beside the parts.
    """
    if not plan.has_revenue:
        return None
    year = inputs.calendar.year
    shipped = np.nansum(inputs.shipped_by_family[..., -year:], axis=-1)
    sold = np.nansum(inputs.revenue_by_family[..., -year:], axis=-1) * MINOR
    sold = np.where(inputs.revenue_lost[..., -year:].any(axis=-1), np.nan, sold)
    ships = plan["shipments"][..., :year].sum(axis=-1)
    brings = plan["revenue"][..., :year].sum(axis=-1)
    price = np.divide(brings, ships, out=np.zeros_like(sold), where=ships > 0)
    before = np.divide(sold, shipped, out=price.copy(), where=shipped > 0)
    found = {name: part * before for name, part in units.items()}
    found[SHIPPING] = ((ships - planned) - (shipped - ordered)) * before
    found[PRICE] = brings - sold - sum(found.values())
    return {**found, "last": sold, "next": np.asarray(brings, dtype=float), "price": price}


def _jump(
    inputs: Inputs,
    f: int,
    units: Mapping[str, Floats],
    demand: tuple[Floats, Floats, Floats],
    money: Mapping[str, Floats] | None,
) -> Jump:
    last, planned, width = (values[f] for values in demand)
    names = [*units, SHIPPING, PRICE]
    moved = _exact([float(units[name][f].sum()) if name in units else 0.0 for name in names], _EXACT)
    revenue: list[int | None] = [None] * len(names)
    ends: tuple[int | None, int | None, float | None] = (None, None, None)
    if money is not None and np.isfinite([money["last"][f].sum(), money["next"][f].sum()]).all():
        was, then = round(float(money["last"][f].sum())), round(float(money["next"][f].sum()))
        whole = _exact([float(money[name][f].sum()) for name in names], 0, then - was)
        revenue = [int(part) for part in whole]
        ends = was, then, float(np.sqrt(((width * money["price"][f]) ** 2).sum()))
    parts = zip(names, moved, revenue, strict=True)
    return Jump(
        inputs.families.names[f],
        round(float(last.sum()), _EXACT),
        float(planned.sum()),
        float(np.sqrt((width**2).sum())),
        *ends,
        tuple(JumpPart(*part) for part in parts if part[1] or part[2]),
    )


def _exact(parts: list[float], digits: int, total: float | None = None) -> list[float]:
    """The parts rounded, the largest taking what rounding leaves of their total."""
    whole = [round(part, digits) for part in parts]
    largest = max(range(len(parts)), key=lambda i: abs(parts[i]))
    whole[largest] = round(whole[largest] + (sum(parts) if total is None else total) - sum(whole), digits)
    return whole


def _together(families: Iterable[Jump]) -> Jump:
    """The company's, from its families': sums, and ranges of errors that are apart."""
    each = list(families)

    names = dict.fromkeys(part.name for jump in each for part in jump.parts)
    money = all(jump.revenue_known for jump in each)
    by_name = {name: [part for jump in each for part in jump.parts if part.name == name] for name in names}
    return Jump(
        "",
        round(sum(jump.last_units for jump in each), _EXACT),
        sum(jump.next_units for jump in each),
        float(np.sqrt(sum(jump.range_units**2 for jump in each))),
        sum(jump.last_revenue or 0 for jump in each) if money else None,
        sum(jump.next_revenue or 0 for jump in each) if money else None,
        float(np.sqrt(sum((jump.range_revenue or 0.0) ** 2 for jump in each))) if money else None,
        tuple(
            JumpPart(
                name,
                round(sum(part.units for part in parts), _EXACT),
                sum(part.revenue or 0 for part in parts) if money else None,
            )
            for name, parts in by_name.items()
        ),
    )

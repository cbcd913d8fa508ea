"""Plants, lines, routings, people and working days; materials and outside supply."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from sop.core.calendar import Calendar, periods_between
from sop.core.inputs import Capacity, Families, Floats, Materials, Plants, Products, Subcontract
from sop.intake.blocks.arrays import cube, extend_by_season, numbers, positions, texts

Frames = Mapping[str, pd.DataFrame]


def build_plants(frames: Frames, names: tuple[str, ...]) -> Plants:
    """Plant rates; not-a-number where the `plants` table is silent."""
    frame = frames.get("plants", pd.DataFrame({"plant": []}))
    at = positions(names)

    def column(name: str) -> Floats:
        return cube(frame, [("plant", at)], numbers(frame, name))

    return Plants(
        names,
        column("labour_rate"),
        column("overtime_rate"),
        column("overtime_limit_pct"),
        column("hire_cost"),
        column("release_cost"),
        column("storage_limit"),
        column("min_people"),
        column("notice_months"),
        column("hire_lead_months"),
        column("releases_allowed"),
    )


def build_capacity(
    frames: Frames, calendar: Calendar, families: Families, products: Products, share: Floats
) -> Capacity | None:
    """Lines with their hours and routings; None unless resources, capacity and routings are all loaded.

    `share` (N,) is each product's part of its family, by which product routings become family routings.
    """
    if not all(name in frames for name in ("resources", "capacity", "routings")):
        return None
    resources = frames["resources"].sort_values("resource", kind="stable")
    kinds = dict(zip(texts(resources, "resource"), texts(resources, "kind"), strict=True))
    plant_of = dict(zip(texts(resources, "resource"), texts(resources, "plant"), strict=True))
    label = {r: n or r for r, n in zip(texts(resources, "resource"), texts(resources, "name"), strict=True)}
    lines = tuple(r for r, kind in kinds.items() if kind != "shared")
    shared = tuple(r for r, kind in kinds.items() if kind == "shared")
    plants = build_plants(frames, tuple(sorted(set(plant_of.values()))))
    capacity, routings = frames["capacity"], frames["routings"]
    hours = numbers(capacity, "capacity_hours") * numbers(capacity, "efficiency", 1.0)
    past = periods_between(min(texts(capacity, "month")), calendar.last_closed)
    people_max, hours_per_person = _people(frames, calendar, plants)
    days, days_past = _working_days(frames, calendar, plants, past)

    def resource_hours(names: tuple[str, ...]) -> Floats:
        known = cube(capacity, [("resource", positions(names)), ("month", positions(calendar.months))], hours)
        return np.nan_to_num(extend_by_season(known, calendar.season_length))

    def routing(names: tuple[str, ...], column: str) -> Floats:
        return _routing(routings, numbers(routings, column), names, families, products, share)

    return Capacity(
        plants=plants,
        lines=lines,
        line_names=tuple(label[r] for r in lines),
        line_plant=np.array([plants.names.index(plant_of[r]) for r in lines], dtype=np.int64),
        line_hours=resource_hours(lines),
        hours_per_unit=routing(lines, "hours_per_unit"),
        labour_hours_per_unit=np.nan_to_num(routing(lines, "labour_hours_per_unit")),
        variable_cost=routing(lines, "variable_cost"),
        shared=shared,
        shared_names=tuple(label[r] for r in shared),
        shared_hours=resource_hours(shared),
        shared_hours_per_unit=np.nan_to_num(routing(shared, "hours_per_unit")),
        history_months=past,
        line_hours_history=cube(capacity, [("resource", positions(lines)), ("month", positions(past))], hours),
        people_max=people_max,
        hours_per_person=hours_per_person,
        working_days=days,
        working_days_history=days_past,
        minimum_lot=_minimum_lots(routings, lines, families, products),
    )


def opening_people(frames: Frames, calendar: Calendar, plants: Plants) -> Floats | None:
    """People employed at the last closed month (P,), else in the first planned one; None without workforce.

    Not-a-number for a plant that the table does not know.
    """
    if "workforce" not in frames:
        return None
    frame = frames["workforce"]
    at = positions(plants.names)
    months = positions((calendar.last_closed, calendar.months[0]))
    people = cube(frame, [("plant", at), ("month", months)], numbers(frame, "people"))
    return np.where(np.isfinite(people[:, 0]), people[:, 0], people[:, 1])


def _people(frames: Frames, calendar: Calendar, plants: Plants) -> tuple[Floats | None, Floats | None]:
    """Most people (P, T) and hours per person (P, T); `people` is the most where `max_people` is not given.

    Not-a-number for a plant that the table does not know.
    """
    if "workforce" not in frames:
        return None, None
    frame = frames["workforce"]
    axes = [("plant", positions(plants.names)), ("month", positions(calendar.months))]
    most = numbers(frame, "max_people")
    most = np.where(np.isfinite(most), most, numbers(frame, "people"))
    season = calendar.season_length
    return (
        extend_by_season(cube(frame, axes, most), season),
        extend_by_season(cube(frame, axes, numbers(frame, "hours_per_person")), season),
    )


def _working_days(
    frames: Frames, calendar: Calendar, plants: Plants, past: tuple[str, ...]
) -> tuple[Floats | None, Floats | None]:
    """Working days net of shutdowns by plant: planned (P, T) and past (P, months of `past`)."""
    if "calendar" not in frames:
        return None, None
    frame = frames["calendar"]
    net = numbers(frame, "working_days") - numbers(frame, "shutdown_days", 0.0)
    at = positions(plants.names)
    future = cube(frame, [("plant", at), ("month", positions(calendar.months))], net)
    return extend_by_season(future, calendar.season_length), cube(
        frame, [("plant", at), ("month", positions(past))], net
    )


def _routing(
    frame: pd.DataFrame,
    values: Floats,
    resources: tuple[str, ...],
    families: Families,
    products: Products,
    share: Floats,
) -> Floats:
    """Per-unit figures (F, resources): the family's own row, else its products' rows by their share."""
    at = positions(resources)
    own = np.full((len(families.names), len(resources)), np.nan)
    for base, resource, value in zip(texts(frame, "family"), texts(frame, "resource"), values, strict=True):
        if base and resource in at and np.isfinite(value):
            for f in families.index(base):
                own[f, at[resource]] = value
    by_product = cube(frame, [("product", positions(products.numbers)), ("resource", at)], values)
    for f in range(len(families.names)):
        members = products.family == f
        weight = share[members][:, None] * np.isfinite(by_product[members])
        total = weight.sum(axis=0)
        mixed = (weight * np.nan_to_num(by_product[members])).sum(axis=0)
        average = np.divide(mixed, total, out=np.full(len(resources), np.nan), where=total > 0)
        own[f] = np.where(np.isfinite(own[f]), own[f], average)
    return own


def _minimum_lots(
    frame: pd.DataFrame, lines: tuple[str, ...], families: Families, products: Products
) -> Floats | None:
    """Smallest lot (F, L) in units: the family's own row, else the least of its products'; None where none is
    loaded, 0 where any quantity may be made."""
    lots, at = numbers(frame, "minimum_lot"), positions(lines)
    if not np.isfinite(lots).any():
        return None
    own = np.full((len(families.names), len(lines)), np.nan)
    for base, line, lot in zip(texts(frame, "family"), texts(frame, "resource"), lots, strict=True):
        if base and line in at and np.isfinite(lot):
            own[families.index(base), at[line]] = lot
    by_product = cube(frame, [("product", positions(products.numbers)), ("resource", at)], lots)
    for f in range(len(families.names)):
        least = np.where(np.isfinite(by_product), by_product, np.inf)[products.family == f]
        least = least.min(axis=0, initial=np.inf)
        own[f] = np.where(np.isfinite(own[f]), own[f], np.where(np.isfinite(least), least, 0.0))
    return np.maximum(own, 0.0)


def build_materials(
    frames: Frames, calendar: Calendar, families: Families, products: Products, share: Floats
) -> Materials | None:
    """Materials, their use per family unit and suppliers' limits; None unless materials and usage are loaded."""
    if "materials" not in frames or "material_usage" not in frames:
        return None
    frame = frames["materials"].sort_values("material", kind="stable")
    names = tuple(texts(frame, "material"))
    usage = frames["material_usage"].rename(columns={"material": "resource"})
    use = np.nan_to_num(_routing(usage, numbers(usage, "quantity_per_unit"), names, families, products, share))
    supply = np.full((len(names), calendar.horizon), np.inf)
    premium = np.full(len(names), np.nan)
    if "material_supply" in frames:
        limits = frames["material_supply"]
        axes = [("material", positions(names)), ("month", positions(calendar.months))]
        known = extend_by_season(cube(limits, axes, numbers(limits, "quantity")), calendar.season_length)
        supply = np.where(np.isfinite(known), known, np.inf)
        rows = limits.drop_duplicates("material")
        premium = cube(rows, axes[:1], numbers(rows, "spot_premium"))
    return Materials(
        names,
        tuple(texts(frame, "supplier")),
        # Nothing is bought for nothing: a price of 0 was not filled in.
        np.where(numbers(frame, "price") > 0, numbers(frame, "price"), np.nan),
        numbers(frame, "lead_time_days"),
        use,
        supply,
        premium,
    )


def build_subcontract(frames: Frames, calendar: Calendar, families: Families) -> Subcontract | None:
    """Outside supply: nothing arrives before its first month or within its lead time; None when not loaded."""
    if "subcontract" not in frames:
        return None
    frame = frames["subcontract"]
    limit = np.zeros((len(families.names), calendar.horizon))
    cost = np.full(len(families.names), np.nan)
    rows = zip(
        texts(frame, "family"),
        numbers(frame, "limit_per_month"),
        numbers(frame, "unit_cost"),
        numbers(frame, "lead_time_months", 0.0),
        texts(frame, "from_month"),
        strict=True,
    )
    for base, most, unit_cost, lead, start in rows:
        opens = calendar.position(start) if start else 0
        for f in families.index(base):
            limit[f, max(opens, int(np.ceil(calendar.in_periods(lead))), 0) :] = most
            cost[f] = unit_cost
    return Subcontract(limit, cost)

"""Plants, lines, routings, people and working days; materials and outside supply."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pandas as pd

from sop.core.arrays import roll_up
from sop.core.calendar import Calendar, periods_between
from sop.core.inputs import Capacity, ExtraHours, Families, Floats, Materials, Plants, Products, Subcontract
from sop.intake.blocks.frames import Frames, above_zero, cube, family_cube, numbers, planned, text_rows, texts


def build_plants(frames: Frames, names: tuple[str, ...]) -> Plants:
    """Plant rates; not-a-number where the `plants` table is silent."""
    frame = frames.get("plants", pd.DataFrame())
    return Plants(names, *(cube(frame, rate.name, plant=names) for rate in fields(Plants)[1:]))


def build_capacity(
    frames: Frames, calendar: Calendar, families: Families, products: Products, share: Floats
) -> Capacity | None:
    """Lines with their hours and routings; None unless resources, capacity and routings are all loaded.

    `share` (N,) is each product's part of its family, by which product routings become family routings.
    """
    if not all(name in frames for name in ("resources", "capacity", "routings")):
        return None
    resources = text_rows(
        frames["resources"].sort_values("resource", kind="stable"), "resource", "kind", "plant", "name"
    )
    lines, shared = (
        tuple(resource for resource, kind, _, _ in resources if (kind == "shared") is is_shared)
        for is_shared in (False, True)
    )
    plant_of = {resource: plant for resource, _, plant, _ in resources}
    label = {resource: name or resource for resource, _, _, name in resources}
    plants = build_plants(frames, tuple(sorted(set(plant_of.values()))))
    capacity, routings = frames["capacity"], frames["routings"]
    hours = numbers(capacity, "capacity_hours") * numbers(capacity, "efficiency", 1.0)
    past = periods_between(min(texts(capacity, "month")), calendar.last_closed)
    days, days_past = _working_days(frames, calendar, plants, past)
    people_max, hours_per_person = _people(frames, calendar, plants)

    def extra(names: tuple[str, ...]) -> ExtraHours:
        # One lead time a resource: hours that are ordered now come when the slowest month says.
        lead = cube(capacity, "extra_lead_months", resource=names, month=calendar.months)
        known = np.isfinite(lead).any(axis=1)
        longest = np.where(known, np.where(np.isfinite(lead), lead, 0.0).max(axis=1, initial=0.0), np.nan)
        bought, price = (
            planned(capacity, column, calendar, resource=names) for column in ("extra_hours", "extra_hour_price")
        )
        return ExtraHours(bought, price, longest)

    def routing(names: tuple[str, ...], column: str) -> Floats:
        return _routing(routings, column, families, products, share, resource=names)

    return Capacity(
        plants=plants,
        lines=lines,
        line_names=tuple(label[r] for r in lines),
        line_plant=np.array([plants.names.index(plant_of[r]) for r in lines], dtype=np.int64),
        line_hours=np.nan_to_num(planned(capacity, hours, calendar, resource=lines)),
        hours_per_unit=routing(lines, "hours_per_unit"),
        labour_hours_per_unit=np.nan_to_num(routing(lines, "labour_hours_per_unit")),
        variable_cost=routing(lines, "variable_cost"),
        shared=shared,
        shared_names=tuple(label[r] for r in shared),
        shared_hours=np.nan_to_num(planned(capacity, hours, calendar, resource=shared)),
        shared_hours_per_unit=np.nan_to_num(routing(shared, "hours_per_unit")),
        history_months=past,
        line_hours_history=cube(capacity, hours, resource=lines, month=past),
        people_max=people_max,
        hours_per_person=hours_per_person,
        working_days=days,
        working_days_history=days_past,
        minimum_lot=_minimum_lots(routings, lines, families, products),
        line_extra=extra(lines),
        shared_extra=extra(shared),
    )


def opening_people(frames: Frames, calendar: Calendar, plants: Plants) -> Floats | None:
    """People employed at the last closed month (P,), else in the first planned one; None without workforce.

    Not-a-number for a plant that the table does not know.
    """
    if "workforce" not in frames:
        return None
    months = (calendar.last_closed, calendar.months[0])
    now, first = cube(frames["workforce"], "people", plant=plants.names, month=months).T
    return np.where(np.isfinite(now), now, first)


def _people(frames: Frames, calendar: Calendar, plants: Plants) -> tuple[Floats | None, Floats | None]:
    """Most people (P, T) and hours per person (P, T); `people` is the most where `max_people` is not given.

    Not-a-number for a plant that the table does not know.
    """
    if "workforce" not in frames:
        return None, None
    frame = frames["workforce"]
    most = numbers(frame, "max_people")
    most = np.where(np.isfinite(most), most, numbers(frame, "people"))
    return (
        planned(frame, most, calendar, plant=plants.names),
        planned(frame, "hours_per_person", calendar, plant=plants.names),
    )


def _working_days(
    frames: Frames, calendar: Calendar, plants: Plants, past: tuple[str, ...]
) -> tuple[Floats | None, Floats | None]:
    """Working days net of shutdowns by plant: planned (P, T) and past (P, months of `past`)."""
    if "calendar" not in frames:
        return None, None
    frame = frames["calendar"]
    net = numbers(frame, "working_days") - numbers(frame, "shutdown_days", 0.0)
    return planned(frame, net, calendar, plant=plants.names), cube(frame, net, plant=plants.names, month=past)


def _routing(
    frame: pd.DataFrame,
    column: str,
    families: Families,
    products: Products,
    share: Floats,
    **axis: tuple[str, ...],
) -> Floats:
    """Per-unit figures (F, names of the axis): the family's own row, else its products' rows by their share."""
    own = family_cube(frame, column, families, **axis)
    by_product = cube(frame, column, product=products.numbers, **axis)
    weight = share[:, None] * np.isfinite(by_product)
    total, mixed = (
        roll_up(part, products.family, len(own)) for part in (weight, weight * np.nan_to_num(by_product))
    )
    average = np.divide(mixed, total, out=np.full(own.shape, np.nan), where=total > 0)
    return np.where(np.isfinite(own), own, average)


def _minimum_lots(
    frame: pd.DataFrame, lines: tuple[str, ...], families: Families, products: Products
) -> Floats | None:
    """Smallest lot (F, L) in units: the family's own row, else the least of its products'; None where none is
    loaded, 0 where any quantity may be made."""
    if not np.isfinite(numbers(frame, "minimum_lot")).any():
        return None
    lots = family_cube(frame, "minimum_lot", families, resource=lines)
    by_product = cube(frame, "minimum_lot", product=products.numbers, resource=lines)
    for own, f in zip(lots, range(len(lots)), strict=True):
        least = np.fmin.reduce(by_product[products.family == f], initial=np.nan)
        own[:] = np.where(np.isfinite(own), own, least)
    return np.maximum(np.nan_to_num(lots), 0.0)


def build_materials(
    frames: Frames, calendar: Calendar, families: Families, products: Products, share: Floats
) -> Materials | None:
    """Materials, their use per family unit and suppliers' limits; None unless materials and usage are loaded."""
    if "materials" not in frames or "material_usage" not in frames:
        return None
    frame = frames["materials"].sort_values("material", kind="stable")
    names = tuple(texts(frame, "material"))
    limits = frames.get("material_supply", pd.DataFrame({"material": []}))
    return Materials(
        names=names,
        supplier=tuple(texts(frame, "supplier")),
        price=above_zero(numbers(frame, "price")),  # Nothing is bought for nothing: a 0 was not filled in.
        lead_time_days=numbers(frame, "lead_time_days"),
        use=np.nan_to_num(
            _routing(frames["material_usage"], "quantity_per_unit", families, products, share, material=names)
        ),
        supply=np.nan_to_num(planned(limits, "quantity", calendar, material=names), nan=np.inf),
        spot_premium=cube(limits.drop_duplicates("material"), "spot_premium", material=names),
    )


def build_subcontract(frames: Frames, calendar: Calendar, families: Families) -> Subcontract | None:
    """Outside supply: nothing arrives before its first month or within its lead time; None when not loaded."""
    if "subcontract" not in frames:
        return None
    frame = frames["subcontract"]
    start = [calendar.position(month) if month else 0 for month in texts(frame, "from_month")]
    leads = numbers(frame, "lead_time_months")
    lead = np.ceil([calendar.in_periods(months) for months in np.nan_to_num(leads)])
    opens = family_cube(frame, np.maximum(start, lead), families)
    limit = calendar.per_period(1.0) * np.nan_to_num(family_cube(frame, "limit_per_month", families))
    return Subcontract(
        limit=np.where(np.arange(calendar.horizon) >= opens[:, None], limit[:, None], 0.0),
        unit_cost=family_cube(frame, "unit_cost", families),
        lead_months=family_cube(frame, leads, families),
    )

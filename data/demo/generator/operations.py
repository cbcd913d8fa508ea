"""Calendar, hours, people and material limits of the demo company, as seen at a vantage month."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.demo.generator.catalogue import (
    FAMILIES,
    LINES,
    MATERIALS,
    PAINT_HOURS,
    PLANTS,
    ROUTINGS,
    SUBCONTRACT,
    TIGHT_LINE,
    Catalogue,
    home_line,
    mean_unit_cost,
)
from data.demo.generator.chance import Chance
from data.demo.generator.demand_history import Demand
from data.demo.generator.supply_history import DRIFT_FROM, SHORT_OF_WELDERS, WELDERS_BACK, Supply, made_hours
from data.demo.generator.timeline import END, HISTORY, NOW, POSITIONS, Timeline
from sop.core.calendar import MONTH, place_in_year

Array = NDArray[np.float64]

RETROFIT_FROM, RETROFIT_TO, RETROFIT_HOURS_A_DAY = 3, 9, 13.2
"""A welding robot of the tight line is rebuilt: first and last position, hours a working day meanwhile."""

RETROFIT_KNOWN = -3
"""Position of the month in which the supplier gave the dates of the rebuild."""

ROBOT_FROM, ROBOT_RAMP, ROBOT_HOURS = 10, 3, 0.20
"""Hours that the rebuilt robot adds to the tight line, from a position on and growing over months."""

PLANNED_MONTHS = 36
"""Months after a vantage for which calendars, capacity and people are planned."""

HOURS_A_DAY, ATTENDANCE = 7.5, 0.93
SPARE_PEOPLE = 1.04
"""People above what the mean demand of a year needs: they stay all year, and overtime serves the season."""

OVERTIME_RATE, OVERTIME_LIMIT, MOST_PEOPLE = 1.4, 0.12, 1.08
"""Pay of an hour of overtime as a multiple; overtime as a share of regular hours; most people against the busiest
month of the year ahead."""

NOTICE_MONTHS, HIRE_LEAD_MONTHS = 3.0, 2.0
"""Months from notice to leaving, and from deciding to hire to the first day; nobody is released unless allowed."""

EXTRA_LEAD_MONTHS = 2.0
"""Months from ordering agency hours for a line to having them."""

SECOND_LINE_COST = 15.0
"""EUR a unit more on a family's second line."""

WINTER_SHUTDOWN = 3


@dataclass(frozen=True)
class Operations:
    """Arrays over the time axis: working and shut days (plant, T), hours offered by line (line, T) without the
    rebuild and `worked_hours` with it, efficiency demonstrated (line, END), people foreseen (plant, T) and
    employed (plant, END)."""

    working_days: NDArray[np.int64]
    shut_days: NDArray[np.int64]
    line_hours: Array
    worked_hours: Array
    efficiency: Array
    people: NDArray[np.int64]
    employed: NDArray[np.int64]


def build_days(timeline: Timeline) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Working days and days of shutdown within them (plant, T)."""
    month = timeline.calendar_month
    working = np.stack([timeline.weekdays() - np.array(p.holidays)[month] for p in PLANTS])
    shut = np.stack(
        [np.where(month == 7, p.summer_shutdown, np.where(month == 11, WINTER_SHUTDOWN, 0)) for p in PLANTS]
    )
    return working, shut


def offered_hours(working: NDArray[np.int64], shut: NDArray[np.int64]) -> Array:
    """Hours that each line offers (line, T), without the rebuild."""
    return np.stack([(working - shut)[_plant(line.plant)] * line.hours_a_day for line in LINES])


def worked_hours(offered: Array) -> Array:
    """Hours by line (line, T) as they came: fewer while the robot is rebuilt, more with it."""
    hours, tight = offered.copy(), _line(TIGHT_LINE)
    hours[tight, _rebuilt(POSITIONS)] *= RETROFIT_HOURS_A_DAY / LINES[tight].hours_a_day
    hours[tight] *= 1 + ROBOT_HOURS * np.clip((POSITIONS - ROBOT_FROM + 1) / ROBOT_RAMP, 0, 1)
    return hours


def _rebuilt(position: NDArray[np.int64]) -> NDArray[np.bool_]:
    return (position >= RETROFIT_FROM) & (position <= RETROFIT_TO)


def build_operations(
    catalogue: Catalogue,
    demand: Demand,
    supply: Supply,
    working: NDArray[np.int64],
    shut: NDArray[np.int64],
    seed: int,
) -> Operations:
    """What the plants demonstrated and employed in the months that can be told."""
    hours = offered_hours(working, shut)
    worked = worked_hours(hours)
    planned = np.array([line.efficiency for line in LINES])[:, None]
    shown = planned + Chance(seed, 4).months(lambda rng, months: rng.normal(0.0, 0.008, (len(LINES), months)))
    used = made_hours(catalogue, supply.production) / worked[:, :END]
    tight, short = _line(TIGHT_LINE), slice(DRIFT_FROM + NOW, WELDERS_BACK + NOW)
    shown[tight, short] = used[tight, short]
    efficiency = np.ceil(np.maximum(shown, used) * 1000) / 1000
    people, employed = _people(catalogue, demand, supply, working - shut)
    return Operations(working, shut, hours, worked, efficiency, people, employed)


def _people(
    catalogue: Catalogue, demand: Demand, supply: Supply, days: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """People foreseen (plant, T): what the mean demand of the year around needs; and people
    employed (plant, END), never fewer than what was made took with all the overtime that is allowed."""
    hours = days * HOURS_A_DAY * ATTENDANCE
    mean = _labour(catalogue, demand.product_mean)
    people = _around(mean, 6) / _around(hours, 6) * SPARE_PEOPLE
    made = _labour(catalogue, supply.production) / (hours[:, :END] * (1 + OVERTIME_LIMIT))
    employed = np.maximum(people[:, :END], made)
    people[:, :NOW] = employed[:, :NOW]
    return np.ceil(people).astype(np.int64), np.ceil(employed).astype(np.int64)


def labour_variance(catalogue: Catalogue, operations: Operations, supply: Supply) -> Array:
    """Wages beyond what the units made cost at standard (END,), EUR: idle hours, and what overtime costs more."""
    days = (operations.working_days - operations.shut_days)[:, :END]
    paid, needed = operations.employed * days * HOURS_A_DAY * ATTENDANCE, _labour(catalogue, supply.production)
    idle, overtime = np.maximum(paid - needed, 0.0), np.maximum(needed - paid, 0.0)
    rate = np.array([plant.labour_rate for plant in PLANTS])
    return np.asarray(rate @ (idle + (OVERTIME_RATE - 1) * overtime))


def _labour(catalogue: Catalogue, units: NDArray) -> Array:
    """Labour hours by plant (plant, …) of units by product (product, …)."""
    labour = np.array([f.labour_hours for f in FAMILIES])[catalogue.family][:, None] * units
    return np.stack([labour[catalogue.plant == p.name].sum(axis=0) for p in PLANTS])


def _around(values: NDArray, reach: int) -> Array:
    """Centred means over `reach` months to both sides, the ends repeated."""
    padded = np.pad(values.astype(float), ((0, 0), (reach, reach)), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1, axis=1)
    return windows.mean(axis=-1)


def operations_tables(
    timeline: Timeline, catalogue: Catalogue, demand: Demand, operations: Operations, vantage: int
) -> dict[str, pd.DataFrame]:
    """The operations tables as known when position `vantage` is the first open month."""
    span = np.arange(-HISTORY, vantage + PLANNED_MONTHS) + NOW
    months = timeline.months[span]
    return {
        "plants": _plants_table(),
        "resources": pd.DataFrame(
            [(r.name, r.plant, "shared" if r.shared else "line", f"{r.name} line") for r in LINES],
            columns=["resource", "plant", "kind", "name"],
        ),
        "calendar": _calendar_table(operations, months, span),
        "capacity": _capacity_table(operations, months, span, vantage),
        "workforce": _workforce_table(operations, months, span, vantage),
        "routings": _routings_table(catalogue),
        **_material_tables(demand, months, span),
        "subcontract": _subcontract_table(catalogue),
    }


def _plants_table() -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "plant": p.name,
                "name": p.town,
                "labour_rate": p.labour_rate,
                "overtime_rate": round(p.labour_rate * OVERTIME_RATE, 2),
                "overtime_limit_pct": OVERTIME_LIMIT,
                "hire_cost": 3000.0,
                "release_cost": 8000.0,
                "notice_months": NOTICE_MONTHS,
                "hire_lead_months": HIRE_LEAD_MONTHS,
                "releases_allowed": 0.0,
                "storage_limit": float(p.storage),
            }
            for p in PLANTS
        ]
    )


def _calendar_table(operations: Operations, months: NDArray[np.object_], span: NDArray[np.intp]) -> pd.DataFrame:
    shut = operations.shut_days[:, span].ravel()
    table = _grid(months, "plant", [p.name for p in PLANTS])
    table["working_days"] = operations.working_days[:, span].ravel().astype(float)
    table["shutdown_days"] = shut.astype(float)
    december = table["month"].map(place_in_year).eq(MONTH.a_year - 1).to_numpy()
    table["reason"] = pd.Series(np.where(december, "Stock count", "Summer break")).where(shut > 0, None)
    return table


def _capacity_table(
    operations: Operations, months: NDArray[np.object_], span: NDArray[np.intp], vantage: int
) -> pd.DataFrame:
    """Hours offered, and efficiency: demonstrated in closed months, planned from the vantage on."""
    hours = operations.line_hours[:, span].copy()
    position = POSITIONS[span]
    efficiency = np.array([line.efficiency for line in LINES])[:, None] * np.ones(len(span))
    tight, drifting = _line(TIGHT_LINE), vantage > DRIFT_FROM + 3
    if drifting:
        efficiency[tight, position < WELDERS_BACK] = SHORT_OF_WELDERS
    if vantage > RETROFIT_KNOWN:
        hours[tight, _rebuilt(position)] *= RETROFIT_HOURS_A_DAY / LINES[tight].hours_a_day
    closed = position < vantage
    hours[:, closed] = operations.worked_hours[:, span[closed]]
    efficiency[:, closed] = operations.efficiency[:, span[closed]]
    table = _grid(months, "resource", [line.name for line in LINES])
    table["capacity_hours"] = np.rint(hours * 10).ravel() / 10
    table["efficiency"] = efficiency.ravel()
    offered = np.array([line.extra_share for line in LINES])[:, None] * hours * efficiency
    table["extra_hours"] = np.rint(offered * 10).ravel() / 10
    table["extra_hour_price"] = np.repeat([line.extra_price for line in LINES], len(span))
    table["extra_lead_months"] = np.where(table["extra_hours"].notna(), EXTRA_LEAD_MONTHS, np.nan)
    return table


def _workforce_table(
    operations: Operations, months: NDArray[np.object_], span: NDArray[np.intp], vantage: int
) -> pd.DataFrame:
    """People: employed in closed months, those of the last one from the vantage on; and the most there can be."""
    employed = operations.employed[:, np.minimum(span, vantage + NOW - 1)]
    since = max(vantage, 0) + NOW
    ahead = operations.people[:, since : since + MONTH.a_year].max(axis=1, keepdims=True)
    most = np.maximum(employed, np.ceil(ahead * MOST_PEOPLE))
    days = (operations.working_days - operations.shut_days)[:, span]
    table = _grid(months, "plant", [p.name for p in PLANTS])
    table["people"] = employed.ravel().astype(float)
    table["hours_per_person"] = np.round(days * HOURS_A_DAY * ATTENDANCE, 1).ravel()
    table["max_people"] = most.ravel()
    return table


def _routings_table(catalogue: Catalogue) -> pd.DataFrame:
    """Hours and costs per family unit; labour, materials and variable cost add up to the standard cost."""
    cost = mean_unit_cost(catalogue)
    rows: list[tuple[object, ...]] = []
    for (name, resource), hours in ROUTINGS.items():
        f = _family(name)
        rate = PLANTS[_plant(LINES[_line(resource)].plant)].labour_rate
        labour = FAMILIES[f].labour_hours
        bought = sum(m.price * m.usage.get(name, 0.0) for m in MATERIALS)
        extra = 0.0 if resource == home_line(name) else SECOND_LINE_COST
        variable = round(float(cost[f]) - bought - labour * rate + extra, 2)
        rows.append((name, None, resource, hours, labour, variable))
    rows += [(name, None, "Brno paint", hours, None, None) for name, hours in PAINT_HOURS.items()]
    columns = ["family", "product", "resource", "hours_per_unit", "labour_hours_per_unit", "variable_cost"]
    return pd.DataFrame(rows, columns=columns).astype({"labour_hours_per_unit": float, "variable_cost": float})


def _material_tables(
    demand: Demand, months: NDArray[np.object_], span: NDArray[np.intp]
) -> dict[str, pd.DataFrame]:
    """Materials, their use, and what suppliers can deliver: the call-offs foreseen, with some headroom."""
    headroom = np.array([m.headroom for m in MATERIALS])[:, None]
    most = np.ceil(_material_need(demand)[:, span] * headroom / 10) * 10
    usage = [(m.name, family, None, per_unit) for m in MATERIALS for family, per_unit in m.usage.items()]
    supply = _grid(months, "material", [m.name for m in MATERIALS])
    supply["quantity"] = most.ravel()
    supply["spot_premium"] = np.repeat([round(m.price * 0.3, 2) for m in MATERIALS], len(span))
    return {
        "materials": pd.DataFrame(
            [(m.name, float(m.price), float(m.lead_time_days), float(m.lead_time_sd_days), m.supplier)
             for m in MATERIALS],
            columns=["material", "price", "lead_time_days", "lead_time_sd_days", "supplier"],
        ),
        "material_usage": pd.DataFrame(usage, columns=["material", "family", "product", "quantity_per_unit"]),
        "material_supply": supply,
    }  # fmt: skip


def _material_need(demand: Demand) -> Array:
    """Pieces a month that the mean demand needs (material, T), levelled over three months."""
    use = np.array([[m.usage.get(f.name, 0.0) for f in FAMILIES] for m in MATERIALS])
    return _around(use @ demand.mean.sum(axis=1), 1)


def _subcontract_table(catalogue: Catalogue) -> pd.DataFrame:
    cost = mean_unit_cost(catalogue)
    rows = [
        (name, limit, round(float(cost[_family(name)]) * times, 0), float(months))
        for name, (limit, times, months) in SUBCONTRACT.items()
    ]
    return pd.DataFrame(rows, columns=["family", "limit_per_month", "unit_cost", "lead_time_months"])


def _grid(months: NDArray[np.object_], column: str, names: list[str]) -> pd.DataFrame:
    """One row per name and month, names outermost."""
    return pd.DataFrame({"month": np.tile(months, len(names)), column: np.repeat(names, len(months))})


def _plant(name: str) -> int:
    return [p.name for p in PLANTS].index(name)


def _line(name: str) -> int:
    return [line.name for line in LINES].index(name)


def _family(name: str) -> int:
    return [f.name for f in FAMILIES].index(name)

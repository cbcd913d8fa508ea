"""What the New products page shows in depth: gates, what launches rest on, bring and take, what they became."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sop.core.calendar import period_name, shift_period
from sop.core.inputs import Floats, Gate, Inputs, Launch
from sop.core.money import MINOR
from sop.core.plan import Plan, StoredForecast
from sop.core.present import Figure, PlanTable, TableColumn, known
from sop.core.register import Assumptions
from sop.portfolio.launch_record import LaunchRecord, launch_records
from sop.portfolio.launches import (
    LaunchBasis,
    is_launched,
    launch_basis,
    launch_probability,
    launch_ramp,
    launch_start,
    project_launches,
)
from sop.portfolio.like_products import LikeProduct, propose_like_products
from sop.portfolio.ramps import ramp_of_record, record_since_launch
from sop.views.portfolio.gates import slip_text

CURVES = {"s_curve": "S-curve", "linear": "Straight line"}
RAMP_SHOWN = 18
"""Months on sale that a ramp is drawn over."""


# -- gates


def pipeline_table(inputs: Inputs, assumptions: Assumptions) -> PlanTable:
    """Launches by gate: when each was planned at first, is expected now, or was passed.

    The last gate is expected with the owner's slip, as the plan has it.
    """
    launches = inputs.launches or ()
    gates = gate_names(launches)
    rows = tuple((launch.name, *_gate_cells(inputs, launch, gates, assumptions)) for launch in launches)
    columns = tuple(TableColumn(title, "text") for title in ("Launch", *gates))
    return PlanTable("Pipeline by gate", columns, rows)


def gate_names(launches: Sequence[Launch]) -> tuple[str, ...]:
    """Every gate's name once, the earliest planned first."""
    planned: dict[str, int] = {}
    for gate in (gate for launch in launches for gate in launch.gates):
        place = planned.get(gate.name, gate.baseline)
        planned[gate.name] = min(place, gate.baseline)
    order = {name: [g.name for launch in launches for g in launch.gates].index(name) for name in planned}
    return tuple(sorted(planned, key=lambda name: (_ordinal(name), planned[name], order[name])))


def _ordinal(name: str) -> int:
    """The number that a gate's name begins with, as in '3 Industrialised'; 0 without one."""
    first = name.split()[0].rstrip(".:)") if name.split() else ""
    return int(first) if first.isdecimal() else 0


def _gate_cells(inputs: Inputs, launch: Launch, gates: Sequence[str], assumptions: Assumptions) -> list[Figure]:
    own = {gate.name: gate for gate in launch.gates}
    return [_gate_text(inputs, launch, own[name], assumptions) if name in own else None for name in gates]


def _gate_text(inputs: Inputs, launch: Launch, gate: Gate, assumptions: Assumptions) -> str:
    """'✓ Apr 2026, +1 month' once passed; 'May 2027, was Feb 2027' while it is later than at first."""
    added = round(assumptions.value("launch_slip_months", launch.name)) if gate == launch.market_gate else 0
    if gate.actual is not None:
        late = f", {slip_text(gate.slip_months)}" if gate.slip_months else ""
        return f"✓ {_month(inputs, gate.actual)}{late}"
    expected = gate.forecast + added
    was = f", was {_month(inputs, gate.baseline)}" if expected != gate.baseline else ""
    return f"{_month(inputs, expected)}{was}"


def _month(inputs: Inputs, position: int) -> str:
    return period_name(shift_period(inputs.calendar.first_open, position))


# -- what launches rest on


def basis_table(inputs: Inputs, assumptions: Assumptions) -> PlanTable:
    """Peak, ramp, probability, what a launch takes or replaces, and its money: everything its volume rests on."""
    rows = tuple(
        (
            launch.name,
            launch.peak_units * assumptions.value("launch_volume_pct", launch.name),
            ramp_text(inputs, launch),
            launch_probability(launch, assumptions),
            _takes(inputs, launch),
            _replaces(inputs, launch),
            launch.cost * MINOR,
            launch.spent * MINOR,
            max(launch.cost - launch.spent, 0.0) * MINOR,
        )
        for launch in inputs.launches or ()
    )
    columns = (
        TableColumn("Launch", "text"),
        TableColumn("Peak, units a month"),
        TableColumn("Ramp", "text"),
        TableColumn("Probability", "percent"),
        TableColumn("Takes from", "text"),
        TableColumn("Replaces", "text"),
        TableColumn("Launch cost", "small_money"),
        TableColumn("Spent", "small_money"),
        TableColumn("To come", "small_money"),
    )
    return PlanTable("What launches rest on", columns, rows)


def ramp_text(inputs: Inputs, launch: Launch) -> str:
    """How a launch's volume grows: 'S-curve over 7 months', 'as Front box Eco 750 grew'."""
    if launch.curve == "like_product" and launch.like is not None:
        name = inputs.products.names[launch.like]
        known_record = record_since_launch(inputs, launch.like).any()
        return f"as {name} grew" if known_record else f"S-curve: {name} has no record of its first months"
    return f"{CURVES.get(launch.curve, 'S-curve')} over {launch.ramp_months:.0f} months"


def _takes(inputs: Inputs, launch: Launch) -> str | None:
    if launch.cannibalises is None:
        return None
    return f"{launch.cannibalisation_pct:.0%} of its volume from {inputs.families.names[launch.cannibalises]}"


def _replaces(inputs: Inputs, launch: Launch) -> str | None:
    if launch.replaces is None:
        return None
    return f"{inputs.products.names[launch.replaces]}, out over {launch.phase_out_months:.0f} months"


# -- what launches bring and take


def brings_table(inputs: Inputs, forecast: StoredForecast, plan: Plan, assumptions: Assumptions) -> PlanTable:
    """Expected units and revenue of each launch in the next twelve months, what it takes, and what remains.

    Money is at the net price of each family; units are expected values, before whole units are shared out.
    """
    price = plan.detail.price
    if price is None:
        price = np.repeat(inputs.position.price[..., None], plan.calendar.horizon, axis=2)
    basis, weight = launch_basis(inputs, forecast.product_mean), forecast.mean.mean(axis=-1)
    year, rows = plan.calendar.year, list[tuple[Figure, ...]]()
    price = price[..., :year]
    for launch in inputs.launches or ():
        found = project_launches((launch,), assumptions, weight, plan.calendar.horizon, basis)
        sells, takes = (_sales_of(units[..., :year], price) for units in (found.volume, found.cannibalised))
        rows.append((launch.name, sells[0], -takes[0], sells[0] - takes[0], *_money(sells[1], takes[1])))
    if len(rows) > 1:
        rows.append(("All", *(_added(column) for column in list(zip(*rows, strict=True))[1:])))
    columns = (
        TableColumn("Launch", "text"),
        TableColumn("Sells, units"),
        TableColumn("Takes, units", signed=True, better=1),
        TableColumn("Net, units", signed=True, better=1),
        TableColumn("Sells", "money"),
        TableColumn("Takes", "money", True, 1),
        TableColumn("Net", "money", True, 1),
    )
    return PlanTable("What launches bring and take, next 12 months", columns, tuple(rows))


def _sales_of(units: Floats, price: Floats) -> tuple[float, float]:
    """Units (F, R, T) added up, and their money in minor units."""
    return float(units.sum()), float((units * np.where(units > 0, price, 0.0)).sum() * MINOR)


def _money(sells: float, takes: float) -> tuple[float | None, float | None, float | None]:
    return known(sells), known(-takes), known(sells - takes)


def _added(column: Sequence[object]) -> float | None:
    figures = [value for value in column if isinstance(value, int | float)]
    return sum(figures) if len(figures) == len(column) else None


# -- like products


def like_table(inputs: Inputs, launch: Launch) -> PlanTable:
    """The products closest to a launch by price and family, with the one its owner chose marked."""
    chosen = None if launch.like is None else inputs.products.numbers[launch.like]
    rows = tuple(
        (
            like.name,
            like.family,
            known(like.price_ratio),
            like.months_to_peak,
            f"{like.distance:.2f}",
            "chosen" if like.number == chosen else None,
        )
        for like in propose_like_products(inputs, launch)
    )
    columns = (
        TableColumn("Like product", "text"),
        TableColumn("Family", "text"),
        TableColumn("Price against the launch", "percent"),
        TableColumn("Months to its peak"),
        TableColumn("Distance", "text"),
        TableColumn("Owner's choice", "text"),
    )
    empty = "No product came to market within the history, so there is none to learn a ramp from."
    return PlanTable(f"Products like {launch.name}", columns, rows, empty)


def like_note(inputs: Inputs, launch: Launch) -> str:
    """Which like product the owner chose, where it is not among those proposed, and how it is used."""
    if launch.like is None:
        return (
            "None is chosen: name one as like_product in launches, with the curve like_product, to grow as it did."
        )
    name = inputs.products.names[launch.like]
    if launch.curve == "like_product":
        return f"The owner chose {name}: the launch grows {ramp_text(inputs, launch)}."
    return (
        f"The owner names {name} as alike, and a ramp of its own: {ramp_text(inputs, launch)}. It is chosen in "
        "launches: like_product names the product, and with the curve like_product the launch grows as it did."
    )


@dataclass(frozen=True)
class Ramp:
    """A launch's share of its peak by month on sale, percent; `like` as the closest like product, `name`, grew."""

    months: tuple[str, ...]
    planned: list[float]
    like: list[float | None]
    name: str


def ramp_of(inputs: Inputs, forecast: StoredForecast, launch: Launch, assumptions: Assumptions) -> Ramp:
    """The ramp from the planned launch month on; from the first open month where no gate dates it."""
    basis, start = launch_basis(inputs, forecast.product_mean), launch_start(launch, assumptions)
    first = shift_period(inputs.calendar.first_open, 0 if np.isnan(start) else int(start))
    planned = (launch_ramp(launch, basis, RAMP_SHOWN) * 100).tolist()
    likes = propose_like_products(inputs, launch, 1)
    months = tuple(shift_period(first, month) for month in range(RAMP_SHOWN))
    return Ramp(months, planned, _like_ramp(inputs, likes), likes[0].name if likes else "")


def _like_ramp(inputs: Inputs, likes: Sequence[LikeProduct]) -> list[float | None]:
    if not likes:
        return [None] * RAMP_SHOWN
    record = record_since_launch(inputs, inputs.products.numbers.index(likes[0].number))
    share = (ramp_of_record(record) * 100).tolist()[:RAMP_SHOWN]
    return [*share, *([None] * (RAMP_SHOWN - len(share)))]


# -- what became of launches


def record_table(inputs: Inputs, forecast: StoredForecast) -> PlanTable:
    """Launches that came, held against their date, volume and cost."""
    basis: LaunchBasis = launch_basis(inputs, forecast.product_mean)
    rows = tuple(_record(found) for found in launch_records(inputs, basis))
    columns = (
        TableColumn("Launch", "text"),
        TableColumn("On time", "text"),
        TableColumn("Sold, units"),
        TableColumn("Planned, units"),
        TableColumn("Volume reached", "percent"),
        TableColumn("Spent", "small_money"),
        TableColumn("Launch cost", "small_money"),
        TableColumn("Cost used", "percent"),
        TableColumn("Not known", "text"),
    )
    waiting = sum(not is_launched(launch) for launch in inputs.launches or ())
    empty = f"None has come to market yet; {waiting} {'is' if waiting == 1 else 'are'} on the way."
    return PlanTable("Launches that came", columns, rows, empty)


def _record(found: LaunchRecord) -> tuple[Figure, ...]:
    reached = found.units / found.planned_units if found.units is not None and found.planned_units else None
    used = found.spent / found.cost if found.cost > 0 else None
    return (
        found.name, slip_text(found.slip_months), found.units, found.planned_units, reached,
        found.spent * MINOR, found.cost * MINOR, used, found.why or None,
    )  # fmt: skip

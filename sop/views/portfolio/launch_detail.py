"""What the New products page shows in depth: gates, what launches rest on, bring and take, what they became."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sop.core.calendar import period_name, worded
from sop.core.format import does, how_many, number, percent
from sop.core.inputs import Floats, Gate, Inputs, Launch
from sop.core.money import MINOR
from sop.core.plan import Plan, StoredForecast
from sop.core.present import Col, Declared, PlanTable
from sop.core.register import Assumptions
from sop.portfolio.launch_volumes import (
    is_launched,
    launch_basis,
    launch_probability,
    launch_ramp,
    launch_start,
    project_launches,
    ramp_of_record,
    record_since_launch,
)
from sop.portfolio.new_products import LaunchRecord, LikeProduct, launch_records, propose_like_products
from sop.views.portfolio.gates import slip_text

CURVES = {"s_curve": "S-curve", "linear": "Straight line"}
RAMP_SHOWN = 18
"""Months on sale that a ramp is drawn over."""


# -- gates


def pipeline_table(inputs: Inputs, assumptions: Assumptions) -> PlanTable:
    """Launches by gate: when each was planned at first, is expected now, or was passed.

    The last gate is expected with the owner's slip, as the plan has it.
    """

    def text_of(name: str) -> Callable[[Launch], str | None]:
        return lambda launch: next(
            (_gate_text(inputs, launch, gate, assumptions) for gate in launch.gates if gate.name == name), None
        )

    launches = inputs.launches or ()
    return Declared[Launch](
        "Pipeline by gate",
        (
            Col("Launch", "text", lambda launch: launch.name),
            *(Col(name, "text", text_of(name)) for name in gate_names(launches)),
        ),
    ).of(launches)


def gate_names(launches: Sequence[Launch]) -> tuple[str, ...]:
    """Every gate's name once, the earliest planned first."""
    planned: dict[str, int] = {}
    for gate in (gate for launch in launches for gate in launch.gates):
        planned[gate.name] = min(planned.get(gate.name, gate.baseline), gate.baseline)
    order = {name: [g.name for launch in launches for g in launch.gates].index(name) for name in planned}
    return tuple(sorted(planned, key=lambda name: (_ordinal(name), planned[name], order[name])))


def _ordinal(name: str) -> int:
    """The number that a gate's name begins with, as in '3 Industrialised'; 0 without one."""
    first = name.split()[0].rstrip(".:)") if name.split() else ""
    return int(first) if first.isdecimal() else 0


def _gate_text(inputs: Inputs, launch: Launch, gate: Gate, assumptions: Assumptions) -> str:
    """'✓ Apr 2026, +1 month' once passed; 'May 2027, was Feb 2027' while it is later than at first."""
    added = launch.slip(assumptions.value("launch_slip_months", launch.name)) if gate == launch.market_gate else 0
    at = inputs.calendar.at
    if gate.actual is not None:
        late = f", {slip_text(gate.slip_months)}" if gate.slip_months else ""
        return f"✓ {period_name(at(gate.actual))}{late}"
    expected = gate.forecast + added
    was = f", was {period_name(at(gate.baseline))}" if expected != gate.baseline else ""
    return f"{period_name(at(expected))}{was}"


# -- what launches rest on


def basis_table(inputs: Inputs, assumptions: Assumptions) -> PlanTable:
    """Peak, ramp, probability, what a launch takes or replaces, and its money: everything its volume rests on."""

    def peak(launch: Launch) -> float:
        return launch.peak_units * assumptions.value("launch_volume_pct", launch.name)

    return Declared[Launch](
        "What launches rest on",
        (
            Col("Launch", "text", lambda launch: launch.name),
            Col(worded("Peak, units a month"), "units", peak),
            Col("Ramp", "text", lambda launch: ramp_text(inputs, launch)),
            Col("Probability", "percent", lambda launch: launch_probability(launch, assumptions)),
            Col("Takes from", "text", lambda launch: _takes(inputs, launch)),
            Col("Replaces", "text", lambda launch: _replaces(inputs, launch)),
            Col("Launch cost", "small_money", lambda launch: launch.cost * MINOR),
            Col("Spent", "small_money", lambda launch: launch.spent * MINOR),
            Col("To come", "small_money", lambda launch: max(launch.cost - launch.spent, 0.0) * MINOR),
        ),
    ).of(inputs.launches or ())


def ramp_text(inputs: Inputs, launch: Launch) -> str:
    """How a launch's volume grows: 'S-curve over 7 months', 'as Front box Eco 750 grew'."""
    if launch.curve == "like_product" and launch.like is not None:
        name = inputs.products.names[launch.like]
        known_record = record_since_launch(inputs, launch.like).any()
        return f"as {name} grew" if known_record else worded(f"S-curve: {name} has no record of its first months")
    return worded(f"{CURVES.get(launch.curve, 'S-curve')} over {how_many(f'{launch.ramp_months:.0f}', 'months')}")


def _takes(inputs: Inputs, launch: Launch) -> str | None:
    if launch.cannibalises is None:
        return None
    return f"{percent(launch.cannibalisation_pct)} of its volume from {inputs.families.names[launch.cannibalises]}"


def _replaces(inputs: Inputs, launch: Launch) -> str | None:
    if launch.replaces is None:
        return None
    return worded(
        f"{inputs.products.names[launch.replaces]}, out over "
        f"{how_many(f'{launch.phase_out_months:.0f}', 'months')}"
    )


# -- what launches bring and take


def brings_table(inputs: Inputs, forecast: StoredForecast, plan: Plan, assumptions: Assumptions) -> PlanTable:
    """Expected units and revenue of each launch in the next twelve months, what it takes, and what remains.

    Money is at the net price of each family; units are expected values, before whole units are shared out.
    """
    price, horizon = plan.detail.price, plan.calendar.horizon
    if price is None:
        price = np.repeat(inputs.position.price[..., None], horizon, axis=2)
    basis, weight = launch_basis(inputs, forecast.product_mean), forecast.mean.mean(axis=-1)
    year, rows = plan.calendar.year, list[tuple[str, Floats]]()
    for launch in inputs.launches or ():
        found = project_launches((launch,), assumptions, weight, horizon, basis)
        volumes = (found.volume[..., :year], found.cannibalised[..., :year])
        money = [np.where(units > 0, units * price[..., :year], 0.0).sum() * MINOR for units in volumes]
        rows.append((launch.name, np.array([*(units.sum() for units in volumes), *money])))
    if len(rows) > 1:
        rows.append(("All", np.sum([figures for _, figures in rows], axis=0)))
    return Declared[tuple[str, Floats]](
        f"What launches bring and take, next {plan.near_text}",
        (
            Col("Launch", "text", lambda row: row[0]),
            Col("Sells, units", "units", lambda row: float(row[1][0])),
            Col("Takes, units", "units", lambda row: -float(row[1][1]), signed=True, better=1),
            Col("Net, units", "units", lambda row: float(row[1][0] - row[1][1]), signed=True, better=1),
            Col("Sells", "money", lambda row: float(row[1][2])),
            Col("Takes", "money", lambda row: -float(row[1][3]), signed=True, better=1),
            Col("Net", "money", lambda row: float(row[1][2] - row[1][3]), signed=True, better=1),
        ),
    ).of(rows)


# -- like products


def like_table(inputs: Inputs, launch: Launch) -> PlanTable:
    """The products closest to a launch by price and family, with the one its owner chose marked."""
    chosen = None if launch.like is None else inputs.products.numbers[launch.like]
    return Declared[LikeProduct](
        f"Products like {launch.name}",
        (
            Col("Like product", "text", lambda like: like.name),
            Col("Family", "text", lambda like: like.family),
            Col("Price against the launch", "percent", lambda like: like.price_ratio),
            Col(worded("Months to its peak"), "units", lambda like: like.months_to_peak),
            Col("Distance", "text", lambda like: number(like.distance, 2)),
            Col("Owner's choice", "text", lambda like: "chosen" if like.number == chosen else None),
        ),
        "No product came to market within the history, so there is none to learn a ramp from.",
    ).of(propose_like_products(inputs, launch))


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
    first = 0 if np.isnan(start) else int(start)
    planned = (launch_ramp(launch, basis, RAMP_SHOWN) * 100).tolist()
    months = tuple(inputs.calendar.at(first + month) for month in range(RAMP_SHOWN))
    grown, name = [], ""
    for like in propose_like_products(inputs, launch, 1):
        record = record_since_launch(inputs, inputs.products.numbers.index(like.number))
        grown, name = (ramp_of_record(record) * 100).tolist()[:RAMP_SHOWN], like.name
    return Ramp(months, planned, [*grown, *[None] * (RAMP_SHOWN - len(grown))], name)


# -- what became of launches


def record_table(inputs: Inputs, forecast: StoredForecast) -> PlanTable:
    """Launches that came, held against their date, volume and cost."""

    def reached(found: LaunchRecord) -> float | None:
        return found.units / found.planned_units if found.units is not None and found.planned_units else None

    waiting = sum(not is_launched(launch) for launch in inputs.launches or ())
    return Declared[LaunchRecord](
        "Launches that came",
        (
            Col("Launch", "text", lambda found: found.name),
            Col("On time", "text", lambda found: slip_text(found.slip_months)),
            Col("Sold, units", "units", lambda found: found.units),
            Col("Planned, units", "units", lambda found: found.planned_units),
            Col("Volume reached", "percent", reached),
            Col("Spent", "small_money", lambda found: found.spent * MINOR),
            Col("Launch cost", "small_money", lambda found: found.cost * MINOR),
            Col("Cost used", "percent", lambda found: found.spent / found.cost if found.cost > 0 else None),
            Col("Not known", "text", lambda found: found.why or None),
        ),
        f"None has come to market yet; {waiting} {does(waiting, 'are')} on the way.",
    ).of(launch_records(inputs, launch_basis(inputs, forecast.product_mean)))

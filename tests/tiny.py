"""A company of two families in one region, small enough to check by hand, and plans of it."""

from __future__ import annotations

from typing import Any

import numpy as np

from sop.analysis.headline import read_headline, read_worst
from sop.core.calendar import Calendar, shift_period
from sop.core.inputs import Families, History, Inputs, Position, Products
from sop.core.measures import measure
from sop.core.plan import Availability, Block, Plan, StoredForecast
from sop.core.terms import PlanName, Strategy

FIRST = "2027-01"
FAMILIES = ("Bikes", "Cargo")
"""Bikes are made to stock and sell for 100 at a cost of 60; Cargo is made to order and sells for 1 000 at 700."""


def tiny_calendar(horizon: int = 12) -> Calendar:
    """Twelve months from January 2027 unless said otherwise."""
    return Calendar(FIRST, horizon)


def tiny_inputs(months: int = 24, sold: tuple[float, float] = (10.0, 2.0), **changes: Any) -> Inputs:
    """The company with `months` closed months of level sales; any block can be given."""
    past = tuple(shift_period(FIRST, t - months) for t in range(months))
    price, cost = np.array([100.0, 1000.0]), np.array([60.0, 700.0])
    units = np.repeat(np.array(sold)[:, None, None], months, axis=2)
    return Inputs(
        company="Tiny",
        currency="EUR",
        calendar=changes.pop("calendar", tiny_calendar()),
        families=Families(
            names=FAMILIES,
            base=FAMILIES,
            strategy=(Strategy.MTS, Strategy.MTO),
            unit=("pcs", "pcs"),
            list_price=price,
            unit_cost=cost,
            standard_lead_time_days=np.array([np.nan, 30.0]),
            target_lead_time_days=np.array([np.nan, 30.0]),
            service_level=np.array([0.95, np.nan]),
            volume_per_unit=np.ones(2),
            priority=np.ones(2),
        ),
        regions=("North",),
        products=Products(("B1", "C1"), ("Bike", "Cargo"), np.array([0, 1]), price, cost, np.zeros(2, dtype=bool)),
        history=changes.pop("history", History(past, units, units, units * price[:, None, None])),
        position=Position(
            month=past[-1],
            inventory=np.array([50.0, 0.0]),
            past_due=np.zeros((2, 1)),
            orders_not_due=np.zeros((2, 1)),
            price=price[:, None],
            unit_cost=cost,
            product_share=np.eye(2)[:, :1],
            mix_sd=np.zeros(2),
        ),
        **changes,
    )


def tiny_plan(months: int = 12, first: str = FIRST, **values: Any) -> Plan:
    """A plan with the given measures: one number for all months, or values of the measure's own shape.

    Without a word it sells 10 bikes and 2 cargo bikes a month.
    """
    calendar = Calendar(first, months)
    given = {"consensus_demand": [[[10]], [[2]]], "revenue": [[[100_000]], [[200_000]]], **values}
    arrays = {key: _spread(key, value, months) for key, value in given.items()}
    arrays.setdefault("total_revenue", arrays["revenue"].sum(axis=(0, 1)))
    names = {"family": FAMILIES, "region": ("North",), "resource": ("Line 1",)}
    blocks = {
        key: Block(array, tuple(names[axis] for axis in measure(key).grain)) for key, array in arrays.items()
    }
    return Plan(
        calendar=calendar,
        company="Tiny",
        currency="EUR",
        blocks=blocks,
        availability={name: Availability(True) for name in PlanName},
        headline=read_headline(arrays, np.array([False, True]), calendar.year),
        worst=read_worst(arrays, FAMILIES, calendar.months, np.array([False, True]), calendar.year),
    )


def _spread(key: str, value: Any, months: int) -> np.ndarray:
    """A value along all months: numbers stand for every month."""
    array = np.asarray(value)
    shape = tuple({"family": 2, "region": 1, "resource": 1}[axis] for axis in measure(key).grain)
    return (
        array if array.shape[-1:] == (months,) and months > 1 else np.broadcast_to(array, (*shape, months)).copy()
    )


def tiny_forecast(
    mean: tuple[float, float] = (10.0, 2.0), half: float = 1.2816, months: int = 12
) -> StoredForecast:
    """A level forecast whose 80% intervals reach `half` units to both sides."""
    level = np.repeat(np.array(mean)[:, None, None], months, axis=2)
    return StoredForecast(
        first_open=FIRST,
        mean=level,
        lo80=level - half,
        hi80=level + half,
        lo95=level - 2 * half,
        hi95=level + 2 * half,
        product_mean=level,
        method=("level", "level"),
    )

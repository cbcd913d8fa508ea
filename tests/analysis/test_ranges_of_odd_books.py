"""Odd histories from tables to the range that is read: wide and saying why, or none with a plain reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sop.analysis.headline import Values, values_of
from sop.analysis.ranges.demand_errors import DemandErrors, demand_errors
from sop.analysis.ranges.draws import Draws, Paths, join_blocks, read_paths, replan_block
from sop.analysis.ranges.risks import find_risks
from sop.core.calendar import Calendar, shift_period
from sop.core.inputs import Inputs
from sop.core.measures import headline_measure
from sop.core.plan import StoredForecast
from sop.core.register import Assumptions
from sop.core.world import World
from sop.demand.forecast import forecast_company
from sop.engine import Planner
from sop.intake.assemble import assemble
from sop.services.analysis.draw_task import DrawTask
from sop.views.executive.range_words import range_caption, wide_sentence

FIRST, NONE = "2026-07", Assumptions()
REVENUE = headline_measure("revenue")


def usual(months: int = 36, seed: int = 4) -> np.ndarray:
    return np.rint(100 + np.random.default_rng(seed).normal(0, 4, months))


def doubled() -> np.ndarray:
    return usual() * np.repeat([1, 2], [30, 6])


def with_returns() -> np.ndarray:
    sold = usual()
    sold[[20, 30]] = -150
    return sold


def holed() -> np.ndarray:
    sold = usual()
    sold[22:28] = np.nan
    return sold


def company(**sold: np.ndarray) -> tuple[Inputs, StoredForecast]:
    """A company that sold these units at 10; a month that is not a number has no row."""
    rows = [
        (shift_period(FIRST, back - len(units)), name, "EU", float(each), float(each) * 10)
        for name, units in sold.items()
        for back, each in enumerate(units)
        if each == each
    ]
    names = list(sold)
    loaded = {
        "products": pd.DataFrame(
            {"product": names, "name": names, "family": names, "price": 10.0, "unit_cost": 6.0}
        ),
        "sales_actuals": pd.DataFrame(rows, columns=["month", "product", "region", "quantity", "revenue"]),
    }
    inputs = assemble(loaded, Calendar(FIRST, 12), company="Odd")
    return inputs, forecast_company(inputs)


def drawn(inputs: Inputs, forecast: StoredForecast, errors: DemandErrors) -> Draws:
    """A block of draws around the company's plan."""
    planner = Planner(inputs, forecast)

    def paths(values: Values) -> Paths:
        return read_paths(values, inputs.families.made_to_order, inputs.calendar.year)

    def paths_in(worlds: Sequence[tuple[Assumptions, World]]) -> list[Paths]:
        return [paths(values) for values in planner.headline_values(worlds)]

    block = replan_block(find_risks(inputs, NONE, errors), NONE, paths_in, 0)
    return join_blocks([block], paths(values_of(planner.build(NONE))), inputs.calendar, errors.why)


def range_of(**sold: np.ndarray) -> tuple[float, Draws]:
    """How wide twelve months' revenue is, as a share of the plan, and the draws that say so."""
    inputs, forecast = company(**sold)
    draws = drawn(inputs, forecast, demand_errors(inputs, forecast))
    found = draws.quantiles(REVENUE, 0, draws.year, (0.1, 0.9))
    planned = draws.planned(REVENUE, 0, draws.year)
    assert found is not None and planned
    return (found[1] - found[0]) / planned, draws


@pytest.fixture(scope="module")
def calm() -> float:
    width, draws = range_of(Bikes=usual(), Cargo=usual(seed=5))
    assert wide_sentence(draws) == ""
    return width


@pytest.mark.parametrize(
    ("sold", "why"),
    [
        (usual(1), "only 1 month of sales is known"),
        (doubled(), "growth varied by"),
        (with_returns(), "growth varied by"),
        (holed(), "6 months are without any figure"),
    ],
    ids=["one month", "doubled", "returns", "a hole"],
)
def test_an_odd_history_has_a_wide_range_that_says_why(sold: np.ndarray, why: str, calm: float) -> None:
    width, draws = range_of(Bikes=sold, Cargo=np.where(np.isfinite(sold), usual(len(sold), 5), np.nan))
    assert width > calm * (0.95 if "without" in why else 1.2)
    assert why in wide_sentence(draws)


def test_one_family_has_a_range_as_wide_as_a_company_of_it(calm: float) -> None:
    assert range_of(Bikes=usual())[0] > 0.8 * calm


def test_where_nothing_was_ever_sold_there_is_no_range_and_the_reason_is_told() -> None:
    inputs, forecast = company(Bikes=np.zeros(36))
    errors = demand_errors(inputs, forecast)
    base = drawn(inputs, forecast, errors).base
    task = DrawTask("odd", inputs, forecast, None, NONE, errors, base)
    assert range_caption(None, None, why=task.why_none) == "No range: nothing sold so far says how much may come"
    assert replace(task, errors=replace(errors, known=True)).why_none == ""

"""How old stock is: by product, first in first out, added up by family in units and money."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sop.core.calendar import periods_between
from sop.core.inputs import Inputs
from sop.facts.stock_age import age_stock
from sop.intake.assemble import assemble
from sop.services.planning.choices import WORKING, Choice, read_view
from sop.services.planning.plan_context import read_ages
from sop.services.planning.room import PlanningRoom
from sop.views.inventory.ageing import ageing_sentence, ageing_table
from tests.companies import Shape, calendar_of, company_tables
from tests.services.planned_company import make_room

SHAPE = Shape(history=5, horizon=12, products=3, families=2)
MONTHS = periods_between("2025-01", "2025-12")


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    """P-000 and P-002 are Family A, P-001 is Family B; the first open month is 2026-01."""
    return assemble(company_tables(SHAPE), calendar_of(SHAPE), company="test")


def movements(
    product: str, made: list[float], closing: float, plant: str = "Plant", **more: float
) -> pd.DataFrame:
    """Receipts of the last months, and the closing stock of December."""
    months = MONTHS[-len(made) :]
    frame = pd.DataFrame({"month": months, "plant": plant, "product": product, "production": made})
    frame["closing"] = [0.0] * (len(made) - 1) + [closing]
    return frame.assign(subcontract_receipts=0.0, adjustments=0.0, **more)


def money(minor: float) -> str:
    return f"{minor / 100:,.0f} EUR"


def test_what_is_left_is_of_the_last_receipts_by_month(inputs: Inputs) -> None:
    """60 left of receipts of 10 a month: one month 10, two and three 20, four to six 30."""
    ages = age_stock(inputs, movements("P-001", [10.0] * 12, 60.0))
    own = next(aged for aged in ages.families if aged.family == "Family B")
    assert own.units == (10.0, 20.0, 30.0, 0.0, 0.0)
    assert own.unknown == 0.0
    cost = float(inputs.products.unit_cost[inputs.products.numbers.index("P-001")])
    assert own.money == pytest.approx((1_000 * cost, 2_000 * cost, 3_000 * cost, 0.0, 0.0))
    assert ageing_sentence(ages, money) == "No stock is over half a year old."


def test_each_product_ages_by_itself_and_its_plants_are_one(inputs: Inputs) -> None:
    """P-000 was last made a year ago, so P-002, made now at two plants, does not make its stock young."""
    frame = pd.concat(
        [
            movements("P-000", [40.0] + [0.0] * 11, 40.0),
            movements("P-002", [0.0] * 11 + [6.0], 5.0),
            movements("P-002", [0.0] * 11 + [3.0], 4.0, plant="Other"),
        ]
    )
    own = age_stock(inputs, frame).families[0]
    assert own.units == (9.0, 0.0, 0.0, 40.0, 0.0)
    assert ageing_table(age_stock(inputs, frame), False).figure("Family A", "Over 6 months") == 40 / 49
    assert ageing_sentence(age_stock(inputs, frame), money).endswith(
        "is over half a year old, most of it Family A."
    )


def test_what_comes_back_or_from_outside_is_a_receipt_and_what_is_counted_away_is_not(inputs: Inputs) -> None:
    frame = movements("P-001", [0.0, 0.0, 0.0], 9.0)
    frame["subcontract_receipts"], frame["adjustments"] = [0.0, 4.0, 0.0], [5.0, 0.0, -3.0]
    own = age_stock(inputs, frame).families[1]
    assert own.units == (0.0, 9.0, 0.0, 0.0, 0.0)


def test_stock_beyond_the_receipts_that_are_loaded_is_said_to_be_of_unknown_age(inputs: Inputs) -> None:
    ages = age_stock(inputs, movements("P-001", [10.0, 10.0, 10.0], 50.0))
    own = ages.families[1]
    assert (own.units, own.unknown) == ((10.0, 20.0, 0.0, 0.0, 0.0), 20.0)
    assert ageing_sentence(ages, money) == (
        "How much of the stock is over half a year old is not known from 3 closed months. How old 20 units of it "
        "are, the 3 closed months loaded do not tell: earlier months of the table inventory unlock this."
    )
    assert ageing_table(ages, False).figure("Family B", "Older than told") == 20.0
    assert ageing_table(ages, False).figure("Family B", "Over 6 months") is None


def test_the_months_of_a_cycle_that_is_open_do_not_count(inputs: Inputs) -> None:
    open_month = movements("P-001", [99.0], 99.0).assign(month="2026-01")
    frame = pd.concat([movements("P-001", [10.0] * 3, 10.0), open_month])
    assert sum(age_stock(inputs, frame).families[1].units) == 10.0


def test_ages_add_up_to_the_stock_that_the_plan_starts_from(tmp_path_factory: pytest.TempPathFactory) -> None:
    room: PlanningRoom = make_room(tmp_path_factory.mktemp("ages"), SHAPE)
    view = read_view(room, "executive", Choice(WORKING, "Working plan"))
    ages, position = read_ages(room, "executive", view), room.input_set().inputs.position
    assert ages is not None and position.inventory is not None
    found = [sum(aged.units) + aged.unknown for aged in ages.families]
    assert found == pytest.approx(np.maximum(position.inventory, 0.0).tolist())


def test_less_than_nothing_of_a_product_is_what_just_came_and_is_not_booked(inputs: Inputs) -> None:
    """Ages of a family come to its stock, also where one of its products is short of nothing."""
    frame = pd.concat([movements("P-000", [0.0] * 3, -3.0), movements("P-002", [10.0] * 3, 20.0)])
    own = age_stock(inputs, frame).families[0]
    assert own.units == (7.0, 10.0, 0.0, 0.0, 0.0) and own.unknown == 0.0
    assert sum(own.money) == np.rint(17 * inputs.position.unit_cost[0] * 100)

"""The example of each table is read without a question, and all of them together are a company that plans."""

from __future__ import annotations

import pytest

from sop.core.calendar import Calendar
from sop.core.examples import EXAMPLES, FIRST_OPEN
from sop.core.register import Assumptions
from sop.core.tables import MINIMUM, TABLE_NAMES, table
from sop.core.terms import PlanName
from sop.engine import build_plan
from sop.files.readers import read_file
from sop.files.templates import example_csv, template_xlsx
from sop.intake.assemble import assemble
from sop.intake.check import Checked, check_table
from tests.test_engine import level_forecast

CALENDAR = Calendar(FIRST_OPEN, 12)


def checked(name: str, content: bytes, file: str, tables: dict) -> Checked:
    raw = read_file(content, file, table=name)
    return check_table(table(name), raw, first_open=FIRST_OPEN, tables=tables)


@pytest.fixture(scope="module")
def loaded() -> dict:
    tables: dict = {}
    for name in TABLE_NAMES:
        found = checked(name, example_csv(table(name)), f"{name}.csv", tables)
        bad = [str(f) for f in found.all_findings if f.level in ("error", "question", "warning")]
        assert not bad, f"{name}: {bad}"
        tables[name] = found.frame
    return tables


def test_every_table_has_an_example_in_the_order_of_the_contract() -> None:
    assert tuple(EXAMPLES) == TABLE_NAMES


def test_all_examples_together_plan_all_seven(loaded: dict) -> None:
    inputs = assemble(loaded, CALENDAR)
    plan = build_plan(inputs, Assumptions(), level_forecast(inputs))
    assert all(plan.availability[name].available for name in PlanName), plan.availability
    assert all(plan.headline[key] is not None for key in ("revenue", "gross_margin", "ebit", "cash", "inventory"))


def test_the_two_that_are_needed_are_enough(loaded: dict) -> None:
    inputs = assemble({name: loaded[name] for name in MINIMUM}, CALENDAR)
    plan = build_plan(inputs, Assumptions(), level_forecast(inputs))
    assert plan.headline["revenue"] is not None and not plan.availability[PlanName.INVENTORY].available


def test_a_template_with_its_example_is_read_as_the_empty_table_that_it_is_until_it_is_filled() -> None:
    raw = read_file(template_xlsx(table("products")), "products.xlsx", table="products")
    assert raw.columns == table("products").column_names and not len(raw.frame)

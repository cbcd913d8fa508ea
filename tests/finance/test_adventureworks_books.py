"""AdventureWorks: its ledger with a map of its accounts, the gap to its budget, and what its books cannot tell."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from sop.core.calendar import Calendar
from sop.core.inputs import Inputs
from sop.core.plan import Plan
from sop.core.register import Assumptions
from sop.core.terms import PlanName
from sop.engine import build_plan
from sop.finance.cost_basis import LEDGER, TABLES
from sop.finance.explained import actual_year_gap, budget_gap
from sop.finance.landing import full_year_landings
from sop.finance.ledger import LedgerGap, ledger_gaps, reconcile_sales
from sop.intake.assemble import assemble
from sop.intake.incoming import ImportReport, ImportRequest
from sop.services.data.imports import import_table
from sop.store import Store, cycles, open_store, settings
from sop.store.data import read_current_tables
from tests.test_engine import level_forecast

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("SOP_SHARED_DATA", "../shared/data")) / "adventureworks"
pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(),
    reason=f"no AdventureWorks data in {FOLDER}: set SOP_SHARED_DATA to the folder that holds it",
)

FIRST_OPEN = "2013-12"

ACCOUNTS = ROOT / "scripts" / "adventureworks_accounts.csv"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A workspace with products, sales, ledger and the map of its accounts."""
    opened = open_store(tmp_path_factory.mktemp("adventureworks"))
    with opened.write() as tx:
        settings.save_person(tx, "jana", "Jana", "coordinator")
        cycles.add_cycle(tx, FIRST_OPEN, 24)
    missing = {"missing_months": "missing"}
    assert _import(opened, "products", FOLDER / "products.csv").imported
    assert _import(opened, "sales_actuals", FOLDER / "sales_actuals.csv", until="2013-11").imported
    ledger = _import(opened, "financials", FOLDER / "financials.csv", until="2013-11", answers=missing)
    assert ledger.imported and ledger.checked.missing_months == ("2011-02", "2011-04", "2011-06")
    assert _import(opened, "account_map", ACCOUNTS).imported
    yield opened
    opened.close()


def _import(store: Store, table: str, path: Path, **options: object) -> ImportReport:
    return import_table(store, "jana", ImportRequest(table, path, **options))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def inputs(store: Store) -> Inputs:
    with store.read() as tx:
        return assemble(read_current_tables(tx), Calendar(FIRST_OPEN, 24), company="AW", currency="USD")


@pytest.fixture(scope="module")
def plan(inputs: Inputs) -> Plan:
    return build_plan(inputs, Assumptions(), level_forecast(inputs))


@pytest.fixture(scope="module")
def gaps(inputs: Inputs) -> dict[str, LedgerGap]:
    return {gap.line: gap for gap in ledger_gaps(inputs)}


def test_the_gap_to_the_nine_months_that_have_a_budget_is_shown(gaps: dict[str, LedgerGap]) -> None:
    revenue = gaps["revenue"]
    assert len(revenue.months) == 9 and (revenue.months[0], revenue.months[-1]) == ("2010-12", "2011-11")
    assert "2011-02" not in (*revenue.months, *revenue.without_budget), "a month that nobody knows counts nowhere"
    # Budget: trade sales 24 323 300 less returns 666 250 and discounts 526 900.
    assert revenue.budget == (24_323_300 - 666_250 - 526_900) * 100
    assert len(revenue.without_budget) == 24
    profit = gaps["gross_margin"]
    assert profit.gap == revenue.gap - gaps["cost_of_sales"].gap


def test_sales_and_ledger_differ_by_month_and_the_difference_is_named(inputs: Inputs) -> None:
    found = reconcile_sales(inputs)
    assert found.not_in_ledger == ("2011-02", "2011-04", "2011-06")
    june = found.months.index("2013-06")
    assert found.sales[june] + found.difference[june] == found.ledger[june]
    assert all(month not in found.months for month in ("2011-02", "2011-04", "2011-06"))


def test_last_year_is_explained_by_product_to_the_cent(inputs: Inputs) -> None:
    gap = actual_year_gap(inputs)
    assert gap is not None and gap.residual == 0
    assert gap.steps["New"] > 0, "products were launched inside the window"


def test_what_its_books_cannot_tell_is_said(inputs: Inputs, plan: Plan) -> None:
    assert budget_gap(inputs, plan, plan.months) is None, "the budget ends in 2011"
    assert not any(found.rule.startswith("account") for found in inputs.findings), "every account has one line"
    financial = plan.availability[PlanName.FINANCIAL]
    assert financial.why.startswith(
        "the plan ends at gross margin: the tables and the ledger are apart "
        "(cost of sales 45.8 M$ against 14.6 M$)"
    )
    assert "ebit" not in plan and plan.headline["ebit"] is None and plan.headline["gross_margin"] is not None
    plan = build_plan(inputs, Assumptions({("cost_basis", ""): TABLES}), level_forecast(inputs))
    financial = plan.availability[PlanName.FINANCIAL]
    assert financial.why == "the plan ends at EBIT: no opening balance of cash and stock loaded"
    assert "inventory" in financial.unlock
    assert plan["ebit"].any() and "cash" not in plan
    # 12.4 M$ of loss were told beside books that show a profit: which it is depends on whose cost counts.
    booked = build_plan(inputs, Assumptions({("cost_basis", ""): LEDGER}), level_forecast(inputs))
    assert plan["ebit"][:12].sum() < 0 < booked["ebit"][:12].sum()
    assert not plan.availability[PlanName.INVENTORY].available
    for landing in full_year_landings(inputs, plan):
        assert landing.line("revenue").budget is None and landing.line("ebit").total is not None

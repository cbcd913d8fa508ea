"""A company that brings the least of each table, from files to pages: what follows is told, the rest not known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import streamlit as st

from sop.analysis.comparison.changes import plan_of_budget
from sop.core.calendar import shift_period
from sop.core.plan import Plan
from sop.facts.actuals import budget_of
from sop.finance.explained import budget_gap
from sop.intake.incoming import ImportRequest
from sop.services.company.cycle import CompanySettings, initialise
from sop.services.data.imports import import_table, preview_import
from sop.services.planning.room import InputSet, PlanningRoom
from sop.store import Store, open_store
from tests.golden.visits import Visit, text_of
from tests.personas import personas_in_session_state

FIRST_OPEN = "2026-01"
PAST = [shift_period(FIRST_OPEN, -back) for back in range(24, 0, -1)]
AHEAD = [shift_period(FIRST_OPEN, by) for by in range(12)]
CLOSING = 100
LEAST = {
    "products": "product,name,family,price,unit_cost\nB-1,Box,Boxes,9,4\nC-1,Crate,Crates,20,11\n",
    "sales_actuals": "month,product,region,quantity\n"
    + "".join(f"{m},{p},{r},{n}\n" for m in PAST for p, r, n in
              (("B-1", "North", 10), ("B-1", "South", 30), ("C-1", "North", 20))),
    "inventory": "month,product,closing\n"
    + "".join(f"{m},{p},{CLOSING + 5 * at}\n" for at, m in enumerate(PAST[-14:]) for p in ("B-1", "C-1")),
    "budget": "month,quantity,revenue\n" + "".join(f"{m},70,1000.01\n" for m in AHEAD),
    "deliveries": "order_line,product,region,ordered,requested,delivered,quantity_ordered,quantity_delivered\n"
    "1,B-1,North,2025-11-03,2025-11-10,2025-11-09,10,10\n2,B-1,South,2025-12-01,2025-12-10,2025-12-12,30,30\n"
    "3,C-1,North,2025-12-05,,2025-12-20,5,5\n",
}  # fmt: skip


# A budget of one figure: money alone or units alone, of the company or by family.
ALONE = {
    "company": ("month,revenue\n", ",1000"),
    "families": ("month,family,revenue\n", ",Boxes,600\n{month},Crates,400"),
    "units": ("month,family,quantity\n", ",Boxes,60\n{month},Crates,10"),
}
BUDGET = "month,family,region,quantity,revenue\n"


def load(store: Store, table: str, text: str) -> list[str]:
    report = import_table(store, "coordinator", ImportRequest(table, text.encode(), f"{table}.csv"))
    assert report.accepted, [str(f) for f in report.findings]
    return [f.rule for f in report.findings]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("least")
    store = open_store(place)
    initialise(store, FIRST_OPEN, CompanySettings(name="Least", fictional=True, horizon=12))
    for name, text in LEAST.items():
        load(store, name, text)
    store.close()
    return place


@pytest.fixture(scope="module")
def made(folder: Path) -> Iterator[tuple[InputSet, Plan]]:
    store = open_store(folder)
    room = PlanningRoom(store)
    yield room.input_set(), room.scenario_plan()
    store.close()


def said(inputs: InputSet, rule: str) -> str:
    return next(f.what for f in inputs.inputs.findings if f.rule == rule)


def test_sales_without_revenue_count_at_list_price(made: tuple[InputSet, Plan]) -> None:
    inputs, plan = made
    assert plan.headline["revenue"] == int((plan.by_family("shipments").sum(axis=1) * [900, 2000]).sum())
    assert "no revenue is given" in said(inputs, "list_price")


def test_stock_by_closing_alone_opens_the_plan_and_says_what_it_cannot_tell(made: tuple[InputSet, Plan]) -> None:
    inputs, plan = made
    stock = inputs.inputs.stock
    assert stock is not None and stock.derived
    assert inputs.inputs.position.inventory.tolist() == [CLOSING + 5 * 13] * 2
    assert plan.headline["inventory"] is not None
    # What came in is what closing and sales leave: 40 and 20 sold a month, 5 more in stock.
    assert np.allclose(stock.production[:, 1:], [[45.0], [25.0]])
    assert np.allclose(stock.opening + stock.production - stock.shipments, stock.closing)
    assert "cannot be told" in said(inputs, "stock_moves_inferred")


def test_a_budget_of_the_company_is_met_to_the_cent_and_of_no_family(made: tuple[InputSet, Plan]) -> None:
    inputs, _ = made
    budget = inputs.inputs.budget
    assert budget is not None and not budget.by_family
    assert np.allclose(budget.quantity.sum(axis=(0, 1)), 70) and np.allclose(
        budget.revenue.sum(axis=(0, 1)), 1000.01
    )
    assert "which family or region misses it cannot be told" in said(inputs, "budget_grain")


def test_order_lines_without_a_promise_count_by_the_day_asked_for(made: tuple[InputSet, Plan]) -> None:
    inputs, _ = made
    assert "2 order lines have no promise and count by the day asked for" in said(inputs, "no_promise")
    assert "1 order lines were neither promised nor asked for" in said(inputs, "no_due_day")


@pytest.mark.parametrize(
    ("page", "tells"),
    [
        ("Executive review", "revenue"), ("Performance", "production in inventory"), ("Inventory", "Boxes"),
        ("Production", ""), ("Sales", "Boxes"), ("Financial", ""), ("Customer lead time", ""),
        ("Plan changes", ""), ("Data", "inventory"),
    ],
)  # fmt: skip
def test_every_page_opens_without_an_error(
    folder: Path, made: tuple[InputSet, Plan], page: str, tells: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOP_WORKSPACE", str(folder))
    st.cache_resource.clear()
    with personas_in_session_state():
        lines = text_of(Visit(page, "executive"))
    assert not [line for line in lines if line.startswith(("exception", "error")) or re.search(r"\bnan\b", line)]
    assert any(tells in line for line in lines)


@pytest.mark.parametrize(
    ("table", "text", "rule"),
    [
        ("budget", BUDGET + "2026-01,Boxes,North,1,1\n2026-01,Boxes,,5,5\n", "budget_grain"),
        ("budget", BUDGET + "2026-01,Boxes,,1,1\n2026-01,,,5,5\n", "budget_grain"),
        ("inventory", "month,product,production,shipments,closing\n2025-12,B-1,5,,165\n", "partly_moved"),
    ],
)  # fmt: skip
def test_what_would_count_twice_or_half_is_refused(folder: Path, table: str, text: str, rule: str) -> None:
    store = open_store(folder)
    report = preview_import(store, "coordinator", ImportRequest(table, text.encode(), "x.csv"))
    store.close()
    assert not report.accepted and rule in [f.rule for f in report.findings if f.level == "error"]


def test_a_budget_by_family_without_regions_is_exact_by_family(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    initialise(store, FIRST_OPEN, CompanySettings(name="Least", fictional=True, horizon=12))
    for name in ("products", "sales_actuals"):
        load(store, name, LEAST[name])
    load(
        store,
        "budget",
        "month,family,quantity,revenue\n" + "".join(f"{m},Boxes,40,100\n{m},Crates,9,33.33\n" for m in AHEAD),
    )
    inputs = PlanningRoom(store).input_set().inputs
    store.close()
    assert inputs.budget.by_family and inputs.budget.grain == "family"
    assert np.allclose(inputs.budget.revenue.sum(axis=1), [[100.0], [33.33]])
    assert np.allclose(inputs.budget.quantity[0, :, 0], [10, 30]), "shared as recently sold"


@pytest.mark.parametrize("kind", ALONE)
def test_a_budget_of_one_figure_counts_for_what_it_tells_and_for_nothing_else(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head, row = ALONE[kind]
    store = open_store(tmp_path)
    initialise(store, FIRST_OPEN, CompanySettings(name="Least", fictional=True, horizon=12))
    budget = head + "".join(f"{month}{row.format(month=month)}\n" for month in AHEAD)
    for name in ("products", "sales_actuals"):
        load(store, name, LEAST[name])
    load(store, "budget", budget)
    room = PlanningRoom(store)
    inputs, plan = room.input_set().inputs, room.scenario_plan()
    store.close()
    assert inputs.budget is not None and "budget_figures" in [f.rule for f in inputs.findings]
    told = plan_of_budget(inputs)
    money = budget_of(inputs, "total_revenue", plan.months)
    if kind == "units":
        assert told is not None and told["consensus_demand"].sum() == 70 * 12 and "revenue" not in told
        assert not np.isfinite(money).any()
    else:
        assert money.tolist() == [100_000] * 12 and budget_gap(inputs, plan, plan.months) is None
        assert told is None or ("consensus_demand" not in told and told["revenue"].sum() == 1_200_000)
    monkeypatch.setenv("SOP_WORKSPACE", str(tmp_path))
    for page in ("Executive review", "Performance", "Financial", "Sales", "Plan changes", "Scenarios"):
        st.cache_resource.clear()
        with personas_in_session_state():
            lines = text_of(Visit(page, "executive"))
        assert not [
            line for line in lines if line.startswith(("exception", "error")) or re.search(r"\bnan\b", line)
        ]


def test_a_row_of_the_budget_tells_something(folder: Path) -> None:
    store = open_store(folder)
    text = "month,family,quantity,revenue\n2026-01,Boxes,,\n2026-01,Crates,5,\n"
    report = preview_import(store, "coordinator", ImportRequest("budget", text.encode(), "x.csv"))
    store.close()
    assert [(f.rule, f.line) for f in report.findings if f.level == "error"] == [("empty_budget", 2)]

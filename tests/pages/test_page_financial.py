"""The Financial page."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from sop.store import open_store
from sop.store.data import add_table, read_table
from tests.pages.plan_sheets import figure, figures, says_nothing_wrong, year_total
from tests.pages.screens import family_sheet, markup, open_page, paragraphs, table, tables, texts_of, words

PAGE = "financial"


def test_nobody_sees_money_before_signing_in(demo_workspace: Path) -> None:
    app = open_page(PAGE, None)
    assert "who are you today" in app.title[0].value
    assert not tables(app)


def with_months() -> AppTest:
    """The page with its sheet by month opened."""
    app = open_page(PAGE)
    assert 'class="sop-sheet"' not in markup(app), "it is long, and folded until somebody opens it"
    app.session_state["financial_months"] = True
    return app.run()


def test_the_message_agrees_with_the_sheet(demo_workspace: Path) -> None:
    app = with_months()
    says_nothing_wrong(app)
    _, revenue, gap, ebit, ebit_gap, low = figures(app.title[0].value)
    assert revenue == pytest.approx(year_total(app, "Revenue", "Actual or new plan"), abs=0.06)
    assert gap == pytest.approx(abs(year_total(app, "Revenue", "Difference")), abs=0.011)
    assert ebit == pytest.approx(year_total(app, "EBIT", "Actual or new plan"), abs=0.011)
    assert ebit_gap == pytest.approx(abs(year_total(app, "EBIT", "Difference")), abs=0.011)
    _, sheet = family_sheet(app)
    cash = [figure(cell) for cell in sheet["Cash", "Actual or new plan"][6:18]]
    assert low == pytest.approx(min(cash), abs=0.06)


def test_the_statement_adds_up_and_agrees_with_the_sheet(demo_workspace: Path) -> None:
    app = with_months()
    plan = {row[0]: figure(row[1]) for row in table(app, "To prior year")[1:]}
    costs = ("Cost of sales at standard", "Period variances", "Launch spend", "Initiative spend")
    costs += ("Other operating cost", "Depreciation")
    assert plan["EBIT"] == pytest.approx(plan["Revenue"] - sum(plan[name] for name in costs), abs=0.04)
    assert plan["EBIT"] == pytest.approx(year_total(app, "EBIT", "Actual or new plan"), abs=0.011)
    budget = {row[0]: figure(row[4]) for row in table(app, "To prior year")[1:] if row[4] != "–"}
    margin = budget["Revenue"] - budget["Cost of sales at standard"]
    assert margin == pytest.approx(budget["Gross margin"], abs=0.02)


def test_costs_that_are_apart_stand_beside_each_other_until_finance_chooses(workspace: Path) -> None:
    store = open_store(workspace)
    with store.write(by="coordinator", role="coordinator") as tx:
        books, lines = read_table(tx, "financials"), read_table(tx, "account_map")
        assert books is not None and lines is not None
        actual = books[books["scenario"] == "actual"].drop_duplicates("month")
        cheap = actual.assign(account="Cost of sales", amount=1.0)
        account = lines.iloc[:1].assign(account="Cost of sales", line="cost_of_sales")
        for name, frame, more in (("financials", books, cheap), ("account_map", lines, account)):
            add_table(tx, name, pd.concat([frame, more]), file_name=f"{name}.csv", file_sha256="0" * 64)
    store.close()
    app = open_page(PAGE)
    assert "the tables and the ledger are apart" in app.title[0].value
    assert "the tables and the ledger are apart (cost of sales" in words(app).lower()
    rows = {row[0]: row for row in table(app, "of the tables, %")[1:]}
    assert figure(rows["Cost of sales"][-1]) == pytest.approx(-100, abs=1)
    beside = {row[0]: row for row in table(app, "To prior year")[1:]}
    assert beside["Gross margin"][-2:] == ["–", "–"], "the prior year has another cost"


def open_tab(name: str) -> AppTest:
    """The page with one of its tabs open."""
    app = open_page(PAGE, "executive", money_depth=name)
    says_nothing_wrong(app)
    return app


def test_a_fiscal_year_lands_on_actual_plus_plan_as_the_sentence_says(demo_workspace: Path) -> None:
    app = open_tab("Full year")
    titles, *rows = table(app, "Landing")
    lands = {row[0]: [figure(cell) for cell in row[1:]] for row in rows}
    for actual, plan, landed, *_ in lands.values():
        assert actual + plan == pytest.approx(landed, abs=0.011)
    assert titles[1].startswith("Actual, 11 months")
    revenue, costs = (
        lands["Revenue"][2] + lands["Ledger revenue not in sales tables"][2],
        lands["Cost of sales and variances"][2],
    )
    assert revenue - costs == pytest.approx(lands["Gross margin"][2], abs=0.02)
    said = figures(next(text for text in paragraphs(app) if text.startswith("Fiscal year")))
    assert said[1:] == pytest.approx(
        [lands["Revenue"][2], abs(lands["Revenue"][4]), lands["EBIT"][2], abs(lands["EBIT"][4])], abs=0.06
    )


@pytest.mark.parametrize(
    ("tab", "ends"),
    [("Gap to budget", ["Plan", "Plan"]), ("Against last year", ["Next 12 months", "Last 12 months"])],
)
def test_a_walk_ends_where_its_steps_lead_and_its_items_add_up(
    demo_workspace: Path, tab: str, ends: list[str]
) -> None:
    app = open_tab(tab)
    walks = [rows for rows in map(texts_of, tables(app)) if rows[0][0] == "Step"]
    assert [rows[-1][0] for rows in walks] == ends
    for _, start, *steps, end in walks:
        assert figure(start[2]) + sum(figure(row[1]) for row in steps) == pytest.approx(figure(end[2]), abs=0.06)
    items = next(rows for rows in map(texts_of, tables(app)) if rows[0][0] in ("Family", "Product"))
    assert sum(figure(row[3]) for row in items[1:-1]) == pytest.approx(figure(items[-1][3]), abs=0.1)


def test_families_and_decisions_add_up_to_the_company(demo_workspace: Path) -> None:
    families = table(open_tab("Families"), "Margin at standard")[1:]
    assert families[-1][0] == "All" and not re.search(r"\d", families[-1][1]), "units are not added up"
    for column in (2, 4):
        assert sum(figure(row[column]) for row in families[:-1]) == pytest.approx(
            figure(families[-1][column]), abs=0.05
        )
    rows = {row[0]: figure(row[2]) for row in table(open_tab("Cost of decisions"), "Decision")[1:]}
    stock = next(name for name in rows if name.startswith("Carrying stock"))
    assert rows["Period variances"] == pytest.approx(
        sum(v for k, v in rows.items() if k not in ("Period variances", stock)), abs=4
    )
    assert {"Overtime", "Subcontract above standard", "Expedited: spot material and outside hours"} <= set(rows)


def test_another_plan_stands_beside_the_one_shown_with_ebit_and_cash_explained(demo_workspace: Path) -> None:
    app = open_tab("Plans side by side")
    titles, *rows = table(app, "Working plan, M€")
    assert "agreed" in titles[2]
    for row in rows:
        assert figure(row[1]) - figure(row[2]) == pytest.approx(figure(row[3]), abs=0.011)
    walks = [found for found in map(texts_of, tables(app)) if found[0][0] == "Step"]
    lines = {row[0]: row for row in rows}
    assert [figure(walk[-1][2]) for walk in walks] == [
        figure(lines["EBIT"][1]),
        figure(lines["Cash, at the end"][1]),
    ]
    app.multiselect(key="money_beside").set_value([]).run()
    says_nothing_wrong(app)


def test_sales_and_ledger_are_reconciled_with_the_difference_named(demo_workspace: Path) -> None:
    titles, *rows = table(open_tab("Ledger"), "Ledger revenue not in sales tables")
    assert len(rows) == 13 and titles[2] == "Ledger revenue not in sales tables, €"
    for row in rows:
        assert figure(row[1]) + figure(row[2]) == pytest.approx(figure(row[3]), abs=1)


@pytest.mark.parametrize(
    "tab",
    [
        "Full year",
        "Gap to budget",
        "Against last year",
        "Families",
        "Cost of decisions",
        "Plans side by side",
        "Ledger",
    ],
)
def test_every_tab_of_a_company_with_almost_nothing_says_what_is_missing(poor_workspace: Path, tab: str) -> None:
    open_tab(tab)


def test_without_a_ledger_the_plan_goes_to_gross_margin_and_says_why(poor_workspace: Path) -> None:
    app = with_months()
    says_nothing_wrong(app)
    assert app.title[0].value.endswith("it stops there: no operating cost loaded.")
    assert "Load financials and account map on the Data page." in words(app)
    _, sheet = family_sheet(app)
    assert ("Gross margin", "Actual or new plan") in sheet
    assert ("EBIT", "Actual or new plan") not in sheet

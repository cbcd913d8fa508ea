"""Figures that explain themselves, on the executive review's cards and on the plan pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sop.services.scenarios import drafts as scenarios
from tests.pages.screens import open_page, table_rows, words
from tests.pages.workspaces import POOR, RICH, copy_of, make_workspace, room_of

PLAN_PAGES = (
    "sales", "production", "inventory", "customer_lead_time", "new_products", "strategic_initiatives", "financial",
)  # fmt: skip


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_workspace(tmp_path_factory.mktemp("rich"), RICH)


@pytest.fixture(scope="module")
def poor(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_workspace(tmp_path_factory.mktemp("poor"), POOR)


def use(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOP_WORKSPACE", str(folder))


FOLDED = {"financial": {"financial_months": True}}
"""What is folded on a page until it is opened, by its state."""


def open_figure(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    assert not app.exception and not app.error
    return app


def cents(text: str) -> int:
    """'−1 234.50 €' → −123450."""
    return round(float(re.sub(r"[^\d.−]", "", text).replace("−", "-")) * 100)


def test_a_card_opens_to_parts_that_add_up_to_its_figure(rich: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(rich, monkeypatch)
    app = open_figure(open_page("executive_review", "executive"), "explain_card_ebit")
    *parts, total = table_rows(app, "What EBIT follows from")
    assert sum((-1 if sign == "−" else 1) * cents(value) for _, sign, value in parts) == cents(total[2])
    assert cents(total[2]) == room_of(rich).scenario_plan().headline["ebit"]
    assert "The parts add up to the cent." in words(app)


def test_a_figure_shows_rows_by_file_and_line_and_who_set_what_and_why(
    rich: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(copy_of(rich, tmp_path), monkeypatch)
    store = room_of(tmp_path).store
    working = scenarios.working_scenario(store, "head_of_sales")
    scenarios.change_assumption(store, "head_of_sales", working.id, "demand_pct", 0.1, reason="A * <fair>")
    app = open_figure(open_page("sales", "viewer"), "explain_sales")
    rows = table_rows(app, "Assumptions behind it")
    assert any(row[0] == "Demand against forecast" and "A * <fair> Head of sales" in row[4] for row in rows)
    (first, *_) = table_rows(app, "Rows of sales_actuals")
    assert first[0] == "sales_actuals.csv" and int(first[1]) >= 2 and first[2].startswith("month 2025-12")


@pytest.mark.parametrize("name", PLAN_PAGES)
def test_every_plan_page_opens_its_figures(name: str, rich: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(rich, monkeypatch)
    app = open_figure(open_page(name, "executive", **FOLDED.get(name, {})), f"explain_{name}")
    assert any(box.label == "Measure" for box in app.selectbox)
    assert "It follows from" in words(app)


@pytest.mark.parametrize("name", ["inventory", "financial"])
def test_a_company_that_has_little_loaded_can_open_what_it_has(
    name: str, poor: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(poor, monkeypatch)
    app = open_figure(open_page(name, "executive", **FOLDED.get(name, {})), f"explain_{name}")
    assert "nan" not in words(app).lower().split()


def test_the_family_that_the_page_shows_is_explained_first(rich: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(rich, monkeypatch)
    app = open_page("inventory", "executive", plan_family="Family A")
    app = open_figure(app, "explain_inventory")
    assert (
        next(box for box in app.selectbox if box.label == "Family" and "explain" in str(box.key)).value
        == "Family A"
    )


def test_nobody_opens_a_figure_before_signing_in(rich: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(rich, monkeypatch)
    app = open_page("executive_review", None)
    assert not [button for button in app.button if "explain" in str(button.key)]

"""What is loaded, how fresh and complete, and what the rest would unlock."""

from __future__ import annotations

import pandas as pd

from sop.core.tables import TABLE_NAMES
from sop.intake.completeness import TableState, build_completeness


def _states(**tables: pd.DataFrame) -> dict[str, TableState]:
    return {state.table: state for state in build_completeness(tables, "2026-04")}


def test_every_table_of_the_contract_has_a_state() -> None:
    assert tuple(_states()) == TABLE_NAMES


def test_what_is_missing_says_what_it_would_unlock() -> None:
    states = _states()
    assert states["products"].status == "not loaded, needed for every plan"
    assert states["order_book"].status == "not loaded: would unlock customer lead time plan"


def test_actuals_that_reach_the_last_closed_month_are_up_to_date() -> None:
    state = _states(sales_actuals=pd.DataFrame({"month": ["2026-02", "2026-03"], "cost": [1.0, 2.0]}))[
        "sales_actuals"
    ]
    assert (state.rows, state.first_month, state.last_month, state.months_behind) == (2, "2026-02", "2026-03", 0)
    assert state.status == "up to date"
    assert state.empty_columns == ("channel", "customer", "revenue", "ordered")


def test_actuals_that_stop_early_or_have_gaps_say_so() -> None:
    state = _states(sales_actuals=pd.DataFrame({"month": ["2025-11", "2026-01"]}))["sales_actuals"]
    assert (state.months_behind, state.missing_months) == (2, ("2025-12",))
    assert state.status == "2 months behind, 1 month missing"


def test_a_budget_is_never_behind() -> None:
    state = _states(budget=pd.DataFrame({"month": ["2025-01"]}))["budget"]
    assert (state.months_behind, state.status) == (None, "loaded")

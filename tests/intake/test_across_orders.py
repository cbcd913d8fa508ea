"""Order book, stated lead time and shipments: where they contradict each other, and what is inferred, is said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sop.core.calendar import Calendar, shift_period
from sop.core.inputs import Inputs
from sop.facts.actuals import orders_by_family
from sop.intake.assemble import assemble, book_findings

FIRST = "2026-01"
PAST = [shift_period(FIRST, -t) for t in range(24, 0, -1)]


def tables(
    book: float,
    *,
    lead: float = 60.0,
    late: float | None = None,
    sold: float = 100.0,
    months: Sequence[str] = PAST,
) -> dict[str, pd.DataFrame]:
    """A family made to order that ships `sold` a month and has `book` open orders, `late` of them (None: ?)."""
    return {
        "products": pd.DataFrame(
            {"product": ["A"], "name": ["a"], "family": ["Aircraft"], "strategy": ["MTO"], "price": [1000.0],
             "standard_lead_time_days": [lead]}
        ),
        "sales_actuals": pd.DataFrame(
            [(m, "A", "World", sold, sold * 1000) for m in months],
            columns=["month", "product", "region", "quantity", "revenue"],
        ),
        "order_book": pd.DataFrame(
            [(months[-1], "A", "World", book, late)],
            columns=["month", "product", "region", "quantity", "past_due"],
        ),
    }  # fmt: skip


def company(book: float, **said: Any) -> Inputs:
    return assemble(tables(book, **said), Calendar(FIRST, 12))


def rules(inputs: Inputs) -> list[str]:
    return [finding.rule for finding in inputs.findings if finding.table == "order_book"]


def test_a_book_of_276_days_against_60_says_both_figures_and_what_each_would_mean() -> None:
    (found,) = (finding for finding in company(907).findings if finding.rule == "little_law")
    assert found.level == "warning"
    for figure in (
        "907 open orders are 276 days of shipments",
        "stated lead time is 60 days",
        "710 units (7.1 months of shipments) are past due, and the plan ships them as soon as it can",
        "customers wait 276 days and nothing is past due",
    ):
        assert figure in found.what
    assert "past_due" in found.remedy and "standard_lead_time_days" in found.remedy


def test_what_is_past_due_by_the_table_explains_the_book() -> None:
    assert rules(company(907, late=707.0)) == []
    (found,) = (finding for finding in company(907, late=0.0).findings if finding.rule == "little_law")
    assert "710 units (7.1 months of shipments) more than are shipped in as many days" in found.what


def test_a_book_far_too_small_for_the_lead_time_is_said_too() -> None:
    (found,) = (finding for finding in company(10, late=0.0).findings if finding.rule == "little_law")
    assert "only 10 units fall due in the next 60 days, where 197 are shipped" in found.what


@pytest.mark.parametrize("book", [197.0, 220.0, 290.0])
def test_growth_and_season_explain_a_month_or_half_of_the_lead_time(book: float) -> None:
    assert "little_law" not in rules(company(book))


def test_a_lead_time_of_zero_is_held_against_the_book() -> None:
    (found,) = (finding for finding in company(300, lead=0.0).findings if finding.rule == "little_law")
    assert "91 days of shipments, its stated lead time is 0 days" in found.what


def test_a_book_of_what_is_not_sold_is_named() -> None:
    assert "book_without_sales" in rules(company(50, sold=0.0))


def test_one_closed_month_is_taken_for_what_it_is_not_as_a_twelfth_of_a_year() -> None:
    inputs = company(500, months=PAST[-1:])
    # 100 in the 31 days of December are 194 in 60 days; a twelfth of it would have left nearly all of it late.
    assert inputs.position.past_due.sum() == 306
    assert rules(inputs) == ["little_law"]


def test_what_is_inferred_is_named_and_is_no_actual() -> None:
    inferred, given = company(220), company(220, late=23.0)
    assert rules(inferred) == ["past_due_inferred"] and rules(given) == []
    assert inferred.position.past_due.sum() == given.position.past_due.sum() == 23
    assert inferred.orders is not None and given.orders is not None
    assert np.isnan(orders_by_family(inferred, inferred.orders, "past_due").values).all()
    assert orders_by_family(given, given.orders, "past_due").values[0, -1] == 23


def test_made_to_order_without_a_lead_time_is_taken_at_the_days_that_the_plan_takes() -> None:
    inputs = company(120, lead=np.nan)
    assert inputs.families.lead_days.tolist() == [30.0]
    assert inputs.position.past_due.sum() == 120 - round(100 * 12 / 365 * 30)


def test_past_due_below_zero_is_none() -> None:
    inputs = company(100, late=-5.0)
    assert inputs.position.past_due.sum() == 0 and inputs.position.orders_not_due.sum() == 100


def test_nothing_is_said_before_all_three_tables_are_loaded() -> None:
    loaded = tables(907)
    assert [finding.rule for finding in book_findings(loaded, Calendar(FIRST, 12))] == ["little_law"]
    assert book_findings({**loaded, "order_book": loaded["order_book"].iloc[:0]}, Calendar(FIRST, 12)) == ()
    assert book_findings({"order_book": loaded["order_book"]}, Calendar(FIRST, 12)) == ()

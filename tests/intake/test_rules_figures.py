"""Figures that cannot be, or hardly can, and books that must add up."""

from __future__ import annotations

from typing import Any

import pandas as pd

SALES = "month,product,region,quantity,revenue\n"
STOCK = "month,plant,product,opening,production,shipments,closing\n"
MOVES = "month,plant,product,production,shipments,closing\n"
RESOURCES = {"resources": pd.DataFrame({"resource": ["L1"], "plant": ["P"]})}


def test_negative_sales_are_asked_about_and_kept_as_returns(check: Any, found: Any) -> None:
    text = SALES + "2026-01,00123,North,-5,-50\n"
    assert found(check("sales_actuals", text)) == [("question", "negative_sales", 2, "quantity")]
    kept = check("sales_actuals", text, answers={"negative_sales": "returns"})
    assert (found(kept), kept.frame["quantity"].tolist()) == (
        [("warning", "negative_sales", 2, "quantity")],
        [-5.0],
    )


def test_negative_revenue_on_sold_units_is_a_warning(check: Any, found: Any) -> None:
    text = SALES + "2026-01,00123,North,5,-50\n"
    assert found(check("sales_actuals", text)) == [("warning", "negative_revenue", 2, "revenue")]


def test_more_hours_than_a_month_has_are_a_warning_and_a_hundredfold_an_error(check: Any, found: Any) -> None:
    # April has 30 × 24 = 720 hours; 72,000 would be a hundred machines.
    text = "month,resource,capacity_hours\n2026-04,L1,720\n2026-05,L1,745\n2026-06,L1,72001\n"
    assert found(check("capacity", text, tables=RESOURCES)) == [
        ("warning", "capacity_hours", 3, "capacity_hours"),
        ("error", "capacity_hours", 4, "capacity_hours"),
    ]


def test_working_days_fit_into_their_month(check: Any, found: Any) -> None:
    text = "month,plant,working_days,shutdown_days\n2026-02,P,28,0\n2026-03,P,20,21\n2027-02,Q,29,0\n"
    assert found(check("calendar", text, answers={"missing_months": "missing"}))[-2:] == [
        ("error", "working_days", 4, "working_days"),
        ("error", "working_days", 3, "shutdown_days"),
    ]


def test_a_thousandfold_figure_in_a_series_is_a_warning(check: Any, found: Any) -> None:
    rows = "".join(f"2025-0{i},00123,North,{q},10\n" for i, q in enumerate([10, 12, 11, 10000, 9], start=1))
    assert found(check("sales_actuals", SALES + rows)) == [("warning", "jump", 5, "quantity")]


def test_a_seasonal_peak_of_a_hundredfold_is_no_jump(check: Any, found: Any) -> None:
    rows = "".join(f"2025-0{i},00123,North,{q},10\n" for i, q in enumerate([10, 12, 11, 1000, 9], start=1))
    assert found(check("sales_actuals", SALES + rows)) == []


def test_a_figure_a_thousandfold_of_the_stored_one_is_a_warning(check: Any, found: Any) -> None:
    head = "product,name,family,price\n"
    stored = check("products", head + "A,Box,Boxes,1200\nB,Bag,Boxes,800\n").frame
    checked = check("products", head + "A,Box,Boxes,1.2\nB,Bag,Boxes,900\n", tables={"products": stored})
    assert found(checked) == [("warning", "restatement", 2, "price")]


def test_a_price_below_cost_is_a_warning(check: Any, found: Any) -> None:
    text = "product,name,family,price,unit_cost\nA,Box,Boxes,1,2\nB,Bag,Boxes,2,2\n"
    assert found(check("products", text)) == [("warning", "price_below_cost", 2, "price")]


def test_past_due_cannot_exceed_all_open_orders(check: Any, found: Any) -> None:
    text = "month,product,region,quantity,past_due\n2026-03,00123,North,5,6\n2026-03,MAR-1,North,5,5\n"
    assert found(check("order_book", text)) == [("error", "past_due", 2, "past_due")]


def test_nothing_is_delivered_before_it_is_ordered(check: Any, found: Any) -> None:
    text = (
        "order_line,product,region,ordered,requested,promised,delivered,quantity_ordered,quantity_delivered\n"
        "1,00123,North,2026-02-05,2026-02-20,2026-02-20,2026-02-20,5,5\n"
        "2,00123,North,2026-02-05,2026-02-20,2026-01-20,2026-02-01,5,5\n"
        "3,00123,North,2026-02-05,2026-02-20,2026-02-20,,5,5\n"
    )
    assert found(check("deliveries", text)) == [
        ("error", "delivery_dates", 3, "delivered"),
        ("warning", "delivery_dates", 3, "promised"),
        ("warning", "delivery_dates", 4, "delivered"),
    ]


def test_a_missing_opening_is_the_closing_of_the_month_before(check: Any, found: Any) -> None:
    checked = check("inventory", MOVES + "2026-01,P,00123,5,2,10\n2026-02,P,00123,4,4,10\n")
    assert found(checked) == []
    assert checked.frame["opening"].isna().tolist() == [True, False]
    assert checked.frame["opening"].tolist()[1] == 10.0
    assert checked.opening_filled == 1


def test_an_opening_that_cannot_be_read_is_an_error_and_not_the_closing_before(check: Any, found: Any) -> None:
    checked = check("inventory", STOCK + "2026-02,P1,00123,10,0,0,10\n2026-03,P1,00123,ten,0,0,10\n")
    assert found(checked) == [("error", "bad_number", 3, "opening")]
    assert checked.opening_filled == 0


def test_after_a_gap_the_opening_stays_missing(check: Any) -> None:
    text = MOVES + "2026-01,P,00123,5,2,10\n2026-02,P,MAR-1,4,4,10\n2026-03,P,00123,4,4,99\n"
    checked = check("inventory", text)
    assert checked.ok
    assert checked.frame["opening"].isna().all()


def test_opening_and_movements_that_do_not_lead_to_closing_are_an_error(check: Any, found: Any) -> None:
    text = STOCK + "2026-01,P,00123,10,5,2,13\n2026-02,P,00123,13,5,2,17\n"
    assert found(check("inventory", text)) == [("error", "movement_break", 3, "closing")]


def test_receipts_from_outside_and_adjustments_are_movements_too(check: Any, found: Any) -> None:
    text = STOCK.replace("\n", ",subcontract_receipts,adjustments\n") + "2026-01,P,00123,10,5,2,16,4,-1\n"
    assert found(check("inventory", text)) == []


def test_an_opening_that_is_not_the_closing_before_is_an_error(check: Any, found: Any) -> None:
    text = STOCK + "2026-01,P,00123,10,5,2,13\n2026-02,P,00123,20,5,2,23\n"
    assert found(check("inventory", text)) == [("error", "opening_break", 3, "opening")]


def test_a_negative_closing_is_a_warning_where_the_books_add_up(check: Any, found: Any) -> None:
    text = MOVES + "2026-01,P,00123,5,2,1\n2026-02,P,00123,0,4,-3\n"
    assert found(check("inventory", text)) == [("warning", "negative_closing", 3, "closing")]


def test_a_negative_closing_is_an_error_where_they_do_not(check: Any, found: Any) -> None:
    text = MOVES + "2026-01,P,00123,5,2,1\n2026-02,P,00123,0,4,-9\n"
    assert found(check("inventory", text)) == [
        ("error", "movement_break", 3, "closing"),
        ("error", "negative_closing", 3, "closing"),
    ]


def test_added_months_take_their_opening_from_the_stored_ones(check: Any, found: Any) -> None:
    stored = check("inventory", MOVES + "2026-01,P,00123,5,2,10\n").frame
    added = check("inventory", MOVES + "2026-02,P,00123,4,4,10\n", tables={"inventory": stored}, mode="add")
    assert (found(added), added.frame["opening"].tolist()) == ([], [10.0])
    broken = check("inventory", MOVES + "2026-02,P,00123,4,4,11\n", tables={"inventory": stored}, mode="add")
    assert found(broken) == [("error", "movement_break", 2, "closing")]


def test_an_added_month_must_meet_the_stored_month_after_it(check: Any, found: Any) -> None:
    stored = check("inventory", STOCK + "2026-01,P,00123,10,0,0,10\n2026-02,P,00123,10,0,0,10\n").frame
    text = STOCK + "2026-01,P,00123,10,1,0,11\n"
    assert found(check("inventory", text, tables={"inventory": stored}, mode="add")) == [
        ("error", "opening_break", None, "closing")
    ]


def test_stock_rows_without_any_readable_month_are_errors_not_a_crash(check: Any, found: Any) -> None:
    text = MOVES + "spring,P,00123,5,2,10\n"
    assert found(check("inventory", text)) == [("error", "bad_month", 2, "month")]


def test_months_for_nothing_of_a_product_that_is_paid_for_otherwise_are_told(check: Any, found: Any) -> None:
    text = "month,product,region,quantity,revenue\n2026-02,00123,North,5,50\n2026-03,00123,North,5,0\n"
    text += "2026-02,1E5,North,5,50\n2026-03,1E5,North,5,50\n2026-03,1E5,South,1,0\n2026-02,1E5,South,1,5\n"
    assert found(check("sales_actuals", text)) == [("warning", "free_month", 3, "revenue")]
    assert found(check("sales_actuals", text.replace("5,0\n", "5,\n"))) == []


def test_revenue_above_zero_of_units_that_came_back_is_told(check: Any, found: Any) -> None:
    text = "month,product,region,quantity,revenue\n2026-03,00123,North,-5,50\n"
    told = found(check("sales_actuals", text, answers={"negative_sales": "returns"}))
    assert ("warning", "negative_revenue", 2, "revenue") in told

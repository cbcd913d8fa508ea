"""Months: forms, order, closed months, gaps and true zeros."""

from __future__ import annotations

from typing import Any

import pytest

from sop.core.errors import BadInput

SALES = "month,product,region,quantity,revenue\n"


def _sales(*months: str, product: str = "00123") -> str:
    return SALES + "".join(f"{month},{product},North,5,50\n" for month in months)


def test_a_month_that_is_none_is_an_error(check: Any, found: Any) -> None:
    assert found(check("sales_actuals", _sales("2026-01", "2026-13"))) == [("error", "bad_month", 3, "month")]


def test_a_bad_date_is_an_error(check: Any, found: Any) -> None:
    text = (
        "order_line,product,region,ordered,requested,promised,delivered,quantity_ordered,quantity_delivered\n"
        "1,00123,North,2026-01-05,2026-01-20,2026-02-30,2026-01-20,5,5\n"
    )
    assert found(check("deliveries", text)) == [("error", "bad_date", 2, "promised")]


def test_day_or_month_first_is_asked_about(check: Any, found: Any) -> None:
    text = _sales("01/02/2026", "01/03/2026")
    assert found(check("sales_actuals", text))[0] == ("question", "date_order", None, "")
    assert check("sales_actuals", text, answers={"date_order": "dmy"}).frame["month"].tolist() == [
        "2026-02",
        "2026-03",
    ]


def test_one_date_that_only_one_order_allows_settles_the_others(check: Any) -> None:
    checked = check("sales_actuals", _sales("31/01/2026", "01/02/2026"))
    assert checked.frame["month"].tolist() == ["2026-01", "2026-02"]


def test_dates_in_both_orders_are_an_error(check: Any, found: Any) -> None:
    assert found(check("sales_actuals", _sales("31/01/2026", "01/31/2026"))) == [("error", "date_order", None, "")]


def test_a_month_written_in_two_forms_is_a_warning_and_counts_as_one(check: Any, found: Any) -> None:
    text = SALES + "2026-01,00123,North,5,50\nJan 2026,MAR-1,North,5,50\n"
    checked = check("sales_actuals", text)
    assert found(checked) == [("warning", "month_forms", None, "month")]
    assert checked.frame["month"].tolist() == ["2026-01", "2026-01"]


def test_the_same_row_in_two_forms_of_the_month_shares_its_key(check: Any, found: Any) -> None:
    rules = [rule for _, rule, _, _ in found(check("sales_actuals", _sales("2026-01", "Jan 2026")))]
    assert rules == ["month_forms", "same_key"]


def test_months_not_yet_closed_are_refused(check: Any, found: Any) -> None:
    checked = check("sales_actuals", _sales("2026-03", "2026-04"))
    assert found(checked) == [("error", "open_month", 3, "month")]
    assert checked.findings[0].remedy == "Set later rows aside: until 2026-03"


def test_until_sets_later_rows_aside_and_counts_them(check: Any, found: Any) -> None:
    checked = check("sales_actuals", _sales("2026-02", "2026-03", "2026-04", "2026-05"), until="2026-03")
    assert (found(checked), checked.set_aside) == ([], 2)
    assert checked.frame["month"].tolist() == ["2026-02", "2026-03"]


def test_until_does_not_open_months_that_are_not_closed(check: Any, found: Any) -> None:
    checked = check("sales_actuals", _sales("2026-03", "2026-04", "2026-05"), until="2026-04")
    assert (found(checked), checked.set_aside) == ([("error", "open_month", 3, "month")], 1)


def test_future_months_of_a_budget_are_welcome(check: Any, found: Any) -> None:
    text = "month,family,region,quantity,revenue\n2026-04,Boxes,North,5,50\n2026-05,Boxes,North,5,50\n"
    assert found(check("budget", text)) == []


def test_the_ledgers_actuals_must_be_closed_and_its_budget_need_not(check: Any, found: Any) -> None:
    text = (
        "month,scenario,account_type,account,amount\n2026-04,Actual,Assets,Cash,5\n2026-04,Budget,Assets,Cash,5\n"
    )
    assert found(check("financials", text)) == [("error", "open_month", 2, "month")]


def test_until_makes_no_sense_for_a_table_without_months(check: Any) -> None:
    with pytest.raises(BadInput, match="no months"):
        check("products", "product,name,family\nA,Box,Boxes\n", until="2026-03")


def test_a_month_without_any_row_is_asked_about(check: Any, found: Any) -> None:
    text = _sales("2026-01", "2026-03")
    assert found(check("sales_actuals", text)) == [("question", "missing_months", None, "month")]
    answered = check("sales_actuals", text, answers={"missing_months": "missing"})
    assert (found(answered), answered.missing_months, answered.ok) == (
        [("warning", "missing_months", None, "month")],
        ("2026-02",),
        True,
    )


def test_months_that_are_stored_already_are_not_missing_when_adding(check: Any, found: Any) -> None:
    stored = check("sales_actuals", _sales("2026-02")).frame
    checked = check("sales_actuals", _sales("2026-01", "2026-03"), tables={"sales_actuals": stored}, mode="add")
    assert found(checked) == []


def test_months_that_the_file_does_not_cover_stay_unless_it_replaces_all(check: Any, found: Any) -> None:
    stored = {"sales_actuals": check("sales_actuals", _sales("2026-01", "2026-02")).frame}
    assert found(check("sales_actuals", _sales("2026-03"), tables=stored)) == []
    asked = check("sales_actuals", _sales("2026-03"), tables=stored, mode="replace")
    assert found(asked) == [("question", "removed_rows", None, "")]
    assert "2 of 2 stored rows, 2026-01 to 2026-02" in asked.findings[0].what
    assert not check(
        "sales_actuals", _sales("2026-03"), tables=stored, mode="replace", answers={"removed_rows": "1"}
    ).ok
    assert check(
        "sales_actuals", _sales("2026-03"), tables=stored, mode="replace", answers={"removed_rows": "2"}
    ).ok


def test_a_restated_month_may_lose_a_few_rows_with_a_warning_and_most_of_them_when_asked(
    check: Any, found: Any
) -> None:
    rows = [f"2026-03,00123,{region},5,50\n" for region in ("North", "South", "East")]
    stored = {"sales_actuals": check("sales_actuals", SALES + "".join(rows)).frame}
    few = check("sales_actuals", SALES + "".join(rows[:2]), tables=stored)
    assert found(few) == [("warning", "rows_go", None, "month")] and "00123 East" in few.findings[0].what
    assert found(check("sales_actuals", SALES + rows[0], tables=stored)) == [
        ("question", "removed_rows", None, "")
    ]
    assert found(check("sales_actuals", SALES + rows[0], tables=stored, mode="add")) == []


def test_actuals_that_end_before_the_last_closed_month_are_a_warning(check: Any) -> None:
    (finding,) = check("sales_actuals", _sales("2026-01", "2026-02")).findings
    assert (finding.level, finding.rule) == ("warning", "behind")
    assert finding.what == "the table ends in 2026-02 but the last closed month is 2026-03"
    assert check("sales_actuals", _sales("2026-02", "2026-03")).findings == ()


def test_months_after_the_tables_last_are_missing_and_no_true_zeros(check: Any) -> None:
    text = _sales("2026-01", "2026-02") + "2026-01,MAR-1,North,5,50\n"
    assert check("sales_actuals", text).true_zeros == 1


def test_closed_months_after_a_series_first_row_count_as_true_zeros(check: Any) -> None:
    # 00123: January, February, March all there. MAR-1: from January, February and March without a row: two zeros.
    text = _sales("2026-01", "2026-02", "2026-03") + "2026-01,MAR-1,North,5,50\n"
    checked = check("sales_actuals", text)
    assert checked.true_zeros == 2
    assert [(f.level, f.count) for f in checked.findings if f.rule == "true_zeros"] == [("note", 2)]


def test_a_month_missing_from_the_whole_table_is_no_true_zero(check: Any) -> None:
    checked = check("sales_actuals", _sales("2026-01", "2026-03"), answers={"missing_months": "missing"})
    assert checked.true_zeros == 0


def test_channels_of_one_series_are_added_up_before_zeros_are_counted(check: Any) -> None:
    text = "month,product,region,channel,quantity,revenue\n"
    text += "2026-01,00123,North,Web,1,1\n2026-02,00123,North,Shop,1,1\n2026-03,00123,North,Web,1,1\n"
    assert check("sales_actuals", text).true_zeros == 0


def test_an_unknown_answer_is_refused(check: Any) -> None:
    with pytest.raises(BadInput, match="does not answer date_order"):
        check("sales_actuals", _sales("2026-01"), answers={"date_order": "ymd"})
    with pytest.raises(BadInput, match="no question 'colour'"):
        check("sales_actuals", _sales("2026-01"), answers={"colour": "red"})


def test_an_indicator_is_as_new_as_it_was_published(check: Any) -> None:
    header = "month,indicator,value,published_month\n"
    new, old = (f"2026-02,Registrations,98,{published}\n" for published in ("2026-03", "2026-02"))
    rules = [[finding.rule for finding in check("indicators", header + row).findings] for row in (new, old)]
    assert rules == [[], ["behind"]]


def test_a_product_that_a_file_leaves_out_of_all_months_is_never_deleted_with_a_warning(
    check: Any, found: Any
) -> None:
    rows = [f"2026-0{month},{product},North,5,50\n" for month in (2, 3) for product in ("00123", "1E5", "MAR-1")]
    stored = {"sales_actuals": check("sales_actuals", SALES + "".join(rows)).frame}
    left = SALES + "".join(row for row in rows if "MAR-1" not in row)
    assert found(check("sales_actuals", left, tables=stored)) == [("question", "removed_rows", None, "")]
    assert check("sales_actuals", left, tables=stored, answers={"removed_rows": "2"}).ok
    one = check("sales_actuals", SALES + "".join(rows[3:5]), tables=stored)
    assert found(one) == [("warning", "rows_go", None, "month")]
    assert "they are removed" in one.findings[0].what and "undo" in one.findings[0].remedy

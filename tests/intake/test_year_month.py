"""Months in two columns, periods of a fiscal year, weeks with the year behind: read, or asked."""

from __future__ import annotations

from typing import Any

import pytest

from sop.core.calendar import MONTH, WEEK
from sop.intake.check import offered_answers
from sop.intake.parse import parse_date, parse_period

REST = "product,region,quantity"


def _sheet(head: str, first: str, second: str) -> str:
    return f"{head},{REST}\n{first},00123,North,5\n{second},1E5,North,6\n"


@pytest.mark.parametrize(
    ("head", "first", "second"),
    [
        ("Year,Month", "2026,1", "2026,02"),
        ("Jahr,Monat", "2026,Januar", "2026,Feb."),
        ("Año,Mes", "2026,enero", "2026,febrero"),
        ("Année,Mois", "2026,janvier", "2026,févr."),
        ("Rok,Miesiąc", "2026,styczeń", "2026,2"),
        ("Maand,Jaar", "jan,2026", "feb,2026"),
        ("year,month", "2026,001", "2026,002"),
    ],
)
def test_a_year_and_a_month_in_two_columns_are_one_month(
    check: Any, found: Any, head: str, first: str, second: str
) -> None:
    checked = check("sales_actuals", _sheet(head, first, second))
    assert checked.frame["month"].tolist() == ["2026-01", "2026-02"] and checked.ok
    assert "year_and_month" in {each.rule for each in checked.findings}


@pytest.mark.parametrize(
    ("head", "first", "second"),
    [
        ("Year,Period", "2026,1", "2026,2"),
        ("Fiscal year,Month", "2026,1", "2026,2"),
        ("Geschäftsjahr,Buchungsperiode", "2026,001", "2026,002"),
        ("Fiscal year,Period", "FY2026,P01", "FY2026,P02"),
        ("Period", "001.2026", "002.2026"),
        ("Periode", "2026001", "2026002"),
        ("month", "P01/2026", "P02/2026"),
        ("Posting period", "2026/001", "2026/002"),
    ],
)
def test_periods_of_a_fiscal_year_are_asked_about(
    check: Any, found: Any, head: str, first: str, second: str
) -> None:
    text = _sheet(head, first, second)
    asked = check("sales_actuals", text)
    assert not asked.ok and ("question", "periods", None, "month") in found(asked)
    answered = check("sales_actuals", text, answers={"periods": "calendar"})
    assert answered.ok and answered.frame["month"].tolist() == ["2026-01", "2026-02"]


def test_the_thirteenth_period_is_no_month(check: Any, found: Any) -> None:
    text = _sheet("month", "012.2025", "013.2025")
    checked = check("sales_actuals", text, answers={"periods": "calendar"})
    assert not checked.ok and [each[2] for each in found(checked)] == [3]


def test_days_of_a_month_are_added_up_and_an_empty_month_names_its_line(check: Any, found: Any) -> None:
    rows = "".join(f"2025,{i},00123,North,{q}\n" for q in (5, 6) for i in range(1, 13))
    checked = check("sales_actuals", f"Year,Month,{REST}\n{rows}", answers={"same_key": "sum"})
    assert checked.ok and checked.frame["quantity"].tolist() == [11.0] * 12
    odd = check("sales_actuals", _sheet("Year,Month", "2026,1", "2026,"))
    assert ("error", "empty_cell", 3, "month") in found(odd)


def test_two_years_are_left_as_they_are(check: Any) -> None:
    assert not check("sales_actuals", f"Year,Fiscal year,Month,{REST}\n2026,2025,1,00123,North,5\n").ok


@pytest.mark.parametrize("cells", ["May-26", "99/2026"])
def test_a_column_of_months_nobody_can_read_says_so(check: Any, cells: str) -> None:
    checked = check("sales_actuals", _sheet("Monat", cells, cells))
    (missing,) = [each for each in checked.findings if each.rule == "missing_column"]
    assert "'Monat' may be month, but cells in it cannot be read" in missing.what and missing.value == cells
    assert "YYYY-MM" in missing.remedy


@pytest.mark.parametrize("text", ["KW 18/2026", "KW18 2026", "W18 2026", "cw 18 2026", "2026-W18"])
def test_weeks_are_read_with_the_year_before_or_behind(text: str) -> None:
    for bucket in (MONTH, WEEK):
        read = parse_period(text, "dmy", bucket)
        assert read is not None and read.month == "2026-W18"


def test_what_could_be_a_week_or_a_month_is_none() -> None:
    assert [parse_period(text, "dmy", WEEK) for text in ("18.2026", "W54 2026", "KW 18")] == [None] * 3
    month = parse_date("M05 2026", "dmy")
    assert month is not None and month.month == "2026-05" and parse_date("M13 2026", "dmy") is None


@pytest.mark.parametrize(
    ("answer", "months"),
    [
        ("fiscal_end", ["2025-07", "2025-08"]),
        ("fiscal_begin", ["2026-07", "2026-08"]),
        ("calendar", ["2026-01", "2026-02"]),
    ],
)
@pytest.mark.parametrize("head", ["Year,Period", "Period"])
def test_periods_follow_the_companys_fiscal_year(check: Any, head: str, answer: str, months: list[str]) -> None:
    text = _sheet(head, *(("2026,P01", "2026,P02") if "," in head else ("P01/2026", "P02/2026")))
    (asked,) = [f for f in check("sales_actuals", text, fiscal_start=7).findings if f.level == "question"]
    assert "fiscal_end if period 1 of the fiscal year 2026 is 2025-07" in asked.remedy
    assert list(offered_answers(asked)) == ["calendar", "fiscal_end", "fiscal_begin"]
    answered = check("sales_actuals", text, fiscal_start=7, answers={"periods": answer})
    assert answered.frame["month"].tolist() == months


@pytest.mark.parametrize("head", ["month", "Monat", "Period", "Datum"])
@pytest.mark.parametrize("cells", [("05.2026", "18.2026"), ("05/2026", "18/2026"), ("202605", "202618")])
def test_months_beyond_december_are_asked_about_in_one_sentence(
    check: Any, found: Any, head: str, cells: tuple[str, str]
) -> None:
    text = _sheet(head, *cells)
    asked = check("sales_actuals", text)
    told = [f for f in asked.findings if f.level in ("error", "question")]
    assert [f.rule for f in told] == ["periods"] and f"'{cells[1]}' may be a week of its year" in told[0].what
    weeks = check(
        "sales_actuals", text, answers={"periods": "weeks", "missing_months": "missing"}, first_open="2026-07"
    )
    assert weeks.ok and weeks.frame["month"].tolist() == ["2026-W05", "2026-W18"]


@pytest.mark.parametrize(
    ("head", "cells"),
    [("KW", ("05.2026", "06.2026")), ("Calendar week", ("202605", "202606")), ("Jahr,KW", ("2026,5", "2026,06"))],
)
def test_a_column_that_is_called_one_of_weeks_is_read_so(check: Any, head: str, cells: tuple[str, str]) -> None:
    checked = check("sales_actuals", _sheet(head, *cells), first_open="2026-07")
    assert checked.ok and checked.frame["month"].tolist() == ["2026-W05", "2026-W06"]


def test_what_no_year_has_is_no_week(check: Any) -> None:
    assert not check("sales_actuals", _sheet("KW", "54.2026", "55.2026"), first_open="2026-07").ok
    assert not check("sales_actuals", _sheet("Monat", "13.2026", "14.2026"), first_open="2026-07").ok

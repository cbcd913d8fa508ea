"""Instants: a time with a zone is a day only where one knows where; asked once, then said."""

from __future__ import annotations

import io
from typing import Any

import pandas as pd
import pytest

from sop.core.errors import BadInput
from sop.core.tables import table
from sop.files.readers import read_file
from sop.intake.check import check_table
from sop.intake.parse import parse_date

SALES = "month,product,region,quantity,revenue\n"
BERLIN = {"time_zone": "Europe/Berlin"}


def _sales(*months: str) -> str:
    return SALES + "".join(f"{month},00123,North,{i},{i}\n" for i, month in enumerate(months, start=1))


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("2025-12-31T23:00:00.000Z", "2026-01"),
        ("2025-12-31 23:00:00+00:00", "2026-01"),
        ("2025-12-31T23:00Z", "2026-01"),
        ("20251231T230000Z", "2026-01"),
        ("2026-01-01T00:00:00+01:00", "2026-01"),
        ("2026-01-01T01:00:00+0300", "2025-12"),
        ("31.12.2025 23:30 UTC", "2026-01"),
        ("12/31/2025 11:00 PM Z", "2026-01"),
        ("2025-12-31T22:59:59.999Z", "2025-12"),
        ("2026-01-01T00:00+01:00[Europe/Berlin]", "2026-01"),
    ],
)
def test_an_instant_is_in_the_month_that_it_is_where_the_company_is(text: str, month: str) -> None:
    found = parse_date(text, "mdy")
    assert found is not None and found.instant is not None
    assert found.within("Europe/Berlin").month == month


@pytest.mark.parametrize(
    "text", ["2025-12-31T25:00Z", "2025-12-31 10:61", "2025-12T10:00Z", "2026-01-05 noon", "2026-01-05 CET"]
)
def test_what_follows_a_date_and_is_no_time_of_day_is_not_cut_off(text: str) -> None:
    assert parse_date(text, "dmy") is None


def test_a_time_without_a_zone_is_that_of_the_place() -> None:
    found = parse_date("2025-12-31 23:59:59", "dmy")
    assert found is not None and (found.month, found.day, found.instant) == ("2025-12", "2025-12-31", None)


def test_the_time_zone_is_asked_and_then_said(check: Any, found: Any) -> None:
    text = _sales("2025-12-31T23:00:00Z", "2026-01-31T23:00:00Z")
    asked = check("sales_actuals", text)
    assert found(asked) == [("question", "time_zone", None, "month")]
    assert "2025-12-31T23:00:00Z is 2025-12 or 2026-01" in asked.findings[0].what
    read = check("sales_actuals", text, answers=BERLIN)
    assert (read.ok, read.frame["month"].tolist()) == (True, ["2026-01", "2026-02"])
    assert "in the company's time zone, Europe/Berlin" in next(
        f.what for f in read.findings if f.rule == "time_zone"
    )


def test_a_month_that_has_only_begun_is_open_by_its_local_day(check: Any, found: Any) -> None:
    text = _sales("2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z")
    assert found(check("sales_actuals", text, answers=BERLIN)) == [("error", "open_month", 3, "month")]
    assert check("sales_actuals", text, answers=BERLIN, until="2026-03").set_aside == 1
    assert check("sales_actuals", text, answers={"time_zone": "America/New_York", "late_hours": "written"}).ok


def test_dates_of_deliveries_are_read_in_the_time_zone_too(check: Any) -> None:
    text = "order_line,product,region,ordered,requested,promised,delivered,quantity_ordered,quantity_delivered\n"
    text += "1,00123,North,2026-01-05T23:30Z,2026-01-20,2026-01-20T10:00Z,,5,0\n"
    frame = check("deliveries", text, answers=BERLIN).frame
    assert frame[["ordered", "promised"]].iloc[0].tolist() == ["2026-01-06", "2026-01-20"]


def test_timestamps_of_parquet_with_a_zone_are_instants() -> None:
    months = pd.to_datetime(["2025-12-31T23:00Z", "2026-01-31T23:00Z"])
    frame = pd.DataFrame({"month": months, "product": "A", "region": "R", "quantity": [1, 2], "revenue": [1, 2]})
    buffer = io.BytesIO()
    frame.to_parquet(buffer)
    raw = read_file(buffer.getvalue(), "s.parquet")
    stored = {"products": pd.DataFrame({"product": ["A"], "name": ["A"], "family": ["F"]})}
    asked = check_table(table("sales_actuals"), raw, first_open="2026-04", tables=stored)
    assert {f.rule for f in asked.findings if f.level == "question"} == {"time_zone"}
    read = check_table(table("sales_actuals"), raw, first_open="2026-04", tables=stored, answers=BERLIN)
    assert read.frame["month"].tolist() == ["2026-01", "2026-02"]


def test_a_name_that_is_no_time_zone_is_refused(check: Any) -> None:
    with pytest.raises(BadInput, match="no time zone"):
        check("sales_actuals", _sales("2026-01"), answers={"time_zone": "Berlin"})


@pytest.mark.parametrize(
    "text", ["2025-12-31 23:00:00", "2026-01-31 23:00", "2026-03-31 22:00", "2026-01-31T13:00", "28.02.2026 23:00"]
)
def test_an_instant_that_lost_its_zone_is_never_read_a_month_early_without_a_word(
    check: Any, found: Any, text: str
):
    """So a spreadsheet keeps what a database calls the first of a month: late on the last day before."""
    asked = check("sales_actuals", _sales(text))
    assert ("question", "late_hours", None, "month") in found(asked)
    assert "may be the start of the next day" in asked.findings[0].what
    after = check("sales_actuals", _sales(text), answers={"late_hours": "next", "missing_months": "missing"})
    before = check("sales_actuals", _sales(text), answers={"late_hours": "written"})
    day = parse_date(text, "dmy")
    assert day is not None and after.frame["month"].tolist() == [day.of_next_day().month]
    assert before.frame["month"].tolist() == [day.month]


def test_late_hours_are_told_through_summer_and_winter_time(check: Any, found: Any) -> None:
    summer = _sales("2025-12-31 23:00", "2026-01-31 23:00", "2026-02-28 23:00").replace("02-28 23", "02-28 22")
    assert ("question", "late_hours", None, "month") in found(check("sales_actuals", summer))
    # Midnight of a place an hour to the east in winter, and the company's own in summer.
    east = _sales("2025-08-01T00:00+02:00", "2026-01-01T00:00+02:00")
    asked = check("sales_actuals", east, answers=BERLIN | {"missing_months": "missing"})
    assert [f.rule for f in asked.findings if f.level == "question"] == ["late_hours"]


@pytest.mark.parametrize(
    "months",
    [
        ("2025-12-31 23:59:59", "2026-01-31 23:59:59"),
        ("2026-01-01 00:00", "2026-02-01 00:00"),
        ("2026-01-15 18:30", "2026-02-03 09:10"),
        ("2026-01-31 12:07", "2026-02-28 12:07"),
        ("2026-01-31", "2026-02-28"),
    ],
)
def test_an_ordinary_time_of_day_is_not_asked_about(check: Any, found: Any, months: tuple[str, ...]) -> None:
    assert found(check("sales_actuals", _sales(*months))) == []


def test_days_that_all_stand_late_in_the_evening_are_asked_about_too(check: Any) -> None:
    text = "order_line,product,region,ordered,quantity_ordered,quantity_delivered\n"
    text += "1,00123,North,2026-01-05 23:00,5,0\n2,00123,North,2026-01-07 23:00,5,0\n"
    assert [f.rule for f in check("deliveries", text).findings if f.level == "question"] == ["late_hours"]
    assert check("deliveries", text, answers={"late_hours": "next"}).frame["ordered"][0] == "2026-01-06"


def test_while_the_order_of_dates_is_open_nothing_else_is_said_of_them(check: Any, found: Any) -> None:
    assert found(check("sales_actuals", _sales("01/02/2026", "01/03/2026", "01/04/2026"))) == [
        ("question", "date_order", None, "")
    ]


def test_an_instant_within_one_month_everywhere_is_told_by_its_days(check: Any) -> None:
    what = check("sales_actuals", _sales("2026-01-10T23:00Z")).findings[0].what
    assert "is 2026-01-10 or 2026-01-11, depending on the time zone" in what


def test_months_side_by_side_are_instants_too(check: Any) -> None:
    text = "product,region,2025-12-31T23:00Z,2026-01-31T23:00Z\n00123,North,1,2\n"
    assert {f.rule for f in check("sales_actuals", text).findings if f.level == "question"} == {"time_zone"}
    assert check("sales_actuals", text, answers=BERLIN).frame["month"].tolist() == ["2026-01", "2026-02"]

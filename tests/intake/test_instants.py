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
    assert check("sales_actuals", text, answers={"time_zone": "America/New_York"}).ok


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

"""Months, horizon, fences and fiscal year."""

from __future__ import annotations

import pytest

from sop.core.calendar import (
    Calendar,
    days_in,
    is_period,
    periods_apart,
    periods_between,
    require_period,
    shift_day,
    shift_period,
)
from sop.core.errors import BadInput


def test_periods_are_counted_over_the_year() -> None:
    assert periods_apart("2026-12", "2027-01") == 1


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "26-01", "2026/01", "", "2026-1", None])
def test_what_is_no_month_is_refused_with_the_remedy(text: str) -> None:
    assert not is_period(text)
    with pytest.raises(BadInput, match="YYYY-MM"):
        require_period(text)


def test_months_move_over_the_year_and_count_both_ends() -> None:
    assert shift_period("2026-11", 3) == "2027-02"
    assert shift_period("2026-01", -1) == "2025-12"
    assert periods_between("2026-11", "2027-01") == ("2026-11", "2026-12", "2027-01")
    assert periods_between("2027-01", "2026-11") == ()


def test_the_horizon_starts_at_the_first_open_month_and_history_ends_before_it() -> None:
    calendar = Calendar("2026-12", horizon=3)
    assert calendar.months == ("2026-12", "2027-01", "2027-02")
    assert calendar.last_closed == "2026-11"
    assert calendar.history(2) == ("2026-10", "2026-11")
    assert [calendar.position(m) for m in ("2026-11", "2026-12", "2027-02")] == [-1, 0, 2]


def test_fences_are_counted_from_the_first_open_month() -> None:
    calendar = Calendar("2026-12", frozen=1, slushy=3)
    assert [calendar.fence(m) for m in calendar.months[:4]] == ["frozen", "slushy", "slushy", "liquid"]


@pytest.mark.parametrize(
    ("start", "month", "first", "last"),
    [
        (1, "2026-12", "2026-01", "2026-12"),
        (7, "2026-12", "2026-07", "2027-06"),
        (7, "2026-06", "2025-07", "2026-06"),
    ],
)
def test_the_fiscal_year_holds_its_month(start: int, month: str, first: str, last: str) -> None:
    year = Calendar("2026-12", fiscal_start=start).fiscal_year(month)
    assert (year[0], year[-1], len(year)) == (first, last, 12)


def test_february_knows_leap_years() -> None:
    assert [days_in(m) for m in ("2026-02", "2028-02")] == [28, 29]


def test_a_horizon_that_nobody_can_plan_is_refused() -> None:
    with pytest.raises(BadInput, match="between 1 and 60"):
        Calendar("2026-12", horizon=0)


def test_the_span_of_headlines_is_what_is_planned_of_twelve_months() -> None:
    assert Calendar("2026-01", horizon=24).near_text == "12 months"
    assert Calendar("2026-01", horizon=3).near_text == "3 months"
    assert Calendar("2026-Q1", horizon=3).near_text == "9 months"


@pytest.mark.parametrize(
    ("day", "by", "later"),
    [
        ("2026-11-30", 12, "2027-11-30"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2026-03-01", -12, "2025-03-01"),
    ],
)
def test_a_day_moves_by_months_and_stays_in_its_month(day: str, by: int, later: str) -> None:
    assert shift_day(day, by) == later

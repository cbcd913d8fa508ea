"""Months, horizon, fences and fiscal year."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop.core.calendar import (
    BUCKETS,
    WEEK,
    Bucket,
    Calendar,
    RetailBucket,
    bucket_of,
    days_in,
    first_day,
    is_open,
    is_period,
    last_day,
    next_cycle,
    period_of,
    periods_apart,
    periods_between,
    require_frequency,
    require_period,
    retail_bucket,
    shift_day,
    shift_period,
    working_days,
    working_share,
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


@given(begin=st.dates(date(2020, 1, 1), date(2030, 1, 1)), length=st.integers(-3, 90))
def test_working_days_are_mondays_to_fridays_and_a_period_is_the_sum_of_its_parts(
    begin: date, length: int
) -> None:
    end = begin + timedelta(days=length)
    assert working_days(begin, end) == sum((begin + timedelta(days=k)).weekday() < 5 for k in range(length))
    weeks = [
        (first_day(week), last_day(week) + timedelta(days=1)) for week in periods_between("2026-W49", "2027-W01")
    ]
    assert sum(working_share("2026-12", *week) for week in weeks) == pytest.approx(1.0)


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
    with pytest.raises(BadInput, match="between 1 and 104"):
        Calendar("2026-12", horizon=0)


def test_the_span_of_headlines_is_what_is_planned_of_twelve_months() -> None:
    assert Calendar("2026-01", horizon=24).near_text == "12 months"
    assert Calendar("2026-01", horizon=3).near_text == "3 months"
    assert Calendar("2026-Q1", horizon=3).near_text == "9 months"


# -- weeks, 4-4-5 periods and quarters


def test_weeks_are_those_of_iso_and_a_year_may_have_fifty_three() -> None:
    assert shift_period("2026-W53", 1) == "2027-W01"
    assert (first_day("2026-W53"), days_in("2026-W53")) == (date(2026, 12, 28), 7)
    assert period_of(date(2027, 1, 3), WEEK) == "2026-W53"
    assert periods_apart("2026-W01", "2027-W01") == 53
    assert not is_period("2027-W53")


@pytest.mark.parametrize(
    ("text", "says"),
    [("2027-W53", "'2027-W53' is no week: 2027 has 52"), ("2026-W54", "2026 has 53"), ("2026-W00", "from W01")],
)
def test_a_week_that_its_year_lacks_is_refused_in_one_sentence(text: str, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        require_period(text)


@pytest.mark.parametrize(
    ("key", "start", "lengths"),
    [
        ("4-4-5", 1, (28, 28, 35)),
        ("4-5-4", 2, (28, 35, 28)),
        ("5-4-4", 7, (35, 28, 28)),
        ("4-4-4", 1, (28, 28, 28)),
    ],
)
def test_retail_periods_are_whole_weeks_and_their_years_begin_near_their_month(
    key: str, start: int, lengths: tuple[int, ...]
) -> None:
    bucket = retail_bucket(key, start)
    first = bucket.text(2026 * bucket.a_year)
    periods = [shift_period(first, by) for by in range(40 * bucket.a_year)]
    assert tuple(days_in(period) for period in periods[:3]) == lengths
    for before, after in pairwise(periods):
        assert last_day(before) + timedelta(days=1) == first_day(after)
        assert first_day(after).weekday() == 0
        assert before < after, "text sorts by time"
    for year in periods[:: bucket.a_year]:
        near = date(first_day(year).year if start > 1 or first_day(year).month < 12 else first_day(year).year + 1,
                    start, 1)  # fmt: skip
        assert abs((first_day(year) - near).days) <= 3


def test_a_retail_year_has_fifty_two_weeks_or_fifty_three_and_the_last_period_takes_it() -> None:
    # By hand: 1 February is a Friday, Saturday or Sunday whose nearest Monday is more than 52 weeks on.
    bucket = retail_bucket("4-5-4", 2)
    long = [
        year for year in range(2000, 2028)
        if sum(days_in(bucket.text(year * 12 + place)) for place in range(12)) == 53 * 7
    ]  # fmt: skip
    assert long == [2001, 2007, 2012, 2018, 2024]
    assert first_day("2025-P01-454-02") == date(2025, 2, 3)
    assert days_in("2024-P12-454-02") == 35


@pytest.mark.parametrize("text", ["2026-P07", "2026P7", "2026 p07", "2026-P07-454-02"])
def test_a_company_writes_its_periods_without_the_tag_of_its_year(text: str) -> None:
    assert retail_bucket("4-5-4", 2).meant(text) == "2026-P07-454-02"


def test_periods_of_another_year_are_not_taken_for_its_own() -> None:
    assert retail_bucket("4-5-4", 2).meant("2026-P07-445-03") is None
    assert retail_bucket("4-4-4").meant("2026-P13") == "2026-P13-444-01"
    assert retail_bucket("4-4-5").meant("2026-P13") is None


@pytest.mark.parametrize("bucket", BUCKETS, ids=lambda bucket: bucket.key)
@given(day=st.dates(date(1990, 1, 1), date(2060, 12, 31)), by=st.integers(-300, 300))
def test_every_day_is_in_one_period_and_periods_are_counted_alike(bucket: Bucket, day: date, by: int) -> None:
    period = period_of(day, bucket)
    assert first_day(period) <= day <= last_day(period)
    assert bucket_of(period) is bucket
    moved = shift_period(period, by)
    assert periods_apart(period, moved) == by
    assert bucket.read(moved) == bucket.index_of(first_day(moved))


@given(
    day=st.dates(date(1995, 1, 1), date(2055, 12, 31)), start=st.integers(1, 12), week=st.integers(0, 52),
    key=st.sampled_from([bucket.key for bucket in BUCKETS]),
)  # fmt: skip
def test_fiscal_years_follow_each_other_without_gap(day: date, start: int, week: int, key: str) -> None:
    bucket = next(each for each in BUCKETS if each.key == key)
    if isinstance(bucket, RetailBucket):
        bucket = retail_bucket(key, start)
    calendar = Calendar(period_of(day, bucket), 3, fiscal_start=start, fiscal_week=week if bucket is WEEK else 0)
    year = calendar.fiscal_year(calendar.first_open)
    assert calendar.first_open in year
    assert len(year) in ((52, 53) if bucket is WEEK else (bucket.a_year,))
    following = calendar.fiscal_year(shift_period(year[-1], 1))
    assert following[0] == shift_period(year[-1], 1)
    assert calendar.fiscal_year(year[0]) == calendar.fiscal_year(year[-1]) == year


def test_a_fiscal_year_of_weeks_begins_near_a_month_or_with_a_week() -> None:
    near = Calendar("2026-W30", 52, fiscal_start=7).fiscal_year("2026-W30")
    assert (near[0], near[-1], len(near)) == ("2026-W27", "2027-W25", 52)
    from_week = Calendar("2026-W30", 52, fiscal_week=40).fiscal_year("2026-W30")
    assert (from_week[0], from_week[-1]) == ("2025-W40", "2026-W39")


def test_a_fifty_third_week_is_in_its_years_last_quarter() -> None:
    calendar = Calendar("2026-W01", 104)
    assert [len(group) for group in calendar.groups(calendar.months, 13)] == [13, 13, 13, 14, 13, 13, 13, 12]


def test_the_season_and_the_mean_days_come_from_the_bucket() -> None:
    found = {bucket.key: (bucket.a_year, bucket.mean_days) for bucket in BUCKETS}
    assert found["week"] == (52, 7.0)
    assert found["4-4-4"][0] == 13
    assert found["quarter"] == (4, 365.25 / 4)
    assert round(Calendar("2026-W27", 52).in_periods(12), 2) == 52.18


@pytest.mark.parametrize(
    ("first", "every", "after"),
    [("2026-W27", "", "2026-W28"), ("2026-W27", "week", "2026-W28"), ("2026-W27", "two_weeks", "2026-W29"),
     ("2026-W27", "month", "2026-W32"), ("2026-W27", "quarter", "2026-W40"), ("2026-12", "", "2027-01"),
     ("2026-12", "quarter", "2027-01"), ("2026-10", "quarter", "2027-01"), ("2026-P07", "month", "2026-P08"),
     ("2026-P07", "quarter", "2026-P10"), ("2026-Q3", "quarter", "2026-Q4")],
)  # fmt: skip
def test_a_cycle_rolls_as_many_periods_as_its_frequency_spans(first: str, every: str, after: str) -> None:
    assert next_cycle(first, every) == after


@pytest.mark.parametrize(("every", "key"), [("week", "month"), ("month", "quarter"), ("two_weeks", "4-4-5")])
def test_no_cycle_closes_within_a_period(every: str, key: str) -> None:
    with pytest.raises(BadInput, match="cannot close"):
        require_frequency(every, next(bucket for bucket in BUCKETS if bucket.key == key))


def test_a_longer_period_is_closed_that_ends_within_the_first_open_one() -> None:
    assert [is_open(text, "2026-07") for text in ("2026-06-30", "2026-07-01", "2026-W27", "2026-W28")] == [
        False, True, False, True,
    ]  # fmt: skip


def test_a_rolling_year_of_which_part_is_closed_says_when_it_ends() -> None:
    assert Calendar("2026-01", horizon=24).rolling_text == "next 12 months"
    assert Calendar("2026-01", horizon=3).rolling_text == "rolling 12 months to Mar 2026"
    assert Calendar("2026-Q1", horizon=3).rolling_text == "rolling 12 months to Q3 2026"


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

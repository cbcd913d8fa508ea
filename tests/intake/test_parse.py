"""Texts that are numbers and dates, and what settles the marks."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.intake.parse import parse_date, parse_number, settle


@pytest.mark.parametrize(
    ("text", "dot", "comma"),
    [
        ("1", 1.0, 1.0),
        ("-3", -3.0, -3.0),
        ("−3", -3.0, -3.0),
        ("3-", -3.0, -3.0),
        ("(12)", -12.0, -12.0),
        ("1.5", 1.5, None),
        ("1,5", None, 1.5),
        ("1,234", 1234.0, 1.234),
        ("1.234", 1.234, 1234.0),
        ("1.234.567,8", None, 1234567.8),
        ("1'234.5", 1234.5, None),
        ("1 234", 1234.0, 1234.0),
        ("0.250", 0.25, None),
        (".5", 0.5, None),
        ("1E5", 100000.0, 100000.0),
        ("12%", 0.12, 0.12),
        ("€ 12.50", 12.5, None),
        ("12,34,56", None, None),
        ("1.2.3", None, None),
        ("12 pcs", None, None),
        ("", None, None),
        ("-", None, None),
        ("1_000", None, None),
        ("٣", None, None),
    ],
)
def test_a_text_is_read_under_each_decimal_mark(text: str, dot: float | None, comma: float | None) -> None:
    assert (parse_number(text, "."), parse_number(text, ",")) == (dot, comma)


@given(st.floats(min_value=-1e12, max_value=1e12, allow_nan=False))
@settings(deadline=None, max_examples=200)
def test_every_number_python_writes_is_read_back(value: float) -> None:
    assert parse_number(repr(value), ".") == value
    assert parse_number(repr(value).replace(".", ","), ",") == value


@given(st.integers(min_value=-(10**9), max_value=10**9))
@settings(deadline=None, max_examples=100)
def test_grouped_thousands_are_read_back(value: int) -> None:
    assert parse_number(f"{value:,}", ".") == value
    assert parse_number(f"{value:,}".replace(",", "."), ",") == value


@pytest.mark.parametrize(
    ("text", "month", "day"),
    [
        ("2026-12", "2026-12", None),
        ("2026-1", "2026-01", None),
        ("202612", "2026-12", None),
        ("20261231", "2026-12", "2026-12-31"),
        ("2026/12/01", "2026-12", "2026-12-01"),
        ("2026-12-31 00:00:00", "2026-12", "2026-12-31"),
        ("12/2026", "2026-12", None),
        ("31.12.2026", "2026-12", "2026-12-31"),
        ("Dec 2026", "2026-12", None),
        ("december 2026", "2026-12", None),
        ("31 Dec 2026", "2026-12", "2026-12-31"),
        ("2026M07", "2026-07", None),
    ],
)
def test_forms_of_months_that_leave_no_doubt(text: str, month: str, day: str | None) -> None:
    for order in ("dmy", "mdy"):
        found = parse_date(text, order)
        assert found is not None
        assert (found.month, found.day) == (month, day)


@pytest.mark.parametrize(
    "text", ["2026-13", "2026", "46000", "Dec-26", "30.02.2026", "2026-00", "abc", "1/2/26", "20261"]
)
def test_what_is_no_month_is_not_read(text: str) -> None:
    assert parse_date(text, "dmy") is None


def test_slashes_are_read_in_the_order_that_is_said() -> None:
    day_first, month_first = parse_date("01/02/2026", "dmy"), parse_date("01/02/2026", "mdy")
    assert day_first is not None
    assert month_first is not None
    assert (day_first.day, month_first.day) == ("2026-02-01", "2026-01-02")


def test_one_text_that_only_one_reading_allows_settles_the_others() -> None:
    assert settle(["1,234", "1,5"], (".", ","), parse_number).choice == ","
    assert settle(["1,234", "1.5"], (".", ","), parse_number).choice == "."


def test_texts_that_both_readings_allow_differently_leave_it_open() -> None:
    settled = settle(["1,234", "17"], (".", ","), parse_number)
    assert (settled.choice, settled.examples, settled.contradiction) == (None, ("1,234",), False)


def test_texts_that_contradict_each_other_are_told() -> None:
    settled = settle(["1,5", "2.5"], (".", ","), parse_number)
    assert (settled.choice, settled.contradiction) == (None, True)


def test_without_any_text_that_matters_the_first_reading_is_taken() -> None:
    assert settle(["17", "abc"], (".", ","), parse_number).choice == "."


@pytest.mark.parametrize(("text", "value"), [("12\u00a0500,00 zł", 12500.0), ("1 250,5Kč", 1250.5)])
def test_amounts_in_the_currencies_of_europe_are_read(text: str, value: float) -> None:
    assert parse_number(text, ",") == value

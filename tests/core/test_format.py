"""Numbers as a planner writes them."""

import math
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sop.core import format as text

FIGURES = st.floats(-1e12, 1e12, allow_nan=False)


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        (3227, 0, "3\u202f227"),
        (1234567.89, 1, "1\u202f234\u202f567.9"),
        (-0.4, 1, "−0.4"),
        (-0.04, 1, "0.0"),
        (0, 0, "0"),
        (0.5, 0, "1"),
        (2.5, 0, "3"),
        (-2.5, 0, "−3"),
        (1.005, 2, "1.01"),
        (0.125, 2, "0.13"),
    ],
)
def test_a_figure_has_thin_spaces_and_a_true_minus(value: float, decimals: int, shown: str) -> None:
    assert text.number(value, decimals) == shown


@pytest.mark.parametrize("missing", [None, math.nan, math.inf])
def test_a_missing_figure_is_a_dash_and_never_zero(missing: float | None) -> None:
    money = text.MoneyFormat("EUR")
    forms: list[Callable[[float | None], str]]
    forms = [text.number, text.signed, text.percent, text.percent_number, text.points_signed]
    forms += [money.text, money.signed, money.labelled, money.full]
    assert {form(missing) for form in forms} == {"–"}
    assert money.value(missing) is None
    assert text.arrow(text.signed(missing)) == ""
    assert text.effect(text.signed(missing), True) == "neutral"


@pytest.mark.parametrize(
    ("value", "shown"), [(1.44, "+1.4"), (-1.4, "−1.4"), (0.04, "under 0.1"), (-0.04, "under 0.1"), (0, "±0.0")]
)
def test_a_difference_always_has_its_sign(value: float, shown: str) -> None:
    assert text.signed(value, 1) == shown


@given(FIGURES, st.integers(0, 3))
@settings(deadline=None, max_examples=100)
def test_sign_arrow_and_colour_of_a_difference_never_contradict_each_other(value: float, decimals: int) -> None:
    shown = text.signed(value, decimals)
    assert shown[0] in "+−±u"
    assert text.arrow(shown) == {"+": "▲", "−": "▼"}.get(shown[0], "■")
    assert (text.effect(shown, True) == "neutral") == (shown[0] in "±u")
    assert shown[0] != "±" or abs(value) < 1e-8
    assert text.effect(shown, None) == "neutral"


@given(FIGURES, st.integers(0, 3))
@example(274877906944.505, 2)
@settings(deadline=None, max_examples=100)
def test_a_written_figure_reads_back_as_itself_to_half_a_step(value: float, decimals: int) -> None:
    """Compared as decimals: a step of 0.01 between floats of this size is more than 0.01."""
    read = Decimal(text.number(value, decimals).replace("\u202f", "").replace("−", "-"))
    assert abs(read - Decimal(repr(value))) <= Decimal(1).scaleb(-decimals) / 2


def test_more_inventory_is_unfavourable_and_more_revenue_favourable() -> None:
    assert text.effect("+0.3", more_is_good=False) == "bad"
    assert text.effect("−0.3", more_is_good=False) == "good"
    assert text.effect("+0.3", more_is_good=True) == "good"


def test_percent_is_a_fraction_inside() -> None:
    assert text.percent(0.62) == "62%"
    assert text.percent(0.964, 1) == "96.4%"
    assert text.percent_number(1.07) == "107"
    assert text.points_signed(-0.004) == "−0.4"
    assert text.percent_number(0.145, 1) == "14.5"


def test_money_is_cents_inside_and_millions_on_screen() -> None:
    money = text.MoneyFormat("EUR")
    assert money.unit == "M€"
    assert money.text(6_120_000_000) == "61.2"
    assert money.signed(-140_000_000) == "−1.4"
    assert money.signed(19_000_000, 2) == "+0.19"
    assert money.labelled(6_120_000_000) == "61.2 M€"
    assert money.full(14_800) == "148 €"
    assert money.values([100_000_000, None]) == [1.0, None]


@pytest.mark.parametrize(
    ("minor", "told"),
    [
        (6_120_000_000, "61.2 M€"),
        (-140_000_000, "\u22121.40 M€"),
        (0, "0.00 M€"),
        (300_000, "under 0.01 M€"),
        (-300_000, "under 0.01 M€"),
        (None, "–"),
    ],
)
def test_money_in_a_sentence_is_never_a_false_zero(minor: float | None, told: str) -> None:
    assert text.MoneyFormat("EUR").words(minor) == told


def test_money_that_decides_is_told_exactly_where_the_scale_of_the_plan_hides_it() -> None:
    money = text.MoneyFormat("EUR", "k")
    told = [money.exact(units * 100) for units in (3_000, -2, 0)]
    assert told == ["3.00 k€", "−2 €", "0.00 k€"]


def test_a_company_may_show_thousands_and_a_currency_without_cents() -> None:
    assert text.MoneyFormat("CHF", scale="k").labelled(123_400_000) == "1\u202f234.0 kCHF"
    assert text.MoneyFormat("JPY", minor_per_unit=1).labelled(2_500_000) == "2.5 M¥"


@pytest.mark.parametrize(
    ("units", "headline", "detail"),
    [
        (60_000_000, "60.0 M€", "60.00 M€"),
        (812_000, "812 k€", "812.0 k€"),
        (4_181_364_000_000, "4\u202f181 bn€", "4\u202f181.4 bn€"),
        (4_180_000_000, "4.18 bn€", "4.180 bn€"),
        (999_999, "1\u202f000 k€", "1\u202f000.0 k€"),
        (45, "45 €", "45.0 €"),
        (0, "0.0 M€", "0.00 M€"),
    ],
)
def test_the_scale_follows_the_largest_figure_of_a_view(units: int, headline: str, detail: str) -> None:
    money = text.money_format("EUR", None, math.nan, -units * 100)
    assert (money.labelled(units * 100), money.labelled(units * 100, 2)) == (headline, detail)


@given(st.floats(1_000, 1e15))
@settings(deadline=None, max_examples=200)
def test_the_largest_figure_shows_three_or_four_digits(units: float) -> None:
    money = text.money_format("EUR", units * 100)
    digits = sum(character.isdigit() for character in money.text(units * 100))
    assert 3 <= digits <= 4 or money.scale == "bn"


@given(st.integers(1_000, 5_000_000_000_000))
@example(800_000)
@example(4_181_364_000_000)
@settings(deadline=None, max_examples=100)
def test_a_hundredth_of_the_largest_figure_has_digits_at_every_scale(units: int) -> None:
    """A company of 0.8 M read ±0.0 on eleven bars: its differences are told in its own scale."""
    money = text.money_format("EUR", units * 100.0)
    shown = money.signed(-units)
    assert shown[0] == "−" and any(digit in "123456789" for digit in shown)
    if units == 800_000:
        assert (money.signed(-units * 2.5), money.unit) == ("−20", "k€")

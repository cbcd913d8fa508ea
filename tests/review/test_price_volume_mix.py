"""Price, volume and mix by hand, and exact for any figures."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.review.price_volume_mix import price_volume_mix, year_on_year
from tests.review.tiny import tiny_inputs


def test_volume_mix_and_price_by_hand() -> None:
    """Before: 10 at 10 and 10 at 30. Now: 15 at 12 and 5 at 30. As many units, cheaper ones, at better prices."""
    found = price_volume_mix(
        np.array([15.0, 5.0]), np.array([180.0, 150.0]), np.array([10.0, 10.0]), np.array([100.0, 300.0])
    )
    assert (found.base, found.now) == (40_000, 33_000)
    assert found.steps == {
        "Volume": 0,
        "Mix": -10_000,
        "Price": 3_000,
        "New products": 0,
        "Discontinued products": 0,
    }


def test_new_and_discontinued_products_are_steps_of_their_own() -> None:
    found = price_volume_mix(
        np.array([4.0, 0.0]), np.array([40.0, 0.0]), np.array([0.0, 3.0]), np.array([0.0, 9.0])
    )
    assert found.steps["New products"] == 4_000 and found.steps["Discontinued products"] == -900
    assert found.steps["Volume"] == found.steps["Mix"] == found.steps["Price"] == 0


UNITS, CENTS = st.integers(-5, 10_000).map(float), st.integers(-1_000, 10**9).map(lambda cents: cents / 100)
SALES = st.tuples(UNITS, CENTS, UNITS, CENTS)
"""Units and revenue now, units and revenue before."""


@given(st.lists(SALES, min_size=1, max_size=6))
@settings(max_examples=100, deadline=None)
def test_the_steps_sum_to_the_difference_to_the_cent(rows: list[tuple[float, float, float, float]]) -> None:
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    found = price_volume_mix(*columns)
    assert sum(found.steps.values()) == found.now - found.base


def test_level_sales_have_no_steps_and_a_short_history_no_bridge() -> None:
    level = year_on_year(tiny_inputs(24))
    assert level is not None and level.now == level.base == 12 * (10 * 100 + 2 * 1000) * 100
    assert set(level.steps.values()) == {0}
    assert year_on_year(tiny_inputs(23)) is None


def test_families_add_up_to_the_company() -> None:
    whole, *parts = (year_on_year(tiny_inputs(24), family) for family in (None, "Bikes", "Cargo"))
    assert whole is not None and all(part is not None for part in parts)
    assert whole.now == sum(part.now for part in parts if part)

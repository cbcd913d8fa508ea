"""Whole minor units and spreading without loss."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop.core.money import exact, largest_remainder, largest_remainder_rows, money_text, round_cumulative, to_minor

AMOUNTS = st.lists(st.floats(0, 1e6), min_size=1, max_size=12)


def test_money_is_rounded_once_to_whole_minor_units() -> None:
    assert to_minor(np.array([1.005, 2.994, -0.006])).tolist() == [100, 299, -1]
    assert [money_text(v) for v in (123456, -5, 0)] == ["1234.56", "-0.05", "0.00"]


@given(st.integers(0, 10**7), st.sampled_from([-np.inf, np.inf]), st.integers(1, 8))
def test_half_a_cent_is_rounded_alike_on_every_processor(half: int, to: float, bits: int) -> None:
    amount = noisy = (2 * half + 1) / 200
    for _ in range(bits):
        noisy = float(np.nextafter(noisy, to))
    assert to_minor(np.array([noisy])).tolist() == to_minor(np.array([amount])).tolist() == [half + half % 2]


def test_money_that_is_not_a_number_is_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        to_minor(np.array([np.nan]))


@given(st.integers(-1000, 100_000), AMOUNTS)
def test_a_spread_total_is_rolled_up_to_the_same_total(total: int, weights: list[float]) -> None:
    parts = largest_remainder(total, np.array(weights))
    assert parts.sum() == total
    assert (parts * np.sign(total) >= 0).all()


@given(st.lists(st.tuples(st.integers(0, 1000), st.lists(st.floats(0, 50), min_size=3, max_size=3)), min_size=1))
def test_rows_are_spread_like_single_totals(rows: list[tuple[int, list[float]]]) -> None:
    totals, weights = np.array([r[0] for r in rows]), np.array([r[1] for r in rows])
    together = largest_remainder_rows(totals, weights)
    assert together.tolist() == [largest_remainder(t, w).tolist() for t, w in zip(totals, weights, strict=True)]


@given(AMOUNTS)
def test_cumulative_rounding_never_drifts(values: list[float]) -> None:
    whole = round_cumulative(np.array(values))
    assert np.abs(np.cumsum(whole) - np.cumsum(values)).max() <= 0.5 + 1e-5


def test_exact_numbers_survive_text() -> None:
    assert [exact(v) for v in (3.0, 0.1, 12.34567, -2.50)] == [3, "0.1", "12.34567", "-2.5"]

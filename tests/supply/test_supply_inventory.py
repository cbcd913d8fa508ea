"""Safety stock, fill rate and forward cover against textbook figures."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from sop.facts.stock_age import stock_ageing
from sop.supply import (
    days_of_supply,
    excess_units,
    fill_rate,
    lead_time_sigma,
    safety_stock_for_fill_rate,
    safety_stock_for_service,
    shortage_units,
    unit_loss,
)
from sop.supply.before.safety_formulas import safety_factor_for_loss, service_of_safety_stock


def test_the_loss_function_reproduces_the_printed_table():
    """Silver, Pyke and Thomas, table of the unit normal: G(k)."""
    table = {
        0.0: 0.3989,
        0.5: 0.1978,
        1.0: 0.08332,
        1.5: 0.02931,
        2.0: 0.008491,
        2.5: 0.002004,
        3.0: 0.0003822,
    }
    for k, printed in table.items():
        assert float(unit_loss(k)) == pytest.approx(printed, rel=5e-4)


def test_the_loss_function_is_the_expected_shortage():
    for k in (-1.0, 0.3, 2.2):
        expected, _ = quad(lambda x, k=k: (x - k) * norm.pdf(x), k, 12)
        assert float(unit_loss(k)) == pytest.approx(expected, rel=1e-9)


def test_safety_stock_for_a_service_level_is_z_sigma():
    """Chopra and Meindl, ch. 12: 2,500 a week, sd 500, two weeks, 90% -> 906."""
    sigma = lead_time_sigma(2500, 500, 2)
    assert float(sigma) == pytest.approx(707.1, rel=1e-4)
    assert float(safety_stock_for_service(0.90, sigma)) == pytest.approx(906.2, rel=1e-4)


def test_an_uncertain_lead_time_adds_its_own_variance():
    """Chopra and Meindl, ch. 12: 2,500 a day, sd 500, 7 days with sd 7 -> 17,550."""
    assert float(lead_time_sigma(2500, 500, 7, 7)) == pytest.approx(17_550, rel=1e-4)


def test_a_review_period_is_exposed_like_the_lead_time():
    """Chopra and Meindl, ch. 12, periodic review: two weeks plus four weeks of review -> sd 1,225."""
    assert float(lead_time_sigma(2500, 500, 2, review_period=4)) == pytest.approx(1224.7, rel=1e-4)


def test_safety_stock_under_periodic_review_is_that_of_the_book():
    """Chopra and Meindl, ch. 12, Wal-Mart: two weeks and four of review, service level 90% -> 1,570."""
    sigma = lead_time_sigma(2500, 500, 2, review_period=4)
    assert float(safety_stock_for_service(0.90, sigma)) == pytest.approx(1_570, rel=5e-4)


def test_the_service_level_of_a_stock_inverts_the_normal_table():
    """The normal table: a stock of 1, 1.5, 2 and 2.5 sigmas gives 84.13%, 93.32%, 97.72% and 99.38%."""
    found = service_of_safety_stock(np.array([1.0, 1.5, 2.0, 2.5]) * 40.0, 40.0)
    assert [float(f"{level:.4g}") for level in found] == [0.8413, 0.9332, 0.9772, 0.9938]
    assert float(service_of_safety_stock(0.0, 0.0)) == 1.0


def test_safety_stock_for_a_fill_rate_comes_from_the_loss_function():
    """Chopra and Meindl, ch. 12: fill rate 97.5% of lots of 10,000, sd 707 -> 67."""
    assert round(float(safety_stock_for_fill_rate(0.975, 10_000, 707.107))) == 67


def test_the_printed_table_of_fill_rates_is_reproduced_to_the_unit():
    """Chopra and Meindl, ch. 12, required safety inventory at B&M: lots of 10,000, sd 707 over the lead time."""
    printed = {0.975: 67, 0.98: 183, 0.985: 321, 0.99: 499, 0.995: 767}
    found = safety_stock_for_fill_rate(list(printed), 10_000, 500 * np.sqrt(2))
    assert found == pytest.approx(list(printed.values()), abs=0.6)


def test_the_printed_table_of_uncertain_lead_times_is_reproduced_to_four_digits():
    """Chopra and Meindl, ch. 12, Dell: 2,500 a day, sd 500, 7 days with sd 6 to 0, service level 90%."""
    sigma = lead_time_sigma(2500, 500, 7, np.arange(6, -1, -1))
    assert sigma == pytest.approx([15_058, 12_570, 10_087, 7_616, 5_172, 2_828, 1_323], rel=2e-4)
    stock = safety_stock_for_service(0.90, sigma)
    assert stock == pytest.approx([19_298, 16_109, 12_927, 9_760, 6_628, 3_625, 1_695], rel=2e-4)


def test_the_normal_table_of_safety_factors_is_reproduced_to_four_digits():
    printed = {0.80: 0.8416, 0.90: 1.282, 0.95: 1.645, 0.975: 1.960, 0.99: 2.326, 0.995: 2.576, 0.999: 3.090}
    found = safety_stock_for_service(list(printed), 1.0)
    assert [float(f"{z:.4g}") for z in found] == list(printed.values())


def test_the_fill_rate_of_a_stock_is_that_of_the_book():
    """Chopra and Meindl, ch. 12, B&M: safety stock 1,000, lots of 10,000: 25 short in a cycle, 0.9975."""
    assert float(fill_rate(1_000, 10_000, 500 * np.sqrt(2))) == pytest.approx(0.9975, abs=5e-5)


@settings(deadline=None, max_examples=60)
@given(st.floats(0.5, 0.9999), st.floats(10, 1000), st.floats(1, 500))
def test_the_stock_for_a_fill_rate_gives_that_fill_rate_or_needs_none(rate, lot, sigma):
    stock = float(safety_stock_for_fill_rate(rate, lot, sigma))
    given_rate = float(fill_rate(stock, lot, sigma))
    assert given_rate == pytest.approx(rate, abs=1e-9) if stock > 0 else given_rate >= rate - 1e-9


@settings(deadline=None, max_examples=60)
@given(st.floats(-6, 6))
def test_the_safety_factor_inverts_the_loss(z):
    assert float(safety_factor_for_loss(unit_loss(z))) == pytest.approx(z, abs=1e-6)


def test_without_variation_no_safety_stock_and_a_fill_rate_of_one_is_out_of_reach():
    assert safety_stock_for_fill_rate([0.95, 1.0], 100, [0.0, 10.0]).tolist() == [0.0, np.inf]


def test_days_of_supply_look_forward_and_interpolate():
    """30 units cover 28 days of February (20) and 10 of 20 units in the 31 days of March."""
    cover = days_of_supply(np.array([[30.0, 0, 0]]), np.array([[9.0, 20, 20]]), np.array([31, 28, 31]))
    assert cover.days[0].tolist() == [28 + 15.5, 0.0, 0.0]
    assert not cover.beyond.any()


def test_a_cover_of_sixty_days_is_a_level_line_whatever_the_length_of_the_months():
    """At a unit a day, in months of 28 to 31 days."""
    days = np.array([31, 28, 31, 30, 31, 30, 31, 31])
    cover = days_of_supply(np.full((1, 8), 60.0), days[None].astype(float), days)
    assert cover.days[0][~cover.beyond[0]].tolist() == [60.0] * 6


def test_cover_beyond_the_horizon_is_capped_and_flagged():
    cover = days_of_supply(np.array([[50.0, 20, 5]]), np.array([[9.0, 20, 20]]), np.array([31, 28, 31]))
    assert cover.days[0].tolist() == [59.0, 31.0, 0.0]
    assert cover.beyond[0].tolist() == [True, False, True]


def test_excess_and_shortage_are_units_beyond_the_band():
    stock, safety, cover = np.array([5, 20, 40]), np.array([10, 10, 10]), np.array([30, 30, 30])
    assert shortage_units(stock, safety).tolist() == [5, 0, 0]
    assert excess_units(stock, cover).tolist() == [0, 0, 10]


def test_stock_is_as_old_as_the_receipts_that_it_is_left_from():
    """50 in stock after receipts of 40, 10 and 20: 20 and 10 of the last two months, 20 of the first."""
    ages = stock_ageing(np.array([50.0, 90.0, 0.0]), np.array([[40.0, 10, 20], [40, 10, 20], [40, 10, 20]]))
    assert ages.tolist() == [[20, 10, 20, 0], [20, 10, 40, 20], [0, 0, 0, 0]]


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6))
def test_ages_add_up_to_the_stock(seed):
    rng = np.random.default_rng(seed)
    stock, receipts = rng.integers(0, 500, 3).astype(float), rng.integers(0, 90, (3, 7)).astype(float)
    ages = stock_ageing(stock, receipts)
    assert ages.sum(axis=1) == pytest.approx(stock)
    assert (ages >= 0).all() and (ages[:, :-1] <= receipts[:, ::-1]).all()

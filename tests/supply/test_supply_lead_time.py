"""Customer lead time by the first-in-first-out curve."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.supply import customer_wait, little_wait_days
from sop.supply.after.lead_time import unit_waits


def wait_of(due, shipments, lost=None, past_due=0):
    lost = np.zeros(len(due)) if lost is None else np.array(lost)
    return customer_wait(np.array([due]), np.array([shipments]), lost[None, :], np.array([past_due]))


def test_the_last_unit_due_waits_until_the_shipment_curve_reaches_it():
    wait = wait_of(due=[12, 12], shipments=[6, 18])
    assert wait.periods[0] == pytest.approx([6 / 18, 0])
    assert wait.served_share[0].tolist() == [0.5, 1.0]
    assert wait.late_periods[0] == pytest.approx([1 / 6, 0])
    assert not wait.beyond.any()


def test_the_wait_in_days_follows_the_length_of_the_months():
    wait = wait_of(due=[12, 12, 0], shipments=[6, 0, 18])
    assert wait.periods[0] == pytest.approx([1 + 6 / 18, 1, 0])
    assert wait.days(np.array([31, 28, 30]))[0] == pytest.approx([28 + 10, 30, 0])


def test_orders_late_at_the_start_are_served_first():
    wait = wait_of(due=[10, 10], shipments=[5, 10], past_due=5)
    assert wait.served_share[0].tolist() == [0.0, 0.0]
    assert wait.periods[0, 0] == pytest.approx(1.0)
    assert wait.beyond[0].tolist() == [False, True]


def test_lost_units_do_not_wait():
    assert wait_of(due=[10, 10], shipments=[5, 10], lost=[5, 0]).periods[0].tolist() == [0.0, 0.0]


def test_a_wait_beyond_the_horizon_is_flagged_and_capped_at_its_end():
    wait = wait_of(due=[10, 10, 10], shipments=[10, 0, 0])
    assert wait.beyond[0].tolist() == [False, True, True]
    assert wait.periods[0].tolist() == [0.0, 1.0, 0.0]


def test_parts_of_units_that_add_up_but_for_noise_keep_nobody_waiting():
    """0.1 + 0.2 + 0.3 is not 0.6 in floats; what is shipped as it falls due is not waited for."""
    wait = wait_of(due=[0.1, 0.2, 0.3, 0.0, 0.0], shipments=[0.6, 0.0, 0.0, 0.0, 0.0])
    assert sum([0.1, 0.2, 0.3]) > 0.6
    assert wait.periods[0].tolist() == [0.0] * 5 and not wait.beyond.any()


def test_nothing_due_has_no_served_share():
    assert np.isnan(wait_of(due=[0], shipments=[0]).served_share[0, 0])


def test_sixty_open_orders_at_three_a_day_wait_twenty_days():
    days = little_wait_days(np.array([[60.0, 5.0]]), np.array([[90.0, 0.0]]), np.array([30, 30]))
    assert days[0, 0] == 20.0
    assert np.isnan(days[0, 1])


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 10**6))
def test_in_a_steady_queue_the_curve_and_littles_law_agree(seed):
    rng = np.random.default_rng(seed)
    rate, queue = rng.integers(5, 50), rng.integers(1, 100)
    due = np.full((1, 24), rate)
    wait = customer_wait(due, due, np.zeros((1, 24)), np.array([queue]))
    inside = ~wait.beyond[0]
    little = little_wait_days(np.full((1, 24), queue), due, np.full(24, 30.0))
    assert inside.any()
    assert wait.days(np.full(24, 30.0))[0][inside] == pytest.approx(little[0][inside])


def waits_of(due, shipments, past_due=0, periods=None):
    due = np.array([due], dtype=float)
    count = due.shape[1] if periods is None else periods
    days = np.full(due.shape[1], 30.0)
    return unit_waits(due, np.array([shipments]), np.zeros(due.shape), np.array([past_due]), days, count)


def test_nine_in_ten_units_wait_no_longer_than_the_ninth_tenth_of_the_curve():
    """12 due in two months, 6 and 18 shipped: the wait of unit q is 2.5 q up to the sixth, then 20 - q / 1.2."""
    waits = waits_of([12, 12], [6, 18])
    half, nine = waits.quantile(0.5)[0][0], waits.quantile(0.9)[0][0]
    assert (half, nine) == (pytest.approx(7.5, abs=0.5), pytest.approx(13.5, abs=0.5))
    assert waits.mean[0] == pytest.approx(7.5, abs=0.1)
    assert not waits.beyond.any()


def test_only_the_first_periods_are_looked_at_but_shipped_whenever_it_is():
    """All of January is shipped in February, unit by unit a month later; March waits for nothing."""
    waits = waits_of([10, 0, 10], [0, 10, 10], periods=1)
    assert waits.days.shape == (1, 20)
    assert waits.quantile(0.9)[0][0] == pytest.approx(30.0)
    assert waits.mean[0] == pytest.approx(30.0)


def test_units_that_the_horizon_does_not_reach_are_beyond_it():
    """Four fifths of February's units are the nine tenths: what is left of it from a fifth before its end on."""
    days, beyond = waits_of([10, 10], [10, 0]).quantile(0.9)
    assert beyond[0]
    assert days[0] == pytest.approx(0.8 * 30, abs=0.8)
    assert not waits_of([10, 10], [10, 0]).quantile(0.4)[1][0]


def test_where_nothing_is_due_nobody_waits():
    days, beyond = waits_of([0, 0], [0, 0]).quantile(0.9)
    assert (days[0], beyond[0]) == (0.0, False)


def test_a_horizon_shorter_than_the_periods_asked_for_is_read_as_far_as_it_goes():
    assert waits_of([10, 10], [10, 10], periods=12).days.shape == waits_of([10, 10], [10, 10]).days.shape

"""Drivers: found where they lead, left out where they do not, and never believed on fitted months alone."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.demand.drivers import prove_event, prove_indicator

MONTHS = 84


def company(seed: int, lag: int, effect: float) -> tuple[np.ndarray, np.ndarray]:
    """Demand that follows an indicator `lag` months later with the given elasticity, and the indicator."""
    rng = np.random.default_rng(seed)
    log_index = np.cumsum(rng.normal(0, 0.04, MONTHS + lag))
    season = 0.3 * np.sin(np.arange(MONTHS) * np.pi / 6)
    demand = 100 * np.exp(effect * log_index[:MONTHS] + season + rng.normal(0, 0.03, MONTHS))
    return demand, 50 * np.exp(log_index[lag:])


def test_an_indicator_that_leads_by_three_months_is_proven_with_its_lag_and_effect():
    proof = prove_indicator(*company(1, lag=3, effect=1.0), horizon=6)
    assert proof.proven and proof.lag == 3
    assert proof.effect == pytest.approx(1.0, abs=0.25)
    assert 0.2 < proof.gain < 1 and "leads by 3 months" in proof.why


def test_its_factor_speaks_about_the_months_that_it_leads_and_no_others():
    demand, indicator = company(1, lag=3, effect=1.0)
    indicator[-1] *= 1.2
    higher, usual = (prove_indicator(demand, x, horizon=6).factor for x in (indicator, company(1, 3, 1.0)[1]))
    assert (higher[3:] == 1).all()
    assert higher[2] / usual[2] == pytest.approx(1.2, abs=0.06)


def test_noise_is_unproven_and_changes_nothing():
    proofs = [prove_indicator(company(seed, 3, 1.0)[0], company(seed + 50, 3, 1.0)[1], 6) for seed in range(20)]
    assert sum(proof.proven for proof in proofs) <= 2
    assert all((proof.factor == 1).all() for proof in proofs if not proof.proven)
    assert all("unproven" in proof.why for proof in proofs if not proof.proven)


def test_a_short_history_is_unproven_and_says_why():
    demand, indicator = company(1, lag=3, effect=1.0)
    assert "too few months" in prove_indicator(demand[:40], indicator[:40], 6).why


def test_an_event_that_came_back_is_proven_and_carried_into_the_plan():
    rng = np.random.default_rng(4)
    active = np.zeros(MONTHS)
    active[[20, 21, 47, 48, 70]] = 1
    demand = 100 * np.exp(0.3 * active + rng.normal(0, 0.03, MONTHS))
    proof = prove_event(demand, active, ahead=np.array([0.0, 1.0, 0.5]))
    assert proof.proven and proof.effect == pytest.approx(0.3, abs=0.05)
    assert proof.factor == pytest.approx([1, np.exp(0.3), np.exp(0.15)], rel=0.05)


def test_an_event_that_happened_once_cannot_be_proven():
    active = np.zeros(MONTHS)
    active[40] = 1
    proof = prove_event(100 * np.exp(0.5 * active), active, ahead=np.ones(3))
    assert not proof.proven and (proof.factor == 1).all() and "two past occurrences" in proof.why


def test_an_event_without_effect_is_unproven():
    rng = np.random.default_rng(5)
    active = (np.arange(MONTHS) % 17 == 3).astype(float)
    assert not prove_event(100 * np.exp(rng.normal(0, 0.1, MONTHS)), active, np.ones(3)).proven


figures = st.one_of(st.just(np.nan), st.just(0.0), st.just(100.0), st.floats(-1e3, 1e6))


@settings(deadline=None, max_examples=60)
@given(rows=st.lists(st.tuples(figures, figures), max_size=70), horizon=st.integers(1, 8))
def test_any_series_gives_a_finite_factor_within_its_limits_and_a_reason(rows, horizon):
    table = np.array(rows, dtype=float).reshape(-1, 2)
    for proof in (
        prove_indicator(table[:, 0], table[:, 1], horizon),
        prove_event(table[:, 0], (np.nan_to_num(table[:, 1]) > 50).astype(float), np.ones(horizon)),
    ):
        assert proof.factor.shape == (horizon,) and proof.why
        assert ((proof.factor >= 0.5) & (proof.factor <= 1.5)).all()
        assert proof.proven or (proof.factor == 1).all()

"""A company's drivers: proven per family, at most one used, switched off on request, late publication counted."""

from dataclasses import replace

import numpy as np
import pytest

from sop.core.calendar import shift_period
from sop.core.inputs import Event, Inputs, LeadingIndicator
from sop.core.terms import EventUse
from sop.demand.drivers import is_used, prove_drivers, published
from sop.demand.forecast import forecast_company
from sop.demand.working_days import CALENDAR
from tests.demand.test_demand_cleaning_company import company

MONTHS = tuple(shift_period("2022-12", back) for back in range(-84, 0))
NAN = np.nan


def index(seed: int = 1, lead: int = 3) -> np.ndarray:
    """A market index over the months and `lead` more."""
    return 100 * np.exp(np.cumsum(np.random.default_rng(seed).normal(0, 0.04, len(MONTHS) + lead)))


def follower(seed: int, market: np.ndarray) -> np.ndarray:
    """Demand that moves with the market of the month."""
    noise = np.random.default_rng(seed).normal(0, 0.02, len(MONTHS))
    return 10 * market[: len(MONTHS)] * np.exp(0.3 * np.sin(np.arange(len(MONTHS)) * np.pi / 6) + noise)


def two_families(*indicators: LeadingIndicator) -> Inputs:
    """Family A follows the market, B does not; a longer history than the helper's."""
    market, other = index(), index(2)
    inputs = company(follower(8, market), follower(9, other))
    return replace(inputs, history=replace(inputs.history, months=MONTHS), indicators=indicators)


def told(name: str, values: np.ndarray) -> LeadingIndicator:
    return LeadingIndicator(name, MONTHS[: len(values)], values, NAN, NAN, "sales")


MARKET = told("Market", index()[3:])
"""It shows three months early what will be ordered."""
NOISE = told("Noise", index(7)[3:])


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    return two_families(MARKET, NOISE)


def demand_of(inputs: Inputs) -> np.ndarray:
    return inputs.ordered_by_family.copy()


def test_an_indicator_is_used_for_the_family_that_it_leads_and_for_no_other(inputs):
    proofs, factor = prove_drivers(inputs, demand_of(inputs))
    used = [(proof.driver, proof.family, proof.lag) for proof in proofs if proof.used]
    assert used == [("Market", "A", 3)]
    assert (factor[0, :3] != 1).all() and (factor[0, 3:] == 1).all() and (factor[1] == 1).all()
    assert len(proofs) == 4 and all("unproven" in proof.why for proof in proofs if not proof.proven)


def test_the_gain_stands_with_its_interval(inputs):
    (proof,) = [proof for proof in prove_drivers(inputs, demand_of(inputs))[0] if proof.used]
    assert 0 < proof.lo < proof.gain < proof.hi
    assert proof.why.startswith("leads by 3 months: saves")


@pytest.mark.parametrize("switch", ["", "Market"])
def test_a_driver_that_is_switched_off_is_tested_and_moves_nothing(inputs, switch):
    proofs, factor = prove_drivers(inputs, demand_of(inputs), {("driver_use", switch): 0.0})
    assert (factor == 1).all() and [p.driver for p in proofs if p.proven] == ["Market"]
    assert not any(proof.used for proof in proofs)


def test_a_drivers_own_switch_wins_over_that_of_all():
    decisions = {("driver_use", ""): 0.0, ("driver_use", "Market"): 1.0}
    assert is_used("Market", decisions) and not is_used("Noise", decisions)


def test_a_figure_that_comes_out_a_month_late_is_known_a_month_late():
    values, delay = published(told("Market", np.array([1.0, 2, 3])), MONTHS[:4])
    assert delay == 1 and np.isnan(values[0]) and values[1:].tolist() == [1, 2, 3]


def test_late_publication_shortens_what_the_indicator_can_say_and_not_its_lag():
    late = two_families(told("Market", index()[3:-1]))
    (proof, _), factor = prove_drivers(late, demand_of(late))
    assert proof.used and proof.lag == 3 and proof.why.startswith("leads by 3 months, known 1 later")
    assert (factor[0] != 1).tolist()[:4] == [True, True, False, False]


def test_the_forecast_moves_with_its_driver_for_products_too_and_says_so(inputs):
    quick = replace(inputs, calendar=replace(inputs.calendar, horizon=6))
    moved = forecast_company(quick, {("driver_use", CALENDAR): 0.0})
    plain = forecast_company(quick, {("driver_use", ""): 0.0})
    _, factor = prove_drivers(quick, demand_of(quick))
    assert moved.mean == pytest.approx(plain.mean * factor[:, None, :], rel=1e-5)
    assert moved.product_mean.sum(axis=0).sum() == pytest.approx(moved.mean.sum(), rel=1e-6)
    assert "Market leads by 3 months" in moved.why[0] and "Market" not in moved.why[1]
    assert [proof.driver for proof in moved.drivers if proof.used] == ["Market"]
    assert all(value is not None and 0 < value < 1 for value in moved.wape)


def fair(start: int) -> Event:
    return Event(f"E{start}", "Trade fair", "", EventUse.PLAN, 1.0, start, 2, "demand", 0.1, "A", "sales", "", 0.0)


def test_an_event_that_came_back_is_measured_and_leaves_the_baseline_alone(inputs):
    events = tuple(fair(start) for start in (-60, -43, -26, -9, 3))
    history = demand_of(inputs)
    for event in events[:-1]:
        history[0, 0, event.start : event.start + 2] *= 1.6
    proofs, factor = prove_drivers(replace(inputs, events=events, indicators=()), history)
    (proof,) = proofs
    assert proof.driver == "Trade fair" and proof.family == "A" and proof.proven and not proof.used
    assert (factor == 1).all()


def test_without_indicators_nothing_is_tested(inputs):
    proofs, factor = prove_drivers(replace(inputs, indicators=None), demand_of(inputs))
    assert proofs == () and (factor == 1).all()

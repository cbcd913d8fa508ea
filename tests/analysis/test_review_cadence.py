"""The cadence adviser: demand class, life cycle, fences and horizon by hand, and a reason for each."""

from math import ceil

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.analysis.cadence import (
    DemandClass,
    FamilyFacts,
    LifeCycle,
    demand_class,
    demand_interval,
    life_cycle,
    propose_cadence,
    squared_variation,
)

STEADY = np.tile([90.0, 110.0], 18)
HALF_YEARLY = np.where(np.arange(36) % 6 == 0, 50.0, 0.0)


def test_the_interval_and_variation_of_demand_are_those_of_the_months_that_have_some():
    assert demand_interval(np.array([0.0, 4, 0, 8])) == 2
    assert squared_variation(np.array([0.0, 4, 0, 8])) == pytest.approx(8 / 36)
    assert np.isinf(demand_interval(np.zeros(3))) and np.isnan(squared_variation(np.array([0.0, 4])))


@pytest.mark.parametrize(
    ("interval", "cv2", "kind"),
    [
        (1.0, 0.1, DemandClass.SMOOTH),
        (1.31, 0.49, DemandClass.ERRATIC),
        (1.32, 0.48, DemandClass.INTERMITTENT),
        (3.0, 2.0, DemandClass.LUMPY),
        (np.inf, np.nan, DemandClass.NONE),
    ],
)
def test_demand_is_classed_by_its_interval_and_variation(interval, cv2, kind):
    assert demand_class(interval, cv2) is kind


@pytest.mark.parametrize(
    ("demand", "stage"),
    [
        (np.full(23, 9.0), LifeCycle.NEW),
        (np.r_[np.full(12, 10.0), np.full(12, 13.0)], LifeCycle.GROWING),
        (np.r_[np.full(12, 10.0), np.full(12, 11.0)], LifeCycle.MATURE),
        (np.r_[np.full(12, 10.0), np.full(12, 7.0)], LifeCycle.ENDING),
        (np.r_[np.zeros(12), np.full(12, 7.0)], LifeCycle.GROWING),
        (np.zeros(24), LifeCycle.MATURE),
    ],
)
def test_the_life_cycle_follows_age_and_yearly_change(demand, stage):
    assert life_cycle(demand) is stage


def test_a_steady_family_is_planned_monthly_in_months_with_fences_from_its_lead_time():
    found = propose_cadence(FamilyFacts("Bikes", STEADY, 75.0, 0.05, 0.02))
    assert (found.bucket, found.cycle, found.frozen_months, found.slushy_months) == ("month", "monthly", 1, 3)
    assert found.horizon_months == 18
    for words in ("smooth demand", "mature (±0% in a year)", "75 days", "saves 5.0% WAPE"):
        assert words in found.reason


def test_a_long_lead_time_asks_for_a_longer_horizon_and_wider_fences():
    found = propose_cadence(FamilyFacts("Imports", STEADY, 240.0))
    assert (found.frozen_months, found.slushy_months, found.horizon_months) == (3, 8, 24)


def test_rare_demand_is_planned_in_quarters():
    found = propose_cadence(FamilyFacts("Trailers", HALF_YEARLY, 60.0))
    assert found.bucket == "quarter" and "intermittent demand" in found.reason


def test_smooth_demand_with_quick_supply_is_planned_in_weeks():
    assert propose_cadence(FamilyFacts("Parts", STEADY, 14.0)).bucket == "week"


def test_a_forecast_that_does_not_beat_the_naive_one_is_reviewed_less_often():
    found = propose_cadence(FamilyFacts("Bikes", STEADY, 75.0, -0.02, -0.05))
    assert found.cycle == "quarterly" and "does not beat the naive one" in found.reason


def test_a_new_family_that_supply_can_follow_gets_exceptions_every_two_weeks():
    found = propose_cadence(FamilyFacts("Cargo", STEADY[:10], 40.0))
    assert found.cycle.startswith("monthly, exceptions") and "new: 10 months" in found.reason


def test_what_is_not_known_is_said():
    reason = propose_cadence(FamilyFacts("Bikes", STEADY)).reason
    assert "lead time not known" in reason and "not known yet" in reason


def test_a_family_without_demand_is_reviewed_quarterly():
    found = propose_cadence(FamilyFacts("Old", np.zeros(36)))
    assert found.demand_class is DemandClass.NONE and found.cycle == "quarterly" and "no demand" in found.reason


@settings(deadline=None, max_examples=80)
@given(
    demand=st.lists(st.one_of(st.just(np.nan), st.just(0.0), st.floats(0, 1e9)), max_size=60),
    lead=st.one_of(st.just(np.nan), st.floats(0, 2000)),
    added=st.one_of(st.just(np.nan), st.floats(-2, 1)),
)
def test_any_family_gets_a_cadence_whose_fences_fit_its_lead_time(demand, lead, added):
    found = propose_cadence(FamilyFacts("F", np.array(demand, dtype=float), lead, added, added))
    assert 1 <= found.frozen_months < found.slushy_months
    assert 18 <= found.horizon_months <= 36 and found.reason
    assert np.isnan(lead) or found.slushy_months >= ceil(lead / (365.25 / 12))

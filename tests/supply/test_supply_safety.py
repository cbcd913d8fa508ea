"""What safety stock is made of: the basis, the two meanings of a service level, uncertain lead times."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.core.register import Assumptions
from sop.intake.assemble import assemble
from sop.supply.before.safety import SafetyBasis, safety_basis
from tests.companies import Shape, calendar_of, company_tables


def basis(**changes) -> SafetyBasis:
    """Two families to stock and one to order: 100 a month, deviation 20; a month to replenish, one of review."""
    fields = {
        "stocked": np.array([True, True, False]),
        "level": np.array([0.95, 0.9, 0.95]),
        "by_fill_rate": np.zeros(3, dtype=bool),
        "lead_months": np.ones(3),
        "lead_sd_months": np.zeros(3),
        "demand": np.full((3, 2), 100.0),
        "demand_sd": np.full((3, 2), 20.0),
        "factor": np.ones((3, 2)),
    }
    return SafetyBasis(**{**fields, **changes})


def test_safety_stock_is_z_sigma_over_lead_time_and_review_and_none_to_order():
    """sigma = 20 sqrt(1 + 1) = 28.28; z of 95% and 90% is 1.645 and 1.282: 46.5 and 36.2."""
    found = basis()
    assert found.sigma[0, 0] == pytest.approx(28.28, abs=0.005)
    assert found.stock.tolist() == [[47, 47], [36, 36], [0, 0]]


def test_a_lead_time_that_strays_adds_the_demand_it_exposes():
    """A deviation of a quarter of a month at 100 a month: sqrt(800 + 625) = 37.75; 1.645 of it is 62."""
    found = basis(lead_sd_months=np.array([0.25, 0.0, 0.0]))
    assert found.sigma[:, 0] == pytest.approx([37.75, 28.28, 28.28], abs=0.005)
    assert found.stock[0, 0] == 62


def test_a_service_level_meant_as_fill_rate_needs_the_stock_of_the_loss_function():
    """5% of 100 may be short: G(z) = 5 / 28.28 = 0.1768, z = 0.571 in the printed table, 16.1 units."""
    found = basis(by_fill_rate=np.array([True, False, False]))
    assert found.stock[0, 0] == 16
    cycle, rate = found.served(found.stock_at(found.level))
    assert rate[0, 0] == pytest.approx(0.95)
    assert cycle[0, 0] == pytest.approx(0.7160, abs=1e-4)
    assert cycle[1, 0] == pytest.approx(0.9)


def test_the_effect_of_an_initiative_scales_the_target():
    assert basis(factor=np.full((3, 2), 0.5)).stock[0].tolist() == [23, 23]


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10**6), st.floats(0, 0.6), st.booleans())
def test_on_the_mean_of_months_the_stock_is_the_mean_of_their_stocks(seed, lead_sd, fills):
    """Deviations grow with demand, as they do in a company's plan: a share of it."""
    rng = np.random.default_rng(seed)
    demand = rng.uniform(1, 500, (3, 6))
    found = basis(
        demand=demand,
        demand_sd=0.3 * demand,
        lead_sd_months=np.full(3, lead_sd),
        by_fill_rate=np.full(3, fills),
        factor=np.ones((3, 6)),
    )
    mean = found.mean_of(6)
    assert mean.stock_at(mean.level)[:, 0] == pytest.approx(found.stock_at(found.level).mean(axis=1))


def test_the_basis_reads_tables_and_what_somebody_set():
    shape = Shape(strategy=False)
    inputs = assemble(company_tables(shape), calendar_of(shape), company="test")
    name = inputs.families.names[0]
    values = Assumptions({("replenishment_days", ""): 60.875, ("service_measure", name): 1.0})
    ones = np.ones((len(inputs.families.names), shape.horizon))
    found = safety_basis(inputs, values, 100 * ones, 10 * ones, ones)
    assert found.lead_months == pytest.approx(2.0)
    assert found.by_fill_rate.tolist() == [True] + [False] * (len(found.level) - 1)
    assert found.stocked.tolist() == (~inputs.families.made_to_order).tolist()
    assert (found.stock[~found.stocked] == 0).all()
    unmoved = replace(found, by_fill_rate=np.zeros(len(found.level), dtype=bool))
    assert (unmoved.stock_at(unmoved.level)[0] > found.stock_at(found.level)[0]).all()

"""The joint error of demand: sums keep the range measured on sums, wider is never narrower, bad input is wide."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from threadpoolctl import threadpool_limits

from sop.analysis.ranges.demand_errors import DemandErrors, demand_errors, errors_of_facts
from sop.analysis.ranges.error_records import PastDemand
from sop.analysis.ranges.error_sizes import ErrorSize, Record, prior_size, sizes_of, variation_of
from sop.analysis.ranges.risks import key_of_errors
from sop.core.calendar import shift_period
from sop.core.inputs import History, Inputs
from tests.tiny import FIRST, tiny_forecast, tiny_inputs

PRICE = np.array([100.0, 1000.0])[:, None, None]


def company(bikes: np.ndarray, cargo: np.ndarray | None = None) -> Inputs:
    """The tiny company with these units a month; cargo bikes follow the bikes unless they are given."""
    units = np.array([bikes, bikes / 5 if cargo is None else cargo])[:, None, :]
    months = tuple(shift_period(FIRST, t - len(bikes)) for t in range(len(bikes)))
    return tiny_inputs(months=max(len(bikes), 1), history=History(months, units, units, units * PRICE))


def errors(inputs: Inputs | None = None, past: tuple[PastDemand, ...] = ()) -> DemandErrors:
    return demand_errors(inputs or company(noisy()), tiny_forecast(), past)


def noisy(months: int = 60, share: float = 0.05, seed: int = 3) -> np.ndarray:
    """Level sales with noise."""
    return 10 * np.exp(np.random.default_rng(seed).normal(0, share, months))


def draws(found: DemandErrors, n: int = 1000) -> np.ndarray:
    return found.factors(np.random.default_rng(1).normal(size=(n, found.dims)))


def width(found: DemandErrors, months: int = 12) -> float:
    """The 80% range of the value of some months, as a share of the forecast."""
    value = found.value[..., :months]
    total = (draws(found)[..., :months] * value).sum(axis=(1, 2, 3))
    return float(np.diff(np.quantile(total, [0.1, 0.9])).item() / value.sum())


# -- what is kept


def test_errors_are_read_back_as_they_were_measured() -> None:
    found, inputs = errors(), company(noisy())
    again = errors_of_facts(json.loads(json.dumps(found.facts())), inputs, tiny_forecast())
    assert key_of_errors(again) == key_of_errors(found) and again.why == found.why and again.known
    assert np.array_equal(draws(again, 10), draws(found, 10))


# -- draws


def test_a_draw_without_any_surprise_is_the_forecast() -> None:
    found = errors()
    assert found.factors(np.zeros((1, found.dims))) == pytest.approx(np.ones((1, 2, 1, 12)))


def test_the_middle_of_the_draws_of_the_total_is_the_forecast() -> None:
    found = errors()
    total = (draws(found, 4000) * found.value).sum(axis=(1, 2, 3))
    assert np.median(total) == pytest.approx(found.value.sum(), rel=0.01)


def test_a_draw_does_not_depend_on_which_others_are_drawn_with_it() -> None:
    found = errors()
    normals = np.random.default_rng(5).normal(size=(8, found.dims))
    assert np.array_equal(found.factors(normals)[5:], found.factors(normals[5:]))


def test_a_draw_does_not_depend_on_how_many_threads_whoever_draws_it_has() -> None:
    """A worker of a Dask cluster has one, a server as many as there are cores."""
    found = errors(company(noisy()))
    noisy_cells = replace(found.cell, month=np.full(2, 0.1))
    wide = replace(found, cell=noisy_cells, value=np.ones((2, 1, 480)))
    normals = np.random.default_rng(5).normal(size=(50, wide.dims))
    with threadpool_limits(1):
        alone = wide.factors(normals)
    with threadpool_limits(2):
        assert np.array_equal(wide.factors(normals), alone)


def test_what_families_do_to_each_other_leaves_the_total_as_it_was_measured() -> None:
    found = errors()
    apart = replace(found, family=found.family.times(5), cell=found.cell.times(5))
    both = [(draws(each) * each.value).sum(axis=(1, 2, 3)) for each in (found, apart)]
    assert both[0] == pytest.approx(both[1])


def test_normals_of_another_width_are_refused() -> None:
    with pytest.raises(ValueError, match="normals"):
        errors().factors(np.zeros((1, 3)))


@settings(max_examples=8, deadline=None)
@given(st.floats(1.0, 4.0), st.sampled_from([0, 1, 2]), st.integers(0, 5))
def test_a_wider_error_never_narrows_a_range(factor: float, level: int, seed: int) -> None:
    found = errors(company(noisy(48, 0.1, seed), noisy(48, 0.2, seed + 10) / 5))
    name = ("company", "family", "cell")[level]
    wider = replace(found, **{name: getattr(found, name).times(factor)})
    assert width(wider) >= width(found) * (1 - 1e-9)
    parts = [draws(each).sum(axis=3) for each in (found, wider)]
    spread = [np.diff(np.quantile(part, [0.1, 0.9], axis=0), axis=0) for part in parts]
    assert (spread[1] >= spread[0] * 0.98).all(), "families and cells neither, beyond what draws can tell"


# -- sizes


def test_the_range_of_a_total_is_as_wide_as_its_own_past_errors() -> None:
    calm, restless = errors(company(noisy(share=0.02))), errors(company(noisy(share=0.3)))
    assert width(restless) > 3 * width(calm)


def test_a_bias_that_came_back_is_an_error() -> None:
    """Growth that every forecast gave away too early keeps the range as wide as it was missed."""
    rng = np.random.default_rng(2)
    steps = np.repeat(1.3 ** np.arange(6), 12) * np.exp(rng.normal(0, 0.01, 72))
    assert width(errors(company(10 * steps))) > width(errors(company(noisy(72, 0.01)))) * 2


def test_a_short_history_is_wider_than_a_long_one() -> None:
    found = [width(errors(company(noisy(months)))) for months in (2, 8, 60)]
    assert found == sorted(found, reverse=True)
    assert prior_size(np.array([0.1]), 12, np.array([1.0])) > prior_size(np.array([0.1]), 12, np.array([60.0]))


def sizes(missed: float, months: int = 36) -> ErrorSize:
    """What twelve errors of this size in each sum make of three years' history."""
    spans, origins = np.array([1.0, 3.0, 6.0, 12.0, 24.0]), np.arange(24.0, months)
    ahead = months - origins
    errors = np.where(ahead[:, None] >= spans, missed, np.nan)[..., None]
    return sizes_of(Record(noisy(months)[None], errors, spans, origins), 12)


def test_one_year_that_was_forecast_well_proves_no_calm_and_one_that_was_missed_proves_unrest() -> None:
    series = noisy(36)[None]
    public = prior_size(variation_of(series, 12), 12, np.array([36.0]))
    assert sizes(0.0).over(12, 12) == pytest.approx(public, rel=0.1)
    assert sizes(0.4).over(12, 12) > 1.5 * public


@settings(max_examples=20, deadline=None)
@given(st.floats(0.02, 0.15), st.sampled_from([12.0, 24.0, 48.0]))
def test_a_sum_of_any_length_is_about_as_unsure_as_public_series_were(variation: float, known: float) -> None:
    """Level, drift, growth and month give back what was measured on sums, at every span alike."""
    spans = np.array([1.0, 3.0, 6.0, 12.0, 24.0])
    nothing = np.full((1, len(spans), 1), np.nan)
    growth = variation * np.random.default_rng(1).normal(size=int(known))
    series = 10 * np.exp(np.concatenate([np.zeros(12), growth]))[None]
    found = sizes_of(Record(series, nothing, spans, np.array([24.0])), 12)
    months = np.array([float(series.shape[1])])
    for span in spans:
        public = prior_size(variation_of(series, 12), span, months)
        assert found.over(span, 12) == pytest.approx(public, rel=0.07), span


def test_signed_plans_that_missed_one_way_widen_the_range() -> None:
    history = company(noisy())
    plans = tuple(
        PastDemand(shift_period(FIRST, -months), np.repeat([[[20.0]], [[4.0]]], 12, axis=2))
        for months in range(2, 9)
    )
    exact = tuple(replace(plan, units=plan.units / 2) for plan in plans)
    assert width(errors(history, plans)) > 1.5 * width(errors(history))
    assert width(errors(history, exact)) == pytest.approx(width(errors(history))), "luck does not narrow it"
    assert "signed plans missed" in errors(history, plans).why and "signed" not in errors(history, exact).why


# -- bad input: wide, with a reason, and never a crash

LEAST_UNKNOWN = 0.15
"""What little is known of may come out by this share of the plan either way, at least."""


def test_one_month_of_history_is_wide_and_says_why() -> None:
    found = errors(company(noisy(1)))
    assert width(found) > 2 * LEAST_UNKNOWN
    assert "only 1 month of sales is known" in found.why


def test_nothing_sold_is_not_known() -> None:
    nothing = company(np.zeros(36))
    found = demand_errors(nothing, tiny_forecast(mean=(0.0, 0.0), half=0.0))
    assert not found.known
    assert "nothing sold" in found.why
    assert np.isfinite(draws(found)).all()


def test_a_forecast_on_nothing_sold_is_wide() -> None:
    found = errors(company(np.zeros(36)))
    assert width(found) > 2 * LEAST_UNKNOWN


def test_a_hole_is_no_demand_and_no_certainty() -> None:
    whole = noisy()
    holed = whole.copy()
    holed[20:26] = np.nan
    found = errors(company(holed))
    assert "6 months are without any figure" in found.why
    assert width(found) >= width(errors(company(whole))) * 0.9


@pytest.mark.parametrize("ago", [1, 3, 12, 24])
def test_a_company_that_doubled_is_wide(ago: int) -> None:
    doubled = noisy()
    doubled[-ago:] *= 2
    found = errors(company(doubled))
    assert width(found) > 1.5 * width(errors(company(noisy())))
    assert width(found) > LEAST_UNKNOWN
    assert "growth varied" in found.why


def test_a_company_that_doubled_a_year_ago_and_has_two_years_is_wide() -> None:
    doubled = noisy(24, 0.01) * np.repeat([1, 2], 12)
    assert width(errors(company(doubled))) > 2 * LEAST_UNKNOWN


def test_negative_months_are_wide() -> None:
    returned = noisy()
    returned[[20, 40]] = -5
    found = errors(company(returned))
    assert np.isfinite(draws(found)).all()
    assert width(found) > width(errors(company(noisy())))
    assert "growth varied" in found.why


def test_a_calm_company_says_nothing_of_width() -> None:
    assert errors().why == ""


def test_one_family_moves_as_the_company() -> None:
    found = errors(company(noisy(), np.zeros(60)))
    alone = demand_errors(company(noisy(), np.zeros(60)), tiny_forecast(mean=(10.0, 0.0)))
    assert np.isfinite(draws(found)).all()
    own = draws(alone)[:, 0, 0]
    assert np.quantile(own.mean(axis=1), 0.9) > 1.02
    assert alone.family.level[0] == 0.0

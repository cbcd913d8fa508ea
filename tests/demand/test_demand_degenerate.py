"""Every forecast library call on input that has nothing in it: constant, zero, collinear, perfectly predicted."""

from dataclasses import replace

import numpy as np
import pytest

from sop.core.calendar import shift_period
from sop.core.inputs import History, Inputs, LeadingIndicator
from sop.core.register import Assumptions
from sop.demand.drivers import prove_event, prove_indicator, prove_price
from sop.demand.forecast import forecast_company
from sop.engine import Planner
from tests.demand.test_demand_cleaning_company import company

SEASON = np.tile([120.0, 80.0, 100.0, 90.0, 110.0, 100.0, 60.0, 140.0, 100.0, 100.0, 95.0, 105.0], 7)
ODD = {
    "level": lambda n: [np.full(n, 100.0), np.full(n, 50.0)],
    "zero": lambda n: [np.zeros(n), np.zeros(n)],
    "one zero": lambda n: [np.full(n, 100.0), np.zeros(n)],
    "season repeated": lambda n: [SEASON[:n], SEASON[:n] * 2],
    "straight line": lambda n: [np.arange(n) + 1.0, np.arange(n)[::-1] + 1.0],
    "collinear": lambda n: [SEASON[:n] + np.arange(n), 3 * (SEASON[:n] + np.arange(n))],
    "opposite": lambda n: [np.arange(n) + 1.0, n - np.arange(n) + 0.0],
    "all in one month": lambda n: [np.where(np.arange(n) == n // 2, 900.0, 0.0), np.full(n, 10.0)],
    "ends": lambda n: [np.where(np.arange(n) < n // 2, 100.0, 0.0), np.full(n, 10.0)],
    "returned only": lambda n: [np.full(n, -5.0), np.full(n, 10.0)],
    "not known": lambda n: [np.full(n, np.nan), np.full(n, np.nan)],
    "tiny": lambda n: [np.full(n, 1e-9), SEASON[:n] * 1e-9],
    "huge": lambda n: [SEASON[:n] * 1e12, np.full(n, 1.0)],
}


def of(demand: list[np.ndarray]) -> Inputs:
    inputs = company(*(np.ones(48) for _ in demand))
    count = len(demand[0])
    months = tuple(shift_period("2022-12", t - count) for t in range(count))
    ordered = np.array(demand)[:, None, :]
    history = History(months, ordered, ordered.copy(), ordered * 10)
    flat = LeadingIndicator("Flat", months, np.full(count, 100.0), np.nan, np.nan, "sales")
    same = LeadingIndicator("Same", months, np.nan_to_num(demand[0]), np.nan, np.nan, "sales")
    return replace(inputs, history=history, indicators=(flat, same))


@pytest.mark.filterwarnings("error::numpy.exceptions.RankWarning")
@pytest.mark.parametrize("months", [1, 2, 7, 13, 24, 36, 84])
@pytest.mark.parametrize("kind", ODD)
def test_odd_history_is_forecast_and_planned(kind, months):
    inputs = of(ODD[kind](months))
    forecast = forecast_company(inputs)
    for figures in (forecast.mean, forecast.lo80, forecast.hi80, forecast.lo95, forecast.hi95):
        assert np.isfinite(figures).all()
    assert (forecast.lo80 <= forecast.mean).all() and (forecast.mean <= forecast.hi80).all()
    assert np.isfinite(forecast.product_mean).all() and len(forecast.why) == 2
    if kind == "level":
        assert (forecast.mean[:, 0] == [[100.0], [50.0]]).all()
    if kind in ("zero", "not known"):
        assert not forecast.mean.any()
    plan = Planner(inputs, forecast).build(Assumptions())
    assert (plan["consensus_demand"] >= 0).all()


@pytest.mark.parametrize("values", [np.full(84, 100.0), np.zeros(84), SEASON, np.arange(84) + 1.0, -SEASON])
def test_drivers_that_say_nothing_are_unproven(values):
    for demand in (np.full(84, 100.0), SEASON, np.zeros(84)):
        assert not prove_indicator(demand, values, 12).proven
        on = np.zeros(84)
        on[[20, 44, 70]] = 1
        assert not prove_event(demand, on, np.zeros(12)).proven


def test_a_price_that_explains_demand_perfectly_is_proven_and_one_that_never_moves_is_not():
    rng = np.random.default_rng(1)
    price, last = rng.normal(0, 0.05, 60), rng.normal(0, 0.05, 60)
    rows = np.column_stack([-2 * price, np.ones(60), -2 * last, price, last])
    assert prove_price(rows)[0] == pytest.approx(-2)
    rows[:, 3:] = 0.0
    assert prove_price(rows)[0] is None


@pytest.mark.parametrize(
    ("kind", "months", "rule", "told"),
    [
        ("all in one month", 24, "sold_once", "all that A sold in 24 months was in Dec 2021"),
        ("zero", 24, "never_sold", "A sold nothing in 24 months"),
        ("level", 1, "few_periods", "sales of only 1 month are known"),
        ("level", 5, "few_periods", "sales of only 5 months are known"),
    ],
)
def test_a_history_that_says_little_of_what_comes_is_named(kind, months, rule, told):
    found = forecast_company(of(ODD[kind](months))).findings
    (first, *more) = [finding for finding in found if finding.rule == rule]
    assert first.what.startswith(told) and first.remedy
    assert len(more) == (1 if kind == "zero" else 0)


def test_a_history_that_says_enough_has_nothing_named():
    rules = {finding.rule for finding in forecast_company(of(ODD["season repeated"](24))).findings}
    assert not rules & {"sold_once", "never_sold", "few_periods"}

"""Ranges by span, chances of targets and of several at once, what the worst tenth is: from the same draws."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.analysis.ranges.draws import Draws, standard_error
from sop.analysis.ranges.projections import horizons_of, project_headlines, spans_of, spread_of, value_targets
from sop.core.inputs import Floats
from sop.core.measures import HEADLINES
from tests.analysis.drawn import drawn

BY_KEY = {entry.key: entry for entry in HEADLINES}


def paths(months: int = 12) -> dict[str, Floats]:
    """A plan with 100 of revenue, 20 of EBIT a month and cash that falls by 10."""
    return {
        "revenue": np.full(months, 100.0),
        "ebit": np.full(months, 20.0),
        "cash": 500.0 - 10 * np.arange(months),
        "lead_time": np.array([30.0, 40.0] * (months // 2)),
        "on_time": np.full(months, 8.0),
        "due": np.full(months, 10.0),
    }


def sure(months: int = 12) -> Draws:
    return drawn(paths(months), {"revenue": [0.0, 0.0]}, months)


def test_a_plan_of_two_years_has_a_short_a_medium_and_a_long_horizon() -> None:
    assert [(h.name, h.first, h.last) for h in horizons_of(24, 12)] == [
        ("Short", 0, 2), ("Medium", 3, 11), ("Long", 12, 23),
    ]  # fmt: skip
    assert [h.name for h in horizons_of(12, 12)] == ["Short", "Medium"]
    assert [(h.name, h.last) for h in horizons_of(2, 12)] == [("Short", 1)]


def test_ranges_are_told_for_twelve_months_the_horizons_and_the_fiscal_year() -> None:
    spans = [(span.first, span.last) for span in spans_of(sure(24))]
    assert spans == [(0, 11), (0, 2), (3, 11), (12, 23), (0, 1)]
    assert len(set(spans)) == len(spans), "no span twice"


def test_every_measure_is_read_over_a_span_as_its_headline_is() -> None:
    draws = sure(24)
    found = {(row.headline.key, row.horizon.name): row.plan for row in project_headlines(draws, spans_of(draws))}
    assert found["revenue", "Short"] == 300 and found["revenue", "Long"] == 1200
    assert found["cash", "Medium"] == 390, "the lowest month"
    assert found["lead_time", "Short"] == 40, "the highest month"
    assert found["on_time", "Medium"] == 0.8
    assert ("inventory", "Short") not in found, "a plan without stock value has no range of it"


def test_without_doubt_every_quantile_is_the_plan() -> None:
    draws = sure()
    for row in project_headlines(draws, spans_of(draws)):
        assert row.p2_5 == row.p10 == row.p50 == row.p90 == row.p97_5 == row.plan == pytest.approx(row.shortfall)
        assert row.drivers == ()


def test_quantiles_are_those_of_the_draws() -> None:
    draws = drawn(paths(), {"revenue": np.arange(-50.0, 51.0).tolist()})
    row = project_headlines(draws, spans_of(draws))[0]
    assert (row.p10, row.p50, row.p90) == (1200 - 480, 1200, 1200 + 480)
    assert row.shortfall == pytest.approx(1200 - 12 * 45.5), "the mean of the worst ten"


def test_targets_are_reached_in_the_draws_that_are_at_them_or_better() -> None:
    draws = drawn(paths(), {"revenue": [0, -10], "lead_time": [0, 20]})
    marks = [("Budget", "revenue", 1200.0), ("Budget", "ebit", 240.0), ("Agreed plan", "lead_time", 40.0)]
    found = value_targets(draws, marks)
    assert [row.chance for row in found.rows] == [0.5, 1.0, 0.5]
    assert [(each.kind, each.chance) for each in found.joint] == [("Budget", 0.5)], "one alone is not joint"


def test_targets_that_fail_together_are_likelier_at_once_than_if_each_failed_by_itself() -> None:
    draws = drawn(paths(), {"revenue": [0, -10], "ebit": [0, -5]})
    found = value_targets(draws, [("Budget", "revenue", 1200.0), ("Budget", "ebit", 240.0)])
    assert found.joint[0].chance == 0.5


def test_a_measure_that_the_plan_has_not_is_no_target() -> None:
    assert value_targets(sure(), [("Budget", "inventory", 1.0)]).rows == ()


def test_a_chance_is_surer_the_more_draws_there_are_and_never_quite_sure() -> None:
    assert standard_error(0.5, 1000) == pytest.approx(0.0158, abs=1e-4)
    assert standard_error(0.5, 1000) < standard_error(0.5, 200)
    assert standard_error(1.0, 200) > 0


def test_the_bad_tenth_is_driven_by_what_there_is_more_of_in_it() -> None:
    rng = np.random.default_rng(7)
    demand, price, nothing = (rng.normal(size=2000) for _ in range(3))
    scores = {"demand": demand.tolist(), "price": price.tolist(), "nothing": nothing.tolist()}
    draws = drawn(paths(), {"ebit": (3 * demand + price).tolist()}, **scores)
    first, second, *_ = draws.drivers(BY_KEY["ebit"], 0, 11)
    assert (first.risk, second.risk) == ("demand", "price")
    # The mean of the worst tenth of a normal lies 1.755 deviations down; each part in proportion to its variance.
    assert first.amount == pytest.approx(-12 * 1.755 * 9 / np.sqrt(10), rel=0.06)
    assert second.amount == pytest.approx(-12 * 1.755 / np.sqrt(10), rel=0.25)


def test_the_parts_of_the_bad_tenth_add_up_to_it() -> None:
    rng = np.random.default_rng(8)
    up, down = rng.normal(size=500), rng.normal(size=500)
    draws = drawn(paths(), {"revenue": (2 * up - down).tolist()}, up=up.tolist(), down=down.tolist())
    values = draws.values(BY_KEY["revenue"], 0, 11)
    shortfall = draws.shortfall(BY_KEY["revenue"], 0, 11)
    assert values is not None and shortfall is not None
    parts = sum(driver.amount for driver in draws.drivers(BY_KEY["revenue"], 0, 11))
    assert parts == pytest.approx(shortfall - values.mean())


def test_when_customers_pay_drives_cash_and_no_revenue_whatever_chance_makes_of_it() -> None:
    late = np.random.default_rng(9).normal(size=200)
    moved = {key: (-late).tolist() for key in ("revenue", "ebit", "cash")}
    draws = drawn(paths(), moved, **{"Customers' payment": late.tolist()})
    told = {key: [driver.risk for driver in draws.drivers(BY_KEY[key], 0, 11)] for key in moved}
    assert told == {"revenue": [], "ebit": [], "cash": ["Customers' payment"]}


def test_more_is_worse_where_less_is_better() -> None:
    late = [float(i) for i in range(20)]
    draws = drawn(paths(), {"lead_time": late}, late=late)
    assert draws.shortfall(BY_KEY["lead_time"], 0, 11) == 40 + 18.5
    (driver,) = draws.drivers(BY_KEY["lead_time"], 0, 11)
    assert driver.risk == "late" and driver.amount == pytest.approx(18.5 - 9.5)


def test_where_the_year_may_end_adds_up_to_certainty() -> None:
    found = spread_of(drawn(paths(), {"revenue": [0, -10]}), BY_KEY["revenue"])
    assert found is not None
    assert sum(found.chance) == pytest.approx(1.0)
    assert (found.chance[0], found.chance[-1]) == pytest.approx((0.5, 0.5))
    assert spread_of(sure(), BY_KEY["revenue"]) is None, "nothing is uncertain"


def test_a_few_extreme_draws_do_not_leave_bins_empty() -> None:
    effects = [*np.linspace(-50.0, 50.0, 199).tolist(), 5_000.0]
    found = spread_of(drawn(paths(), {"revenue": effects}), BY_KEY["revenue"])
    assert found is not None and min(found.chance) > 0.05
    assert sum(found.chance) == pytest.approx(1.0), "what lies beyond is in the outer bins"


@given(st.floats(0.0, 2000), st.floats(0.0, 2000), st.lists(st.floats(-50, 50), min_size=1, max_size=30))
@settings(deadline=None, max_examples=40)
def test_a_nearer_mark_is_never_less_likely(first: float, second: float, moved: list[float]) -> None:
    draws = drawn(paths(), {"revenue": moved})
    near, far = sorted((first, second))
    rows = value_targets(draws, [("Near", "revenue", near), ("Far", "revenue", far)]).rows
    assert rows[0].chance >= rows[1].chance


def test_what_only_chance_puts_into_the_bad_tenth_of_few_draws_is_not_told() -> None:
    rng = np.random.default_rng(1)
    scores = {f"Risk {i}": rng.normal(size=50) for i in range(12)}
    demand = rng.normal(size=50)
    moved = 1e6 * demand + 1e4 * rng.normal(size=50)
    draws = drawn({"revenue": np.full(12, 5e8)}, {"revenue": moved.tolist()}, Demand=demand, **scores)
    told = draws.drivers(BY_KEY["revenue"], 0, 11)
    assert told[0].risk == "Demand" and len(told) <= 3
    assert sum(abs(driver.amount) for driver in told[1:]) < 0.05 * abs(told[0].amount)


def test_the_next_twelve_months_come_first_whenever_the_fiscal_year_ends() -> None:
    for left in (2, 12):
        draws = replace(drawn({"revenue": np.full(24, 5e8)}, {"revenue": [0.0, 1.0]}), to_year_end=left)
        assert next((span.first, span.last) for span in spans_of(draws)) == (0, 11)

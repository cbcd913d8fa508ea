"""Past claims held against what came."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sop.analysis.ranges.claims import PastForecast, check_forecast, history_links, track_record
from sop.core.inputs import Inputs
from sop.core.scores import Z80
from tests.tiny import tiny_forecast, tiny_inputs


def company_that_sold(bikes: list[float], cargo: list[float]) -> Inputs:
    """Closed months up to December 2026 that end with these sales."""
    inputs = tiny_inputs()
    ordered = inputs.history.ordered.copy()
    ordered[0, 0, -len(bikes) :], ordered[1, 0, -len(cargo) :] = bikes, cargo
    return replace(inputs, history=replace(inputs.history, ordered=ordered))


def test_a_claim_counts_for_each_family_region_and_month_that_is_closed_by_now() -> None:
    forecast = replace(tiny_forecast(half=2.0), first_open="2026-11")
    past = check_forecast(forecast, company_that_sold([11.0, 13.0], [2.0, 0.0]))
    assert past is not None
    assert past.within.tolist() == [[1.0, 0.0], [1.0, 1.0]]
    record = track_record([past], tiny_inputs())
    assert (record.within, record.claims, record.share) == (3, 4, 0.75)


def test_a_forecast_of_open_months_claims_nothing_yet() -> None:
    assert check_forecast(tiny_forecast(), tiny_inputs()) is None
    assert track_record([], tiny_inputs()).share is None


def test_errors_that_always_go_together_are_linked_fully() -> None:
    error = np.array([[1.0, 1.0, 1.0, 1.0, 1.0, 1.0]] * 3)
    links = track_record([PastForecast(error, np.ones((3, 6)))], tiny_inputs()).links
    assert links.between == links.monthly == 0.95
    assert links.basis == "measured on 6 months of past signed forecasts"


def test_errors_that_alternate_are_not_linked_from_month_to_month() -> None:
    error = np.array([[1.0, -1.0, 1.0, -1.0, 1.0, -1.0]] * 2)
    links = track_record([PastForecast(error, np.ones((2, 6)))], tiny_inputs()).links
    assert (links.between, links.monthly) == (pytest.approx(0.95), 0.0)


def test_with_few_closed_claims_the_links_come_from_the_sales_history() -> None:
    few = [PastForecast(np.ones((2, 2)), np.ones((2, 2)))]
    assert track_record(few, tiny_inputs()).links.basis == "assumed: less than three years of sales"
    assert "year-on-year" in history_links(tiny_inputs(months=48)).basis


def test_claims_are_counted_by_what_was_claimed_and_how_far_ahead() -> None:
    # One month ahead and two: 80% intervals reach 2 units, 95% ones 4.
    forecast = replace(tiny_forecast(half=2.0), first_open="2026-11")
    past = check_forecast(forecast, company_that_sold([11.0, 13.0], [2.0, 0.0]))
    assert past is not None and past.ahead == (0, 1)
    counts = track_record([past], tiny_inputs()).counts
    assert [(c.claimed, c.ahead, c.within, c.claims) for c in counts] == [
        (0.8, "1–3 months ahead", 3, 4), (0.95, "1–3 months ahead", 4, 4),
    ]  # fmt: skip
    assert counts[0].share == 0.75


def test_deviations_are_widened_until_eight_of_ten_past_errors_would_have_been_inside() -> None:
    error = np.array([[2 * Z80, -2 * Z80, 2 * Z80, 0.0, 0.0, 0.0]] * 2)
    assert track_record([PastForecast(error, np.zeros((2, 6)))], tiny_inputs()).links.widen == pytest.approx(2.0)
    exact = track_record([PastForecast(error / 4, np.ones((2, 6)))], tiny_inputs())
    assert exact.links.widen == 1.0, "claims that were too wide are not narrowed"

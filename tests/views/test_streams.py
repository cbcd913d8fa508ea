"""Streams side by side by hand: bikes at 100 and a cost of 60, cargo bikes at 1 000 and 700."""

from __future__ import annotations

import numpy as np
import pytest

from sop.core.calendar import Calendar
from sop.core.inputs import Budget
from sop.views.sales.streams import (
    AGREED,
    CONSENSUS,
    FINANCE,
    FUNCTIONS,
    MARKETING,
    SALES,
    STATISTICAL,
    Streams,
    apart_from_statistical,
    bucket_totals,
    buckets,
    build_streams,
    disagreement_sentence,
    disagreement_table,
    disagreements,
    streams_table,
)
from sop.views.timeline import PlanContext
from tests.tiny import tiny_inputs, tiny_plan

BUDGET = Budget(
    tiny_plan().months, np.repeat([[[12.0]], [[2.0]]], 12, axis=2), np.zeros((2, 1, 12)), None
)  # fmt: skip


def euros(minor: float) -> str:
    return f"{minor / 100:.0f} €"


@pytest.fixture
def streams() -> Streams:
    """Bikes: 10 a month, sales adds 1, marketing 2 and a launch 3; cargo: 2, an event takes 1; budget 12 and 2."""
    plan = tiny_plan(
        baseline_forecast=[[[10]], [[2]]],
        overrides=[[[3]], [[0]]],
        launches=[[[3]], [[0]]],
        cannibalisation=[[[0]], [[0]]],
        events=[[[0]], [[-1]]],
        consensus_demand=[[[16]], [[1]]],
    )
    agreed = tiny_plan(months=6, consensus_demand=[[[11]], [[2]]])
    marketing = np.repeat([[[2.0]], [[0.0]]], 12, axis=2)
    return build_streams(PlanContext(tiny_inputs(budget=BUDGET), plan, agreed, "agreed"), marketing)


def test_each_stream_is_what_its_function_expects(streams: Streams) -> None:
    first = {name: streams.of(name, "Bikes")[0] for name in streams.values}
    assert first == {STATISTICAL: 10, SALES: 11, MARKETING: 15, FINANCE: 12, AGREED: 11, CONSENSUS: 16}
    assert streams.of(MARKETING, None)[0] == 15 + 1


def test_nobody_expects_less_than_nothing() -> None:
    plan = tiny_plan(baseline_forecast=[[[10]], [[2]]], overrides=[[[-30]], [[0]]])
    streams = build_streams(PlanContext(tiny_inputs(), plan), np.zeros((2, 1, 12)))
    assert (streams.of(SALES, "Bikes") == 0).all() and (streams.of(SALES, None) == 2).all()


def test_a_month_that_a_stream_does_not_cover_is_not_zero(streams: Streams) -> None:
    assert np.isnan(streams.of(AGREED, None)[6:]).all()
    table = streams_table(
        streams, None, buckets(Calendar("2027-01", 12), "Quarter"), ["Q1", "Q2", "Q3", "Q4"], "12 months"
    )
    assert table.figure(AGREED, "12 months") is None
    quarter = 3 * (100 * 11 + 1000 * 2) * 100
    assert (table.figure(AGREED, "Q2"), table.figure(AGREED, "Q3")) == (quarter, None), "families add up in money"


def test_the_table_adds_up_to_the_year_and_compares_with_the_consensus(streams: Streams) -> None:
    groups = buckets(Calendar("2027-01", 12), "Quarter")
    table = streams_table(streams, "Bikes", groups, ["Q1", "Q2", "Q3", "Q4"], "12 months")
    assert table.figure(SALES, "12 months") == 132 == sum(table.figure(SALES, q) for q in ("Q1", "Q2", "Q3", "Q4"))
    assert table.figure(FINANCE, "To consensus") == 12 * 12 - 16 * 12


def test_what_a_function_knows_is_its_distance_from_the_statistical_forecast(streams: Streams) -> None:
    quarters = buckets(Calendar("2027-01", 12), "Quarter")
    assert apart_from_statistical(streams, MARKETING, "Bikes", quarters) == [15.0] * 4
    assert apart_from_statistical(streams, AGREED, None, quarters) == [300_00.0, 300_00.0, None, None]


def test_quarters_and_years_follow_the_fiscal_year() -> None:
    assert [len(group) for group in buckets(Calendar("2026-12", 24), "Quarter")] == [1, 3, 3, 3, 3, 3, 3, 3, 2]
    assert [len(group) for group in buckets(Calendar("2026-12", 24, fiscal_start=4), "Year")] == [4, 12, 8]
    assert bucket_totals(np.array([1.0, np.nan, 3.0]), ("a", "b", "c"), [("a",), ("b", "c")]) == [1.0, None]


def test_disagreement_is_priced_and_the_most_money_comes_first(streams: Streams) -> None:
    cargo, bikes = disagreements(streams)
    assert (cargo.family, cargo.low, cargo.high, cargo.units) == ("Cargo", MARKETING, STATISTICAL, 12)
    assert cargo.value == 12 * 1000 * 100 and cargo.stock == 12 * 700 * 100
    assert (bikes.low, bikes.high, bikes.value) == (STATISTICAL, MARKETING, 60 * 100 * 100)
    assert bikes.share == pytest.approx(60 / (16 * 12))


def test_the_sentence_agrees_with_the_table(streams: Streams) -> None:
    found = disagreements(streams)
    table = disagreement_table(found)
    total = sum(row[5] for row in table.rows)
    said = disagreement_sentence(streams, found, euros)
    assert said.startswith(
        f"Over the next 12 months the streams are {euros(total)} apart, 58% of what the consensus brings: "
        "12000 € of it in Cargo, where marketing says 12 and statistical 24 units."
    )
    assert said.endswith(f"would leave {euros(sum(row[7] for row in table.rows))} of stock at standard cost.")


def test_a_company_with_a_forecast_only_has_streams_that_agree() -> None:
    plan = tiny_plan(baseline_forecast=[[[10]], [[2]]])
    streams = build_streams(PlanContext(tiny_inputs(), plan), np.zeros((2, 1, 12)))
    assert tuple(streams.values) == (STATISTICAL, SALES, MARKETING, CONSENSUS)
    assert disagreements(streams) == ()
    assert disagreement_sentence(streams, (), euros) == (
        "The streams that are known (Statistical, Sales, Marketing) say the same for the next 12 months."
    )
    assert FINANCE in FUNCTIONS and FINANCE not in streams.values

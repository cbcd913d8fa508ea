"""On time in full by value, from order lines that can be counted by hand: bikes sell for 100, cargo for 1 000."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sop.core.calendar import Calendar
from sop.facts.closed import ClosedFacts, OnTime, closed_facts
from tests.tiny import tiny_inputs

MONTHS = ("2026-11", "2026-12")
COLUMNS = ["product", "requested", "promised", "delivered", "quantity_ordered", "quantity_delivered"]


@pytest.fixture
def deliveries() -> pd.DataFrame:
    return pd.DataFrame(
        [
            ("B1", "2026-11-05", "2026-11-10", "2026-11-10", 4.0, 4.0),  # kept, a little later than asked for
            ("B1", "2026-11-05", "2026-11-10", "2026-11-12", 4.0, 4.0),  # two days late, in its month
            ("B1", "2026-11-20", "2026-11-20", "2026-11-20", 5.0, 3.0),  # on time but not in full
            ("C1", "2026-11-25", "2026-12-05", None, 2.0, 0.0),  # promised for December, still open
            ("C1", "2026-12-01", "2026-12-10", "2027-01-02", 1.0, 1.0),  # a month late
        ],
        columns=COLUMNS,
    )


def facts_of(deliveries: pd.DataFrame) -> ClosedFacts:
    return closed_facts(tiny_inputs(), deliveries.assign(ordered="2026-11-01"), None)


def test_a_line_counts_when_all_of_it_came_by_the_date(deliveries: pd.DataFrame) -> None:
    facts = facts_of(deliveries)
    assert facts.promised is not None and facts.requested is not None
    promised, requested = (lines.of().on(MONTHS) for lines in (facts.promised, facts.requested))
    assert (promised.due.tolist(), promised.kept.tolist()) == ([130_000, 300_000], [40_000, 0])
    assert (requested.due.tolist(), requested.kept.tolist()) == ([330_000, 100_000], [0, 0])
    assert promised.share.tolist() == [4 / 13, 0]


def test_a_month_in_which_nothing_was_due_has_no_share(deliveries: pd.DataFrame) -> None:
    promised = facts_of(deliveries).promised
    assert promised is not None and np.isnan(promised.of().on(("2026-01",)).share[0])


def test_a_plan_knows_months_so_lines_that_came_within_theirs_are_counted_beside(deliveries: pd.DataFrame) -> None:
    found = facts_of(deliveries)
    assert found.in_month is not None
    assert found.in_month.on(MONTHS).due.tolist() == [[130_000, 0], [0, 300_000]]
    assert found.in_month.on(MONTHS).kept.tolist() == [[80_000, 0], [0, 0]]
    # Half of the value that came in its month came by its day; of cargo nothing came, so it takes the company's.
    by_day = found.by_day(12)
    assert by_day is not None and by_day.tolist() == [0.5, 0.5]


def test_where_nothing_came_in_its_month_no_share_is_known(deliveries: pd.DataFrame) -> None:
    assert facts_of(deliveries.assign(delivered="2027-05-01")).by_day(12) is None
    assert ClosedFacts().by_day(12) is None


def test_lines_count_in_units_where_not_every_price_is_known(deliveries: pd.DataFrame) -> None:
    inputs = tiny_inputs()
    unpriced = replace(inputs, position=replace(inputs.position, price=np.array([[np.nan], [1000.0]])))
    found = closed_facts(unpriced, deliveries.assign(ordered="2026-11-01"), None).promised
    assert found is not None and not found.in_money
    assert found.on(MONTHS).due.tolist() == [[13, 0], [0, 3]]


def test_a_line_of_a_region_without_sales_counts_at_the_mean_of_its_family(deliveries: pd.DataFrame) -> None:
    lines = deliveries.assign(ordered="2026-11-01", region=["North", "Moon", "North", "North", "North"])
    found = closed_facts(tiny_inputs(), lines, None).promised
    assert found is not None and found.of().on(MONTHS).due.tolist() == [130_000, 300_000]


def test_products_that_are_not_known_are_left_out(deliveries: pd.DataFrame) -> None:
    found = facts_of(deliveries.assign(product="X9")).in_month
    assert found is not None and found.of().due.sum() == 0


def test_a_wait_is_that_of_units(deliveries: pd.DataFrame) -> None:
    # In November 4, 4 and 3 units came after 9, 11 and 19 days.
    waits = facts_of(deliveries).mean_wait([0])
    assert waits[-2] == pytest.approx((4 * 9 + 4 * 11 + 3 * 19) / 11) and np.isnan(waits[-1])


def test_a_share_over_a_month_of_weeks_is_that_of_their_sums() -> None:
    weeks = OnTime(
        ("2026-W01", "2026-W02", "2026-W03"), np.array([[10.0, 0.0, 30.0]]), np.array([[10.0, 0.0, 15.0]])
    )
    assert weeks.over(1) is weeks
    found = weeks.over(2)
    assert found.due.tolist() == [[10.0, 10.0, 30.0]] and found.kept.tolist() == [[10.0, 10.0, 15.0]]
    assert weeks.over(3).of().share.tolist() == [1.0, 1.0, 25 / 40]
    assert [Calendar(first).month for first in ("2026-W27", "2026-07", "2026-P07", "2026-Q3")] == [4, 1, 1, 1]

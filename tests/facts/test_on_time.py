"""On time in full and units promised, from order lines that can be counted by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sop.facts.closed import ClosedFacts, closed_facts
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
    assert (promised.due.tolist(), promised.kept.tolist()) == ([3, 2], [1, 0])
    assert (requested.due.tolist(), requested.kept.tolist()) == ([4, 1], [0, 0])
    assert promised.share.tolist() == [1 / 3, 0]


def test_a_month_in_which_nothing_was_due_has_no_share(deliveries: pd.DataFrame) -> None:
    promised = facts_of(deliveries).promised
    assert promised is not None and np.isnan(promised.of().on(("2026-01",)).share[0])


def test_units_count_as_plans_do_when_delivered_within_the_month_promised(deliveries: pd.DataFrame) -> None:
    found = facts_of(deliveries).in_month
    assert found is not None
    assert found.on(MONTHS).due.tolist() == [[13, 0], [0, 3]]
    assert found.on(MONTHS).kept.tolist() == [[11, 0], [0, 0]]


def test_products_that_are_not_known_are_left_out(deliveries: pd.DataFrame) -> None:
    found = facts_of(deliveries.assign(product="X9")).in_month
    assert found is not None and found.of().due.sum() == 0


def test_a_wait_is_that_of_units(deliveries: pd.DataFrame) -> None:
    # In November 4, 4 and 3 units came after 9, 11 and 19 days.
    waits = facts_of(deliveries).mean_wait([0])
    assert waits[-2] == pytest.approx((4 * 9 + 4 * 11 + 3 * 19) / 11) and np.isnan(waits[-1])

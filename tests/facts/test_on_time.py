"""On time in full and units promised, from order lines that can be counted by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sop.facts.on_time import on_time_in_full, promises_of
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


def test_a_line_counts_when_all_of_it_came_by_the_date(deliveries: pd.DataFrame) -> None:
    promised = on_time_in_full(deliveries, MONTHS, "promised")
    assert (promised.due.tolist(), promised.kept.tolist()) == ([3, 2], [1, 0])
    requested = on_time_in_full(deliveries, MONTHS, "requested")
    assert (requested.due.tolist(), requested.kept.tolist()) == ([4, 1], [0, 0])
    assert promised.share.tolist() == [1 / 3, 0]


def test_a_month_in_which_nothing_was_due_has_no_share(deliveries: pd.DataFrame) -> None:
    assert np.isnan(on_time_in_full(deliveries, ("2026-01",), "promised").share[0])


def test_units_count_as_plans_do_when_delivered_within_the_month_promised(deliveries: pd.DataFrame) -> None:
    found = promises_of(tiny_inputs(), deliveries, MONTHS)
    assert found.due.tolist() == [[13, 0], [0, 3]]
    assert found.on_time.tolist() == [[11, 0], [0, 0]]


def test_products_that_are_not_known_are_left_out(deliveries: pd.DataFrame) -> None:
    strange = deliveries.assign(product="X9")
    assert promises_of(tiny_inputs(), strange, MONTHS).due.sum() == 0

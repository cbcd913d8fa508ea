"""Sheets by period show the near ones one by one, then months, then quarters, and lose nothing by it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from sop.analysis.commitments import Commitment
from sop.analysis.comparison.changes import Grid
from sop.core.calendar import MONTH, bucket_named, shift_period, speak_in
from sop.core.format import money_format
from sop.core.measures import measure
from sop.core.present import header
from sop.views.executive.change_tables import grid_table
from sop.views.executive.sign_off_tables import commitments_table
from sop.views.telescope import Telescope
from tests.tiny import tiny_plan

WEEKS = tuple(shift_period("2026-W40", at) for at in range(52))
VALUES = np.arange(104.0).reshape(2, 52)


@pytest.fixture(autouse=True)
def _months_again() -> Iterator[None]:
    yield
    speak_in(MONTH)


def grid(key: str) -> Grid:
    return Grid(measure(key), ("Bikes", "Parts"), WEEKS, VALUES, VALUES * 2)


def test_a_grid_of_weeks_has_a_quarter_of_them_then_months_that_add_up() -> None:
    table = grid_table(grid("revenue"), "Difference")
    assert [column.title for column in table.columns][-3:] == ["Aug 27", "Sep 27", "Total"]
    assert len(table.columns) == 1 + 13 + 10 + 1
    for row, values in zip(table.rows, VALUES, strict=False):
        figures = [cell.figure for cell in row[1:]]
        assert sum(figures[:-1]) == figures[-1] == values.sum()


def test_a_grid_shows_as_many_weeks_as_the_company_set() -> None:
    assert len(grid_table(grid("revenue"), "Plan shown", 4).columns) == 1 + 4 + 12 + 1


def test_a_stock_has_its_last_week_and_a_peak_its_highest_of_each_plan() -> None:
    stock = grid_table(grid("inventory"), "Agreed").rows[0]
    assert stock[-1].figure == 51.0 and len(stock) == 1 + 13 + 10
    peaks = replace(grid("customer_lead_time"), agreed=VALUES[:, ::-1], proposed=VALUES)
    month = Telescope(WEEKS, 0).by_month[0]
    told = grid_table(peaks, "Difference").rows[0][14].figure
    assert told == VALUES[0, month].max() - VALUES[0, ::-1][month].max()


def test_a_ratio_of_several_weeks_is_no_figure_of_them() -> None:
    assert len(grid_table(grid("utilisation"), "Plan shown").columns) == 1 + 52


def test_the_commitments_of_a_plan_in_months_stay_so_in_a_company_of_periods() -> None:
    speak_in(bucket_named("4-4-5"))
    lines = (Commitment("Cash at month end", "currency", (1.0,) * 12, 1.0, low=True),)
    column = commitments_table(tiny_plan(12), lines).rows[0][0].like
    assert header(column, money_format("EUR", 100.0)).startswith("Cash at month end")

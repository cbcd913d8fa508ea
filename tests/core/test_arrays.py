"""Figures brought from the names of one plan to those of another."""

from __future__ import annotations

import doctest

import numpy as np

import sop.core.arrays
from sop.core.arrays import on_names

THEIRS = (["Bikes", "Gone"], ["2026-01", "2026-02", "2026-03"])
OURS = (["New", "Bikes"], ["2026-02", "2026-03", "2026-04"])


def test_what_both_know_is_taken_by_name_and_the_rest_is_missing() -> None:
    found = on_names(np.array([[1, 2, 3], [7, 8, 9]]), THEIRS, OURS, np.nan)
    np.testing.assert_array_equal(found, [[np.nan] * 3, [2, 3, np.nan]])


def test_names_that_share_nothing_leave_nothing() -> None:
    assert on_names(np.ones((1, 1)), (["A"], ["2026-01"]), (["B"], ["2026-01"]), 0.0).tolist() == [[0.0]]


def test_the_worked_example_holds() -> None:
    assert doctest.testmod(sop.core.arrays).failed == 0

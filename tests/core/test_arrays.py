"""Figures brought from the names of one plan to those of another."""

from __future__ import annotations

import numpy as np
import pytest

from sop.core.arrays import Labelled

SOLD = Labelled(
    np.array([[1, 2, 3], [7, 8, 9]]), family=("Bikes", "Gone"), month=("2026-01", "2026-02", "2026-03")
)


def test_what_both_know_is_taken_by_name_and_the_rest_is_missing() -> None:
    found = SOLD.on(family=("New", "Bikes"), month=("2026-02", "2026-03", "2026-04"))
    np.testing.assert_array_equal(found.values, [[np.nan] * 3, [2, 3, np.nan]])


def test_names_that_share_nothing_leave_nothing() -> None:
    assert SOLD.on(0.0, family=("B",), month=("2026-01",)).values.tolist() == [[0.0]]


def test_figures_on_other_names_are_not_added_up() -> None:
    later = SOLD.on(month=("2026-02", "2026-03", "2026-04"))
    with pytest.raises(ValueError, match="brought onto"):
        _ = SOLD + later
    assert (SOLD - SOLD).values.tolist() == [[0, 0, 0], [0, 0, 0]]


def test_figures_have_a_name_for_each_of_them() -> None:
    with pytest.raises(ValueError, match="other names"):
        Labelled(np.ones(3), month=("2026-01",))


def test_a_name_is_chosen_and_an_axis_added_up_as_far_as_it_is_known() -> None:
    assert SOLD.at(family="Gone", month="2026-02").values == 8
    some = SOLD.on(family=("Bikes", "New"))
    assert some.over("family").values.tolist() == [1, 2, 3]
    assert some.at(family="New").over("month").values != some.at(family="New").over("month").values

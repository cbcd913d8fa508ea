"""Shapley values by hand and their identities, and steps rounded without loss."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.analysis.comparison.attribution import attribute, subsets, whole_steps
from tests.residuals import unexplained


def test_two_groups_share_what_only_both_together_bring() -> None:
    worth = {"": 0.0, "a": 1.0, "b": 2.0, "ab": 5.0}
    found = attribute("ab", lambda chosen: {"revenue": worth["".join(sorted(chosen))]})
    assert found.effects == {"a": {"revenue": 2.0}, "b": {"revenue": 3.0}}
    assert unexplained(found, "revenue") == 0


def test_three_groups_by_hand() -> None:
    """The glove game: a left glove (a) and two right ones (b, c); a pair is worth 1."""
    found = attribute("abc", lambda chosen: {"pairs": float("a" in chosen and bool(chosen & {"b", "c"}))})
    assert {g: round(e["pairs"], 9) for g, e in found.effects.items()} == {
        "a": round(2 / 3, 9),
        "b": round(1 / 6, 9),
        "c": round(1 / 6, 9),
    }


def test_a_group_without_effect_gets_nothing_and_the_order_does_not_matter() -> None:
    def worth(chosen: frozenset[str]) -> dict[str, float]:
        return {"x": 3.0 * ("a" in chosen) + 4.0 * ("b" in chosen)}

    assert attribute("abn", worth).effects["n"] == {"x": 0.0}
    assert attribute("abn", worth).effects == {g: attribute("nba", worth).effects[g] for g in "abn"}


def test_a_measure_that_a_subset_does_not_know_is_left_out() -> None:
    found = attribute("a", lambda chosen: {"revenue": 1.0} | ({"ebit": 2.0} if chosen else {}))
    assert list(found.end) == list(found.start) == ["revenue"]


def test_neighbouring_subsets_differ_in_one_group() -> None:
    visited = list(subsets("abcd"))
    assert len(set(visited)) == 16
    assert all(len(one ^ two) == 1 for one, two in pairwise(visited))


def test_more_than_eight_groups_are_refused() -> None:
    with pytest.raises(ValueError, match="at most 8"):
        attribute("abcdefghi", lambda chosen: {"x": 0.0})


@given(st.lists(st.floats(-1e12, 1e12), min_size=8, max_size=8))
@settings(max_examples=60, deadline=None)
def test_effects_sum_to_the_whole_difference(values: list[float]) -> None:
    worth = {chosen: values[i] for i, chosen in enumerate(subsets("abc"))}
    found = attribute("abc", lambda chosen: {"x": worth[chosen]})
    assert abs(unexplained(found, "x")) <= 1e-3


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=9))
@settings(max_examples=100, deadline=None)
def test_whole_steps_sum_exactly_and_stay_within_one_of_each_step(values: list[float]) -> None:
    steps = {str(i): value for i, value in enumerate(values)}
    whole = whole_steps(steps, round(sum(values)))
    assert sum(whole.values()) == round(sum(values))
    assert all(abs(whole[name] - value) <= 1 for name, value in steps.items())


def test_a_step_without_effect_stays_zero() -> None:
    assert whole_steps({"a": 0.5, "none": 0.0, "b": 0.5}, 1) == {"a": 1, "none": 0, "b": 0}


def test_steps_that_do_not_reach_the_total_are_refused() -> None:
    with pytest.raises(ValueError, match="not to 9"):
        whole_steps({"a": 1.0, "b": 2.0}, 9)

"""Shapley and Owen values by hand and by every order, drawn orders, and steps rounded without loss."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import pairwise, permutations, product
from math import factorial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.analysis.comparison.attribution import (
    DRAWN_PLANS,
    Attribution,
    attribute,
    attribute_singles,
    subsets,
    whole_steps,
)
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


# -- more than eight groups


def bent(chosen: frozenset[str]) -> dict[str, float]:
    """A worth in which changes help and hinder each other."""
    return {"x": sum(map(ord, chosen)) ** 1.5 - 40.0 * ("a" in chosen and "b" in chosen)}


def test_above_eight_groups_orders_are_drawn_and_the_sums_stay_exact() -> None:
    groups = "abcdefghij"
    found, exact = attribute(groups, bent), shapley_by_all_subsets(groups, bent)
    assert abs(unexplained(found, "x")) <= 1e-6
    for group in groups:
        error = found.errors[group]["x"]
        assert 0 < error < 0.05 * abs(exact[group])
        assert abs(found.effects[group]["x"] - exact[group]) <= 4 * error
    assert attribute(groups, bent) == found


def shapley_by_all_subsets(
    groups: str, value_of: Callable[[frozenset[str]], dict[str, float]]
) -> dict[str, float]:
    n, found = len(groups), dict.fromkeys(groups, 0.0)
    for chosen in subsets(groups):
        weight = factorial(len(chosen)) * factorial(n - len(chosen) - 1) / factorial(n) if len(chosen) < n else 0
        for group in set(groups) - chosen:
            found[group] += weight * (value_of(chosen | {group})["x"] - value_of(chosen)["x"])
    return found


# -- single changes: Owen values


GROUPS = {"one": ("a", "b", "c"), "two": ("d",), "three": ("e", "f")}
SINGLES = [single for singles in GROUPS.values() for single in singles]


def game(values: Sequence[float]) -> Callable[[frozenset[str]], dict[str, float]]:
    """A worth of every set of single changes."""
    worth = {chosen: values[i] for i, chosen in enumerate(subsets(SINGLES))}
    return lambda chosen: {"x": worth[chosen]}


def groups_of(value_of: Callable[[frozenset[str]], dict[str, float]]) -> Attribution:
    return attribute(
        tuple(GROUPS), lambda chosen: value_of(frozenset(single for group in chosen for single in GROUPS[group]))
    )


def singles_of(
    value_of: Callable[[frozenset[str]], dict[str, float]], group: str, groups: Attribution | None = None
) -> Attribution:
    return attribute_singles(GROUPS, group, (groups or groups_of(value_of)).effects[group], value_of)


def by_every_order(value_of: Callable[[frozenset[str]], dict[str, float]]) -> dict[str, float]:
    """Owen values straight from their definition: every order of the groups, every order within each."""
    total, orders = dict.fromkeys(SINGLES, 0.0), 0
    for sequence in permutations(GROUPS):
        for within in product(*(permutations(GROUPS[group]) for group in sequence)):
            orders, done = orders + 1, frozenset[str]()
            for single in (single for part in within for single in part):
                total[single] += value_of(done | {single})["x"] - value_of(done)["x"]
                done = done | {single}
    return {single: value / orders for single, value in total.items()}


VALUES = st.lists(st.floats(-1e6, 1e6), min_size=64, max_size=64)


@given(VALUES)
@settings(max_examples=15, deadline=None)
def test_single_changes_have_their_owen_value_and_sum_to_their_group(values: list[float]) -> None:
    value_of = game(values)
    groups, exact = groups_of(value_of), by_every_order(value_of)
    for group, singles in GROUPS.items():
        found = singles_of(value_of, group, groups)
        assert not found.errors
        assert abs(unexplained(found, "x")) <= 1e-3
        assert [round(found.effects[single]["x"], 3) for single in singles] == [
            round(exact[s], 3) for s in singles
        ]


@given(st.lists(st.floats(-1e6, 1e6), min_size=32, max_size=32), st.booleans())
@settings(max_examples=15, deadline=None)
def test_a_change_that_does_nothing_is_worth_nothing(values: list[float], drawn: bool) -> None:
    worth = {chosen: values[i] for i, chosen in enumerate(subsets([s for s in SINGLES if s != "b"]))}
    found = forced(lambda chosen: {"x": worth[chosen - {"b"}]}, "one", drawn)
    assert abs(found.effects["b"]["x"]) <= 1e-6


@given(st.lists(st.floats(-1e6, 1e6), min_size=48, max_size=48))
@settings(max_examples=15, deadline=None)
def test_changes_that_do_the_same_are_worth_the_same(values: list[float]) -> None:
    """a and b are told apart by nothing: only how many of them came counts."""
    rest = list(subsets(["c", "d", "e", "f"]))
    worth = {(count, chosen): values[16 * count + i] for count in range(3) for i, chosen in enumerate(rest)}

    def value_of(chosen: frozenset[str]) -> dict[str, float]:
        return {"x": worth[len(chosen & {"a", "b"}), chosen - {"a", "b"}]}

    found = singles_of(value_of, "one")
    assert abs(found.effects["a"]["x"] - found.effects["b"]["x"]) <= 1e-3


def forced(value_of: Callable[[frozenset[str]], dict[str, float]], group: str, drawn: bool) -> Attribution:
    """Single changes over drawn orders where every set could be planned as well."""
    whole = groups_of(value_of).effects[group]
    with pytest.MonkeyPatch.context() as patch:
        if drawn:
            patch.setattr("sop.analysis.comparison.attribution.MOST_PLANS", 0)
        return attribute_singles(GROUPS, group, whole, value_of)


@given(VALUES)
@settings(max_examples=25, deadline=None)
def test_drawn_orders_sum_exactly_whatever_the_changes_are_worth(values: list[float]) -> None:
    for group in GROUPS:
        assert abs(unexplained(forced(game(values), group, drawn=True), "x")) <= 1e-3


def misses(found: Attribution, exact: Mapping[str, float]) -> list[float]:
    """How many stated errors each effect lies off."""
    return [(found.effects[name]["x"] - exact[name]) / found.errors[name]["x"] for name in found.groups]


# An error that is told from draws speaks of what draws can see, so of games drawn at random: of one in which a
# single order of 72 is worth anything, draws that miss that order know nothing. No plan is such a game.
def test_drawn_single_changes_lie_within_their_stated_error_as_often_as_such_errors_say() -> None:
    off: list[float] = []
    for seed in range(60):
        value_of = game(np.random.default_rng(seed).uniform(-1e6, 1e6, 64).tolist())
        off += misses(forced(value_of, "one", drawn=True), by_every_order(value_of))
    assert_calibrated(off)


def test_drawn_groups_lie_within_their_stated_error_as_often_as_such_errors_say() -> None:
    off: list[float] = []
    groups = "abcdefghi"
    for seed in range(20):
        random = np.random.default_rng([seed, 9])
        worth = dict(zip(subsets(groups), random.uniform(-1e6, 1e6, 2**9).tolist(), strict=True))
        value_of = partial(worth_of, worth)
        found = attribute(groups, value_of)
        assert abs(unexplained(found, "x")) <= 1e-3
        off += misses(found, shapley_by_all_subsets(groups, value_of))
    assert_calibrated(off)


def worth_of(worth: Mapping[frozenset[str], float], chosen: frozenset[str]) -> dict[str, float]:
    return {"x": worth[chosen]}


def assert_calibrated(off: Sequence[float]) -> None:
    """Nine in ten within two stated errors, not nearly all of them within one, none absurdly far."""
    size = np.abs(off)
    assert np.mean(size <= 2) >= 0.86
    assert 0.5 <= np.mean(size <= 1) <= 0.8
    assert size.max() <= 6


def test_drawn_orders_find_many_changes_from_a_few_hundred_plans() -> None:
    """Twelve changes beside three other groups: 32 768 sets. Each is worth its own and a twelfth of the rest."""
    many = "abcdefghijkl"
    groups = {"many": tuple(many), **{name: (name,) for name in "xyz"}}
    own = {single: 10.0 * (ord(single) - 90) for single in (*many, *"xyz")}
    seen: set[frozenset[str]] = set()

    def value_of(chosen: frozenset[str]) -> dict[str, float]:
        seen.add(chosen)
        return {"x": sum(own[single] for single in chosen) + len(chosen) ** 3 / 10}

    (whole,) = (
        attribute(tuple(groups), lambda chosen: value_of(frozenset(s for name in chosen for s in groups[name])))
        .effects["many"]
        .values()
    )
    seen.clear()
    found = attribute_singles(groups, "many", {"x": whole}, value_of)
    assert len(seen) <= 2 * DRAWN_PLANS
    assert abs(unexplained(found, "x")) <= 1e-6
    together = (whole - sum(own[single] for single in many)) / len(many)
    for single in many:
        error = found.errors[single]["x"]
        assert error < 0.05 * whole
        assert abs(found.effects[single]["x"] - own[single] - together) <= 4.5 * error + 1e-6


def test_a_group_of_one_change_is_that_change() -> None:
    found = singles_of(game([float(i) ** 2 for i in range(64)]), "two")
    assert found.effects == {"d": found.end} and not found.errors


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

"""From difference to group and from group to single change: every measure adds up in whole parts."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.analysis.comparison.attribution import MOST_GROUPS, attribute, attribute_singles
from sop.analysis.comparison.plan_change import HORIZON, PARTS, SAFETY, Single, tell_change, tell_group

LARGEST = {1: 1e9, 100: 200.0, 1_000_000: 1.0}
"""How large a measure may be, by its parts: cents, days, a share."""


def drawn(random: np.random.Generator, parts: int) -> float:
    """A figure of a plan, whole in its parts."""
    return round(float(random.uniform(-1, 1)) * LARGEST[parts] * parts) / parts


class Company:
    """Plans that are figures alone, drawn for each set of single changes. `groups`: the single changes of each."""

    def __init__(self, seed: int, sizes: list[int]) -> None:
        self.seed = seed
        self.groups = {f"group {g}": [f"{g}.{i}" for i in range(size)] for g, size in enumerate(sizes)}
        self.known: dict[frozenset[str], dict[str, float]] = {}

    def figures(self, chosen: frozenset[str]) -> Mapping[str, float]:
        if chosen not in self.known:
            ids = [int(part) for name in sorted(chosen) for part in name.split(".")]
            random = np.random.default_rng([self.seed, len(chosen), *ids])
            self.known[chosen] = {key: drawn(random, parts) for key, parts in PARTS.items()}
        return self.known[chosen]

    def of_groups(self, chosen: frozenset[str]) -> Mapping[str, float]:
        return self.figures(frozenset(single for group in chosen for single in self.groups[group]))

    def singles(self, group: str) -> list[Single]:
        return [Single(group, name, name, name, (), ()) for name in self.groups[group]]


def assert_everything_adds_up(company: Company) -> None:
    random = np.random.default_rng([company.seed, 1])
    base, held, counted = ({key: drawn(random, parts) for key, parts in PARTS.items()} for _ in range(3))
    found = attribute(tuple(company.groups), company.of_groups)
    assert bool(found.errors) is (len(company.groups) > MOST_GROUPS)
    singles = {name: company.singles(name) for name in company.groups}
    change = tell_change(base, found, singles, held, counted=counted)
    for measure, parts in PARTS.items():
        steps = [change.horizon, change.safety, *change.steps.values()]
        told = sum(round(step[measure] * parts) for step in steps)
        assert told == round(change.now[measure] * parts) - round(base[measure] * parts), measure
    assert set(change.groups) == {HORIZON, SAFETY, *company.groups}
    for group in change.groups:
        whole = change.effects_of(group)
        opened = change.opened(group)
        if opened is None:
            drawn_singles = attribute_singles(company.groups, group, whole, company.figures)
            opened = tell_group(group, whole, drawn_singles, singles[group])
        for measure, parts in PARTS.items():
            told = sum(round(worth.effects[measure] * parts) for worth in opened.worths)
            assert told == round(whole[measure] * parts), (group, measure)


@given(st.integers(0, 10**6), st.lists(st.integers(1, 4), min_size=1, max_size=5))
@settings(deadline=None, max_examples=12)
def test_singles_add_up_to_groups_and_groups_to_the_difference(seed: int, sizes: list[int]) -> None:
    assert_everything_adds_up(Company(seed, sizes))


@given(st.integers(0, 10**6), st.integers(9, 12), st.integers(1, 9))
@settings(deadline=None, max_examples=4)
def test_they_do_so_where_orders_are_drawn_at_both_levels(seed: int, groups: int, first: int) -> None:
    assert_everything_adds_up(Company(seed, [first, *[1] * (groups - 1)]))


def test_a_part_that_is_lost_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sums above are checked by something that fails: steps rounded one by one miss the whole."""
    monkeypatch.setattr(
        "sop.analysis.comparison.plan_change.whole_steps",
        lambda steps, total: {name: round(value) for name, value in steps.items()},
    )
    with pytest.raises(AssertionError):
        for seed in range(20):
            assert_everything_adds_up(Company(seed, [3, 3, 2]))

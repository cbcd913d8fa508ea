"""Why two plans differ: each group of changes and what it is worth, exactly.

The value of a set of groups is the plan built with those groups' inputs new and the others as signed. The
effect of a group on a measure is its Shapley value: the mean of what it adds over every order in which the
groups could have come. It does not depend on the order and the effects add up to the whole difference.

L. S. Shapley, "A value for n-person games", Contributions to the Theory of Games II (1953).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import factorial, floor

Values = Mapping[str, float]
ValueOf = Callable[[frozenset[str]], Values]
Progress = Callable[[float], None]

MOST_GROUPS = 8
"""All subsets are visited up to this many groups (256 plans)."""


@dataclass(frozen=True)
class Attribution:
    """Effects by group and measure; for every measure `start` + effects = `end`, to the rounding of floats."""

    groups: tuple[str, ...]
    effects: Mapping[str, Mapping[str, float]]
    start: Values
    end: Values


def subsets(groups: Sequence[str]) -> Iterator[frozenset[str]]:
    """All subsets, each one group away from the one before (a Gray code), so that re-planning stays warm."""
    for i in range(2 ** len(groups)):
        gray = i ^ (i >> 1)
        yield frozenset(group for bit, group in enumerate(groups) if gray >> bit & 1)


def attribute(groups: Sequence[str], value_of: ValueOf, progress: Progress = lambda share: None) -> Attribution:
    """The Shapley value of every group for every measure that `value_of` returns for all subsets.

    Raises ValueError above eight groups.

    >>> both = {frozenset(): 0.0, frozenset("a"): 1.0, frozenset("b"): 2.0, frozenset("ab"): 5.0}
    >>> attribute("ab", lambda chosen: {"x": both[chosen]}).effects
    {'a': {'x': 2.0}, 'b': {'x': 3.0}}
    """
    if len(groups) > MOST_GROUPS:
        raise ValueError(f"{len(groups)} groups; at most {MOST_GROUPS} are attributed exactly")
    values: dict[frozenset[str], Values] = {}
    for i, chosen in enumerate(subsets(groups)):
        values[chosen] = value_of(chosen)
        progress((i + 1) / 2 ** len(groups))
    everything = frozenset(groups)
    measures = [m for m in values[everything] if all(m in found for found in values.values())]
    effects = {
        group: {measure: _shapley(group, groups, values, measure) for measure in measures} for group in groups
    }
    start, end = ({m: found[m] for m in measures} for found in (values[frozenset()], values[everything]))
    return Attribution(tuple(groups), effects, start, end)


def _shapley(group: str, groups: Sequence[str], values: Mapping[frozenset[str], Values], measure: str) -> float:
    n, total = len(groups), 0.0
    for chosen, found in values.items():
        if group not in chosen:
            weight = factorial(len(chosen)) * factorial(n - len(chosen) - 1) / factorial(n)
            total += weight * (values[chosen | {group}][measure] - found[measure])
    return total


def whole_steps(steps: Mapping[str, float], total: int) -> dict[str, int]:
    """Steps rounded to whole numbers that sum to `total` exactly; leftovers go to the largest remainders.

    Raises ValueError where the steps do not sum to the total to within rounding.

    >>> whole_steps({"a": 1.5, "b": -0.7, "c": 0.2}, 1)
    {'a': 2, 'b': -1, 'c': 0}
    """
    whole = {name: floor(value) for name, value in steps.items()}
    missing = total - sum(whole.values())
    if not 0 <= missing <= len(whole):
        raise ValueError(f"steps sum to {sum(steps.values())}, not to {total}")
    for name in sorted(steps, key=lambda name: whole[name] - steps[name])[:missing]:
        whole[name] += 1
    return whole

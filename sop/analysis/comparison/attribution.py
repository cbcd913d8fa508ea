"""Why two plans differ: each group of changes, each single change in it, and what it is worth.

The value of a set of changes is the plan built with those changes made and the others as signed. The effect of a
group on a measure is its Shapley value: the mean of what it adds over every order in which the groups could have
come. The effect of a single change is its Owen value: the mean over every order of the groups, with the changes
of one group in every order side by side. Neither depends on the order in which anything was entered; singles add
up to their group and groups to the whole difference.

Where the orders are too many for every set to be planned, some are drawn with a fixed seed, each with its reverse,
and every mean then has a standard error. The sums stay exact.

L. S. Shapley, "A value for n-person games", Contributions to the Theory of Games II (1953).
G. Owen, "Values of games with a priori unions", in Henn and Moeschlin (eds), Essays in Mathematical Economics and
Game Theory (1977).
J. Castro, D. Gómez and J. Tejada, "Polynomial calculation of the Shapley value based on sampling", Computers &
Operations Research 36 (2009).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import factorial, floor

import numpy as np

from sop.core.inputs import Floats

Values = Mapping[str, float]
ValueOf = Callable[[frozenset[str]], Values]
Progress = Callable[[float], None]

MOST_GROUPS = 8
"""All subsets are visited up to this many groups (256 plans); above it orders are drawn."""

MOST_PLANS, DRAWN_PLANS = 256, 160
"""Single changes: every set is planned where that takes no more plans than this; else about so many are drawn."""

_SEED = 1977


@dataclass(frozen=True)
class Attribution:
    """Effects by group and measure; for every measure `start` + effects = `end`, to the rounding of floats.

    `errors`: the standard error of each effect, empty where every set was planned.
    """

    groups: tuple[str, ...]
    effects: Mapping[str, Mapping[str, float]]
    start: Values
    end: Values
    errors: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


def subsets(groups: Sequence[str]) -> Iterator[frozenset[str]]:
    """All subsets, each one group away from the one before (a Gray code), so that re-planning stays warm."""
    for i in range(2 ** len(groups)):
        gray = i ^ (i >> 1)
        yield frozenset(group for bit, group in enumerate(groups) if gray >> bit & 1)


def attribute(groups: Sequence[str], value_of: ValueOf, progress: Progress = lambda share: None) -> Attribution:
    """The Shapley value of every group for every measure that `value_of` returns for all subsets.

    Exact up to eight groups; above that over orders that are drawn, with standard errors.

    >>> both = {frozenset(): 0.0, frozenset("a"): 1.0, frozenset("b"): 2.0, frozenset("ab"): 5.0}
    >>> attribute("ab", lambda chosen: {"x": both[chosen]}).effects
    {'a': {'x': 2.0}, 'b': {'x': 3.0}}
    """
    if len(groups) > MOST_GROUPS:
        return _attribute_drawn(groups, value_of, progress)
    values: dict[frozenset[str], Values] = {}
    for i, chosen in enumerate(subsets(groups)):
        values[chosen] = value_of(chosen)
        progress((i + 1) / 2 ** len(groups))
    everything = frozenset(groups)
    measures = _known_in_all(values.values())
    effects = {
        group: {measure: _shapley(group, groups, values, measure) for measure in measures} for group in groups
    }
    start, end = ({m: found[m] for m in measures} for found in (values[frozenset()], values[everything]))
    return Attribution(tuple(groups), effects, start, end)


def _shapley(group: str, groups: Sequence[str], values: Mapping[frozenset[str], Values], measure: str) -> float:
    n, total = len(groups), 0.0
    for chosen, found in values.items():
        if group not in chosen:
            total += _weight(len(chosen), n) * (values[chosen | {group}][measure] - found[measure])
    return total


def _weight(before: int, n: int) -> float:
    """The part of all orders of `n` in which exactly given `before` others come before one."""
    return factorial(before) * factorial(n - before - 1) / factorial(n)


def _attribute_drawn(groups: Sequence[str], value_of: ValueOf, progress: Progress) -> Attribution:
    """The same over drawn orders: in each of them what the groups add sums to the whole difference."""
    random, pairs = np.random.default_rng(_SEED), _pairs_of(len(groups))
    added: list[list[Values]] = []
    for i in range(pairs):
        order = [groups[at] for at in random.permutation(len(groups))]
        both = [_along(sequence, frozenset(), value_of) for sequence in (order, order[::-1])]
        added.append([_mean(*(way[group] for way in both)) for group in groups])
        progress((i + 1) / pairs)
    start, end = value_of(frozenset()), value_of(frozenset(groups))
    measures = [m for m in _known_in_all(row for pair in added for row in pair) if m in start and m in end]
    drawn = np.array([[[row[m] for m in measures] for row in pair] for pair in added])
    effects, errors = _told(groups, measures, drawn.mean(axis=0)), _told(groups, measures, _error(drawn))
    ends = [{m: values[m] for m in measures} for values in (start, end)]
    return Attribution(tuple(groups), effects, ends[0], ends[1], errors)


def attribute_singles(
    groups: Mapping[str, Sequence[str]],
    group: str,
    whole: Values,
    value_of: ValueOf,
    progress: Progress = lambda share: None,
) -> Attribution:
    """The Owen value of every single change of a group; they sum to `whole`, the group's Shapley value.

    `groups`: the single changes of every group, no name twice; `value_of` takes a set of single changes. Effects
    run from 0 to `whole`. Every set is planned where there are few, else orders are drawn, with standard errors;
    what they miss of `whole` is then shared in proportion to what they found, so that nothing stays nothing.

    >>> glove = lambda chosen: {"pairs": float("l" in chosen and bool(chosen & {"r", "s"}))}
    >>> attribute_singles({"left": "l", "right": "rs"}, "right", {"pairs": 0.5}, glove).effects
    {'r': {'pairs': 0.25}, 's': {'pairs': 0.25}}
    """
    members, others = tuple(groups[group]), [singles for name, singles in groups.items() if name != group]
    nothing = dict.fromkeys(whole, 0.0)
    if len(members) == 1:
        return Attribution(members, {members[0]: dict(whole)}, nothing, dict(whole))
    if 2 ** (len(members) + len(others)) <= MOST_PLANS:
        return _singles_exactly(members, others, whole, value_of, progress)
    return _singles_drawn(members, others, whole, value_of, progress)


def _singles_exactly(
    members: tuple[str, ...], others: Sequence[Sequence[str]], whole: Values, value_of: ValueOf, progress: Progress
) -> Attribution:
    """Within every set of other groups, the Shapley values of the group's changes; their mean by its weight."""
    places, n = [str(at) for at in range(len(others))], len(others) + 1
    found: dict[str, dict[str, float]] = {single: {} for single in members}
    measures = list(whole)
    for i, chosen in enumerate(subsets(places)):
        before = frozenset(single for at in chosen for single in others[int(at)])
        inside = attribute(members, lambda some, before=before: value_of(before | some))  # type: ignore[misc]
        measures = [m for m in measures if m in inside.end]
        for single, added in inside.effects.items():
            for m in measures:
                found[single][m] = found[single].get(m, 0.0) + _weight(len(chosen), n) * added[m]
        progress((i + 1) / 2 ** len(places))
    effects = {single: {m: told[m] for m in measures} for single, told in found.items()}
    return Attribution(members, effects, dict.fromkeys(measures, 0.0), {m: whole[m] for m in measures})


def _singles_drawn(
    members: tuple[str, ...], others: Sequence[Sequence[str]], whole: Values, value_of: ValueOf, progress: Progress
) -> Attribution:
    random, pairs = np.random.default_rng(_SEED), _pairs_of(len(members))
    added: list[list[Values]] = []
    for i in range(pairs):
        order = [members[at] for at in random.permutation(len(members))]
        # Where the group itself stands among the others: what comes before it, and in reverse what came after.
        places = random.permutation(len(others) + 1)
        at = int(np.flatnonzero(places == len(others))[0])
        sides = [frozenset(s for place in side for s in others[place]) for side in (places[:at], places[at + 1 :])]
        ways = ((order, sides[0]), (order[::-1], sides[1]))
        both = [_along(sequence, before, value_of) for sequence, before in ways]
        added.append([_mean(*(way[single] for way in both)) for single in members])
        progress((i + 1) / pairs)
    measures = [m for m in _known_in_all(row for pair in added for row in pair) if m in whole]
    drawn = np.array([[[row[m] for m in measures] for row in pair] for pair in added])
    share = np.abs(drawn.mean(axis=0))
    total = share.sum(axis=0)
    share = np.divide(share, total, out=np.full_like(share, 1 / len(members)), where=total > 0)
    missed = np.array([whole[m] for m in measures]) - drawn.sum(axis=1)
    drawn = drawn + missed[:, None, :] * share
    effects, errors = _told(members, measures, drawn.mean(axis=0)), _told(members, measures, _error(drawn))
    return Attribution(members, effects, dict.fromkeys(measures, 0.0), {m: whole[m] for m in measures}, errors)


def _pairs_of(changes: int) -> int:
    """How many orders are drawn, each with its reverse: at least eight, for their spread to say something."""
    return max(8, round(DRAWN_PLANS / (2 * changes)))


def _along(order: Sequence[str], before: frozenset[str], value_of: ValueOf) -> dict[str, Values]:
    """What each change adds, in an order, to those before it; measures that both sets know."""
    found: dict[str, Values] = {}
    was = value_of(before)
    for change in order:
        before = before | {change}
        now = value_of(before)
        found[change] = {m: now[m] - was[m] for m in now if m in was}
        was = now
    return found


def _mean(one: Values, other: Values) -> Values:
    return {m: (one[m] + other[m]) / 2 for m in one if m in other}


def _known_in_all(found: Iterable[Values]) -> list[str]:
    """The measures that every one of some values knows, in the order of the last."""
    rows = list(found)
    return [m for m in rows[-1] if all(m in row for row in rows)]


def _error(drawn: Floats) -> Floats:
    """Standard error of the mean over the first axis."""
    found = drawn.std(axis=0, ddof=1) / np.sqrt(len(drawn))
    # Equal figures differ by what the floats leave.
    return np.where(found > 1e-12 * (1.0 + np.abs(drawn).max(axis=0)), found, 0.0)


def _told(names: Sequence[str], measures: Sequence[str], values: Floats) -> dict[str, dict[str, float]]:
    return {name: dict(zip(measures, row, strict=True)) for name, row in zip(names, values.tolist(), strict=True)}


def whole_steps(steps: Mapping[str, float], total: int) -> dict[str, int]:
    """Steps rounded to whole numbers that sum to `total` exactly; leftovers go to the largest remainders.

    Raises ValueError where the steps do not sum to the total to within rounding.

    >>> whole_steps({"a": 1.5, "b": -0.7, "c": 0.2}, 1)
    {'a': 2, 'b': -1, 'c': 0}
    """
    # What the floats leave of a whole number is no remainder.
    clean = {
        name: float(round(value)) if abs(value - round(value)) < 1e-6 else value for name, value in steps.items()
    }
    whole = {name: floor(value) for name, value in clean.items()}
    missing = total - sum(whole.values())
    if not 0 <= missing <= len(whole):
        raise ValueError(f"steps sum to {sum(steps.values())}, not to {total}")
    for name in sorted(steps, key=lambda name: whole[name] - clean[name])[:missing]:
        whole[name] += 1
    return whole

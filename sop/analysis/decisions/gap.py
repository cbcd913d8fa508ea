"""The smallest changes that close a gap: sets of moves with which the plan, made again in full, reaches a target.

Moves are those that decisions are made of, in up to five sizes, each from its lead time on, at its price and by
who may allow it. A move whose cost is not known is no way to close a gap. Every set that is told was planned
again as a whole; single effects only say in which order sets are tried. What is reached is then made smaller: a
move that is not needed is left out, and each is taken in the least size that does. Where there are fewer ways than
are told, less of a move is tried beside others. What was refused is no way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import combinations, product
from types import MappingProxyType
from typing import Any

from sop.analysis.decisions.decisions import move_of_facts
from sop.analysis.decisions.gap_moves import sized_moves
from sop.analysis.decisions.lever_terms import lever_cost
from sop.analysis.decisions.proposals import Move
from sop.analysis.decisions.robust import Holds, holds_of_facts, how_far_it_holds
from sop.analysis.decisions.targets import GapTarget, read_target
from sop.analysis.decisions.trials import Trial
from sop.analysis.decisions.valuation import Progress
from sop.analysis.effects import PlanEffect, effect_of
from sop.core.register import Place

MOST_SETS = {2: 70, 3: 40, 4: 15}
"""Sets of so many moves that are planned again at most, the most promising first."""

Places = tuple[tuple[int, int], ...]
"""A set of moves by where each stands among all and in which size, in order."""
FEWEST, CHEAPEST, FASTEST = "Fewest moves", "Cheapest", "Fastest"


@dataclass(frozen=True)
class Tried:
    """A set of moves planned again as a whole. `value`: the target's measure, None where it is not known.

    `cost`: what the moves themselves cost over the horizon, minor units; `effect` is net of it. `measures`: by
    headline measure, what it is with the moves.
    """

    moves: tuple[Move, ...]
    value: float | None
    effect: PlanEffect
    cost: int
    measures: Mapping[str, float | int | None]

    @property
    def lead_months(self) -> int:
        """Months until the last of the moves works."""
        return max((move.lead_months for move in self.moves), default=0)

    @property
    def owners(self) -> tuple[str, ...]:
        """Who is to be asked."""
        return tuple(dict.fromkeys(move.owner for move in self.moves))


@dataclass(frozen=True)
class Alternative:
    """A set of moves that reaches the target. `names`: what it is best in; `holds`: how far it does so."""

    names: tuple[str, ...]
    found: Tried
    holds: tuple[Holds, ...] = ()


@dataclass(frozen=True)
class GapClosed:
    """What closes a gap: alternatives, or where the target is beyond reach the best that can be had.

    `base`: the measure without any move; `measures`: every headline measure without any; `plans`: sets tried;
    `refused`: titles of what was left out because it was refused.
    """

    target: GapTarget
    base: float | None
    measures: Mapping[str, float | int | None]
    alternatives: tuple[Alternative, ...]
    best: Tried | None
    plans: int
    refused: tuple[str, ...] = ()

    def facts(self) -> dict[str, Any]:
        """The answer as plain data, to be kept."""
        return asdict(self)


def gap_of_facts(facts: Mapping[str, Any]) -> GapClosed:
    """An answer read back from plain data."""

    def tried(row: Mapping[str, Any]) -> Tried:
        moves = tuple(move_of_facts(move) for move in row["moves"])
        return Tried(**{**row, "moves": moves, "effect": PlanEffect(**row["effect"])})

    return GapClosed(
        **{
            **facts,
            "target": GapTarget(**facts["target"]),
            "alternatives": tuple(
                Alternative(
                    tuple(row["names"]), tried(row["found"]), tuple(holds_of_facts(each) for each in row["holds"])
                )
                for row in facts["alternatives"]
            ),
            "best": None if facts["best"] is None else tried(facts["best"]),
            "refused": tuple(facts["refused"]),
        }
    )


def close_gap(
    trial: Trial,
    target: GapTarget,
    progress: Progress = lambda share: None,
    refused: Mapping[Place, str] = MappingProxyType({}),
) -> GapClosed:
    """Sets of moves that reach a target: the fewest, the cheapest and the fastest; each the least of its kind.

    `refused`: assumption and scope of each move that is no way to it, with its title.
    """
    search = _Search(trial, target, progress, refused)
    base = search.set_of(())
    if base.value is None or target.reached_at(base.value):
        return GapClosed(target, base.value, base.measures, (), None, search.plans)
    search.run()
    reached = search.reached()
    if not reached:
        return GapClosed(target, base.value, base.measures, (), search.best(), search.plans, search.left_out)
    chosen = _chosen(reached)
    alternatives = []
    for moves, names in chosen.items():
        found = search.of_moves(moves)
        with_it = replace(trial, assumptions=trial.assumptions_with(*moves))
        alternatives.append(Alternative(tuple(names), found, how_far_it_holds(with_it, target)))
        progress(0.8 + 0.2 * len(alternatives) / len(chosen))
    return GapClosed(target, base.value, base.measures, tuple(alternatives), None, search.plans, search.left_out)


def _chosen(reached: Sequence[Tried]) -> dict[tuple[Move, ...], list[str]]:
    """Sets with what each is best in; one that is best in two things leaves room for the next in the second."""
    chosen: dict[tuple[Move, ...], list[str]] = {}
    for name, order in _ORDERS.items():
        first, *others = sorted(reached, key=order)
        if first.moves not in chosen:
            chosen[first.moves] = [name]
            continue
        chosen[first.moves].append(name)
        other = next((each for each in others if each.moves not in chosen), None)
        if other is not None:
            chosen[other.moves] = [f"{name} of the others"]
    return chosen


def _gain(found: Tried) -> int:
    return found.effect.ebit_horizon if found.effect.ebit_horizon is not None else -found.cost


Order = Callable[[Tried], tuple[Any, ...]]
_ORDERS: dict[str, Order] = {
    FEWEST: lambda found: (len(found.moves), -_gain(found), found.lead_months),
    CHEAPEST: lambda found: (-_gain(found), len(found.moves), found.lead_months),
    FASTEST: lambda found: (found.lead_months, len(found.moves), -_gain(found)),
}


class _Search:
    """Sets of moves, each planned again once. A set is known by the place and size of each of its moves."""

    def __init__(self, trial: Trial, target: GapTarget, progress: Progress, refused: Mapping[Place, str]) -> None:
        self.trial, self.target, self.progress, self.refused = trial, target, progress, refused
        self.moves: list[tuple[Move, ...]] = []
        self._add(sized_moves(trial))
        self.tried: dict[Places, Tried] = {}
        self._left: set[frozenset[int]] = set()
        self._most: dict[int, int] = {}

    def _add(self, more: Iterable[Sequence[Move]]) -> bool:
        """Take up moves that are not there yet, less those that were refused; whether there were any."""
        known = {(each[0].key, each[0].scope) for each in self.moves} | set(self.refused)
        new = [tuple(each) for each in more if (each[0].key, each[0].scope) not in known]
        self.moves += new
        return bool(new)

    @property
    def left_out(self) -> tuple[str, ...]:
        """Titles of what was refused."""
        return tuple(sorted(self.refused.values()))

    @property
    def plans(self) -> int:
        """Sets planned again."""
        return len(self.tried)

    def set_of(self, places: Iterable[tuple[int, int]]) -> Tried:
        """A set of (move, size), planned again."""
        key = tuple(sorted(places))
        if key not in self.tried:
            self.tried[key] = self.of_moves(tuple(self.moves[at][size] for at, size in key))
            self.progress(min(0.8 * len(self.tried) / _EXPECTED, 0.8))
        return self.tried[key]

    def of_moves(self, moves: tuple[Move, ...]) -> Tried:
        """The same of moves."""
        trial = self.trial
        plan = trial.with_moves(*moves)
        cost = sum(lever_cost(move.kind, move.terms, trial.plan, plan) or 0 for move in _one_a_kind(moves))
        once = sum(move.terms.once for move in moves)
        effect = effect_of(trial.plan, plan, once)
        return Tried(moves, read_target(plan, self.target.measure), effect, cost, dict(plan.headline))

    def reached(self) -> list[Tried]:
        """Sets that reach the target of which no part does."""
        return [self.tried[key] for key in self._least()]

    def best(self) -> Tried:
        """The set that comes closest; of those alike the one with the fewest moves."""
        return min(self.tried.values(), key=lambda found: (-self._worth(found), len(found.moves)))

    def run(self) -> None:
        """Try singles, then pairs and more in the order of what singles say; make smaller what reaches."""
        gains = self._singles()
        if self._greedy(gains) is None and self._add_limits_behind():
            gains = self._singles()
            self._greedy(gains)
        if not any(self._is_there(found) for found in self.tried.values()):
            return
        for count, most in MOST_SETS.items():
            if count > 2 and any(len(key) < count for key in self._there()):
                break
            for places in _likeliest(gains, count, most):
                self.set_of(map(self._whole, places))
        self._fast(gains)
        self._cheap(gains)
        self._other_ways(gains)
        self._mixed_ways(gains)
        for order in _ORDERS.values():
            best = sorted(((order(self.tried[key]), key) for key in self._there()), key=lambda each: each[0])
            for _, key in best[:_MADE_SMALLER]:
                self._smaller(key)

    def _singles(self) -> dict[int, float]:
        """What each move brings the measure closer in its largest size that does; the others are left out."""
        base = self._worth(self.set_of(()))
        found = {at: self._single(at, base) for at in range(len(self.moves))}
        return {at: gain for at, gain in sorted(found.items(), key=lambda item: -item[1]) if gain > 0}

    def _single(self, at: int, base: float) -> float:
        """What a move brings; where much of it does harm, less of it is tried."""
        gain = self._worth(self.set_of([self._whole(at)])) - base
        while gain < 0 < self._whole(at)[1]:
            self._most[at] = self._whole(at)[1] - 1
            gain = self._worth(self.set_of([self._whole(at)])) - base
        return gain

    def _greedy(self, gains: Mapping[int, float], order: Sequence[int] | None = None) -> Tried | None:
        """Moves added in an order, as long as each brings it closer, until the target is reached."""
        kept: list[tuple[int, int]] = []
        now = self._worth(self.set_of(()))
        for at in order if order is not None else gains:
            found = self.set_of([*kept, self._whole(at)])
            if self._worth(found) <= now:
                continue
            kept, now = [*kept, self._whole(at)], self._worth(found)
            if self._is_there(found):
                return found
        return None

    def _fast(self, gains: Mapping[int, float]) -> None:
        """The target with what works soonest."""
        leads = sorted({self.moves[at][0].lead_months for at in gains})
        for lead in leads:
            if self._greedy(gains, [at for at in gains if self.moves[at][0].lead_months <= lead]) is not None:
                return

    def _cheap(self, gains: Mapping[int, float]) -> None:
        """The target with what earns most, or costs least, of all that brings it closer."""
        self._greedy(gains, sorted(gains, key=lambda at: -_gain(self.set_of([self._whole(at)]))))

    def _other_ways(self, gains: Mapping[int, float]) -> None:
        """Until there are as many as are told: ways without a move of each that is there, which no set is part of.

        Where one move does, every set that holds it is only more of the same; what is asked is what there is
        without it.
        """
        for _ in range(_OTHER_WAYS):
            ways = self._ways()
            if len(ways) >= WAYS_TOLD:
                return
            left_out = next((out for out in product(*ways) if self._leaves_new(gains, out)), None)
            if left_out is None:
                return
            if (found := self._greedy(gains, self._without(gains, left_out))) is not None:
                self._smaller(self._key_of(found))

    def _mixed_ways(self, gains: Mapping[int, float]) -> None:
        """Where there are still fewer than are told: less of a move that is there, with others beside it.

        What is beside it never holds a way that is there by itself: it would be more of the same.
        """
        seen: set[Places] = set()
        for _ in range(_OTHER_WAYS):
            if len(ways := self._least()) >= WAYS_TOLD:
                return
            starts = (_with_one(key, (at, size - 1)) for key in ways for at, size in key if size)
            start = next((each for each in starts if each not in seen), None)
            if start is None:
                return
            seen.add(start)
            found = self._beside(start, gains, ways)
            if found is not None:
                self._smaller(found)

    def _beside(self, start: Places, gains: Iterable[int], ways: Sequence[Places]) -> Places | None:
        """A set with moves added to it until the target is reached, each as large as it may be beside the ways."""
        kept, now = start, self._worth(self.set_of(start))
        for at in gains:
            if at in {place for place, _ in start}:
                continue
            sizes = (_with_one(kept, (at, size)) for size in range(self._whole(at)[1], -1, -1))
            more = next((each for each in sizes if not any(_holds(each, way) for way in ways)), None)
            if more is None or self._worth(self.set_of(more)) <= now:
                continue
            kept, now = more, self._worth(self.set_of(more))
            if self._is_there(self.set_of(kept)):
                return kept
        return None

    def _least(self) -> list[Places]:
        """The sets that reach the target of which no part does."""
        done = set(self._there())
        return sorted(key for key in done if not any(_within(other, key) for other in done))

    def _ways(self) -> list[tuple[int, ...]]:
        """The moves of each set that reaches the target of which no part does."""
        return sorted({tuple(at for at, _ in key) for key in self._least()})

    def _leaves_new(self, gains: Mapping[int, float], left_out: Iterable[int]) -> bool:
        """Whether moves that are left out leave an order that was not tried yet."""
        order = frozenset(self._without(gains, left_out))
        is_new = bool(order) and order not in self._left
        self._left.add(order)
        return is_new

    def _without(self, gains: Mapping[int, float], left_out: Iterable[int]) -> list[int]:
        out = set(left_out)
        return [at for at in gains if at not in out]

    def _key_of(self, found: Tried) -> Places:
        return next(key for key, tried in self.tried.items() if tried is found)

    def _add_limits_behind(self) -> bool:
        """Moves for limits that bind once all that helps is done; whether there are any."""
        best = self.best()
        return self._add(sized_moves(replace(self.trial, assumptions=self.trial.assumptions_with(*best.moves))))

    def _smaller(self, key: Places) -> None:
        """Leave out what is not needed of a set, then take each move in its least size that does."""
        for place in key:
            rest = tuple(each for each in key if each != place)
            if rest and self._is_there(self.set_of(rest)):
                return self._smaller(rest)
        for place in key:
            at, size = place
            for less in range(size):
                other = tuple(sorted((*(each for each in key if each != place), (at, less))))
                if self._is_there(self.set_of(other)):
                    key = other
                    break
        return None

    def _there(self) -> Iterator[Places]:
        return (key for key, found in list(self.tried.items()) if key and self._is_there(found))

    def _is_there(self, found: Tried) -> bool:
        return found.value is not None and self.target.reached_at(found.value)

    def _worth(self, found: Tried) -> float:
        """The measure so that more is better."""
        return float("-inf") if found.value is None else self.target.better * found.value

    def _whole(self, at: int) -> tuple[int, int]:
        """A move in the largest size that is tried."""
        return at, self._most.get(at, len(self.moves[at]) - 1)


WAYS_TOLD = len(_ORDERS)
"""Ways that are told where there are as many."""
_MADE_SMALLER = 3
"""Sets, best by each order, that are made smaller."""
_OTHER_WAYS = 6
"""Times that a way without the moves of those found is looked for, and one with less of them."""
_EXPECTED = 150
"""Sets that a search usually takes: what its progress is told against."""


def _within(one: Places, other: Places) -> bool:
    """Whether a set is part of another: its moves are among the other's, none larger, and something is less."""
    return one != other and _holds(other, one)


def _holds(other: Places, one: Places) -> bool:
    """Whether a set is another or has all of it."""
    sizes = dict(other)
    return all(at in sizes and size <= sizes[at] for at, size in one)


def _with_one(key: Places, place: tuple[int, int]) -> Places:
    """A set with a move in another size, or added to it."""
    return tuple(sorted({**dict(key), place[0]: place[1]}.items()))


def _likeliest(gains: Mapping[int, float], count: int, most: int) -> list[list[int]]:
    """Sets of so many moves, those first whose single gains add up to most; each move in its largest size."""
    every = sorted(combinations(gains, count), key=lambda places: -sum(gains[at] for at in places))
    return [list(places) for places in every[:most]]


def _one_a_kind(moves: Iterable[Move]) -> list[Move]:
    """One move for each cost through which it is paid: the plan tells that cost of all of them together."""
    paid: dict[str, Move] = {}
    for move in moves:
        paid.setdefault(move.kind if move.kind not in ("line", "shared resource") else "line", move)
    rest = [move for move in moves if move.terms.once and move not in paid.values()]
    return [*paid.values(), *rest]

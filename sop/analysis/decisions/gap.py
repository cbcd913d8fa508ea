"""The smallest changes that close a gap: sets of moves with which the plan, made again in full, reaches a target.

Moves are those that decisions are made of, in up to three sizes, each from its lead time on, at its price and by
who may allow it. A move whose cost is not known is no way to close a gap. Every set that is told was planned
again as a whole; single effects only say in which order sets are tried. What is reached is then made smaller: a
move that is not needed is left out, and each is taken in the least size that does. What was refused is no way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import combinations, product
from types import MappingProxyType
from typing import Any

from sop.analysis.decisions.decisions import move_of_facts
from sop.analysis.decisions.lever_terms import LeverTerms, lever_cost
from sop.analysis.decisions.levers import can_move, table_value
from sop.analysis.decisions.proposals import LESS_SERVICE, STEPS, Move, propose_moves
from sop.analysis.decisions.releases import propose_releases
from sop.analysis.decisions.robust import Holds, holds_of_facts, how_far_it_holds
from sop.analysis.decisions.targets import GapTarget, read_target
from sop.analysis.decisions.trials import Trial
from sop.analysis.decisions.valuation import Progress, bottlenecks
from sop.analysis.effects import PlanEffect, effect_of
from sop.core.format import percent
from sop.core.inputs import Inputs
from sop.core.register import Assumptions, Place, assumption
from sop.core.terms import Function

SIZES = 3
"""Sizes in which a move is tried: one step, two, three."""
MOST_SETS = {2: 70, 3: 40, 4: 15}
"""Sets of so many moves that are planned again at most, the most promising first."""
_TERMS_STEP = 3.0
"""Days by which customers pay earlier or suppliers are paid later, a step."""
_STOCK_FAMILIES = 4

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
        self.tried: dict[tuple[tuple[int, int], ...], Tried] = {}
        self._left: set[frozenset[int]] = set()

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
        done = {key for key, found in self.tried.items() if key and self._is_there(found)}
        return [self.tried[key] for key in done if not any(_within(other, key) for other in done if other != key)]

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
        for order in _ORDERS.values():
            best = sorted(((order(self.tried[key]), key) for key in self._there()), key=lambda each: each[0])
            for _, key in best[:_MADE_SMALLER]:
                self._smaller(key)

    def _singles(self) -> dict[int, float]:
        """What each move brings the measure closer in its largest size; those that do not are left out."""
        base = self._worth(self.set_of(()))
        found = {at: self._worth(self.set_of([self._whole(at)])) - base for at in range(len(self.moves))}
        return {at: gain for at, gain in sorted(found.items(), key=lambda item: -item[1]) if gain > 0}

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

    def _ways(self) -> list[tuple[int, ...]]:
        """The moves of each set that reaches the target of which no part does."""
        done = set(self._there())
        least = [key for key in done if not any(_within(other, key) for other in done)]
        return sorted({tuple(at for at, _ in key) for key in least})

    def _leaves_new(self, gains: Mapping[int, float], left_out: Iterable[int]) -> bool:
        """Whether moves that are left out leave an order that was not tried yet."""
        order = frozenset(self._without(gains, left_out))
        is_new = bool(order) and order not in self._left
        self._left.add(order)
        return is_new

    def _without(self, gains: Mapping[int, float], left_out: Iterable[int]) -> list[int]:
        return [at for at in gains if at not in set(left_out)]

    def _key_of(self, found: Tried) -> tuple[tuple[int, int], ...]:
        return next(key for key, tried in self.tried.items() if tried is found)

    def _add_limits_behind(self) -> bool:
        """Moves for limits that bind once all that helps is done; whether there are any."""
        best = self.best()
        return self._add(sized_moves(replace(self.trial, assumptions=self.trial.assumptions_with(*best.moves))))

    def _smaller(self, key: tuple[tuple[int, int], ...]) -> None:
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

    def _there(self) -> Iterator[tuple[tuple[int, int], ...]]:
        return (key for key, found in list(self.tried.items()) if key and self._is_there(found))

    def _is_there(self, found: Tried) -> bool:
        return found.value is not None and self.target.reached_at(found.value)

    def _worth(self, found: Tried) -> float:
        """The measure so that more is better."""
        return float("-inf") if found.value is None else self.target.better * found.value

    def _whole(self, at: int) -> tuple[int, int]:
        return at, len(self.moves[at]) - 1


WAYS_TOLD = len(_ORDERS)
"""Ways that are told where there are as many."""
_MADE_SMALLER = 3
"""Sets, best by each order, that are made smaller."""
_OTHER_WAYS = 6
"""Times that a way without the moves of those found is looked for."""
_EXPECTED = 150
"""Sets that a search usually takes: what its progress is told against."""


def _within(one: tuple[tuple[int, int], ...], other: tuple[tuple[int, int], ...]) -> bool:
    """Whether a set is part of another: its moves are among the other's, none larger, and something is less."""
    sizes = dict(other)
    return one != other and all(at in sizes and size <= sizes[at] for at, size in one)


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


# -- the moves


def sized_moves(trial: Trial) -> list[list[Move]]:
    """Every move that may close a gap, each in its sizes, the smallest first; only those whose cost is known."""
    inputs, assumptions = trial.inputs, trial.assumptions
    found: list[list[Move]] = []
    for move in (
        *propose_moves(inputs, assumptions, bottlenecks(trial.plan)),
        *propose_releases(inputs, assumptions, trial.plan),
    ):
        if move.terms.known and move.kind != "stock":
            found.append(_in_sizes(move) if move.kind in STEPS else [move])
    found += _stock_moves(inputs, assumptions)
    found += _payment_moves(inputs, assumptions)
    return found


def _in_sizes(move: Move) -> list[Move]:
    """A limit moved by one step, by two and by three, as far as the register allows."""
    step, high = STEPS[move.kind][1], assumption(move.key).high
    values = dict.fromkeys(round(min(move.before + step * times, high), 6) for times in range(1, SIZES + 1))
    words = percent(move.value - move.before)
    return [
        replace(move, value=value, title=move.title.replace(words, percent(value - move.before)))
        for value in values
        if value > move.before
    ]


def _stock_moves(inputs: Inputs, assumptions: Assumptions) -> list[list[Move]]:
    """Less stock of the families that hold most: lower service, or less above what the service level asks for."""
    families, stock = inputs.families, inputs.position.inventory
    if stock is None:
        return []
    value = stock * inputs.position.unit_cost
    held = sorted(
        (f for f in range(len(value)) if value[f] > 0 and not families.made_to_order[f]), key=lambda f: -value[f]
    )
    found = []
    for f in held[:_STOCK_FAMILIES]:
        name = families.names[f]
        above = assumptions.value("stock_above_safety", name)
        if above > 0:
            values = [round(above * part, 6) for part in (2 / 3, 1 / 3, 0.0)]
            found.append([_stock_move(inputs, "stock_above_safety", name, above, each) for each in values])
        level = assumptions.value("service_level", name, table_value(inputs, "service_level", name))
        low = assumption("service_level").low
        lower = dict.fromkeys(round(max(level - LESS_SERVICE * times, low), 6) for times in range(1, SIZES + 1))
        found.append([_stock_move(inputs, "service_level", name, level, each) for each in lower if each < level])
    return [sizes for sizes in found if sizes]


def _stock_move(inputs: Inputs, key: str, name: str, before: float, value: float) -> Move:
    words = "{0} for {2} service instead of {1}" if key == "service_level" else (
        "{0} at {2} above safety stock instead of {1}"
    )  # fmt: skip
    return Move(
        kind="stock",
        name=name,
        key=key,
        scope=name,
        before=before,
        value=value,
        title=f"Hold {words.format(name, percent(before), percent(value))}",
        need=inputs.calendar.first_open,
        terms=LeverTerms(lead_months=1, assumed=("lead time",), allowed_by=Function.SUPPLY.title),
        owner=assumption(key).owner.title,
    )


def _payment_moves(inputs: Inputs, assumptions: Assumptions) -> list[list[Move]]:
    """Customers pay earlier, suppliers are paid later: days that finance would have to agree with them."""
    found = []
    for key, way, words in (
        ("dso_days", -1, "Have customers pay after {:.0f} days instead of {:.0f}"),
        ("dpo_days", 1, "Pay suppliers after {:.0f} days instead of {:.0f}"),
    ):
        if not can_move(inputs, key):
            continue
        entry = assumption(key)
        before = assumptions.value(key, "", table_value(inputs, key, ""))
        values = dict.fromkeys(
            min(max(before + way * _TERMS_STEP * times, entry.low), entry.high) for times in range(1, SIZES + 1)
        )
        found.append([
            Move(
                kind="payment", name="", key=key, scope="", before=before, value=value,
                title=words.format(value, before), need=inputs.calendar.first_open,
                terms=LeverTerms(lead_months=1, assumed=("lead time",), allowed_by=Function.FINANCE.title),
                owner=entry.owner.title,
            )
            for value in values if value != before
        ])  # fmt: skip
    return [sizes for sizes in found if sizes]

"""Draws of what may come, each a full re-plan: ranges and chances of headline measures are read from them.

Every draw gives every headline measure a value over every span, so quantiles, the chance of a mark, the chance of
several at once, and what drives the bad cases all come from the same draws and agree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from sop.analysis.headline import Values, lead_time_by_month, on_time_parts
from sop.analysis.ranges.risks import BLOCK, REACHES, Risk, draw_block
from sop.core.calendar import Calendar, span_text
from sop.core.inputs import Bools, Floats
from sop.core.measures import HEADLINES, Headline
from sop.core.register import Assumptions
from sop.core.world import World

Paths = Mapping[str, Floats]
"""What headline measures are read from, by month (..., T), as far as a plan has them."""

PathsIn = Callable[[Sequence[tuple[Assumptions, World]]], list[Paths]]
"""Full re-plans of worlds that may come, one after the other."""

BAD_SHARE = 0.1
"""The worst tenth: the draws in which a measure comes out worst."""

_DUE = "due"
_SURE = 2.0


def read_paths(values: Values, made_to_order: Bools, near: int) -> Paths:
    """The months (T,) of a plan's values by measure that headline measures are read from; money in minor units.

    `made_to_order` (F,); `near`: periods in twelve months.
    """
    found = {
        entry.key: values[entry.line].astype(float)
        for entry in HEADLINES
        if entry.read not in ("peak", "share") and entry.line in values
    }
    parts = on_time_parts(values)
    if parts is not None:
        found["on_time"], found[_DUE] = (part.sum(axis=0) for part in parts)
    lead = lead_time_by_month(values, made_to_order, near)
    return found if lead is None else {**found, "lead_time": lead}


def read_measure(paths: Paths, entry: Headline, first: int, last: int) -> Floats | None:
    """A headline measure over the months `first` to `last`, both included (...,); None where the plan lacks it.

    Not-a-number on time where nothing falls due.
    """
    if entry.key not in paths:
        return None
    path = paths[entry.key][..., first : last + 1]
    match entry.read:
        case "sum":
            return np.asarray(path.sum(axis=-1))
        case "low":
            return np.asarray(path.min(axis=-1))
        case "last":
            return np.asarray(path[..., -1])
        case "peak":
            return np.asarray(path.max(axis=-1))
    due = paths[_DUE][..., first : last + 1].sum(axis=-1)
    return np.asarray(np.divide(path.sum(axis=-1), due, out=np.full(np.shape(due), np.nan), where=due > 0))


@dataclass(frozen=True)
class Draws:
    """The draws around a plan: `paths` (n, T) by key, `scores` (n, K) of the risks that `scored` names by column.

    `base`: the paths (T,) of the plan itself; `near`: periods in twelve months; `to_year_end`: planned periods to
    the end of the running fiscal year. `why`: in words what makes ranges wide; empty where nothing does.
    """

    base: Paths
    paths: Paths
    scores: Floats
    scored: tuple[str, ...]
    near: int
    to_year_end: int
    why: str = ""

    @property
    def count(self) -> int:
        """How many draws there are."""
        return len(self.scores)

    @property
    def months(self) -> int:
        """Planned periods."""
        return len(next(iter(self.base.values())))

    @property
    def year(self) -> int:
        """The last period of the next twelve months."""
        return min(self.near, self.months) - 1

    @property
    def near_text(self) -> str:
        """How long the next twelve months are, as far as is planned: '12 months'."""
        return span_text(self.year + 1, self.near)

    def values(self, entry: Headline, first: int, last: int) -> Floats | None:
        """A headline measure over some months in every draw (n,); None where it is not known in some of them."""
        found = read_measure(self.paths, entry, first, last)
        return None if found is None or not np.isfinite(found).all() else found

    def planned(self, entry: Headline, first: int, last: int) -> float | None:
        """The same in the plan itself."""
        found = read_measure(self.base, entry, first, last)
        return None if found is None or not np.isfinite(found) else float(found)

    def quantiles(self, entry: Headline, first: int, last: int, shares: Sequence[float]) -> list[float] | None:
        """The values that a measure stays below with these chances; None where it is not known."""
        found = self.values(entry, first, last)
        return None if found is None else [float(value) for value in np.quantile(found, shares)]

    def reached(self, entry: Headline, mark: float, first: int, last: int) -> Floats | None:
        """In which draws (n,) a measure is at its mark or better, 1 or 0."""
        found = self.values(entry, first, last)
        if found is None:
            return None
        return np.asarray(found >= mark if entry.better > 0 else found <= mark, dtype=float)

    def shortfall(self, entry: Headline, first: int, last: int) -> float | None:
        """The mean of a measure in its worst tenth (expected shortfall)."""
        found = self.values(entry, first, last)
        return None if found is None else float(found[bad_tenth(found, entry.better)].mean())

    def drivers(self, entry: Headline, first: int, last: int) -> tuple[Driver, ...]:
        """What makes the worst tenth bad, most first: each risk with what it does to the measure there.

        The measure is explained by the scores of the risks in a straight line (least squares); a risk's part is
        its slope times how much more of it there is in the worst tenth than in all draws. A slope that so few
        draws cannot tell from none says nothing, nor does a risk that cannot reach the measure: when customers pay
        moves no revenue, whatever chance makes of it.
        """
        asked = entry.key, first, last
        if asked not in self._driven:
            self._driven[asked] = self._drivers(entry, first, last)
        return self._driven[asked]

    def _drivers(self, entry: Headline, first: int, last: int) -> tuple[Driver, ...]:
        found = self.values(entry, first, last)
        if found is None or self.count < 2:
            return ()
        line, (centred, scale) = self._line, self._centred
        known = scale > 0
        slopes = np.zeros(len(scale))
        slopes[known] = line.slopes(found - found.mean())
        part = slopes * np.divide(
            centred[bad_tenth(found, entry.better)].mean(axis=0), scale, out=0 * scale, where=known
        )
        total: dict[str, float] = {}
        for name, value in zip(self.scored, part.tolist(), strict=True):
            if entry.key not in REACHES.get(name, (entry.key,)):
                continue
            total[name] = total.get(name, 0.0) + value
        hurts = [Driver(name, value) for name, value in total.items() if value * entry.better < 0]
        return tuple(sorted(hurts, key=lambda driver: -abs(driver.amount)))

    @cached_property
    def _driven(self) -> dict[tuple[str, int, int], tuple[Driver, ...]]:
        """What was asked before: draws never change, and every screen that shows them asks the same."""
        return {}

    @cached_property
    def _centred(self) -> tuple[Floats, Floats]:
        """The scores about their means (n, K), and how far each scatters (K,)."""
        centred = self.scores - self.scores.mean(axis=0)
        return centred, centred.std(axis=0)

    @cached_property
    def _line(self) -> _Line:
        """The line through the scores that differ at all."""
        centred, scale = self._centred
        known = scale > 0
        return _Line.through(centred[:, known] / scale[known])


@dataclass(frozen=True)
class Driver:
    """A risk and what it does to a measure in the worst tenth, against all draws, in the measure's unit."""

    risk: str
    amount: float


@dataclass(frozen=True)
class _Line:
    """Least squares on the same scores (n, K) about zero, for however many measures: taken apart once.

    `inverse` (K, n) makes slopes of values; `spread` (K,) is a slope's variance for values of variance 1.
    """

    scores: Floats
    inverse: Floats
    spread: Floats
    rank: int

    @classmethod
    def through(cls, scores: Floats) -> _Line:
        """By singular values; what is told apart by rounding alone is not."""
        left, size, right = np.linalg.svd(scores, full_matrices=False)
        kept = size > np.finfo(float).eps * max(scores.shape) * size.max(initial=0.0)
        across = right[kept].T / size[kept]
        return cls(scores, across @ left[:, kept].T, (across**2).sum(axis=1), int(kept.sum()))

    def slopes(self, values: Floats) -> Floats:
        """Slopes (K,) of values (n,); 0 where within twice the standard error."""
        found = self.inverse @ values
        left = ((values - self.scores @ found) ** 2).sum() / max(len(values) - self.rank - 1, 1)
        error = np.sqrt(left * self.spread)
        return np.where(np.abs(found) > _SURE * error, found, 0.0)


def bad_tenth(values: Floats, better: int) -> np.ndarray:
    """Positions of the draws in which a measure is worst: a tenth of them, at least one."""
    order = np.argsort(values if better > 0 else -values, kind="stable")
    return order[: max(round(BAD_SHARE * len(values)), 1)]


def chance_of(reached: Sequence[Floats]) -> float:
    """The share of draws in which all of some marks are reached at once."""
    return float(np.prod(np.array(reached), axis=0).mean())


def standard_error(chance: float, draws: int) -> float:
    """By how much a chance may be off because only so many draws were made; never below half a draw's worth."""
    smoothed = (chance * draws + 0.5) / (draws + 1)
    return float(np.sqrt(smoothed * (1 - smoothed) / draws)) if draws else float("nan")


@dataclass(frozen=True)
class DrawnBlock:
    """What was drawn in one block, to be kept: `paths` (n, T) and `scores` (n, K)."""

    paths: Paths
    scores: Floats
    scored: tuple[str, ...]
    arrays: Mapping[str, Floats] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Lay out what is kept as arrays by name."""
        object.__setattr__(self, "arrays", {**self.paths, "scores": self.scores})


def replan_block(
    risks: tuple[Risk, ...],
    assumptions: Assumptions,
    paths_in: PathsIn,
    block: int,
    seed: int = 0,
) -> DrawnBlock:
    """The full re-plans of one block of draws."""
    drawn = draw_block(risks, assumptions, block, seed)
    # One after the other by their first score, which is demand: the optimiser goes on from the plan before, and
    # what is alike takes it fewest steps. A plan does not depend on which one came before.
    order = np.argsort(drawn.scores[:, 0], kind="stable") if drawn.scores.size else np.arange(len(drawn.draws))
    found = paths_in([(drawn.draws[i].assumptions, drawn.draws[i].world) for i in order.tolist()])
    back = np.argsort(order)
    # What one of the draws does not know has no range.
    known = [key for key in found[0] if all(key in each for each in found)]
    paths = {key: np.stack([each[key] for each in found])[back] for key in known}
    return DrawnBlock(paths, drawn.scores, drawn.scored)


def join_blocks(blocks: Sequence[DrawnBlock], base: Paths, calendar: Calendar, why: str = "") -> Draws:
    """All draws of some blocks around a plan, whose own paths are `base`."""
    left = set(calendar.fiscal_year(calendar.first_open)) & set(calendar.months)
    return Draws(
        base=base,
        paths={
            key: np.concatenate([block.paths[key] for block in blocks])
            for key in base
            if all(key in block.paths for block in blocks)
        },
        scores=np.concatenate([block.scores for block in blocks]),
        scored=blocks[0].scored,
        near=calendar.year,
        to_year_end=len(left),
        why=why,
    )


def blocks_for(draws: int) -> int:
    """Blocks that hold so many draws."""
    return -(-draws // BLOCK)

"""The supply plan in whole units: flows rounded cumulatively, stocks by the identities, never rounded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sop.core.findings import Finding
from sop.core.format import how_many, number
from sop.core.inputs import Bools, Floats, Ints
from sop.core.money import round_cumulative, snap
from sop.core.units import in_units, scaled, smallest
from sop.supply.lp.problem import SupplyProblem, called_in, list_periods
from sop.supply.lp.shipping import ship_owed
from sop.supply.lp.terms import fence


@dataclass(frozen=True, eq=False)
class WholeUnitPlan:
    """The plan in whole units, int64; floats to the smallest unit where some unit is divided. To the unit, with
    whole `due` and opening positions:

    inventory[t] = inventory[t-1] + production[t] over lines + subcontract[t] - shipments[t]
    past_due[t] = past_due[t-1] + due[t] - shipments[t] - lost[t]
    """

    production: Ints  # [F, L, T]
    subcontract: Ints  # [F, T]
    shipments: Ints  # [F, T]
    lost: Ints  # [F, T]
    inventory: Ints  # [F, T], never negative
    past_due: Ints  # [F, T], never negative
    excess: tuple[LimitExcess, ...] = ()


@dataclass(frozen=True, eq=False)
class LimitExcess:
    """How far whole units go beyond a limit that the exact plan keeps: hours or units `above` it by period [T].

    A unit that is begun in one period and finished in the next.
    """

    kind: str
    name: str
    above: Floats


def round_plan(problem: SupplyProblem, production: Floats, subcontract: Floats, lost: Floats) -> WholeUnitPlan:
    """Round production [F, L, T], subcontract [F, T] and lost [F, T] to a plan in whole units.

    Cumulative supply and lost are rounded per family; a period's supply is split over lines and subcontract
    by largest remainder, and a unit for which hours or material do not suffice is left to the next period
    (`split_within`). Shipments are all that is owed as far as stock reaches, so neither stock nor past due is
    ever negative. Where demand may not wait, what rounding leaves unmet counts as lost.
    """
    return round_plans([(problem, production, subcontract, lost)])[0]


def round_plans(exact: Sequence[tuple[SupplyProblem, Floats, Floats, Floats]]) -> list[WholeUnitPlan]:
    """`round_plan` of several plans whose axes are as long: each as it is alone, in far less time."""
    sources = [
        scaled(np.concatenate([production, subcontract[:, None, :]], axis=1), problem.unit_decimals)
        for problem, production, subcontract, _ in exact
    ]
    limits = [source_limits(problem, own) for (problem, *_), own in zip(exact, sources, strict=True)]
    stacked = np.stack(sources)
    split = split_within(limits, round_cumulative(stacked.sum(axis=2)), stacked)
    return [
        _whole_plan(problem, lost, limit, own)
        for (problem, *_, lost), limit, own in zip(exact, limits, split, strict=True)
    ]


def _whole_plan(problem: SupplyProblem, lost: Floats, limits: SourceLimits, split: Ints) -> WholeUnitPlan:
    """The plan that supply in smallest units `split` [F, S, T] makes."""
    decimals = problem.unit_decimals
    due = round_cumulative(scaled(np.maximum(problem.due, 0.0), decimals))
    stock = smallest(np.maximum(problem.opening_inventory, 0.0), decimals)[:, None]
    late = smallest(np.maximum(problem.opening_past_due, 0.0), decimals)[:, None]
    available = stock + split.sum(axis=1).cumsum(axis=1)
    demanded = late + due.cumsum(axis=1)
    rounded = round_cumulative(scaled(lost, decimals)).cumsum(axis=1)
    shipped, gone = ship_owed(available, demanded, rounded, problem.backlog_allowed)
    return WholeUnitPlan(
        production=in_units(split[:, :-1], decimals),
        subcontract=in_units(split[:, -1], decimals),
        shipments=in_units(np.diff(shipped, axis=1, prepend=0), decimals),
        lost=in_units(np.diff(gone, axis=1, prepend=0), decimals),
        inventory=in_units(available - shipped, decimals),
        past_due=in_units(demanded - gone - shipped, decimals),
        excess=_excess(limits, split),
    )


def _excess(limits: SourceLimits, split: Ints) -> tuple[LimitExcess, ...]:
    above = np.maximum(limits.above(split), 0.0)
    above[:, : limits.open_from] = 0.0  # what is frozen above a limit was agreed
    return tuple(LimitExcess(*limits.names[row], above[row]) for row in np.flatnonzero((above > 0).any(axis=1)))


def check_whole_units(problem: SupplyProblem, whole: WholeUnitPlan) -> Iterator[Finding]:
    """Limits that whole units go beyond."""
    for each in whole.excess:
        unit = "hours" if each.kind in ("line", "shared resource") else "units"
        kind = "subcontract of" if each.kind == "subcontract" else each.kind
        yield Finding(
            "note",
            "whole_units_above_limit",
            f"in whole units {called_in(problem.called, kind, each.name)} is needed beyond its limit in "
            f"{list_periods(problem.periods, each.above > 0)}, "
            f"by {how_many(number(each.above.max(), 1), unit)} at most: "
            "a unit is begun in one period and finished in the next",
            "Nothing, unless that cannot be; plan in parts of a unit where units can be divided",
        )


@dataclass(frozen=True, eq=False)
class SourceLimits:
    """What supply may use: `use` [R, F S] of each limit by a unit of a family from a source (the lines, then
    subcontract), and the `most` [R, T] of it. `names` [R]: kind and name. Periods before `open_from` are frozen;
    what is not made in time is not sold of the families `prompt` [F]."""

    names: tuple[tuple[str, str], ...]
    use: Floats
    most: Floats
    open_from: int
    prompt: Bools

    def above(self, split: Ints) -> Floats:
        """How far supply [F, S, T] goes beyond each limit, [R, T]; below 0 where something is left."""
        above: Floats = self.use @ split.reshape(-1, split.shape[-1]) - self.most
        return above

    @cached_property
    def users(self) -> tuple[list[tuple[int, int, float]], ...]:
        """Of each limit what uses it: place of family and source, family, and use by a unit."""
        found: tuple[list[tuple[int, int, float]], ...] = tuple([] for _ in self.use)
        sources = self.use.shape[1] // max(len(self.prompt), 1)
        for limit, place in np.argwhere(self.use > 0).tolist():
            found[limit].append((place, place // sources, float(self.use[limit, place])))
        return found


def source_limits(problem: SupplyProblem, sources: Floats) -> SourceLimits:
    """The limits on supply from `sources` [F, S, T] in smallest units; the exact plan is never above the most."""
    families, lines = problem.sizes["F"], problem.sizes["L"]
    on_line = np.zeros((lines, families, lines + 1))
    on_line[np.arange(lines), :, np.arange(lines)] = np.nan_to_num(problem.hours_per_unit).T
    bought = np.zeros((families, families, lines + 1))
    bought[np.arange(families), np.arange(families), -1] = 1.0
    made = np.append(np.ones(lines), 0.0)
    shared, material = (of.T[:, :, None] * made for of in (problem.shared_hours_per_unit, problem.material_use))
    kinds = (
        ("line", problem.lines, problem.line_hours, on_line),
        ("shared resource", problem.shared, problem.shared_hours, shared),
        ("material", problem.materials, problem.material_supply, material),
        ("subcontract", problem.families, problem.subcontract_limit, bought),
    )
    limit = np.nan_to_num(np.concatenate([most for _, _, most, _ in kinds]), nan=np.inf)
    parts = scaled(np.ones(families), problem.unit_decimals)
    use = (np.concatenate([each for *_, each in kinds]) / parts[:, None]).reshape(len(limit), -1)
    kept = np.isfinite(limit).any(axis=1) & use.any(axis=1)
    names = [(kind, name) for kind, of_kind, _, _ in kinds for name in of_kind]
    return SourceLimits(
        names=tuple(name for name, on in zip(names, kept, strict=True) if on),
        use=use[kept],
        most=np.maximum(limit[kept], use[kept] @ sources.reshape(-1, sources.shape[-1])) + _SLACK,
        open_from=fence(problem)[0],
        prompt=~problem.backlog_allowed,
    )


_SLACK = 1e-6
"""Hours or units above a limit that are solver noise."""

_BEHIND = 0.01
"""Part of its running total by which a family may be a unit and more behind, so that no period is overloaded."""


def split_within(limits: Sequence[SourceLimits], totals: Ints, sources: Floats) -> Ints:
    """Whole totals [N, F, T] of N plans over sources [N, F, S, T] within the limits of each, [N, F, S, T].

    Sources share a total in their proportions, and left-over units go to the used source that is furthest behind
    its own running total, ties to the lower index, so that a small source is not rounded away for ever; one that
    is unused in a period gets nothing. Where whole units of a period need more of a limit than there is, some
    are left to the next one: the smallest that suffices, and of a family that is at most a hundredth of its
    running total behind the exact one, then a unit more. Where few large units are made that does not suffice; the
    excess is a unit that is begun in one period and finished in the next.
    """
    flows = snap(sources)
    wanted, ahead = snap(flows.cumsum(axis=3)), totals.cumsum(axis=2)
    made_in = flows.sum(axis=2)
    exact = snap(made_in.cumsum(axis=2))
    made, of = made_in > 0, np.where(made_in > 0, made_in, 1.0)
    split = np.zeros(flows.shape, dtype=np.int64)
    given = np.zeros(flows.shape[:3], dtype=np.int64)
    shape, flat = flows.shape[:3], (-1, flows.shape[2])
    for t in range(flows.shape[3]):
        before = given.sum(axis=2)
        due = np.where(made[..., t], ahead[..., t] - before, 0)
        behind = (wanted[..., t] - given).reshape(flat)
        now = _split_period(due.ravel(), flows[..., t].reshape(flat), of[..., t].reshape(-1, 1), behind)
        now = now.reshape(shape)
        for limit, units, owed, so_far in zip(limits, now, exact[..., t] - before, exact[..., t], strict=True):
            if t >= limit.open_from:
                over = limit.use @ units.ravel() - limit.most[:, t]
                if (over > 0).any():
                    _leave_over(limit, units, over, owed, _BEHIND * so_far)
        split[..., t] = now
        given += now
    return split


def _leave_over(limits: SourceLimits, now: Ints, over: Floats, owed: Floats, behind: Floats) -> None:
    """Take units out of a period `now` [F, S], in place, until no limit is passed (`over` [R]) or none is left to.

    `owed` [F]: what the exact plan has made by the period's end and the whole one before it; a family may be
    `behind` [F] before another unit of it is left. Demand that waits for nobody comes last; then the smallest unit
    that takes all of an excess, else the largest; then the family that is least late.
    """
    units, late = now.ravel().tolist(), (owed - now.sum(axis=1)).tolist()
    most, prompt = (behind + _SLACK).tolist(), limits.prompt.tolist()
    for limit in np.flatnonzero(over > 0).tolist():
        while (excess := float(over[limit])) > 0:
            can = [
                (prompt[f], size < excess, size if size >= excess else -size, late[f], place, f)
                for place, f, size in limits.users[limit]
                if units[place] > 0 and late[f] <= most[f]
            ]
            if not can:
                break
            *_, place, family = min(can)
            units[place] -= 1
            late[family] += 1
            over -= limits.use[:, place]
    now[...] = np.reshape(units, now.shape)


def _split_period(totals: Ints, flows: Floats, of: Floats, behind: Floats) -> Ints:
    """One period of `split_within`, its limits aside: totals [F] over flows [F, S], parts `of` [F, 1]."""
    share = snap(totals[:, None] * flows / of, 1e-9)
    whole = np.floor(share).astype(np.int64)
    left = totals - whole.sum(axis=1)
    if not left.any():
        return whole
    claim = np.where(share > whole, snap(behind - whole), -np.inf)
    rank = np.argsort(np.argsort(-claim, axis=1, kind="stable"), axis=1)
    return whole + (rank < left[:, None])

"""The supply plan in whole units: flows rounded cumulatively, stocks by the identities, never rounded."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sop.core.inputs import Floats, Ints
from sop.core.money import round_cumulative, snap
from sop.supply.lp.problem import SupplyProblem
from sop.supply.lp.shipping import ship_owed


@dataclass(frozen=True, eq=False)
class WholeUnitPlan:
    """The plan in whole units (int64). To the unit, with whole `due` and opening positions:

    inventory[t] = inventory[t-1] + production[t] over lines + subcontract[t] - shipments[t]
    past_due[t] = past_due[t-1] + due[t] - shipments[t] - lost[t]
    """

    production: Ints  # [F, L, T]
    subcontract: Ints  # [F, T]
    shipments: Ints  # [F, T]
    lost: Ints  # [F, T]
    inventory: Ints  # [F, T], never negative
    past_due: Ints  # [F, T], never negative


def round_plan(problem: SupplyProblem, production: Floats, subcontract: Floats, lost: Floats) -> WholeUnitPlan:
    """Round production [F, L, T], subcontract [F, T] and lost [F, T] to a plan in whole units.

    Cumulative supply and lost are rounded per family; a period's supply is split over lines and subcontract
    by largest remainder. Shipments are all that is owed as far as stock reaches, so neither stock nor past
    due is ever negative. Where demand may not wait, what rounding leaves unmet counts as lost.
    """
    due = round_cumulative(np.maximum(problem.due, 0.0))
    stock = np.rint(np.maximum(problem.opening_inventory, 0.0)).astype(np.int64)[:, None]
    late = np.rint(np.maximum(problem.opening_past_due, 0.0)).astype(np.int64)[:, None]
    sources = np.concatenate([production, subcontract[:, None, :]], axis=1)
    supplied = round_cumulative(sources.sum(axis=1))
    split = split_by_source(supplied, sources)
    available = stock + supplied.cumsum(axis=1)
    demanded = late + due.cumsum(axis=1)
    rounded = round_cumulative(lost).cumsum(axis=1)
    shipped, gone = ship_owed(available, demanded, rounded, problem.backlog_allowed)
    return WholeUnitPlan(
        production=split[:, :-1],
        subcontract=split[:, -1],
        shipments=np.diff(shipped, axis=1, prepend=0),
        lost=np.diff(gone, axis=1, prepend=0),
        inventory=available - shipped,
        past_due=demanded - gone - shipped,
    )


def split_by_source(totals: Ints, sources: Floats) -> Ints:
    """Whole totals [F, T] over sources [F, S, T] in their proportions, summing exactly.

    Left-over units go to the used source that is furthest behind its own running total, ties to the lower
    index, so that a small source is not rounded away for ever. A source unused in a period gets nothing.
    """
    flows = snap(sources)
    wanted = snap(flows.cumsum(axis=2))
    split = np.zeros(flows.shape, dtype=np.int64)
    given = np.zeros(flows.shape[:2], dtype=np.int64)
    for t in range(flows.shape[2]):
        split[:, :, t] = _split_period(totals[:, t], flows[:, :, t], wanted[:, :, t] - given)
        given += split[:, :, t]
    return split


def _split_period(totals: Ints, flows: Floats, behind: Floats) -> Ints:
    """One period of `split_by_source`: totals [F] over flows [F, S]."""
    sums = flows.sum(axis=1, keepdims=True)
    share = snap(totals[:, None] * flows / np.where(sums > 0, sums, 1.0), 1e-9)
    whole = np.floor(share).astype(np.int64)
    left = totals - whole.sum(axis=1)
    if not left.any():
        return whole
    claim = np.where(share > whole, snap(behind - whole), -np.inf)
    order = np.argsort(-claim, axis=1, kind="stable")
    taken = np.arange(flows.shape[1]) < left[:, None]
    extra = np.zeros_like(whole)
    np.put_along_axis(extra, order, taken.astype(np.int64), axis=1)
    return whole + extra

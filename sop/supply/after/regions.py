"""Shipments per region: the oldest due first, then pro rata to open demand, whole and exact."""

from __future__ import annotations

import numpy as np

from sop.core.inputs import Ints
from sop.core.money import largest_remainder_rows


def split_by_region(shipments: Ints, lost: Ints, due: Ints, opening_past_due: Ints) -> tuple[Ints, Ints]:
    """Shipments and lost units [F, R, T] from those of the family [F, T], by due [F, R, T] and past due [F, R].

    A shipment goes to the oldest open demand of any region; where it cannot serve all of one age, pro rata by
    largest remainder. Lost units are taken from the newest demand, pro rata. Both sum over regions to what is
    given, and past_due[t] = past_due[t-1] + due[t] - shipments[t] - lost[t] never falls below 0 in a region.
    """
    shipped, gone = due.copy(), np.zeros(due.shape, dtype=np.int64)
    shipped[:, :, 0] += opening_past_due
    open_after = shipped.sum(axis=1).cumsum(axis=1) - (shipments + lost).cumsum(axis=1)
    # Where nobody waits and nothing is lost, every region gets what falls due.
    rows = np.flatnonzero((abs(open_after) + abs(lost)).sum(axis=1))
    if len(rows):
        shipped[rows], gone[rows] = _oldest_first(shipments[rows], lost[rows], due[rows], opening_past_due[rows])
    return shipped, gone


def _oldest_first(shipments: Ints, lost: Ints, due: Ints, opening_past_due: Ints) -> tuple[Ints, Ints]:
    """As `split_by_region`, month by month."""
    families, regions, horizon = due.shape
    waiting = np.zeros((families, regions, horizon + 1), dtype=np.int64)  # open demand by age, oldest first
    waiting[:, :, 0] = opening_past_due
    shipped, gone = np.zeros(due.shape, dtype=np.int64), np.zeros(due.shape, dtype=np.int64)
    losing = lost.sum(axis=0)
    oldest = 0
    # Months after which nobody waits and nothing is lost need no sharing out: everybody gets what is open.
    open_units = opening_past_due.sum(axis=1)[:, None] + due.sum(axis=1).cumsum(axis=1)
    all_served = ~((open_units != (shipments + lost).cumsum(axis=1)) | (lost > 0)).any(axis=0)
    for t in range(horizon):
        waiting[:, :, t + 1] = due[:, :, t]
        # What was due long ago is served in most months: only ages at which somebody waits are looked at.
        while oldest < t + 1 and not waiting[:, :, oldest].any():
            oldest += 1
        open_now = waiting[:, :, oldest : t + 2]
        if all_served[t]:
            shipped[:, :, t] = open_now.sum(axis=2)
            open_now[:] = 0
            continue
        if losing[t]:
            gone[:, :, t] = _take(open_now[:, :, ::-1], lost[:, t])
        shipped[:, :, t] = _take(open_now, shipments[:, t])
    return shipped, gone


def _take(waiting: Ints, quantity: Ints) -> Ints:
    """Take `quantity` [F] out of `waiting` [F, R, ages] in order of age, in place; what each region got [F, R]."""
    by_age = waiting.sum(axis=1)
    before = by_age.cumsum(axis=1) - by_age
    wanted = np.minimum(np.maximum(quantity[:, None] - before, 0), by_age)
    whole = wanted == by_age
    taken = waiting * whole[:, None, :]
    partial = (wanted > 0) & ~whole
    rows = np.flatnonzero(partial.any(axis=1))
    if len(rows):
        age = partial[rows].argmax(axis=1)
        taken[rows, :, age] = largest_remainder_rows(wanted[rows, age], waiting[rows, :, age].astype(float))
    waiting -= taken
    return taken.sum(axis=2)

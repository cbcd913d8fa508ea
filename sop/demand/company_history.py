"""The history that a company's forecast is made from: cleaned by rule, then as the planners decided.

A decision is kept like an assumption, by key and scope: `history_restored` and `history_accepted` with the scope
`family|region|month`, `history_train_since` with the same scope, its month being the first to train on. A value
of zero takes the decision back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from sop.core.inputs import Floats, Inputs
from sop.demand.cleaning import Cell, Correction, clean_history
from sop.demand.shifts import LevelShift

RESTORED, ACCEPTED, TRAIN_SINCE = "history_restored", "history_accepted", "history_train_since"
DRIVER_USE = "driver_use"

_DAYS_OF_A_MONTH = 30
Decisions = Mapping[tuple[str, str], float]


@dataclass(frozen=True)
class Remark:
    """Something found in the history of a family and region, in words, with the month it is about, units.

    `kind`: `corrected`, `suggested`, `gap` (`was` is None) or `shift` (`was` and `now` are the two levels).
    `cut_short`: stock ran out in the month, so that it shows what could be sold and not what was wanted.
    """

    kind: str
    family: str
    region: str
    month: str
    was: float | None
    now: float
    reason: str
    cut_short: bool = False

    @property
    def scope(self) -> str:
        """The scope under which a decision about it is kept."""
        return f"{self.family}|{self.region}|{self.month}"


@dataclass(frozen=True)
class CompanyHistory:
    """Cleaned demand by family and region (F, R, H), not-a-number where not known, and what was found in it."""

    values: Floats
    remarks: tuple[Remark, ...] = field(repr=False)

    def of_kind(self, kind: str) -> tuple[Remark, ...]:
        """The remarks of one kind."""
        return tuple(remark for remark in self.remarks if remark.kind == kind)


_CORRECTED = (RESTORED, ACCEPTED, TRAIN_SINCE)
DECIDED = (*_CORRECTED, DRIVER_USE)
"""Assumptions that the forecast rests on."""


def decisions_of(values: Decisions) -> Decisions:
    """Those of a scenario's assumptions that the forecast rests on; what was taken back is left out.

    >>> decisions_of({("history_restored", "Bikes|Europe|2026-01"): 1.0, ("price_pct", "Bikes"): 0.02})
    {('history_restored', 'Bikes|Europe|2026-01'): 1.0}
    """
    history = {place: on for place, on in values.items() if place[0] in _CORRECTED and on}
    drivers = {place: on for place, on in values.items() if place[0] == DRIVER_USE}
    return history if all(drivers.values()) else history | drivers


def clean_company(inputs: Inputs, decisions: Decisions | None = None) -> CompanyHistory:
    """Clean the history of every family and region; products that are retired do not count.

    `decisions` may be all assumptions of a scenario: other keys, and names or months that the company does not
    have, change nothing.
    """
    demand = booked_demand(inputs)
    cells = {key: _cells(inputs, decisions or {}, key) for key in _CORRECTED}
    found = clean_history(
        demand.reshape(-1, demand.shape[-1]),
        inputs.calendar.season_length,
        restored=cells[RESTORED],
        accepted=cells[ACCEPTED],
        stock_ran_out=stock_ran_out(inputs, demand).reshape(-1, demand.shape[-1]),
    )
    values = found.values.copy()
    for series, period in cells[TRAIN_SINCE]:
        values[series, :period] = np.nan
    named = [
        *(_of_correction(inputs, "corrected", one) for one in found.corrections),
        *(_of_correction(inputs, "suggested", one) for one in found.suggestions),
        *(_of_correction(inputs, "gap", one) for one in found.gaps),
        *(_of_shift(inputs, one) for one in found.shifts),
    ]
    return CompanyHistory(values.reshape(demand.shape), tuple(named))


def booked_demand(inputs: Inputs) -> Floats:
    """Demand by family and region as booked (F, R, H), without products that are retired."""
    return inputs.by_family(np.where(inputs.products.retired[:, None, None], np.nan, inputs.history.ordered))


def stock_ran_out(inputs: Inputs, demand: Floats) -> np.ndarray:
    """Where demand (F, R, H) may be cut short: made to stock, and less than a day of it left at the month's end.

    A month whose orders were booked apart from its shipments is not cut short: they are what was asked for. A
    closing stock below zero is a late booking and shows nothing.
    """
    out = np.zeros(demand.shape, dtype=bool)
    if inputs.stock is None:
        return out
    shipped = inputs.by_family(inputs.history.shipped)
    for t, month in enumerate(inputs.history.months):
        if month in inputs.stock.months:
            closing = inputs.stock.closing[:, inputs.stock.months.index(month)]
            asked = np.nansum(demand[..., t], axis=1)
            empty = (closing >= 0) & (closing < asked / _DAYS_OF_A_MONTH) & ~inputs.families.made_to_order
            out[..., t] = empty[:, None] & (demand[..., t] <= shipped[..., t])
    return out


def _cells(inputs: Inputs, decisions: Decisions, key: str) -> set[Cell]:
    """Rows (family by family, its regions in order) and columns that decisions of one kind name."""
    families, regions, months = inputs.families.names, inputs.regions, inputs.history.months
    scopes = (scope.split("|") for (own, scope), value in decisions.items() if own == key and value)
    return {
        (families.index(family) * len(regions) + regions.index(region), months.index(month))
        for family, region, month in (parts for parts in scopes if len(parts) == 3)
        if family in families and region in regions and month in months
    }


def _names(inputs: Inputs, series: int, period: int) -> tuple[str, str, str]:
    family, region = divmod(series, len(inputs.regions))
    return inputs.families.names[family], inputs.regions[region], inputs.history.months[period]


def _of_correction(inputs: Inputs, kind: str, found: Correction) -> Remark:
    was = None if np.isnan(found.was) else round(found.was, 4)
    names = _names(inputs, found.series, found.period)
    return Remark(kind, *names, was, round(found.now, 4), found.reason, found.cut_short)


def _of_shift(inputs: Inputs, found: LevelShift) -> Remark:
    names = _names(inputs, found.series, found.period)
    return Remark("shift", *names, round(found.before, 4), round(found.after, 4), found.reason)

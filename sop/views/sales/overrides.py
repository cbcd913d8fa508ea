"""Overrides of demand as people entered them: one line for each, what it does, and what it cannot do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sop.core.calendar import Calendar, period_name
from sop.core.inputs import Floats
from sop.core.override_scopes import (
    UNIT_OVERRIDES,
    Names,
    OverrideScope,
    cells_of,
    read_entered,
    read_override_scope,
)
from sop.core.plan import Plan
from sop.core.register import Entry, assumption
from sop.core.terms import Function
from sop.core.words import units_text
from sop.demand.override_effect import OverrideEffect

MOVED = 0.01
"""Share by which the baseline must have moved since an override was entered for it to be flagged."""


@dataclass(frozen=True)
class Override:
    """One override as it was entered, over its months that are still open.

    `wish`: what was asked for ('+120', '+5%', 'to 5000'); `units`: what it changes. `baseline_then`: the baseline
    forecast of these months when it was entered, None where that was not kept. `places`: the scopes and versions
    of its entries.
    """

    key: str
    family: str
    region: str
    months: tuple[str, ...]
    wish: str
    units: float
    baseline: float
    baseline_then: int | None
    reason: str
    by: str
    at: str
    expiry: str | None
    places: tuple[tuple[str, int], ...]

    @property
    def owner(self) -> Function:
        """The function that owns it."""
        return assumption(self.key).owner

    @property
    def place(self) -> str:
        """Family and region in words."""
        return OverrideScope(self.family, self.region, "").place

    @property
    def baseline_moved(self) -> float | None:
        """By which share the baseline moved since then; None where it did not, or was not kept."""
        if not self.baseline_then:
            return None
        moved = self.baseline / self.baseline_then - 1
        return moved if abs(moved) >= MOVED else None


def group_overrides(
    entries: Iterable[Entry], baseline: Floats, names: Names, calendar: Calendar
) -> tuple[Override, ...]:
    """The overrides in force, the newest first, from the values of a scenario.

    Entries that one person made at one moment for one place and reason are one override. `baseline` (F, R, T) is
    the baseline forecast; months that are closed by now are left out.
    """
    months = set(calendar.months)
    groups: dict[tuple[object, ...], list[tuple[Entry, OverrideScope]]] = {}
    for entry in entries:
        scope = read_override_scope(entry.scope) if entry.key in UNIT_OVERRIDES else None
        if scope is not None and scope.month in months:
            groups.setdefault(_alike(entry, scope), []).append((entry, scope))
    found = [_override(group, baseline, names, calendar) for group in groups.values()]
    return tuple(sorted(found, key=lambda override: override.at, reverse=True))


def signed_overrides(plan: Plan, signed: Iterable[Mapping[str, Any]]) -> tuple[Override, ...]:
    """The overrides that a frozen plan was made with, from its `signed` assumptions, beside the forecast it keeps.

    Who set them and when stays in the scenario that the plan was made from.
    """
    names = plan.names("baseline_forecast"), plan.names("baseline_forecast", 1)
    entries = (
        Entry(
            row["key"], row["scope"], row["value"], row["reason"], owner="", by="", at="", expiry=None, version=0
        )
        for row in signed
    )
    return group_overrides(entries, plan["baseline_forecast"].astype(float), names, plan.calendar)


def _alike(entry: Entry, scope: OverrideScope) -> tuple[object, ...]:
    """What entries of one override have in common."""
    entered = read_entered(scope.entered)
    wish = (entered.wish, entered.copy) if entered else ("", 1)
    return entry.key, scope.family, scope.region, *wish, entry.by, entry.at, entry.reason, entry.expiry


def _override(
    group: Sequence[tuple[Entry, OverrideScope]], baseline: Floats, names: Names, calendar: Calendar
) -> Override:
    first, scope = group[0]
    entered = [read_entered(each.entered) for _, each in group]
    units = sum(float(entry.value) for entry, _ in group)
    months = tuple(sorted({each.month for _, each in group}))
    at = [calendar.position(month) for month in months]
    return Override(
        key=first.key,
        family=scope.family,
        region=scope.region,
        months=months,
        wish=entered[0].wish if entered[0] else f"{units:+.0f}",
        units=units,
        baseline=float(baseline[cells_of(scope, names)][:, at].sum()),
        baseline_then=None if None in entered else sum(each.baseline for each in entered if each),
        reason=first.reason,
        by=first.by,
        at=first.at,
        expiry=first.expiry,
        places=tuple((entry.scope, entry.version) for entry, _ in group),
    )


# -- what an override would do


def effect_sentence(effect: OverrideEffect, money: Callable[[float], str]) -> str:
    """What would change, in one sentence: demand before and after, money, and what is floored."""
    if not effect.entries:
        return f"Demand is {units_text(effect.before)} now."
    text = f"Demand goes from {units_text(effect.before, '')} to {units_text(effect.after)}"
    if effect.revenue is not None and effect.after != effect.before:
        text += f", {'+' if effect.revenue >= 0 else '−'}{money(abs(effect.revenue))} at today's net price"
    if effect.units != effect.after - effect.before:
        text += f"; {_signed(effect.units)} entered"
    return f"{text}.{_not_reached(effect)}{_floored(effect.floored)}"


def _not_reached(effect: OverrideEffect) -> str:
    """That a target is not reached, and what stands in the way; empty where it is."""
    if effect.reached or effect.target is None:
        return ""
    return (
        f" {units_text(effect.target)} are not reached: an override is shared by the baseline forecast, and what "
        "launches, events and initiatives bring where there is none stays."
    )


def _floored(floored: Mapping[tuple[str, str, str], int]) -> str:
    """Where an override finds no demand to take away, worst first."""
    if not floored:
        return ""
    (family, region, month), _ = max(floored.items(), key=lambda item: item[1])
    more = f" and {len(floored) - 1} more" if len(floored) > 1 else ""
    lost = units_text(float(np.sum(list(floored.values()))))
    return (
        f" {lost} of it find no demand to take away: "
        f"{family} in {region} stays at 0 in {period_name(month)}{more}."
    )


def _signed(units: int) -> str:
    return f"{'+' if units >= 0 else '−'}{units_text(abs(units), '')}"

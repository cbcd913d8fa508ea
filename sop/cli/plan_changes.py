"""The changes in `plan --json`: why the working plan differs from the last agreed one, to the single change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sop.cli.terminal import print_step
from sop.core.measures import HEADLINES
from sop.core.money import exact, money_text
from sop.services.company.cycle import OWNER

if TYPE_CHECKING:
    from sop.services.planning.choices import View
    from sop.services.planning.room import PlanningRoom
    from sop.views.executive.plan_changes import Changes, OpenedGroup

_UNITS = {entry.key: entry.unit for entry in HEADLINES}


def changes_fields(room: PlanningRoom) -> dict[str, Any]:
    """Why the working plan differs from the plan agreed last, as plain fields; `why` says why that is not known.

    `groups` add up to `now` less `base` and their `singles` to each of them, exactly. Money in currency; `error`
    is a standard error where orders were drawn, else None. Against a plan agreed elsewhere there are `measures`
    alone, and `why` says its limits.
    """
    # Load the forecast libraries.
    from sop.services.analysis.changes import read_changes, read_group
    from sop.services.planning.choices import WORKING_PLAN, frozen_choice, list_bases, read_view

    inputs = room.input_set()
    view = read_view(room, OWNER, WORKING_PLAN, inputs)
    bases = list_bases(room, OWNER)
    agreed = (frozen_choice(inputs.agreed.record),) if inputs.agreed else ()
    chosen = agreed or [each for each in bases if each.elsewhere]
    base = read_view(room, OWNER, chosen[0]) if chosen else None
    found = read_changes(room, OWNER, view, base)
    change = found.change if found else None
    if change is None:
        return {
            "against": base.name if base and base.choice.elsewhere else None,
            "measures": _differences(found) if found and base and base.choice.elsewhere else None,
            "groups": None,
            "why": found.why if found else "There is no agreed plan and nothing else to compare with.",
        }
    print_step("Explaining what changed since the agreed plan; it is kept for the next time.")
    opened = {group: read_group(room, OWNER, view, change, group) for group in change.groups}
    return {
        "against": base.name if base else None,
        "base": _figures(change.base),
        "now": _figures(change.now),
        "groups": [
            {**_group_fields(group), "error": _error(change.errors.get(name, {}))}
            for name, group in opened.items()
        ],
        "not_known": _not_known(view, base),
        "why": "",
    }


def _not_known(view: View, base: View | None) -> list[dict[str, str]]:
    """Headline measures of which one of the two plans knows nothing, with why: no difference is told of them."""
    return [
        {"measure": entry.key, "plan": side.name, "why": side.plan.why_unknown(entry.key)}
        for entry in view.plan.headline_measures
        for side in (view, base)
        if side is not None and side.plan.headline.get(entry.key) is None
    ]


def _differences(found: Changes) -> list[dict[str, Any]]:
    """Measures that both plans know over the months compared: money in currency, a stock at the end."""

    def figure(value: float, unit: str) -> int | str:
        return money_text(round(value)) if unit == "currency" else exact(value)

    return [
        {
            "measure": row.entry.key,
            "months": list(found.months),
            "agreed": figure(row.agreed, row.entry.unit),
            "proposed": figure(row.proposed, row.entry.unit),
        }
        for row in found.measures
        if row.agreed is not None and row.proposed is not None
    ]


def _group_fields(opened: OpenedGroup) -> dict[str, Any]:
    return {
        "name": opened.name,
        "owner": opened.owner or None,
        "effects": _figures(opened.effects),
        "singles": [
            {
                "name": worth.single.label,
                "owner": opened.owner or None,
                "by": note.by or None,
                "at": note.at or None,
                "reason": note.reason or None,
                "effects": _figures(worth.effects),
                "error": _error(worth.errors),
            }
            for worth, note in opened.singles
        ],
    }


def _figures(values: Mapping[str, float]) -> dict[str, int | str]:
    """Figures by headline measure: money in currency with its cents, others exactly."""
    return {key: money_text(round(v)) if _UNITS[key] == "currency" else exact(v) for key, v in values.items()}


def _error(values: Mapping[str, float]) -> dict[str, float] | None:
    """Standard errors by headline measure, to two digits; None where there are none."""
    scale = {key: 100 if unit == "currency" else 1 for key, unit in _UNITS.items()}
    return {key: float(f"{value / scale[key]:.2g}") for key, value in values.items()} or None

"""Every number explains itself: formula, parts with values, source rows, assumptions with owner and reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from sop.analysis.explain.parts import MADE_OF, Part, Place, adds_up, parts_of, value_at
from sop.analysis.explain.sources import Source, UsedAssumption, assumptions_of, sources_of
from sop.analysis.headline import on_time_parts, values_of, worst_waiting
from sop.core.calendar import worded
from sop.core.errors import NotFound
from sop.core.inputs import Inputs
from sop.core.measures import MEASURES, Measure, headline_measure, measure
from sop.core.plan import Plan
from sop.core.register import Assumptions, Note
from sop.core.terms import PlanName

NO_ROWS = "The rows that this plan was made from are no longer kept; its formula and assumptions are."
NO_OPENING = "A plan that was frozen keeps its lines, not the balances it was opened with."


@dataclass(frozen=True)
class Explanation:
    """A figure taken apart. Money in minor units.

    `formula` in words; `parts` what it follows from, adding up to `value` exactly where `exact`; `leads_to`
    measures one step further back, each of which can be explained in turn; `sources` rows of the company's
    tables; `assumptions` as they stand.
    """

    key: str
    label: str
    place: Place
    unit: str
    value: float | None
    formula: str
    parts: tuple[Part, ...]
    exact: bool
    leads_to: tuple[str, ...]
    sources: tuple[Source, ...]
    assumptions: tuple[UsedAssumption, ...]


@dataclass(frozen=True)
class ExplainedFigure:
    """An explanation with who set each assumption by (key, scope), and what a frozen plan does not keep."""

    explanation: Explanation
    setters: Mapping[tuple[str, str], Note]
    not_kept: tuple[str, ...] = ()


def explained_figure(
    found: Explanation, setters: Mapping[tuple[str, str], Note], notes: Sequence[str], *, frozen: bool
) -> ExplainedFigure:
    """An explanation with all that is told beside it; `notes`: what is not kept of the rows behind it."""
    opening = frozen and any(part.value is None for part in found.parts)
    return ExplainedFigure(found, setters, (*notes, *([NO_OPENING] if opening else [])))


def explainable(plan: Plan, first: PlanName | None = None) -> tuple[Measure, ...]:
    """The measures that a plan has; those of the plan named first come first."""
    found = [entry for entry in MEASURES if entry.key in plan]
    return tuple(sorted(found, key=lambda entry: entry.plan is not first))


def explain_measure(
    plan: Plan,
    inputs: Inputs,
    assumptions: Assumptions,
    key: str,
    place: Place,
    tables: Mapping[str, pd.DataFrame] | None = None,
    reasons: Mapping[tuple[str, str], str] | None = None,
) -> Explanation:
    """A plan measure at a place. `tables`: stored frames with `_file` and `_line`; `reasons`: why values were set.

    Raises NotFound where the plan has no such line, or no such name or month in it.
    """
    entry = measure(key)
    if key not in plan:
        raise NotFound(f"this plan has no {entry.label.lower()}", why="its input is not loaded")
    _require_place(plan, key, place)
    parts, value = parts_of(plan, inputs, key, place), value_at(plan, key, place)
    return Explanation(
        key=key,
        label=entry.label,
        place=place,
        unit=entry.unit,
        value=value,
        formula=". ".join(filter(None, (entry.definition, plan.detail.ways.get(key)))),
        parts=parts,
        exact=adds_up(parts, value),
        leads_to=tuple(part for part in MADE_OF.get(key, ()) if part in plan),
        sources=sources_of(key, place, inputs, tables or {}),
        assumptions=assumptions_of(key, place, inputs, assumptions, reasons or {}),
    )


def explain_headline(
    plan: Plan,
    inputs: Inputs,
    assumptions: Assumptions,
    headline: str,
    tables: Mapping[str, pd.DataFrame] | None = None,
    reasons: Mapping[tuple[str, str], str] | None = None,
) -> Explanation:
    """A headline measure: the months it is read from, and the line behind it.

    The lowest or highest month stands for a low or a peak. Raises NotFound for a headline that the plan has not.
    """
    entry = headline_measure(headline)
    line = entry.line
    place = _months_of(plan, inputs, line, entry.read)
    behind = explain_measure(plan, inputs, assumptions, line, place, tables, reasons)
    parts = {"on_time": _on_time, "lead_time": _lead_times}.get(headline)
    value = plan.headline.get(headline)
    return replace(
        behind,
        key=headline,
        label=entry.label,
        unit=entry.unit,
        value=value,
        formula=f"{entry.definition}. {measure(line).label}: {behind.formula}",
        parts=behind.parts if parts is None else parts(plan, place),
        exact=behind.exact and parts is None,
    )


def _months_of(plan: Plan, inputs: Inputs, line: str, read: str) -> Place:
    """The months that a headline is read from: all of the next twelve, their last, or the one that decides."""
    last = min(plan.calendar.year, plan.calendar.horizon) - 1
    if line not in plan or read in ("sum", "share"):
        return Place(first=0, last=last)
    month = last
    if read == "low":
        month = int(plan.total(line)[: last + 1].argmin())
    if read == "peak":
        found = worst_waiting(values_of(plan), inputs.families.made_to_order, last + 1)
        month = 0 if found is None else int(np.nanargmax(plan[line][found, : last + 1]))
    return Place(first=month, last=month)


def _on_time(plan: Plan, place: Place) -> tuple[Part, ...]:
    """Each family's share on time in full; the headline weighs them by the value of what falls due."""
    parts = on_time_parts(values_of(plan))
    if parts is None:
        return ()
    key, span = "on_time_share", slice(place.first, place.last + 1)
    kept, due = (part[:, span].sum(axis=1) for part in parts)
    return tuple(
        Part("+", key, name, "fraction", float(kept[f] / due[f]) if due[f] else None)
        for f, name in enumerate(plan.names(key))
    )


def _lead_times(plan: Plan, place: Place) -> tuple[Part, ...]:
    """Each family's lead time in the month that decides; the headline is that of who has most at stake."""
    key = "customer_lead_time"
    return tuple(
        Part("+", key, name, "days", value_at(plan, key, replace(place, family=name))) for name in plan.names(key)
    )


def _require_place(plan: Plan, key: str, place: Place) -> None:
    for axis, name in enumerate(measure(key).grain):
        wanted = place.name(name)
        if wanted and wanted not in plan.names(key, axis):
            raise NotFound(f"{measure(key).label.lower()} has no {name} '{wanted}'")
    if not 0 <= place.first <= place.last < plan.calendar.horizon:
        raise NotFound(
            worded("these months are not planned"), remedy=f"Choose within {plan.months[0]} to {plan.months[-1]}"
        )

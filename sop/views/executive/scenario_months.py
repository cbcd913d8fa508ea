"""Scenarios side by side, month by month: a measure of up to five of them, the agreed plan and the budget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sop.core.calendar import WEEK, bucket_of
from sop.core.inputs import Inputs
from sop.core.measures import Unit
from sop.core.plan import Plan
from sop.core.present import Cell, Col, Form, PlanTable, TableRow
from sop.facts.actuals import budget_of
from sop.views.executive.scenario_compare import Months, Panel, build_panels
from sop.views.series import over
from sop.views.telescope import Telescope

BESIDE = "Side by side, by month"
_FORMS: dict[Unit, Form] = {"currency": "money", "fraction": "service", "days": "days"}
_BUDGET = {"revenue": "total_revenue", "gross_margin": "gross_margin", "ebit": "ebit", "cash": "cash",
           "inventory": "stock_value"}  # fmt: skip
"""Measure → the line of the budget that it is compared with."""


def months_table(
    key: str,
    named: Sequence[tuple[str, str, Plan]],
    agreed: tuple[str, Plan] | None,
    inputs: Inputs,
    single: int = 0,
) -> PlanTable:
    """A measure by month of the next twelve: a row for each plan, then the agreed plan's and the budget's.

    `named`: name, what is said of it, and the plan; the first plan's months head the table. Flows have a total.
    Months stand in columns as in sheets, of which `single` is what the company set; of a ratio each has a column.
    """
    order, first = inputs.families.made_to_order_names, named[0][2]
    months = first.months[: first.calendar.year]
    panels = [(name, about, _panel(key, plan, order)) for name, about, plan in named]
    known = next((panel for _, _, panel in panels if panel is not None), None)
    if known is None:
        return PlanTable(BESIDE, (Col("Plan", "text"),), (), "No plan here has this measure.")
    form: Form = _FORMS.get(known.unit, "units")
    # A week has less than a tenth of a million where a month has several.
    fine = 2 if bucket_of(months[0]) is WEEK else 1
    decimals = fine if known.unit == "currency" else None
    is_flow = known.form == "flow"
    is_ratio = not is_flow and known.unit in ("fraction", "days")
    telescope = Telescope(months, 0, single=len(months) if is_ratio else single)

    def row(name: str, about: str, values: Months) -> TableRow:
        return _row(name, about, values, telescope, is_flow)

    rows = [row(name, about, _on(panel, plan, months))
            for (name, about, panel), (_, _, plan) in zip(panels, named, strict=True)]  # fmt: skip
    if agreed is not None:
        rows.append(row(agreed[0], "", _on(_panel(key, agreed[1], order), agreed[1], months)))
    budget = _budget(key, inputs, months)
    if any(value is not None for value in budget):
        rows.append(row("Budget", "", budget))
    titles = [*telescope.titles, *([first.near_text] if is_flow else [])]
    columns: tuple[Col[Any], ...] = (
        Col("Plan", "text"),
        *(Col(title, form, decimals=decimals, bare=True) for title in titles),
    )
    return PlanTable(BESIDE, columns, tuple(rows))


def _panel(key: str, plan: Plan, made_to_order: Sequence[str]) -> Panel | None:
    return next((panel for panel in build_panels(plan, None, made_to_order) if panel.key == key), None)


def _on(panel: Panel | None, plan: Plan, months: Sequence[str]) -> Months:
    known: Mapping[str, float | None] = {}
    if panel is not None:
        known = dict(zip(plan.months, panel.scenario, strict=True))
    return tuple(known.get(month) for month in months)


def _budget(key: str, inputs: Inputs, months: Sequence[str]) -> Months:
    if key not in _BUDGET:
        return (None,) * len(months)
    values = budget_of(inputs, _BUDGET[key], months).tolist()
    return tuple(value if value == value else None for value in values)


def _row(name: str, about: str, values: Months, telescope: Telescope, is_flow: bool) -> TableRow:
    figures = np.array([np.nan if value is None else value for value in values])
    spans = [*telescope.spans, *([telescope.year] if is_flow else [])]
    told = (over(figures, span, "flow" if is_flow else "stock") for span in spans)
    return (Cell(name, note=about, strong=True), *(None if value != value else value for value in told))

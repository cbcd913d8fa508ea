"""Forecast accuracy as tables: error, bias and what each step added, by lag and place; one month by cycle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from sop.core.calendar import period_short, worded
from sop.core.format import percent_number
from sop.core.inputs import Inputs
from sop.core.present import Cell, Col, Declared, Form, PlanTable, TableRow, texts
from sop.core.scores import ALL, CONSENSUS, MARKETING, SALES, STATISTICAL, STEPS, StepAccuracy, ValueAdded
from sop.views.sales.accuracy_words import at_place, lags_of

_SHORT = dict(zip(STEPS, ("naive", "statistical", "sales", "marketing", "consensus"), strict=True))
_WAPE = Col[StepAccuracy]("WAPE", "service", lambda row: Cell(row.wape.value, strong=row.step == CONSENSUS))
_BIAS = Col[StepAccuracy]("Bias", "service", lambda row: row.bias.value, signed=True)
_GAIN = Col[StepAccuracy]("Gain", "service", lambda row: gain_cell(row.added), signed=True, better=1)
_MONTHS = Col[StepAccuracy]("Months", get=lambda row: row.months)


def gain_cell(added: ValueAdded | None) -> Cell:
    """Value added in points with its interval, coloured only where that excludes zero: luck is not praised."""
    if added is None or added.value == added.lo == added.hi == 0:
        return Cell("none" if added else None)
    few = not np.isfinite(added.lo)
    note = worded("too few months") if few else f"± {percent_number((added.hi - added.lo) / 2, 1)}"
    return Cell(added.value, note=note, tone=None if added.proven else "neutral")


STEPS_AT_PLACE = Declared[StepAccuracy](
    "Forecast error by step",
    (
        Col("Step", "text", lambda row: Cell(row.step, strong=row.step == CONSENSUS)),
        _WAPE,
        _BIAS,
        Col("Tracking signal", get=lambda row: row.tracking_signal.value, signed=True, decimals=1),
        Col("MASE", get=lambda row: row.mase.value, decimals=2),
        _GAIN,
    ),
)
"""One row per step: error, bias with its sign, tracking signal, MASE and what it added."""


def lags_table(rows: Sequence[StepAccuracy]) -> PlanTable:
    """Error, bias and value added ("gain") by step, one column per lag; gains with their 90% interval."""
    lags, at = lags_of(rows), {(row.step, row.lag): row for row in rows}
    parts = ((_WAPE, STEPS), (_BIAS, STEPS[-1:]), (_GAIN, STEPS[1:]))
    body: list[TableRow] = [
        (f"{column.title}, {_SHORT[step]}", *(_like(column, at[step, lag]) for lag in lags))
        for column, steps in parts
        for step in steps
    ]
    body.append((worded(_MONTHS.title), *(at[STEPS[0], lag].months for lag in lags)))
    columns = (*texts("Step"), *(Col(f"lag {lag}") for lag in lags))
    return PlanTable("Forecast accuracy by step and lag", columns, tuple(body))


def _like(column: Col[Any], row: StepAccuracy) -> Cell:
    found = column.get(row) if column.get else None
    return replace(found if isinstance(found, Cell) else Cell(found), like=column)


def places_table(rows: Sequence[StepAccuracy], lag: int, family: str, inputs: Inputs) -> PlanTable:
    """All, each family and each region, or one family and its regions: error, bias, and what each step added."""
    families = () if family else inputs.families.names
    places = [(family, ALL, family or "All families"), *((name, ALL, name) for name in families)]
    places += [(family, name, name) for name in inputs.regions]
    found = [(name, at_place(rows, lag, place, region)) for place, region, name in places]
    body: list[TableRow] = [
        (
            Cell(name, strong=name == places[0][2]),
            *(_like(column, steps[CONSENSUS]) for column in (_WAPE, _BIAS)),
            *(_like(_GAIN, steps[step]) for step in (STATISTICAL, SALES, MARKETING)),
            steps[CONSENSUS].months,
        )
        for name, steps in found
        if steps
    ]
    titles = ("WAPE", "Bias", "Statistical", "Sales", "Marketing", worded("Months"))
    return PlanTable("Value added by place", (*texts("Family or region"), *map(Col, titles)), tuple(body))


def vintage_table(
    month: str, found: Sequence[tuple[str, float]], actual: float | None, in_money: bool = False
) -> PlanTable:
    """The forecast of one month by cycle, how it changed, and its error once the month is closed.

    Units, or (`in_money`) minor units.
    """
    form: Form = "money" if in_money else "units"
    columns = (
        *texts("Agreed plan of"),
        Col("Forecast", form, suffix="" if in_money else "units"),
        Col("Change", form, signed=True, bare=True),
        Col("Forecast − actual", form, signed=True, bare=True),
        Col("%", "service", signed=True),
    )
    rows = []
    for (cycle, units), (_, before) in zip(found, [("", None), *found], strict=False):
        error = None if actual is None else units - actual
        share = None if error is None or not actual else error / actual
        change = "" if before is None else units - before
        rows.append((period_short(cycle), units, change, error, share))
    return PlanTable(f"Forecasts of {period_short(month)} by cycle", columns, tuple(rows))

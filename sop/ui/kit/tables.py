"""A declared table drawn: as HTML for the screen and as a frame for a download.

Figures become text here, with the company's money and signs; units stand in the headers.
"""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from sop.core.present import Col, Figure, PlanTable
from sop.ui.kit.format import MISSING, MoneyFormat, effect, number, percent_number, points_signed, signed
from sop.ui.kit.html_tables import Cell, Content, HtmlColumn, html_table

GOOD: dict[int, bool | None] = {1: True, -1: False, 0: None}


def table_html(table: PlanTable, money: MoneyFormat) -> str:
    """A table as HTML, units in its headers; without money where that is not known."""
    table = table if money.known else table.without_money()
    columns = [HtmlColumn(_title(column, money), column.form != "text") for column in table.columns]
    better = table.row_better or [None] * len(table.rows)
    rows = [
        [_cell(f, c, money, side) for f, c in zip(row, table.columns, strict=True)]
        for row, side in zip(table.rows, better, strict=True)
    ]
    return html_table(columns, rows, caption=table.name)


def table_frame(table: PlanTable) -> pd.DataFrame:
    """A table for a download: money in currency, percent as fractions."""
    money = ("money", "small_money")
    rows = [
        [
            f / 100 if c.form in money and isinstance(f, int | float) else f
            for f, c in zip(row, table.columns, strict=True)
        ]
        for row in table.rows
    ]
    return pd.DataFrame(rows, columns=[column.title for column in table.columns])


def _title(column: Col[Any], money: MoneyFormat) -> str:
    units = {"money": money.unit, "small_money": money.symbol, "percent": "%", "service": "%"}
    units |= {name: name for name in ("days", "months", "hours")}
    unit = units.get(column.form, "")
    return column.title if not unit or unit in column.title.lower().split() else f"{column.title}, {unit}"


def _cell(figure: Figure, column: Col[Any], money: MoneyFormat, better: int | None) -> Content:
    if isinstance(figure, str) or figure is None:
        return figure or MISSING
    if not math.isfinite(figure):
        return MISSING
    text = _text(float(figure), column, money)
    good = GOOD[column.better if better is None else better]
    return Cell(text, effect=effect(text, good)) if column.signed else text


def _text(figure: float, column: Col[Any], money: MoneyFormat) -> str:
    match column.form:
        case "money":
            return money.signed(figure, 2) if column.signed else money.text(figure, 2)
        case "small_money":
            in_units = figure / money.minor_per_unit
            return signed(in_units) if column.signed else number(in_units)
        case "service":
            return points_signed(figure, 1) if column.signed else percent_number(figure, 1)
        case "percent":
            return points_signed(figure, 0) if column.signed else percent_number(figure)
        case _:
            return signed(figure) if column.signed else number(figure)

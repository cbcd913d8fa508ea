"""Family sheets and plan tables on screen: figures become text here, with the company's money and signs."""

from __future__ import annotations

import math
from collections.abc import Callable

import pandas as pd

from sop.core.calendar import period_short
from sop.core.present import Figure, PlanTable, TableColumn
from sop.ui.kit.format import (
    MISSING,
    MoneyFormat,
    Number,
    effect,
    is_missing,
    number,
    percent_number,
    points_signed,
    signed,
)
from sop.ui.kit.html_tables import (
    Cell,
    Content,
    HtmlColumn,
    SheetBlock,
    SheetColumns,
    SheetRow,
    family_sheet,
    html_table,
)
from sop.views.family_sheet import FamilySheet, SheetLine, SheetPart

GOOD: dict[int, bool | None] = {1: True, -1: False, 0: None}
Form = Callable[[Number], str]


def span_name(months: tuple[str, ...]) -> str:
    """Several months in a header: 'Dec–Feb 28'."""
    first, last = period_short(months[0]), period_short(months[-1])
    return last if len(months) == 1 else f"{first[:3]}–{last}"


# -- the family sheet


def sheet_html(sheet: FamilySheet, money: MoneyFormat, label: str, unit: str = "Units") -> str:
    """The family sheet as HTML; `label` names it for a screen reader, `unit` heads the names of its rows."""
    blocks = [
        SheetBlock(part.title, [_row(sheet, line, money, money_decimals(part, money)) for line in part.lines])
        for part in sheet.parts
    ]
    return family_sheet(_columns(sheet), blocks, unit=unit, label=label)


def money_decimals(part: SheetPart, money: MoneyFormat) -> int:
    """One decimal where a month of the plan itself reaches ten millions, else two, for small figures."""
    in_money = [line for line in part.lines if line.unit == "currency"]
    lines = [line for line in in_money if line.style == "strong"] or in_money
    figures = [value for line in lines for value in line.values]
    largest = max((abs(value) for value in figures if not is_missing(value)), default=0.0)
    return 1 if largest >= 10 * money.minor_per_scale else 2


def _columns(sheet: FamilySheet) -> SheetColumns:
    year = sheet.months[sheet.year]
    titles = ["total", "budget", "diff."] if sheet.has_budget else ["total"]
    return SheetColumns(
        months=[period_short(month) for month in sheet.months[sheet.monthly]],
        first_open=sheet.past,
        quarters=[span_name(sheet.months[span]) for span in sheet.quarters],
        totals=[(f"{period_short(year[0])} – {period_short(year[-1])}", titles)],
    )


def _row(sheet: FamilySheet, line: SheetLine, money: MoneyFormat, decimals: int) -> SheetRow:
    write = figure_form(line.unit, money, decimals, line.style == "difference")
    totals: list[Number | str] = [_figure(line, sheet.year, write)]
    if sheet.has_budget:
        budget = sheet.year_budget(line)
        gap = line.over(sheet.year) - budget
        signed_form = figure_form(line.unit, money, decimals, True)
        totals += [_known(budget), None if is_missing(gap) else signed_form(gap)]
    return SheetRow(
        line.name,
        [_figure(line, slice(at, at + 1), write) for at in range(sheet.monthly.stop)],
        [_figure(line, span, write) for span in sheet.quarters],
        totals,
        line.style,
        GOOD[line.better],
        write,
    )


def _figure(line: SheetLine, span: slice, write: Form) -> Number | str:
    """The figure of some months; one that reaches beyond the horizon is a minimum: '>38'."""
    value = _known(line.over(span))
    return f">{write(value)}" if value is not None and line.is_beyond(span) else value


def _known(value: float) -> float | None:
    return None if is_missing(value) else float(value)


def figure_form(unit: str, money: MoneyFormat, decimals: int, is_difference: bool) -> Form:
    """How a figure of a unit is written; differences carry their sign."""
    if unit == "currency":
        return lambda v: money.signed(v, decimals) if is_difference else money.text(v, decimals)
    if unit == "fraction":
        return lambda v: points_signed(v, 0) if is_difference else percent_number(v)
    return lambda v: signed(v) if is_difference else number(v)


def sheet_frame(sheet: FamilySheet) -> pd.DataFrame:
    """The sheet for a download: every month of every row, money in currency, ratios as fractions."""
    rows = [
        {"Block": part.title, "Row": line.name, "Unit": line.unit}
        | dict(zip(sheet.months, (_plain(value, line.unit) for value in line.values), strict=True))
        for part in sheet.parts
        for line in part.lines
    ]
    return pd.DataFrame(rows)


def _plain(value: float, unit: str) -> float | None:
    if is_missing(value):
        return None
    return round(value / 100, 2) if unit == "currency" else round(float(value), 4)


# -- plan tables


def table_html(table: PlanTable, money: MoneyFormat) -> str:
    """A plan table as HTML, units in its headers."""
    columns = [HtmlColumn(_title(column, money), column.form != "text") for column in table.columns]
    better = table.row_better or [None] * len(table.rows)
    rows = [
        [_cell(f, c, money, side) for f, c in zip(row, table.columns, strict=True)]
        for row, side in zip(table.rows, better, strict=True)
    ]
    return html_table(columns, rows, caption=table.name)


def table_frame(table: PlanTable) -> pd.DataFrame:
    """A plan table for a download: money in currency, percent as fractions."""
    money = ("money", "small_money")
    rows = [
        [
            f / 100 if c.form in money and isinstance(f, int | float) else f
            for f, c in zip(row, table.columns, strict=True)
        ]
        for row in table.rows
    ]
    return pd.DataFrame(rows, columns=[column.title for column in table.columns])


def _title(column: TableColumn, money: MoneyFormat) -> str:
    units = {"money": money.unit, "small_money": money.symbol, "percent": "%", "service": "%"}
    units |= {name: name for name in ("days", "months", "hours")}
    unit = units.get(column.form, "")
    if not unit or unit in column.title.lower().split():
        return column.title
    return f"{column.title}, {unit}"


def _cell(figure: Figure, column: TableColumn, money: MoneyFormat, better: int | None = None) -> Content:
    if isinstance(figure, str) or figure is None:
        return figure or MISSING
    if not math.isfinite(figure):
        return MISSING
    text = _text(float(figure), column, money)
    good = GOOD[column.better if better is None else better]
    return Cell(text, effect=effect(text, good)) if column.signed else text


def _text(figure: float, column: TableColumn, money: MoneyFormat) -> str:
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

"""A declared table drawn: as HTML for the screen and as a frame for a download.

Figures become text here, with the company's money and signs; units stand in the headers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from sop.core.calendar import worded
from sop.core.format import MoneyFormat
from sop.core.present import Cell, Col, Figure, PlanTable, cell_text, header, plain
from sop.ui.kit.cards import grey_line
from sop.ui.kit.html_tables import Bar, Content, HtmlCell, HtmlColumn, html_table

_INSIDE = {"money": "currency", "service": "fraction"}
"""The unit in which a download holds a row of figures that screens show otherwise."""


def show_table(table: PlanTable, money: MoneyFormat | None = None, *, selected: int | None = None) -> None:
    """A table on the page, or why it is empty; the `selected` row is marked."""
    html = (
        table_html(table, money or MoneyFormat(), selected=selected)
        if table.rows
        else grey_line(worded(table.empty))
    )
    st.html(html)


def table_html(table: PlanTable, money: MoneyFormat, *, selected: int | None = None) -> str:
    """A table as HTML, units in its headers; without money where that is not known."""
    table = table if money.known else table.without_money()
    columns = [
        HtmlColumn(header(column, money), column.form != "text" and not column.bar, column.width)
        for column in table.columns
    ]
    better = table.row_better or [None] * len(table.rows)
    largest = [_largest(table.rows, at) if column.bar else 0.0 for at, column in enumerate(table.columns)]
    rows = [
        [_content(f, c, money, side, top) for f, c, top in zip(row, table.columns, largest, strict=True)]
        for row, side in zip(table.rows, better, strict=True)
    ]
    return html_table(columns, rows, caption=worded(table.name), selected=selected)


def table_frame(table: PlanTable) -> pd.DataFrame:
    """A table for a download: money in currency, percent as fractions."""
    rows = [[_plain(f, c) for f, c in zip(row, table.columns, strict=True)] for row in table.rows]
    return pd.DataFrame(rows, columns=[worded(column.title) for column in table.columns])


def _plain(content: Figure | Cell, column: Col[Any]) -> Figure:
    figure, like = plain(content), content.like if isinstance(content, Cell) else None
    if like is not None and column.form == "text":
        unit = _INSIDE.get(like.form, like.suffix)
        return f"{figure}, {unit}" if unit else figure
    form = (like or column).form
    return figure / 100 if form in ("money", "small_money") and isinstance(figure, int | float) else figure


def _largest(rows: Sequence[Sequence[Figure | Cell]], at: int) -> float:
    figures = (plain(row[at]) for row in rows)
    return max((abs(figure) for figure in figures if isinstance(figure, int | float)), default=0.0)


def _content(
    content: Figure | Cell, column: Col[Any], money: MoneyFormat, better: int | None, largest: float
) -> Content:
    cell, told = content if isinstance(content, Cell) else Cell(content), cell_text(content, column, money, better)
    if (cell.like or column).bar and isinstance(cell.figure, int | float):
        return Bar(abs(cell.figure), largest, told.text)
    if told.effect == "neutral" and content is not cell:
        return told.text
    return HtmlCell(told.text, told.note, told.beside, told.effect, told.strong)

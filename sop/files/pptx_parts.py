"""Texts and tables on a slide, sized so that they stay on it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from sop.core.calendar import worded
from sop.core.format import Effect, MoneyFormat, how_many
from sop.core.present import CellText, PlanTable, table_texts
from sop.files.paper_style import COLOURS, EFFECTS, column_shares, shortened

LEFT, RIGHT = Inches(0.5), Inches(12.833)
FONT = "Arial"
"""A face that every office program has: a deck cannot bring its own, as the PDF does."""
SIZES = (11, 10, 9, 8, 7)
"""Points of a table's text: the largest at which all of it fits."""
LONGEST, LONGEST_NOTE = 170, 130
_WIDTH, _LEADING, _PADDING = 0.54, 1.22, 0.05
"""The mean width of a letter and the height of a line as parts of the size; inches around a row."""
_TITLE = 0.27

NO_BREAK = "\u00a0"

Rows = Sequence[Sequence[CellText]]


def write_text(
    page: Any,
    text: str,
    left: int,
    top: int,
    width: int,
    height: int,
    *,
    size: float,
    colour: str = "ink",
    bold: bool = False,
    right: bool = False,
) -> None:
    """A paragraph in a box of its own."""
    frame = frame_of(page.shapes.add_textbox(left, top, width, height).text_frame, 0.0)
    if right:
        frame.paragraphs[0].alignment = PP_ALIGN.RIGHT
    write_run(frame.paragraphs[0], text, size, colour, bold=bold)


def frame_of(frame: Any, margin: float) -> Any:
    """A text frame that wraps, with the same margin (inches) on all sides."""
    frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = Inches(margin)
    return frame


def write_run(paragraph: Any, text: str, size: float, colour: str, *, bold: bool = False) -> None:
    """A piece of a paragraph; `colour` is a token."""
    run = paragraph.add_run()
    run.text = text
    run.font.size, run.font.bold, run.font.name = Pt(size), bold, FONT
    run.font.color.rgb = colour_of(colour)


def colour_of(token: str) -> RGBColor:
    """A colour token as PowerPoint takes it."""
    return RGBColor.from_string(COLOURS[token].lstrip("#"))


def tone(effect: Effect) -> str:
    """The colour token of a text by its effect."""
    return EFFECTS[effect] if effect != "neutral" else "ink"


# -- tables


def needed(table: PlanTable, money: MoneyFormat, width: int, size: int = 9) -> int:
    """The height that a table takes at a size."""
    headers, rows = table_texts(table, money)
    return Inches(_TITLE + sum(_heights(headers, rows, width / Inches(1), size)) + 0.12)


def write_table(
    page: Any, table: PlanTable, money: MoneyFormat, left: int, width: int, top: int, height: int
) -> int:
    """A table in the largest size at which it fits, with its name above; returns where it ends.

    What does not fit at the smallest size is counted in its last line.
    """
    headers, rows = table_texts(table, money)
    shown = table if money.known else table.without_money()
    numeric = [column.form != "text" for column in shown.columns]
    inches, room = width / Inches(1), height / Inches(1) - _TITLE
    size = next((each for each in SIZES if sum(_heights(headers, rows, inches, each)) <= room), SIZES[-1])
    heights, kept = _heights(headers, rows, inches, size), len(rows)
    while kept > 1 and sum(heights[: kept + 1]) > room - (_line(SIZES[-1]) if kept < len(rows) else 0):
        kept -= 1
    write_text(page, worded(table.name), left, top, width, Inches(0.25), size=11, bold=True)
    made = page.shapes.add_table(
        kept + 1, len(headers), left, top + Inches(_TITLE), width, Inches(sum(heights[: kept + 1]))
    )
    _plain_look(made)
    for at, share in enumerate(column_shares(headers, rows)):
        made.table.columns[at].width = int(width * share)
        _write_cell(made.table.cell(0, at), CellText(headers[at]), size, numeric[at], header=True)
    for place, row in enumerate(rows[:kept], start=1):
        for at, told in enumerate(row):
            _write_cell(made.table.cell(place, at), told, size, numeric[at])
    for place, tall in enumerate(heights[: kept + 1]):
        made.table.rows[place].height = Inches(tall)
    end = top + Inches(_TITLE + sum(heights[: kept + 1]))
    if kept < len(rows):
        more = f"{how_many(len(rows) - kept, 'more rows', 'are')} in the workbook."
        write_text(page, more, left, end, width, Inches(0.2), size=8, colour="mute")
        end += Inches(0.2)
    return end + Inches(0.12)


def _line(size: int) -> float:
    return size * _LEADING / 72


def _heights(headers: Sequence[str], rows: Rows, width: float, size: int) -> list[float]:
    """The height of the header and of every row in inches, by how often their texts wrap."""
    shares = column_shares(headers, rows)
    letters = [max((width * share - 0.1) * 72 / (size * _WIDTH), 1.0) for share in shares]

    def lines(texts: Sequence[float]) -> int:
        return max(math.ceil(length / room) for length, room in zip(texts, letters, strict=True))

    told = [[float(len(title)) * 1.15 for title in headers]]
    told += [[_length(cell) for cell in row] for row in rows]
    return [max(lines(texts), 1) * _line(size) + _PADDING for texts in told]


def _length(cell: CellText) -> float:
    """How many letters of a cell's own size it holds; a note is smaller."""
    note = min(len(cell.note), LONGEST_NOTE)
    text = min(len(cell.text), LONGEST) * (1.08 if cell.strong else 1.0)
    return text + (len(cell.beside) + 1 if cell.beside else 0) + (note * 0.8 + 2 if note else 0)


def _plain_look(shape: Any) -> None:
    """No banding and no style of the application: hairlines only, drawn by the cells."""
    shape.table.horz_banding = False
    shape.table.first_row = False
    style = shape._element.graphic.graphicData.tbl.tblPr.find(qn("a:tableStyleId"))
    if style is not None:
        style.text = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"


def _write_cell(cell: Any, told: CellText, size: int, right: bool, *, header: bool = False) -> None:
    cell.margin_left = cell.margin_right = Inches(0.05)
    cell.margin_top = cell.margin_bottom = Inches(0.015)
    cell.vertical_anchor = MSO_ANCHOR.BOTTOM if header else MSO_ANCHOR.MIDDLE
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
    colour = "mute" if header else tone(told.effect)
    # A cell without any letter would take the height of the default size.
    text = shortened(told.text, LONGEST) or NO_BREAK
    write_run(paragraph, text, size, colour, bold=told.strong or header)
    if told.beside:
        write_run(paragraph, f" {told.beside}", size, tone(told.effect))
    if told.note:
        write_run(paragraph, f"  {shortened(told.note, LONGEST_NOTE)}", max(size - 2, 7), "mute")
    _bottom_line(cell, COLOURS["mute"] if header else COLOURS["line"])


def _bottom_line(cell: Any, colour: str) -> None:
    properties = cell._tc.get_or_add_tcPr()
    line = properties.makeelement(qn("a:lnB"), {"w": "6350"})
    fill = line.makeelement(qn("a:solidFill"), {})
    fill.append(fill.makeelement(qn("a:srgbClr"), {"val": colour.lstrip("#")}))
    line.append(fill)
    properties.insert(0, line)

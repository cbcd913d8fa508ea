"""The board pack as PowerPoint: one slide a subject, charts native and editable, tables as tables.

Names come from strangers: PowerPoint runs no text, but the workbook behind a chart would take a name that begins
with "=" for a formula, so names in charts pass through `neutral_text`.
"""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Sequence
from typing import Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
    XL_TICK_MARK,
)
from pptx.enum.dml import MSO_LINE
from pptx.util import Inches, Pt

from sop.core.calendar import worded
from sop.core.format import MoneyFormat
from sop.core.paper import BoardPack, PaperBridge, PaperCard, PaperChart, PaperLine, Slide, folded
from sop.core.present import PlanTable
from sop.files.archive import write_archive
from sop.files.export import neutral_text
from sop.files.paper_style import EFFECTS, LINE_LOOK, digest_text, footer_text, shortened
from sop.files.pptx_parts import (
    FONT,
    LEFT,
    RIGHT,
    colour_of,
    frame_of,
    needed,
    tone,
    write_run,
    write_table,
    write_text,
)

WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
TOP = Inches(0.35)
_FIXED = "1980-01-01T00:00:00Z"
MOST_NOTES, FEWEST_CARDS = 5, 5
LETTERS, LONGEST_NOTE = 190, 570
"""Letters of a note that a line holds, and those after which it is cut."""
LEAST_CHART = Inches(1.75)
BESIDE_LONG = Inches(4.6)
"""Width of a chart with its gap, beside a table that has too many rows to stand under it."""


def write_pptx(pack: BoardPack) -> bytes:
    """The pack as a presentation; the same pack gives the same bytes."""
    book = Presentation()
    book.slide_width, book.slide_height = WIDTH, HEIGHT
    company = shortened(pack.company, 120)
    book.core_properties.title, book.core_properties.author = f"Board pack: {company}", company
    for number, slide in enumerate(folded(pack.slides), start=1):
        _write_slide(book.slides.add_slide(book.slide_layouts[6]), slide, pack, number)
    buffer = io.BytesIO()
    book.save(buffer)
    return _without_clock(buffer.getvalue())


def _without_clock(data: bytes) -> bytes:
    """The same package without the time at which it, and the workbooks behind its charts, were written."""
    files = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for entry in archive.infolist():
            part = archive.read(entry)
            if entry.filename.endswith(".xlsx"):
                part = _without_clock(part)
            elif entry.filename == "docProps/core.xml":
                part = re.sub(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*", rb"\g<1>" + _FIXED.encode(), part)
            files[entry.filename] = part
    return write_archive(files)


# -- a slide


def _write_slide(page: Any, slide: Slide, pack: BoardPack, number: int) -> None:
    """The subject, its sentence, what bears it out, and below which plan and digest it is of."""
    write_text(page, slide.name.upper(), LEFT, TOP, RIGHT - LEFT, Inches(0.3), size=11, colour="acc", bold=True)
    message = shortened(slide.message, 640)
    size = 20 if len(message) < 170 else 16 if len(message) < 300 else 13 if len(message) < 430 else 11
    write_text(page, message, LEFT, Inches(0.62), RIGHT - LEFT, Inches(1.0), size=size, bold=True)
    top = int(Inches(1.72))
    if slide.cards:
        top = _cards(page, slide.cards, top)
    kept = [*slide.notes[: MOST_NOTES - 1], *slide.notes[-1:]] if len(slide.notes) > MOST_NOTES else slide.notes
    notes = [shortened(note, LONGEST_NOTE) for note in kept]
    lines = [math.ceil(len(note) / LETTERS) for note in notes]
    bottom = int(Inches(6.98) - Inches(0.19) * sum(lines))
    _body(page, slide, pack.money, top, bottom)
    place = bottom + Inches(0.06)
    for note, count in zip(notes, lines, strict=True):
        write_text(page, note, LEFT, place, RIGHT - LEFT, Inches(0.19) * count, size=10, colour="mute")
        place += Inches(0.19) * count
    foot = Inches(7.08)
    rule = page.shapes.add_connector(1, LEFT, foot - Inches(0.02), RIGHT, foot - Inches(0.02))
    rule.line.color.rgb, rule.line.width = colour_of("line"), Pt(0.75)
    write_text(page, footer_text(pack), LEFT, foot, Inches(10.9), Inches(0.25), size=9, colour="mute")
    where = f"{digest_text(pack)} · {number}"
    write_text(
        page, where, Inches(9.8), foot, RIGHT - Inches(9.8), Inches(0.25), size=9, colour="mute", right=True
    )


def _body(page: Any, slide: Slide, money: MoneyFormat, top: int, bottom: int) -> None:
    """The chart beside its table where that is narrow, else above the tables."""
    chart = None if isinstance(slide.chart, PaperChart) and not slide.chart.known else slide.chart
    tables = [table for table in slide.tables if table.rows]
    if chart is None:
        for empty in () if tables else slide.tables[:1]:
            write_text(page, worded(empty.empty), LEFT, top, RIGHT - LEFT, Inches(0.4), size=12, colour="mute")
        _tables(page, tables, money, LEFT, RIGHT - LEFT, top, bottom)
        return
    if not tables:
        _chart(page, chart, LEFT, top, RIGHT - LEFT, bottom - top)
        return
    need = sum(needed(table, money, RIGHT - LEFT) for table in tables)
    is_narrow = max(len(table.columns) for table in tables) <= 5
    middle = LEFT + (Inches(7.2) if is_narrow else BESIDE_LONG)
    # A long table under a chart would leave both too small to be read.
    beside = sum(needed(table, money, RIGHT - middle) for table in tables) <= bottom - top < need + LEAST_CHART
    if is_narrow or beside:
        _chart(page, chart, LEFT, top, middle - LEFT - Inches(0.25), bottom - top)
        _tables(page, tables, money, middle, RIGHT - middle, top, bottom)
    else:
        split = max(top + LEAST_CHART, bottom - need)
        _chart(page, chart, LEFT, top, RIGHT - LEFT, split - top - Inches(0.1))
        _tables(page, tables, money, LEFT, RIGHT - LEFT, split, bottom)


def _tables(
    page: Any, tables: Sequence[PlanTable], money: MoneyFormat, left: int, width: int, top: int, bottom: int
) -> None:
    """Tables under each other; each leaves the later ones their share of the height."""
    needs = [needed(table, money, width) for table in tables]
    for at, table in enumerate(tables):
        share = needs[at] / sum(needs[at:])
        top = write_table(page, table, money, left, width, top, int((bottom - top) * share))


def _cards(page: Any, cards: Sequence[PaperCard], top: int) -> int:
    """The headline measures in one row; returns where the next thing begins."""
    gap, height = Inches(0.1), Inches(1.5)
    places = max(len(cards), FEWEST_CARDS)
    width = int((RIGHT - LEFT - gap * (places - 1)) / places)
    for at, card in enumerate(cards):
        left = LEFT + at * (width + gap)
        box = page.shapes.add_textbox(left, top, width, height)
        box.line.color.rgb, box.line.width = colour_of("line"), Pt(0.75)
        frame = frame_of(box.text_frame, 0.08)
        write_run(frame.paragraphs[0], card.label, 11, "mute")
        line = frame.add_paragraph()
        write_run(line, card.value, 22, "ink", bold=True)
        write_run(line, f" {card.unit}", 10, "mute")
        for text, against, effect in card.changes:
            line = frame.add_paragraph()
            write_run(line, text, 11, tone(effect), bold=True)
            write_run(line, f" {against}", 10, "mute")
        if card.note:
            write_run(frame.add_paragraph(), shortened(card.note, 40), 9, "mute")
    return top + height + Inches(0.15)


# -- charts


def _chart(page: Any, chart: PaperChart | PaperBridge, left: int, top: int, width: int, height: int) -> None:
    note = f"{chart.title}, {chart.unit}" if chart.unit not in chart.title else chart.title
    write_text(page, shortened(note, 140), left, top, width, Inches(0.25), size=11, colour="mute")
    top, height = top + Inches(0.26), height - Inches(0.26)
    if isinstance(chart, PaperBridge):
        _bridge(page, chart, left, top, width, height)
    elif chart.form == "columns":
        _columns(page, chart, left, top, width, height)
    else:
        _lines(page, chart, left, top, width, height)


def _add(page: Any, kind: Any, data: Any, place: tuple[int, int, int, int], alt: str, form: str) -> Any:
    shape = page.shapes.add_chart(kind, *place, data)
    shape._element.nvGraphicFramePr.cNvPr.set("descr", shortened(alt, 400))
    chart = shape.chart
    chart.font.size, chart.font.name = Pt(10), FONT
    chart.font.color.rgb = colour_of("mute")
    chart.has_title = False
    value = chart.value_axis
    value.major_gridlines.format.line.color.rgb = colour_of("line")
    value.major_gridlines.format.line.width = Pt(0.5)
    value.format.line.fill.background()
    value.tick_labels.number_format, value.tick_labels.number_format_is_linked = form, False
    category = chart.category_axis
    category.format.line.color.rgb = colour_of("mute")
    category.major_tick_mark = XL_TICK_MARK.NONE
    category.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    return chart


def _data(chart: PaperChart) -> Any:
    form = _number_form(chart.decimals)
    data = CategoryChartData(number_format=form)
    data.categories = [neutral_text(name) for name in chart.categories]
    for line in chart.lines:
        data.add_series(neutral_text(shortened(line.name, 60)), chart.drawn(line))
    return data


def _columns(page: Any, chart: PaperChart, left: int, top: int, width: int, height: int) -> None:
    """Actual solid, plan lighter, the agreed plan as an outline over both."""
    place = (left, top, width, height)
    shown = [line for line in chart.lines if line.role in ("actual", "plan", "agreed")]
    data = _data(PaperChart(**{**vars(chart), "lines": tuple(shown)}))
    drawn = _add(page, XL_CHART_TYPE.COLUMN_CLUSTERED, data, place, chart.alt, _tick_form(chart))
    plot = drawn.plots[0]
    plot.overlap, plot.gap_width = 100, 45
    for line, series in zip(shown, plot.series, strict=True):
        series.invert_if_negative = False
        if line.role == "agreed":
            series.format.fill.background()
            series.format.line.color.rgb, series.format.line.width = colour_of("acc"), Pt(1.5)
            continue
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = colour_of("ac" if line.role == "actual" else "plan")
        series.format.line.fill.background()
    _legend(drawn)


def _lines(page: Any, chart: PaperChart, left: int, top: int, width: int, height: int) -> None:
    place = (left, top, width, height)
    drawn = _add(page, XL_CHART_TYPE.LINE, _data(chart), place, chart.alt, _tick_form(chart))
    for line, series in zip(chart.lines, drawn.plots[0].series, strict=True):
        _line_look(line, series)
    if chart.form == "fan":
        drawn.value_axis.minimum_scale = _floor_of(chart.lines)
    _legend(drawn)


def _line_look(line: PaperLine, series: Any) -> None:
    colour, points, dash = LINE_LOOK[line.role]
    series.smooth = False
    series.format.line.color.rgb, series.format.line.width = colour_of(colour), Pt(points)
    if dash:
        series.format.line.dash_style = MSO_LINE.DASH if dash == "dashed" else MSO_LINE.ROUND_DOT
    known = [value for value in line.values if value is not None]
    series.marker.style = XL_MARKER_STYLE.CIRCLE if len(known) == 1 else XL_MARKER_STYLE.NONE


def _floor_of(lines: Sequence[PaperLine]) -> float | None:
    """A round figure a little under the lowest, for a scale that need not begin at zero."""
    known = [value for line in lines for value in line.values if value is not None]
    low, high = min(known), max(known)
    room = (high - low) or abs(high) or 1.0
    step = 10.0 ** math.floor(math.log10(room))
    return None if low <= 0 else math.floor(max(low - room * 0.25, 0.0) / step) * step


def _bridge(page: Any, chart: PaperBridge, left: int, top: int, width: int, height: int) -> None:
    """Floating bars of differences: an unseen part to where each begins, then its part above and below zero."""
    data = CategoryChartData(number_format="0.00")
    data.categories = [neutral_text(f"{shortened(step.name, 48)}   {step.text}") for step in chart.steps]
    spans = [(min(step.low, step.high), max(step.low, step.high)) for step in chart.steps]
    data.add_series("Start", [low if low > 0 else high if high < 0 else 0.0 for low, high in spans])
    data.add_series("Above", [max(high, 0.0) - max(low, 0.0) for low, high in spans])
    data.add_series("Below", [min(low, 0.0) - min(high, 0.0) for low, high in spans])
    drawn = _add(page, XL_CHART_TYPE.BAR_STACKED, data, (left, top, width, height), chart.alt, "+0.0;−0.0;0.0")
    plot = drawn.plots[0]
    plot.overlap, plot.gap_width = 100, 55
    drawn.category_axis.reverse_order = True
    drawn.category_axis.tick_labels.font.size = Pt(11)
    drawn.category_axis.tick_labels.font.color.rgb = colour_of("ink")
    drawn.value_axis.tick_label_position = XL_TICK_LABEL_POSITION.NONE
    drawn.has_legend = False
    for at, series in enumerate(plot.series):
        series.invert_if_negative = False
        series.format.line.fill.background()
        if at == 0:
            series.format.fill.background()
            continue
        for place, step in enumerate(chart.steps):
            fill = series.points[place].format.fill
            fill.solid()
            fill.fore_color.rgb = colour_of("mute" if step.reference else EFFECTS[step.effect])


def _legend(chart: Any) -> None:
    chart.has_legend = True
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    chart.legend.font.size = Pt(10)


def _tick_form(chart: PaperChart) -> str:
    """How an axis writes its figures: with the decimals that its steps have, not those of the figures drawn."""
    known = [abs(value) for line in chart.lines for value in line.values if value is not None]
    steps = max(known, default=0.0) / 5
    return _number_form(min(chart.decimals, 0 if steps >= 1 else 1 if steps >= 0.1 else 2))


def _number_form(decimals: int) -> str:
    return "#,##0" + ("." + "0" * decimals if decimals else "")

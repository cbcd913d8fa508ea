"""The board pack as files: hostile names, empty charts, and the same bytes for the same pack."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from typing import Any

import openpyxl
import pytest
from pptx import Presentation
from pptx.enum.text import MSO_AUTO_SIZE
from pypdfium2 import PdfDocument

from sop.analysis.ranges.outlook import Outlook
from sop.core.format import STYLES, MoneyFormat, held_style, number
from sop.core.paper import BoardPack, PaperBridge, PaperCard, PaperChart, PaperLine, PaperStep, Slide, folded
from sop.core.present import Cell, Col, PlanTable, texts
from sop.core.terms import PlanName
from sop.files.pack_pdf import write_pdf
from sop.files.pack_pptx import write_pptx
from sop.views.board_pack.charts import fan_chart

NAMES = {
    "long": "W" * 300,
    "right to left": "דגם ראשי של אופניים مجموعة",
    "emoji": "Cargo 🚲 bikes 😀",
    "formula": '=cmd|"/c calc"!A1',
    "markup": '#panic("x") \\ $x$ [a] <b> & "q"',
}
MONTHS = ("Nov 26", "Dec 26", "Jan 27")
CHARTS: dict[str, tuple[float | None, ...]] = {
    "usual": (1.0, 2.0, 3.0),
    "one point": (None, 2.0, None),
    "all negative": (-1.0, -2.0, -3.0),
    "all missing": (None, None, None),
    "all zero": (0.0, 0.0, 0.0),
    "huge": (1e12, 2e12, 3e12),
}


def chart(values: tuple[float | None, ...], form: Any = "columns", name: str = "Plan") -> PaperChart:
    lines = (PaperLine(name, "plan", values), PaperLine("Agreed plan", "agreed", values))
    return PaperChart(form, "Revenue", "M€", MONTHS[: len(values)], lines, 1, "Revenue by month")


def bridge(name: str) -> PaperBridge:
    steps = (
        PaperStep("Agreed", 0.0, 0.0, "60.0", "neutral"),
        PaperStep(name, 0.0, -1.5, "−1.5", "bad"),
        PaperStep("Price", -1.5, 0.5, "+2.0", "good"),
        PaperStep("Plan", 0.0, 0.5, "60.5 (+0.5)", "neutral"),
    )
    return PaperBridge("Revenue, next 12 months", "M€", steps, "From agreed to plan")


def pack(name: str = "Bikes", drawn: PaperChart | None = None, rows: int = 3) -> BoardPack:
    """A pack with a slide of every subject, whose texts are a name of somebody's."""
    columns = (*texts("Family"), Col[Any]("Revenue", "money"), Col[Any]("To agreed", "money", None, True, 1))
    table = PlanTable(
        "Families", columns, tuple((Cell(name, note=name), 123_456_789, -5_000_000) for _ in range(rows))
    )
    keys = ("verdict", "bridge", "range", "decisions", *(each.value for each in PlanName))
    slides = tuple(
        Slide(
            key, key.title(), f"{name}: revenue 60.0 M€.", chart=drawn or chart(CHARTS["usual"]), tables=(table,)
        )
        for key in (*keys, "commitments", "risks", "sign-off")
    )
    card = PaperCard("Revenue", "60.0", "M€", (("−2.1", "budget", "bad"),), name)
    slides = (replace(slides[0], cards=(card,) * 7), replace(slides[1], chart=bridge(name)), *slides[2:])
    return BoardPack(name, True, "Nov 2026", "Working plan", "not signed", "ab" * 32, MoneyFormat("EUR"), slides)


def slide_texts(data: bytes) -> list[str]:
    """Every text on the slides, cells of tables included."""
    found = []
    for slide in Presentation(io.BytesIO(data)).slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                found.append(shape.text_frame.text)
            if shape.has_table:
                found += [cell.text_frame.text for row in shape.table.rows for cell in row.cells]
    return found


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_any_name_comes_out_in_both_files(name: str) -> None:
    made = pack(name)
    told = slide_texts(write_pptx(made))
    assert any(name[:40].split()[0] in text for text in told)
    assert write_pdf(made).startswith(b"%PDF")


@pytest.mark.parametrize("form", ["columns", "lines", "fan"])
@pytest.mark.parametrize("values", CHARTS.values(), ids=CHARTS)
def test_any_figures_are_drawn(values: tuple[float | None, ...], form: str) -> None:
    made = pack(drawn=chart(values, form))
    assert len(Presentation(io.BytesIO(write_pptx(made))).slides) == 14
    assert write_pdf(made).startswith(b"%PDF")


def test_no_name_is_a_formula_in_the_workbook_behind_a_chart() -> None:
    data = write_pptx(pack(NAMES["formula"], chart(CHARTS["usual"], name=NAMES["formula"])))
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        books = [package.read(name) for name in package.namelist() if name.endswith(".xlsx")]
    cells = [
        cell
        for book in books
        for row in openpyxl.load_workbook(io.BytesIO(book)).worksheets[0].iter_rows()
        for cell in row
    ]
    assert books and not any(cell.data_type == "f" for cell in cells)
    assert any("=cmd" in str(cell.value) for cell in cells)


def test_charts_are_native_and_hold_the_figures() -> None:
    slides = Presentation(io.BytesIO(write_pptx(pack()))).slides
    charts = [shape.chart for slide in slides for shape in slide.shapes if shape.has_chart]
    assert len(charts) == 14
    assert tuple(charts[0].plots[0].series[0].values) == CHARTS["usual"]
    moved = {series.name: tuple(series.values) for series in charts[1].plots[0].series}
    # From −1.5 to +0.5: half a unit above zero, one and a half below.
    assert (moved["Above"][2], moved["Below"][2]) == (0.5, -1.5)


def test_a_table_too_long_for_its_slide_says_how_many_rows_are_left_out() -> None:
    told = slide_texts(write_pptx(pack(rows=90)))
    assert any(text.endswith("more rows are in the workbook.") for text in told)


def test_a_long_table_stands_beside_its_chart_and_can_be_read() -> None:
    """A profit and loss of 18 lines under a chart came out in 7 points, the chart two fingers high."""
    money = tuple(Col[Any](name, "money") for name in ("Plan", "Agreed", "To agreed", "Budget", "To budget"))
    rows = tuple((f"Line {at}", *[1_234_567_800] * 6) for at in range(18))
    table = PlanTable("Profit and loss", (*texts("Next 12 months"), *money, Col[Any]("Prior year", "money")), rows)
    made = pack()
    made = replace(made, slides=(*made.slides[:-1], replace(made.slides[-1], tables=(table,))))
    shapes = list(list(Presentation(io.BytesIO(write_pptx(made))).slides)[-1].shapes)
    drawn = next(shape for shape in shapes if shape.has_chart)
    written = next(shape for shape in shapes if shape.has_table)
    assert drawn.left + drawn.width <= written.left
    size = written.table.cell(1, 0).text_frame.paragraphs[0].runs[0].font.size
    assert len(written.table.rows) == 19 and size.pt >= 9


def test_an_axis_has_the_decimals_of_its_steps() -> None:
    for values, form in (((0.02, 0.05, 0.08), "#,##0.00"), ((1.5, 4.0, 4.5), "#,##0.0"), ((20.0, 60.0), "#,##0")):
        lines = (PaperLine("Plan", "plan", values),)
        drawn = PaperChart("lines", "Revenue", "M€", MONTHS[: len(values)], lines, 2, "Revenue by month")
        slides = Presentation(io.BytesIO(write_pptx(pack(drawn=drawn)))).slides
        native = next(shape.chart for shape in slides[2].shapes if shape.has_chart)
        assert native.value_axis.tick_labels.number_format == form


def test_every_page_says_whose_plan_it_is_and_its_digest() -> None:
    for slide in Presentation(io.BytesIO(write_pptx(pack()))).slides:
        told = " ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
        assert "Bikes (fictional company) · cycle Nov 2026 · Working plan · not signed" in told
        assert "digest abababababab…" in told


def test_the_same_pack_gives_the_same_bytes() -> None:
    assert write_pptx(pack()) == write_pptx(pack())
    assert write_pdf(pack()) == write_pdf(pack())


def test_a_plan_drawn_as_a_line_goes_on_from_the_last_actual() -> None:
    lines = (PaperLine("Actual", "actual", (1.0, 2.0, None)), PaperLine("Plan", "plan", (None, None, 3.0)))
    drawn = PaperChart("lines", "Inventory", "M€", MONTHS, lines, 1, "Inventory by month")
    assert [drawn.drawn(line) for line in lines] == [(1.0, 2.0, None), (None, 2.0, 3.0)]
    apart = replace(drawn, lines=(replace(lines[0], values=(1.0, None, None)), lines[1]))
    assert apart.drawn(lines[1]) == (None, None, 3.0), "a month between them stays unknown"
    columns = replace(drawn, form="columns")
    assert columns.drawn(lines[1]) == (None, None, 3.0)
    slides = Presentation(io.BytesIO(write_pptx(pack(drawn=drawn)))).slides
    native = next(shape.chart for shape in slides[2].shapes if shape.has_chart)
    assert tuple(native.plots[0].series[1].values) == (None, 2.0, 3.0)


@pytest.mark.parametrize("style", STYLES)
def test_axes_of_pages_write_figures_as_the_company_does(style: str) -> None:
    with held_style(style):
        made = write_pdf(pack(drawn=chart((-20_000.0, 0.0, 40_000.0))))
        told = number(20_000), number(-20_000)
    with PdfDocument(made) as document:
        text = document[6].get_textpage().get_text_bounded()
    assert all(figure in text for figure in told)


def test_a_note_of_three_lines_is_whole_and_cards_keep_their_size() -> None:
    """What is not known of a company that loads little was cut after two lines."""
    note = "Not known: " + "what customers wait for, as no order book is loaded; " * 9 + "and more"
    made = pack()
    data = write_pptx(replace(made, slides=(replace(made.slides[0], notes=(note,)), *made.slides[1:])))
    assert note in slide_texts(data)
    boxes = [shape for shape in Presentation(io.BytesIO(data)).slides[0].shapes if shape.has_text_frame]
    assert {box.text_frame.auto_size for box in boxes} == {MSO_AUTO_SIZE.NONE}


def test_a_fan_draws_no_line_of_one_month() -> None:
    """Without a budget only the month is left at which its line would leave the actuals."""
    past, ahead, none = [1.0, 2.0, None, None], [None, 2.0, 3.0, 4.0], [None] * 4
    months = ("2026-10", "2026-11", "2026-12", "2027-01")
    budget = [None, 2.0, None, None]
    outlook = Outlook(months, past, ahead, none, budget, none, none, none, none, None, None, 0)
    drawn = fan_chart(outlook, "Working plan", MoneyFormat("EUR"))
    assert [line.name for line in drawn.lines] == ["Actual", "Working plan"]


def test_plans_that_are_not_available_share_one_page() -> None:
    """Three of the seven were pages of one sentence each; the summary of the PDF still names them all."""
    made = pack()
    gone = {PlanName.CUSTOMER_LEAD_TIME.value, PlanName.NEW_PRODUCTS.value}
    bare = tuple(Slide(s.key, s.name, f"No {s.key} is loaded.") if s.key in gone else s for s in made.slides)
    made = replace(made, slides=bare)
    told = slide_texts(write_pptx(made))
    assert len(Presentation(io.BytesIO(write_pptx(made))).slides) == 13
    assert {f"No {key} is loaded." for key in gone} < set(told)
    one = replace(made, slides=tuple(s for s in bare if s.key != PlanName.NEW_PRODUCTS.value))
    assert folded(one.slides) == one.slides
    assert write_pdf(made).startswith(b"%PDF")

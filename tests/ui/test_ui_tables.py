"""Tables and cards: semantic HTML in which every name a user typed is shown literally."""

from collections.abc import Callable
from html.parser import HTMLParser

import numpy as np
import pytest

from sop.core.calendar import Calendar
from sop.core.format import MoneyFormat
from sop.ui.kit.cards import Change, grey_line, kpi_card, legend, small_heading, terms_legend
from sop.ui.kit.html_tables import (
    Bar,
    DecisionRow,
    HtmlCell,
    HtmlColumn,
    decision_row,
    decisions_head,
    html_table,
)
from sop.ui.kit.sheet import sheet_groups, sheet_html, sheet_titles
from sop.views.family_sheet import FamilySheet, SheetLine, SheetPart

EVIL = '<script>alert("&")</script>'


class Page(HTMLParser):
    """Reads HTML as a browser would: elements with their attributes, texts, and what was left open."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def having(self, tag: str, **attributes: str) -> list[dict[str, str | None]]:
        return [found for name, found in self.elements if name == tag and attributes.items() <= found.items()]


def decision(title: str = "Second shift") -> DecisionRow:
    return DecisionRow(1, title, "Yes", "+0.19", "+0.21", "+0.8", "−0.05", "Dec 2026", "81%", "Operations")


def family_sheet(*lines: SheetLine, past: int = 1) -> FamilySheet:
    months = tuple(Calendar("2026-11", 12 + 4).months)
    return FamilySheet(months, past, (SheetPart("Sales", lines),))


def values(*first: float) -> np.ndarray:
    return np.array([*first, *[np.nan] * (16 - len(first))])


def sheet(name: str = "Agreed plan") -> str:
    return sheet_html(family_sheet(SheetLine(name, "units", values(1, 2))), MoneyFormat(), name)


HOLDERS: list[Callable[[str], str]] = [
    lambda name: kpi_card(name, name, name, [Change("+1", name)]),
    lambda name: legend([("plan", name)], name),
    lambda name: terms_legend([name]),
    grey_line,
    small_heading,
    lambda name: html_table(
        [HtmlColumn(name)], [[name], [HtmlCell(name, name, name)], [Bar(1, 2, name)]], caption=name
    ),
    lambda name: decision_row(decision(name), "12 months"),
    sheet,
]


@pytest.mark.parametrize("holder", HOLDERS)
def test_a_name_with_markup_is_shown_literally(holder: Callable[[str], str]) -> None:
    page = Page(holder(EVIL))
    assert EVIL in "".join(page.texts)
    assert page.having("script") == []
    assert page.open == []


def test_headers_say_what_they_head_and_numbers_stand_right() -> None:
    table = html_table(
        [HtmlColumn("Limit"), HtmlColumn("Months", numeric=True)], [["Paint line", "6"]], caption="Limits"
    )
    page = Page(table)
    assert len(page.having("th", scope="col")) == 2
    assert len(page.having("th", scope="row")) == 1
    assert page.having("th", scope="col", **{"class": "n"}) and page.having("td", **{"class": "n"})


def test_short_texts_keep_their_line_and_long_ones_room_to_be_read_in() -> None:
    columns = [HtmlColumn("Family"), HtmlColumn("In"), HtmlColumn("Units", numeric=True), HtmlColumn("Why")]
    reason = HtmlCell("postponed", note="The second tender is postponed by a year")
    page = Page(html_table(columns, [["Bikes", "Dec 2026", "1", reason]], caption="Reasons"))
    looks = [found.get("class") for element, found in page.elements if element in ("th", "td")]
    assert looks == ["short", "short", "n", "long"] * 2


def test_a_table_of_many_rows_scrolls_under_its_header() -> None:
    few, many = (html_table([HtmlColumn("Family")], [["Bikes"]] * rows, caption="Families") for rows in (40, 41))
    assert "tall" not in few and 'class="sop-scroll tall"' in many


def test_a_scrolling_table_is_a_named_region_that_the_keyboard_reaches() -> None:
    for html in (html_table([HtmlColumn("A")], [["b"]], caption="Limits"), sheet("Limits")):
        assert Page(html).having("div", role="region", tabindex="0", **{"aria-label": "Limits"})


def test_the_bar_of_a_row_is_as_long_as_its_share_of_the_largest() -> None:
    html = html_table([HtmlColumn("E"), HtmlColumn("M€")], [["a", Bar(0.46, 0.92, "0.46")]], caption="E")
    assert "--share:0.500" in html
    assert "--share:0.000" in html_table([HtmlColumn("M€")], [[Bar(0, 0, "0")]], caption="E")


def test_a_row_with_a_missing_cell_is_refused() -> None:
    with pytest.raises(ValueError, match="row has 1 values for 2 columns"):
        html_table([HtmlColumn("A"), HtmlColumn("B")], [["a"]], caption="A")


def test_only_the_selected_row_is_marked() -> None:
    page = Page(html_table([HtmlColumn("Scenario")], [["a"], ["b"]], caption="S", selected=1))
    assert [row.get("aria-current") for row in page.having("tr")] == [None, None, "true"]


def test_a_card_shows_each_difference_with_sign_arrow_and_effect() -> None:
    page = Page(kpi_card("Revenue", "61.2", "M€", [Change("−1.4", "agreed", "bad"), Change("±0.0", "budget")]))
    words = " ".join("".join(page.texts).split())
    assert words == "Revenue61.2 M€▼ −1.4 agreed■ ±0.0 budget"
    assert page.having("span", **{"class": "sop-bad"}) and page.having("span", **{"class": "sop-neutral"})


def test_each_cell_of_a_decision_carries_its_label_for_a_reader() -> None:
    page = Page(decision_row(decision(), "12 months"))
    assert "Decide by: " in page.texts
    assert len(page.having("span", **{"class": "sop-hidden"})) == 10
    assert "EBIT, 12 months, M€" in Page(decisions_head("M€", "12 months")).texts


def test_the_sheet_writes_the_year_only_where_it_is_new() -> None:
    found = family_sheet(SheetLine("Sales", "units", values(1, 2)), past=3)
    assert sheet_titles(found)[:6] == ["Nov 26", "Dec", "Jan 27", "Feb 27", "Mar", "Apr"]
    assert sheet_groups(found) == [
        ("actual", 3, "past"),
        ("plan, monthly", 12, "now"),
        ("plan, quarters", 1, "q"),
        ("Feb 27 – Jan 28", 1, "q"),
    ]


def test_the_sheet_colours_differences_by_effect_and_leaves_missing_figures_blank() -> None:
    more = SheetLine("Sales", "units", values(5, -3), "stock", "difference", 1)
    less = SheetLine("Inventory", "units", values(5, 0), "stock", "difference", -1)
    page = Page(sheet_html(family_sheet(more, less), MoneyFormat(), "Front box"))
    cells = [found["class"] for name, found in page.elements if name == "td" and "class" in found]
    columns = len(cells) // 2
    assert cells[:3] == ["past sop-good", "now sop-bad", " sop-neutral"]
    assert cells[columns : columns + 2] == ["past sop-bad", "now sop-neutral"]
    assert [text for text in page.texts if text[0] in "+−±"] == ["+5", "−3", "+5", "±0"]


def test_a_fraction_of_the_sheet_is_written_in_percent() -> None:
    line = SheetLine("Utilisation, %", "fraction", values(0.82), "stock")
    assert "82" in Page(sheet_html(family_sheet(line), MoneyFormat(), "Front box")).texts

"""Tables and cards: semantic HTML in which every name a user typed is shown literally."""

from collections.abc import Callable
from html.parser import HTMLParser

import pytest

from sop.ui.kit.cards import Change, grey_line, kpi_card, legend, small_heading, terms_legend
from sop.ui.kit.format import percent_number
from sop.ui.kit.html_tables import (
    Bar,
    Cell,
    DecisionRow,
    HtmlColumn,
    SheetBlock,
    SheetColumns,
    SheetRow,
    decision_row,
    decisions_head,
    family_sheet,
    html_table,
)

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
    return DecisionRow(1, title, "Yes", "+0.19", "+0.8", "−0.05", "Dec 2026", "81%", "Operations")


def sheet(name: str = "Agreed plan") -> str:
    columns = SheetColumns(["Nov 26", "Dec 26"], 1, ["Q1 27"], [("Dec 26 – Nov 27", ["total", "diff."])])
    return family_sheet(
        columns, [SheetBlock(name, [SheetRow(name, [1, 2], [3], [4, -5])])], unit="Units", label=name
    )


HOLDERS: list[Callable[[str], str]] = [
    lambda name: kpi_card(name, name, name, [Change("+1", name)]),
    lambda name: legend([("plan", name)], name),
    lambda name: terms_legend([name]),
    grey_line,
    small_heading,
    lambda name: html_table(
        [HtmlColumn(name)], [[name], [Cell(name, name, name)], [Bar(1, 2, name)]], caption=name
    ),
    lambda name: decision_row(decision(name)),
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
    page = Page(decision_row(decision()))
    assert "Last responsible month: " in page.texts
    assert len(page.having("span", **{"class": "sop-hidden"})) == 9
    assert "EBIT, M€" in Page(decisions_head("M€")).texts


def test_the_sheet_writes_the_year_only_where_it_is_new() -> None:
    columns = SheetColumns(["Oct 26", "Nov 26", "Dec 26", "Jan 27", "Feb 27"], 2, ["Q2 27"])
    assert columns.titles() == ["Oct 26", "Nov", "Dec 26", "Jan 27", "Feb", "Q2 27"]
    assert columns.groups() == [("actual", 2, "past"), ("plan, monthly", 3, "now"), ("plan, quarters", 1, "q")]


def test_the_sheet_colours_differences_by_effect_and_leaves_missing_figures_blank() -> None:
    columns = SheetColumns(["Nov 26", "Dec 26", "Jan 27"], 1)
    more = SheetRow("Sales", [5, -3, None], style="difference")
    less = SheetRow("Inventory", [5, 0, None], style="difference", more_is_good=False)
    page = Page(family_sheet(columns, [SheetBlock("Difference", [more, less])], unit="Units", label="Front box"))
    cells = [found["class"] for name, found in page.elements if name == "td" and "class" in found]
    assert cells == [
        "past sop-good",
        "now sop-bad",
        " sop-neutral",
        "past sop-bad",
        "now sop-neutral",
        " sop-neutral",
    ]
    assert [text for text in page.texts if text[0] in "+−±"] == ["+5", "−3", "+5", "±0"]


def test_a_sheet_row_may_bring_its_own_form_and_words() -> None:
    columns = SheetColumns(["Nov 26", "Dec 26"], 1)
    row = SheetRow("Utilisation, %", [0.82, "shut"], form=percent_number)
    html = family_sheet(columns, [SheetBlock("Production", [row])], unit="Units", label="Front box")
    assert {"82", "shut"} <= set(Page(html).texts)


def test_a_sheet_row_that_is_too_short_is_refused() -> None:
    columns = SheetColumns(["Nov 26", "Dec 26"], 1, ["Q1 27"])
    with pytest.raises(ValueError, match="sheet row 'Sales' has 2 values for 3 columns"):
        family_sheet(columns, [SheetBlock("Sales", [SheetRow("Sales", [1, 2])])], unit="Units", label="F")

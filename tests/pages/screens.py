"""A page opened without a browser, and what it drew: its words, and its tables as they were handed over."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from unittest.mock import patch

from streamlit.testing.v1 import AppTest

from sop.core.format import MoneyFormat
from sop.ui.kit import tables as drawing
from sop.ui.kit.html_tables import Bar, Content, HtmlColumn, html_table
from sop.ui.kit.sheet import part_texts, sheet_html, sheet_titles
from sop.ui.panels.plans import layout as plan_layout
from sop.views.family_sheet import FamilySheet

APP = Path(__file__).parents[2] / "screens.py"


@dataclass(frozen=True)
class DrawnTable:
    """A table that a page drew: what it is called, its titles with their units, and its rows."""

    caption: str
    titles: tuple[str, ...]
    rows: tuple[tuple[Content, ...], ...]


_drawn: dict[str, DrawnTable] = {}
_sheets: dict[str, tuple[FamilySheet, MoneyFormat]] = {}
"""Every table and every family sheet that was drawn, by what the page was given for it."""


@contextmanager
def drawn_tables() -> Iterator[None]:
    """While it lasts, tables are kept as they are drawn."""

    def keep(
        columns: Sequence[HtmlColumn], rows: Sequence[Sequence[Content]], *, caption: str, selected: int | None
    ) -> str:
        text = html_table(columns, rows, caption=caption, selected=selected)
        titles = tuple(column.title for column in columns)
        _drawn[text] = DrawnTable(caption, titles, tuple(map(tuple, rows)))
        return text

    def keep_sheet(sheet: FamilySheet, money: MoneyFormat, label: str, unit: str = "Units") -> str:
        text = sheet_html(sheet, money, label, unit)
        _sheets[text] = sheet, money
        return text

    with patch.object(drawing, "html_table", keep), patch.object(plan_layout, "sheet_html", keep_sheet):
        yield
    _drawn.clear()
    _sheets.clear()


def open_page(name: str, person: str | None = "executive", **state: object) -> AppTest:
    """A page as somebody sees it; signed out where nobody is named. `state`: what the session knows already."""
    app = AppTest.from_file(APP, default_timeout=120)
    for key, value in state.items():
        app.session_state[key] = value
    if person:
        app.session_state["person"] = person
    return app.switch_page(f"pages/{name}.py").run()


def press(app: AppTest, label: str, place: int = 0) -> AppTest:
    """The page after a press on a button; `place` tells buttons of one label apart."""
    return [button for button in app.button if button.label == label][place].click().run()


def message(app: AppTest) -> str:
    """The page's one sentence."""
    return str(app.title[0].value)


def blocks(app: AppTest) -> list[str]:
    """What can be read in each piece of HTML of a page."""
    return [plain(block) for block in _pieces(app)]


def words(app: AppTest) -> str:
    """All that can be read in them."""
    return " ".join(blocks(app))


def markup(app: AppTest) -> str:
    """The HTML itself, for what must be escaped in it."""
    return " ".join(_pieces(app))


def paragraphs(app: AppTest) -> list[str]:
    """The sentences that stand by themselves."""
    return [plain(text) for text in re.findall(r"<p[^>]*>(.*?)</p>", markup(app), re.DOTALL)]


def tables(app: AppTest) -> list[DrawnTable]:
    """The tables of a page, in order."""
    return [_drawn[piece] for piece in _pieces(app) if piece in _drawn]


def table(app: AppTest, title: str) -> list[list[str]]:
    """The first table that has a title with these words: its titles, then its rows without the notes in them."""
    return texts_of(next(found for found in tables(app) if title in " ".join(found.titles)))


def texts_of(found: DrawnTable) -> list[list[str]]:
    """The titles and the rows of a table as text, without the notes under figures."""
    return [list(found.titles), *([" ".join(_said(content)[:2]).strip() for content in row] for row in found.rows)]


def table_rows(app: AppTest, caption: str) -> list[list[str]]:
    """The rows of the table with that caption, the notes in it included."""
    found = next(found for found in tables(app) if found.caption == caption)
    return [[" ".join(filter(None, _said(content))) for content in row] for row in found.rows]


def family_sheet(app: AppTest) -> tuple[list[str], dict[tuple[str, str], list[str]]]:
    """The titles of the family sheet of a page, and what its cells say by block and row."""
    sheet, money = next(_sheets[piece] for piece in _pieces(app) if piece in _sheets)
    return sheet_titles(sheet), {
        (part.title, line.name): texts
        for part in sheet.parts
        for line, texts in zip(part.lines, part_texts(sheet, part, money), strict=True)
    }


def _pieces(app: AppTest) -> list[str]:
    return [block.proto.body for block in app.get("html")]


def _said(content: Content) -> tuple[str, str, str]:
    """What a cell says, the difference beside it and the note under it."""
    if isinstance(content, str):
        return content, "", ""
    return (content.text, "", "") if isinstance(content, Bar) else (content.text, content.difference, content.note)


def plain(text: str) -> str:
    """HTML as it is read."""
    return re.sub(r"[ \t\n]+", " ", unescape(re.sub(r"<[^>]+>", " ", text))).strip()

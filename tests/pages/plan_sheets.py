"""Reading the plan pages back: the family sheet cell by cell, and the figures in a message."""

from __future__ import annotations

import re

from streamlit.testing.v1 import AppTest

from tests.pages.screens import plain, words

Sheet = dict[tuple[str, str], list[str]]


def read_sheet(app: AppTest) -> tuple[list[str], Sheet]:
    """The column titles of the family sheet, and its cells by heading and row name."""
    body = next(b.proto.body for b in app.get("html") if 'class="sop-sheet"' in b.proto.body)
    head, *parts = body.split("<tbody>")
    titles = [cell_text(cell) for cell in re.findall(r"<th scope=col [^>]*>(.*?)</th>", head)]
    sheet: Sheet = {}
    for part in parts:
        rows = re.findall(r"<tr[^>]*>(.*?)</tr>", part, re.DOTALL)
        title = plain(rows[0]).strip()
        for row in rows[1:]:
            name, *cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
            sheet[title, cell_text(name)] = [cell_text(cell) for cell in cells]
    return titles, sheet


def cell_text(cell: str) -> str:
    """A cell's own text, without the grey note under it."""
    return plain(re.sub(r"<small>.*?</small>", "", cell, flags=re.DOTALL))


def year_total(app: AppTest, part: str, name: str) -> float:
    """The figure of a row in the column of the next twelve months."""
    titles, sheet = read_sheet(app)
    return figure(sheet[part, name][titles.index("total")])


def figure(text: str) -> float:
    """A figure as shown, as a number: '−1 306' → −1306."""
    return float(re.sub(r"[^\d.\-]", "", text.replace("−", "-")))


def figures(sentence: str) -> list[float]:
    """All figures of a sentence in their order, months and years left out."""
    words = re.sub(r"\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4}", "", sentence)
    return [figure(found) for found in re.findall(r"\d[\d\u202f]*(?:\.\d+)?", words)]


def says_nothing_wrong(app: AppTest) -> None:
    """No exception, no refusal, no not-a-number anywhere on the page."""
    assert not app.exception
    assert not app.error
    assert "nan" not in words(app).lower().replace("%", " ").split()

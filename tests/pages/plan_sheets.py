"""Reading the plan pages back: figures of the family sheet, and those in a message."""

from __future__ import annotations

import re

from streamlit.testing.v1 import AppTest

from tests.pages.screens import family_sheet, words


def year_total(app: AppTest, part: str, name: str) -> float:
    """The figure of a row in the column of the next twelve months."""
    titles, sheet = family_sheet(app)
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

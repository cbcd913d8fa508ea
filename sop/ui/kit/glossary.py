"""The word under the pointer: what a heading of a table or a card means, told where it stands.

The words are those of docs/glossary.md and the names of measures with their definitions; nothing is written twice.
"""

from __future__ import annotations

import re
from functools import cache
from html import escape

from sop.core.calendar import worded
from sop.core.measures import HEADLINES, MEASURES
from sop.services.company.workspace import ROOT

PAGE = ROOT / "docs" / "glossary.md"
_ROW = re.compile(r"^\| (?P<words>\*\*.+?) \| (?P<meaning>.+?) \| .* \|$", re.MULTILINE)
_MARKS = re.compile(r"\*\*|\*|`|\[([^\]]+)\]\([^)]*\)")


_SPAN = "the next twelve months"
"""What a plan of fewer months does not cover."""


@cache
def meanings() -> dict[str, str]:
    """What each word means, by the word in small letters; a measure is what its definition says."""
    found = {}
    page = PAGE.read_text("utf-8") if PAGE.is_file() else ""
    for row in _ROW.finditer(page):
        told = _MARKS.sub(lambda mark: mark[1] or "", row["meaning"])
        for word in re.sub(r"\*\*|\(.*?\)", "", row["words"]).split(","):
            found[word.strip().lower()] = told
    measures = {m.label.lower(): m.definition for m in MEASURES}
    headlines = {h.label.lower(): h.definition.replace(_SPAN, "the months ahead") for h in HEADLINES}
    return found | measures | headlines


def explained(text: str) -> str:
    """A heading as HTML, with what its word means where the glossary or a measure says it.

    The unit after a comma is no part of the word: 'Past due, units' is explained as 'past due'.
    """
    meaning = meanings().get(text.lower()) or meanings().get(text.partition(",")[0].strip().lower())
    if not meaning:
        return escape(text)
    return f'<abbr title="{escape(worded(meaning))}">{escape(text)}</abbr>'

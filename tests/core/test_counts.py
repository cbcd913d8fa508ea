"""One of a thing is told as one: every text that puts a count before a plural goes through `how_many`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from sop.core.format import does, how_many, number
from sop.core.words import days_text, units_text

ROOT = Path(__file__).parents[2]
_NOUNS = (
    "accounts|amounts|assumptions|cells|changes|claims|columns|comments|customers|cycles|days|decisions|draws|"
    "drivers|events|families|figures|files|findings|hours|indicators|initiatives|items|launches|levers|lines|"
    "minutes|months|orders|others|people|periods|plans|plants|points|quarters|regions|rows|scenarios|"
    "signatures|sources|steps|tables|tasks|threads|times|units|values|warnings|weeks|years"
)
_BEFORE = "closed|frozen|input|ledger|late|more|open|other|planned|plan|signed|smaller|stored"
_COUNTED = re.compile(rf"[ \u202f](?:(?:{_BEFORE}) )*(?:(?:{_NOUNS})(?![\w'])|\w+\(s\))")
_NO_COUNT = {"name", "side", "self.company.name", "bucket.key", "wanted.key"}
"""What stands before a verb that looks like a plural ('{name} changes'), or is a name and no number."""
_NEVER_ONE = {"last * months", "times", "number(times)", "more", "number(times[f])", "rule.allowance"}
"""Counts that are more than one where they are told."""


def counted_by_hand(path: Path) -> Iterator[str]:
    """Places of a file at which a count stands before a plural without going through `how_many`."""
    tree = ast.parse(path.read_text("utf-8"))
    for text in ast.walk(tree):
        if not isinstance(text, ast.JoinedStr):
            continue
        for value, after in zip(text.values, text.values[1:], strict=False):
            if not isinstance(value, ast.FormattedValue) or not isinstance(after, ast.Constant):
                continue
            told = ast.unparse(value.value)
            if not _COUNTED.match(str(after.value)) or told in _NO_COUNT | _NEVER_ONE or told.isupper():
                continue
            if told.startswith("how_many(") or "raise ValueError" in _line(path, text.lineno):
                continue
            yield f"{path.relative_to(ROOT)}:{text.lineno}: {{{told}}}{str(after.value)[:30]}"


def _line(path: Path, number: int) -> str:
    return path.read_text("utf-8").splitlines()[number - 1]


_ALONE = {"sop/sources/child.py"}
"""Runs in a process of its own, without the product's code."""


def test_no_text_puts_a_count_before_a_plural_by_hand() -> None:
    files = [ROOT / "app.py", *(ROOT / "pages").glob("*.py"), *(ROOT / "sop").rglob("*.py")]
    found = [
        place for path in files if str(path.relative_to(ROOT)) not in _ALONE for place in counted_by_hand(path)
    ]
    assert not found, "tell them by how_many of sop/core/format.py:\n" + "\n".join(found)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (how_many(1, "rows", "are"), "1 row is"),
        (how_many(2, "rows", "are"), "2 rows are"),
        (how_many(0, "hours"), "0 hours"),
        (how_many("1", "other families", "have"), "1 other family has"),
        (how_many(number(1.0), "columns", "add"), "1 column adds"),
        (how_many("−1", "days"), "−1 day"),
        (how_many("1.0", "days"), "1.0 days"),
        (how_many(1, "launches", "sell"), "1 launch sells"),
        (how_many(1, "series"), "1 series"),
        (how_many(1, "more people"), "1 more person"),
        (does("1", "are"), "is"),
        (does(2, "count"), "count"),
        (units_text(1), "1 unit"),
        (units_text(1.0, "hours"), "1 hour"),
        (units_text(1.4, "hours"), "1.4 hours"),
        (days_text(1.2), "1 day"),
    ],
)
def test_one_is_told_as_one(told: str, said: str) -> None:
    assert told == said

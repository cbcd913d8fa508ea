"""The demo company's tables as files: all that was known at the start, then what each month added or changed.

python -m data.demo.generator      writes data/demo/start and data/demo/months anew
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from data.demo.generator.demo_company import demo_company
from data.demo.generator.timeline import STORY
from sop.core.calendar import shift_period

PLACE = Path(__file__).parents[1]
"""The folder that holds `start` and `months`."""

OPENED, KNOWN_BACK = "2026-12", 12
"""The first open month that the story is made around, and how many months before it the start was known."""

Text = list[str]
"""A table as lines of CSV, its header first."""


def written_files() -> Iterator[tuple[str, bytes]]:
    """Every file by its path below the folder, and its bytes: the same on every run."""
    company = demo_company(OPENED)
    known: dict[str, Text] = {}
    for position in range(-KNOWN_BACK, STORY + 1):
        month = shift_period(OPENED, position)
        tables = {name: _lines(frame) for name, frame in company.tables_known_at(month).items()}
        for name, lines in tables.items():
            before = set(known.get(name, ()))
            new = [line for line in lines if line not in before]
            if new:
                folder = f"months/{shift_period(month, -1)}" if known else "start"
                yield f"{folder}/{name}.csv", "".join(new if not known else [lines[0], *new]).encode()
        known = tables


def write_files(place: Path = PLACE) -> int:
    """Write every file in place of those that are there; how many."""
    for folder in ("start", "months"):
        for old in sorted((place / folder).rglob("*.csv")):
            old.unlink()
    count = 0
    for count, (name, content) in enumerate(written_files(), 1):  # noqa: B007
        file = place / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return count


def _lines(frame: pd.DataFrame) -> Text:
    """The rows in their order, numbers as short as they can be: 2.0 is written 2."""
    short = pd.DataFrame({name: [_cell(value) for value in frame[name]] for name in frame})
    return short.to_csv(index=False, lineterminator="\n").splitlines(keepends=True)


def _cell(value: object) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)

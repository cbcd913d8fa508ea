"""How long a text may be: one limit for a form, a service and the database."""

from __future__ import annotations

from sop.core.errors import BadInput
from sop.core.format import number

LONGEST = 4_000
"""What no text of a row goes beyond, whatever it is."""
LENGTHS = {
    "id": 80,
    "name": 120,
    "label": 120,
    "title": 120,
    "description": 1_000,
    "reason": 2_000,
    "comment": 2_000,
    "scope": 400,
    "file_name": 255,
    "query": 4_000,
    "expiry": 10,
    "until": 10,
    "due": 10,
    "note": 2_000,
    "message": 1_000,
    "outcome": 4_000,
    "about": 400,
}
"""The limit of each text that people write, in characters, by the name of its argument and of its column."""
CELL_NAME, CELL_TEXT = 100, 500
"""The limit of an imported cell that names something (keys and references), and of any other text in a file. A
scope names up to three of the former and a month."""


def longest(name: str) -> int:
    """The limit of a text by the name of its argument or column."""
    return LENGTHS.get(name, LONGEST)


def require_length(text: str, name: str, limit: int | None = None) -> None:
    """Raises BadInput for a text beyond its limit, naming both."""
    most = longest(name) if limit is None else limit
    if len(text) > most:
        what = name.replace("_", " ")
        raise BadInput(f"a {what} of {number(len(text))} characters", remedy=f"Write {number(most)} at most")

"""Where a table comes from each month: a file pattern in a folder, or a query on a connection, by names alone.

Folders and connections are the operator's (`sop.sources.places`); what people write is a pattern or a query, held
to what it may be before anything is asked: no path leads out of a folder, and a query only reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from sop.core.errors import BadInput
from sop.core.format import does, how_many
from sop.core.lengths import require_length
from sop.core.tables import table
from sop.intake.subject import Mode

SourceKind = Literal["file", "query"]
MONTH = "{month}"
"""Stands in a pattern for the last closed month, as 2026-11."""

LASTING_BY_NAME = (
    "decimal", "date_order", "late_hours", "same_key", "month_values", "periods", "negative_sales",
    "missing_months", "damaged_keys", "encoding", "sheet", "blank_labels", "dashes", "units",
)  # fmt: skip
"""Questions whose answers hold for every refresh of a source; how many rows are deleted is asked every time."""

_NAME = re.compile(r"^\w[\w .\-]*$")
_STRINGS = re.compile(
    r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`[^`]*`|\[[^\]]*\]|\$(\w*)\$.*?\$\1\$", re.DOTALL
)
"""Comments, texts and quoted names of a query: what stands in them does nothing."""
_WRITES = re.compile(
    r"\b(?:insert|update|delete|merge|drop|alter|create|truncate|grant|revoke|exec|execute|call|commit|rollback|begin"
    r"|copy|attach|detach|pragma|into|lock|vacuum|load|outfile|dumpfile)\b"
)
"""Words by which a statement does more than read."""


@dataclass(frozen=True)
class DataSource:
    """A named source of a table. `place`: the name of a folder or connection. `what`: a file pattern or a query.

    `owner`: the person who answers for it. `columns`: its headers that were read last. `refreshed_at` and
    `refreshed_by`: when it was last brought up to date; `file` and `file_at`: the file that it then was and when
    that was written (empty where nothing tells).
    """

    name: str
    table_name: str
    kind: SourceKind
    place: str
    what: str
    owner: str
    mode: Mode = "periods"
    columns: tuple[str, ...] = ()
    refreshed_at: str = ""
    refreshed_by: str = ""
    file: str = ""
    file_at: str = ""

    @property
    def from_words(self) -> str:
        """Where it comes from in words: 'erp: sales_*.csv', 'warehouse: a query'."""
        return f"{self.place}: {self.what if self.kind == 'file' else 'a query'}"


def require_source(source: DataSource) -> None:
    """Raise BadInput on a name, pattern, query or mode that no source can have, NotFound on an unknown table."""
    table(source.table_name)
    require_length(source.name, "name")
    require_length(source.what, "query")
    if not _NAME.match(source.name):
        raise BadInput("a source needs a name of letters and digits", remedy="Name it, for example ERP sales")
    if source.mode not in get_args(Mode):
        raise BadInput(f"'{source.mode}' is no way to import", remedy=f"Ways are: {', '.join(get_args(Mode))}")
    (require_pattern if source.kind == "file" else require_select)(source.what)


def require_pattern(pattern: str) -> None:
    """Raise BadInput unless a text is a file pattern that stays within a folder: `sales_{month}*.csv`."""
    parts = pattern.replace(MONTH, "2026-11").split("/")
    outward = not pattern.strip() or any(part in ("", ".", "..", "**") for part in parts)
    if outward or re.search(r"[\\:{}\x00-\x1f]|::", pattern.replace(MONTH, "")):
        raise BadInput(
            f"'{pattern}' is no file pattern",
            why="a pattern is a file's name within its folder, with * for what varies",
            remedy=f"Write it as sales_*.csv, or sales_{MONTH}.csv for the last closed month",
        )


def require_select(query: str) -> None:
    """Raise BadInput unless a text is one statement that only reads."""
    if "/*!" in query or query.count("'") % 2:
        raise BadInput("the query cannot be read", remedy="Leave out comments, and close every quotation mark")
    bare = _STRINGS.sub(" '' ", query).strip().rstrip(";").strip()
    written = _WRITES.search(bare.lower())
    if ";" in bare or written or not re.match(r"(?:select|with)\b", bare.lower()):
        why = f"it says {written[0].upper()}" if written else "it is not one SELECT"
        raise BadInput("the query does more than read", why=why, remedy="Write one SELECT statement")


def pattern_for(source: DataSource, last_closed: str) -> str:
    """The pattern with the last closed month in its place."""
    return source.what.replace(MONTH, last_closed)


def require_same_columns(source: DataSource, columns: Iterable[str]) -> None:
    """Raise BadInput where columns that were read last time are gone."""
    now = set(columns)
    gone = [name for name in source.columns if name not in now]
    if gone:
        raise BadInput(
            f"{how_many(len(gone), 'columns')} that it had {does(len(gone), 'are')} gone: {', '.join(gone[:5])}",
            where=source.name,
            why="what they held would be lost without a word",
            remedy="Bring them back, or look at the source by itself and import it once as it is now",
        )

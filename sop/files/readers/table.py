"""Rows of text to a table: title rows, the header, ragged rows, unnamed columns. The same for CSV and Excel."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from sop.core.errors import BadInput
from sop.core.findings import Finding

Row = tuple[int, Sequence[str | None]]
"""A source line and its cells."""

_SEARCHED = 25
"""Rows among which the header is looked for."""


@dataclass(frozen=True)
class Header:
    """The header's cells, its line, and where its row stands among the rows."""

    names: tuple[str | None, ...]
    line: int
    position: int


def build_frame(
    rows: list[Row], name: str
) -> tuple[pd.DataFrame, tuple[int, ...], tuple[int, ...], list[Finding]]:
    """Rows to (frame of text cells, source lines, positions of the kept columns, findings).

    Raises BadInput when there is no header with rows under it.
    """
    filled = [(line, cells) for line, cells in rows if any(cell is not None for cell in cells)]
    if not filled:
        raise BadInput("the table is empty", where=name, remedy="Export it again with its header and rows")
    header = find_header(filled)
    body = filled[header.position + 1 :]
    findings = check_title_rows(filled, header, name)
    columns, more = check_headers(header, body, name)
    findings += more + check_ragged_rows(header, body, name)
    data = {header.names[i]: [_cell(cells, i) for _, cells in body] for i in columns}
    frame = pd.DataFrame(data, dtype=object, index=range(len(body)))
    return frame, tuple(line for line, _ in body), columns, findings


def find_header(filled: list[Row]) -> Header:
    """The first row that is as wide as the table begins to be: titles above it hold a single cell."""
    widths = [sum(cell is not None for cell in cells) for _, cells in filled[:_SEARCHED]]
    position = next((i for i, width in enumerate(widths) if width > 1), 0)
    line, cells = filled[position]
    names = tuple(cell.strip() if cell is not None else None for cell in cells)
    return Header(names, line, position)


def check_title_rows(filled: list[Row], header: Header, name: str) -> list[Finding]:
    """A warning that names the rows above the header, which are not read."""
    if not header.position:
        return []
    titles = " / ".join(str(next(c for c in cells if c is not None)) for _, cells in filled[: header.position])
    return [
        Finding(
            "warning",
            "title_rows",
            f"{header.position} row(s) above the header are not read",
            f"Line {header.line} was taken as the header; delete the rows above it if that is right",
            file=name,
            line=filled[0][0],
            value=titles[:120],
        )
    ]


def check_headers(header: Header, body: list[Row], name: str) -> tuple[tuple[int, ...], list[Finding]]:
    """Positions of the named columns, and errors for doubled headers and for data under no header."""
    findings: list[Finding] = []
    kept: list[int] = []
    counts = Counter(text for text in header.names if text)
    for i, text in enumerate(header.names):
        if not text:
            row = next((line for line, cells in body if _cell(cells, i) is not None), None)
            if row is not None:
                findings.append(_error("unnamed_column", f"column {i + 1} has values but no header", name, row))
        elif text not in {header.names[j] for j in kept}:
            kept.append(i)
    for text, count in counts.items():
        if count > 1:
            what = f"the header '{text}' stands {count} times"
            findings.append(_error("doubled_header", what, name, header.line, text))
    return tuple(kept), findings


def check_ragged_rows(header: Header, body: list[Row], name: str) -> list[Finding]:
    """Errors for rows with values beyond the last header: an unquoted delimiter or decimal comma shifts cells."""
    width = len(header.names)
    return [
        Finding(
            "error",
            "ragged_row",
            f"the row has {len(cells)} cells, the header {width}",
            "Put quotes around text that holds the delimiter, or export with another delimiter",
            file=name,
            line=line,
        )
        for line, cells in body
        if len(cells) > width and any(cell is not None for cell in cells[width:])
    ]


def _cell(cells: Sequence[str | None], i: int) -> str | None:
    return cells[i] if i < len(cells) else None


def _error(rule: str, what: str, name: str, line: int, column: str = "") -> Finding:
    return Finding(
        "error", rule, what, "Give every column its own header in the file", file=name, line=line, column=column
    )

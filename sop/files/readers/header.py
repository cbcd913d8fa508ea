"""Where a table begins and ends among the rows of a file: titles above, a header of one row or more, lines below.

The header is the row that holds the most of the names that are wanted; where none are known it is the first row as
wide as the table. Whatever is not read is named with its lines.
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sop.core.findings import Finding
from sop.core.format import does, how_many
from sop.files.readers.stacked import Row, at, find_stacked, is_label_row, is_month
from sop.intake.headers import plain_header
from sop.intake.parse import parse_number

_SEARCHED = 25
"""Rows among which the header is looked for."""
_WIDE = 0.7
"""Share of the table's usual width that a header has at least."""

_FEWEST = 3
"""Columns that are more than this many, numbered from 1 on, are numbered and no row of data."""
_UNITS = re.compile(
    r"[\[(]?(?:k?g|t|to|l|hl|m[²³23]?|pcs|pc|stk|st|ea|units?|szt|uds?|%|[tk]?(?:€|\$|£|EUR|USD|GBP|CHF|PLN|CZK|SEK))"
    r"\.?[\])]?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Header:
    """The header's names, the line they stand on (the last of several), how many rows end with it, and its own."""

    names: tuple[str | None, ...]
    line: int
    body: int
    rows: int = 1


def find_header(filled: list[Row], wanted: Collection[str]) -> Header:
    """The header among the first rows. `wanted`: plain names of columns that the file should have."""
    searched = [cells for _, cells in filled[:_SEARCHED]]
    scores = [_score(cells, wanted) for cells in searched]
    best = max(scores)
    position = scores.index(best) if best > 1 or (best and len(filled[0][1]) < 2) else _widest(filled)
    if stacked := find_stacked(filled, position, wanted):
        return Header(stacked.names, filled[stacked.last][0], stacked.last + 1, stacked.rows)
    if best > 1 and _says_it_again(filled, position, scores):
        position += 1
    line, cells = filled[position]
    return Header(tuple(cells), line, position + 1)


def _score(cells: Sequence[str | None], wanted: Collection[str]) -> int:
    """How many cells of a row are wanted names, and months beside such names."""
    texts = [cell for cell in cells if cell is not None]
    names = sum(plain_header(text) in wanted for text in texts)
    return names + sum(is_month(text) for text in texts) if names else 0


def _says_it_again(filled: list[Row], position: int, scores: list[int]) -> bool:
    """Whether the row below a header is one too: a system's field names, and under them what people call them."""
    below = position + 1
    return (
        below < len(scores)
        and scores[below] > 1
        and all(is_label_row(cells) for _, cells in filled[position : below + 1])
        and tuple(filled[position][1]) != tuple(filled[below][1])
    )


def _widest(filled: list[Row]) -> int:
    """The first row of words that is nearly as wide as most rows are, else the first with more than one cell."""
    widths = [sum(cell is not None for cell in cells) for _, cells in filled]
    usual = Counter(widths).most_common(1)[0][0]
    searched = range(min(_SEARCHED, len(filled)))
    wide = (i for i in searched if widths[i] > 1 and widths[i] >= _WIDE * usual and is_label_row(filled[i][1]))
    return next(wide, next((i for i in searched if widths[i] > 1), 0))


def check_title_rows(filled: list[Row], header: Header, name: str) -> list[Finding]:
    """A warning that names the rows above the header, which are not read, and a note on a header of several."""
    findings: list[Finding] = []
    above = header.body - header.rows
    if above:
        titles = " / ".join(" ".join(cell for cell in cells if cell) for _, cells in filled[:above])
        findings.append(
            Finding(
                "warning",
                "title_rows",
                f"{how_many(above, 'rows')} above the header {does(above, 'are')} not read",
                f"Line {header.line} was taken as the header; delete the rows above it if that is right",
                file=name,
                line=filled[0][0],
                value=titles[:120],
            )
        )
    if header.rows > 1:
        shown = ", ".join(each for each in header.names[:6] if each)
        first = filled[header.body - header.rows][0]
        what = f"the header has {how_many(header.rows, 'rows')}, lines {first} to {header.line}, read as one"
        findings.append(Finding("note", "stacked_header", what, file=name, line=first, value=shown[:120]))
    return findings


def take_body(filled: list[Row], header: Header, name: str) -> tuple[list[Row], list[Finding]]:
    """The rows of the table, without the header where a page break repeats it and without lines below the table.

    A line below is a text alone after the last full row: 'Printed by J. Smith'.
    """
    labels = [(line, tuple(cells)) for line, cells in filled[header.body - header.rows : header.body]]
    repeated = {cells for _, cells in labels}
    below_header = filled[header.body :]
    aside = below_header[:1] if is_caption(below_header) else []
    body = [(line, cells) for line, cells in below_header[len(aside) :] if tuple(cells) not in repeated]
    again = [line for line, cells in filled[header.body :] if tuple(cells) in repeated]
    repeats = f"{does(len(again), 'repeat')} the header"
    findings = [_left_out("repeated_header", repeats, again, "", name)] if again else []
    for line, cells in aside:
        value = ", ".join(cell for cell in cells if cell)[:120]
        what = "the row under the header numbers the columns or tells their units, and is not read"
        findings.append(Finding("note", "caption_row", what, "", file=name, line=line, value=value))
    named = [i for i, label in enumerate(header.names) if label]
    end = len(body)
    while end > 1 and len(named) > 2 and _is_footer(body[end - 1][1], named):
        end -= 1
    below = body[end:]
    if below and any(_fills(cells, named) > 1 for _, cells in body[:end]):
        texts = " / ".join(" ".join(cell for cell in cells if cell) for _, cells in below)
        findings.append(_left_out("footer", "below the table", [line for line, _ in below], texts[:120], name))
        body = body[:end]
    return body, findings


def is_caption(body: list[Row]) -> bool:
    """Whether the first row under a header tells of its columns and holds no data: 1, 2, 3 … or units alone.

    Numbers are that only where a column below holds none, and units only beside columns without any.
    """
    if len(body) < 2:
        return False
    cells, below = body[0][1], [cells for _, cells in body[1:_SEARCHED]]
    texts = [cell for cell in cells if cell is not None]
    if len(texts) == len(cells) > _FEWEST and [text.strip("()[]") for text in texts] == [
        str(i) for i in range(1, len(cells) + 1)
    ]:
        return any(all((cell := at(row, i)) and not cell.isdigit() for row in below) for i in range(len(cells)))
    told = [i for i, cell in enumerate(cells) if cell is not None]
    return (
        0 < len(told) < len(cells)
        and all(_UNITS.fullmatch(text) for text in texts)
        and all((cell := at(row, i)) is None or _is_number(cell) for row in below for i in told)
    )


def _is_number(text: str) -> bool:
    return parse_number(text, ".") is not None or parse_number(text, ",") is not None


def _is_footer(cells: Sequence[str | None], named: list[int]) -> bool:
    """Whether a row holds one text alone, which is no figure."""
    texts = [cell for cell in cells if cell is not None]
    return len(texts) == 1 and len(texts[0]) > 1 and is_label_row(texts)


def _fills(cells: Sequence[str | None], named: list[int]) -> int:
    return sum(at(cells, i) is not None for i in named)


def _left_out(rule: str, which: str, lines: list[int], value: str, name: str) -> Finding:
    shown = ", ".join(map(str, lines[:5])) + (", …" if len(lines) > 5 else "")
    what = f"{how_many(len(lines), 'rows')} {which} and {does(len(lines), 'are')} not read (line {shown})"
    return Finding("warning", rule, what, "", file=name, line=lines[0], value=value, count=len(lines))

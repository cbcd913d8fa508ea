"""Where a table begins and ends among the rows of a file: titles above, a header of one or two rows, lines below.

The header is the row that holds the most of the names that are wanted; where none are known it is the first row as
wide as the table. Whatever is not read is named with its lines.
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sop.core.findings import Finding
from sop.intake.headers import plain_header
from sop.intake.parse import parse_date, parse_number

Row = tuple[int, Sequence[str | None]]
"""A source line and its cells."""

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
    """The header's names, the line they stand on (the last of two), and how many rows stand over the body."""

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
    for upper in (position, position - 1):
        if upper >= 0 and _completes(filled[upper : upper + 2], upper == position):
            return _joined(filled, upper, upper + 1, wanted)
    if best > 1 and _says_it_again(filled, position, scores):
        position += 1
    line, cells = filled[position]
    return Header(tuple(cells), line, position + 1)


def _score(cells: Sequence[str | None], wanted: Collection[str]) -> int:
    """How many cells of a row are wanted names, and months beside such names."""
    texts = [cell for cell in cells if cell is not None]
    names = sum(plain_header(text) in wanted for text in texts)
    return names + sum(_is_month(text) for text in texts) if names else 0


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


def is_label_row(cells: Sequence[str | None]) -> bool:
    """Whether a row holds words and no figures: labels."""
    texts = [cell for cell in cells if cell is not None]
    return bool(texts) and not any(_is_figure(text) for text in texts)


def _is_figure(text: str) -> bool:
    """Whether a text is a number; a year on its own may be a label."""
    return parse_number(text, ".") is not None and not (text.isdigit() and len(text) == 4)


def _is_month(text: str) -> bool:
    return parse_date(text, "dmy") is not None


def _completes(pair: list[Row], upper_known: bool) -> bool:
    """Whether two rows, one below the other, are one header: labels alone, which one needs of the other.

    `upper_known`: the upper row was found as the header, and leaves gaps that the lower one fills; else the
    lower one was, and leaves gaps or says the same twice.
    """
    if len(pair) < 2 or pair[1][0] != pair[0][0] + 1:
        return False
    (_, above), (_, below) = pair
    months = [_is_month(cell) for cell in below if cell]
    # Months alone stand under what is told of them; months beside words are a first row of data.
    if not is_label_row(above) or not (all(months) if any(months) else is_label_row(below)):
        return False
    both = [(_at(above, i), _at(below, i)) for i in range(max(len(above), len(below)))]
    lower = [under for _, under in both if under]
    gaps = (
        any(under and not own for own, under in both)
        if upper_known
        else any(own and not under for own, under in both)
    )
    twice = len(set(lower)) < len(lower) and not all(own for own, _ in both)
    whole = sum(1 for own, under in both if own or under)
    return (gaps or twice) and whole == len(both) and sum(1 for own, under in both if own and under) < len(both)


def _joined(filled: list[Row], upper: int, lower: int, wanted: Collection[str]) -> Header:
    """Two rows as one: a label above holds for the cells that it was merged over."""
    above, below = filled[upper][1], filled[lower][1]
    names: list[str | None] = []
    group: str | None = None
    for i in range(max(len(above), len(below))):
        own, under = _at(above, i), _at(below, i)
        group = own if own is not None else group
        names.append(own if under is None else f"{group} {under}" if group and under != group else under)
    plain = [plain_header(cell) if cell else "" for cell in below]
    for i, cell in enumerate(below):
        # A name that is wanted as it stands, and stands once, needs no group.
        if cell is not None and plain[i] in wanted and plain.count(plain[i]) == 1:
            names[i] = cell
    return Header(tuple(names), filled[lower][0], lower + 1, 2)


def _at(cells: Sequence[str | None], i: int) -> str | None:
    return cells[i] if i < len(cells) else None


def check_title_rows(filled: list[Row], header: Header, name: str) -> list[Finding]:
    """A warning that names the rows above the header, which are not read, and a note on a header of two rows."""
    findings: list[Finding] = []
    above = header.body - header.rows
    if above:
        titles = " / ".join(" ".join(cell for cell in cells if cell) for _, cells in filled[:above])
        findings.append(
            Finding(
                "warning",
                "title_rows",
                f"{above} row(s) above the header are not read",
                f"Line {header.line} was taken as the header; delete the rows above it if that is right",
                file=name,
                line=filled[0][0],
                value=titles[:120],
            )
        )
    if header.rows == 2:
        shown = ", ".join(each for each in header.names[:6] if each)
        first = filled[header.body - 2][0]
        what = f"the header has two rows, lines {first} and {header.line}, read as one"
        findings.append(Finding("note", "two_row_header", what, file=name, line=first, value=shown[:120]))
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
    findings = [_left_out("repeated_header", "repeat the header", again, "", name)] if again else []
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
        return any(all((cell := _at(row, i)) and not cell.isdigit() for row in below) for i in range(len(cells)))
    told = [i for i, cell in enumerate(cells) if cell is not None]
    return (
        0 < len(told) < len(cells)
        and all(_UNITS.fullmatch(text) for text in texts)
        and all((cell := _at(row, i)) is None or _is_number(cell) for row in below for i in told)
    )


def _is_number(text: str) -> bool:
    return parse_number(text, ".") is not None or parse_number(text, ",") is not None


def _is_footer(cells: Sequence[str | None], named: list[int]) -> bool:
    """Whether a row holds one text alone, which is no figure."""
    texts = [cell for cell in cells if cell is not None]
    return len(texts) == 1 and len(texts[0]) > 1 and not _is_figure(texts[0])


def _fills(cells: Sequence[str | None], named: list[int]) -> int:
    return sum(_at(cells, i) is not None for i in named)


def _left_out(rule: str, which: str, lines: list[int], value: str, name: str) -> Finding:
    shown = ", ".join(map(str, lines[:5])) + (", …" if len(lines) > 5 else "")
    what = f"{len(lines)} row(s) {which} and are not read (line {shown})"
    return Finding("warning", rule, what, "", file=name, line=lines[0], value=value, count=len(lines))

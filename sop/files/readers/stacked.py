"""A header of several rows, one below the other, as one: years over months, figures under months, in any order.

Rows belong to a header until each column has a name of its own, and a month its year. A label that stands above
holds for the columns that it was merged over; what tells nothing apart, such as a quarter between year and month,
is left out of the names.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sop.intake.headers import plain_header
from sop.intake.parse import month_number, parse_date, parse_number

Row = tuple[int, Sequence[str | None]]
"""A source line and its cells."""
Labels = list[list[str | None]]
"""Rows of a header, all of one width."""

_MOST_ROWS = 4
_SEARCHED = 25
"""Rows that say how wide the table is."""
_LEAST_MONTHS = 2
"""Headers that are names of months, without a year, which a year above them is looked for."""
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_QUARTER = re.compile(r"(?:[QT][1-4]|[1-4][QT]|[1-4]\. ?Quartal|[IV]+ kw(?:artał|\.)?)", re.IGNORECASE)


@dataclass(frozen=True)
class Stacked:
    """Names of columns out of several rows, the position of the last of them, and how many there are."""

    names: tuple[str | None, ...]
    last: int
    rows: int


def is_label_row(cells: Sequence[str | None]) -> bool:
    """Whether a row holds words and no figures: labels."""
    texts = [cell for cell in cells if cell is not None]
    return bool(texts) and not any(_is_figure(text) for text in texts)


def is_month(text: str) -> bool:
    """Whether a text is a month or a day of one."""
    return parse_date(text, "dmy") is not None


def at(cells: Sequence[str | None], i: int) -> str | None:
    """A row's cell; None beyond its end."""
    return cells[i] if i < len(cells) else None


def find_stacked(filled: list[Row], position: int, wanted: Collection[str]) -> Stacked | None:
    """The fewest rows around `position` that name each column once, and months with their year where one stands
    above; None where the row does so alone, or no rows do."""
    without_year: Stacked | None = None
    width = max(_width(cells) for _, cells in filled[position : position + _SEARCHED])
    for rows in range(1, _MOST_ROWS + 1):
        for first in range(position, position - rows, -1):
            last = first + rows - 1
            if first < 0 or last >= len(filled) or not _may_be_one(filled[first : last + 1], position - first):
                continue
            labels = _labels(filled[first : last + 1], width)
            names = _joined(labels, wanted)
            if None in names or len(set(names)) < len(names):
                continue
            found = Stacked(tuple(names), last, rows)
            if not _lacks_year(names) and (rows == 1 or _year_stands_above(labels)):
                return found if rows > 1 else None
            without_year = without_year or found
    return without_year if without_year and without_year.rows > 1 else None


def _may_be_one(rows: list[Row], known: int) -> bool:
    """Whether rows, one below the other, may be one header, of which the row `known` certainly is.

    Rows above are labels. Rows below are labels too, or months alone, and leave empty what is named first: a row
    of data would not.
    """
    if [line for line, _ in rows] != list(range(rows[0][0], rows[0][0] + len(rows))):
        return False
    first = next((i for i, cell in enumerate(rows[known][1]) if cell), 0)
    for (_, above), (_, cells) in zip(rows[known:], rows[known + 1 :], strict=False):
        months = [is_month(cell) for cell in cells if cell]
        own = at(cells, first)
        # Text that is merged over rows is read for each of them.
        if (own and own != at(above, first)) or not (all(months) if any(months) else is_label_row(cells)):
            return False
    return all(is_label_row(cells) for _, cells in rows[:known])


def _width(cells: Sequence[str | None]) -> int:
    return max((i + 1 for i, cell in enumerate(cells) if cell is not None), default=0)


def _labels(rows: list[Row], width: int) -> Labels:
    """The first cells of each row; a label that repeats the one above it was merged over both."""
    labels: Labels = []
    above: list[str | None] = [None] * width
    for _, cells in rows:
        own = [at(cells, i) for i in range(width)]
        labels.append([None if own[i] == above[i] else own[i] for i in range(width)])
        above = [own[i] or above[i] for i in range(width)]
    return labels


def _joined(labels: Labels, wanted: Collection[str]) -> list[str | None]:
    """A name for each column: its own label, after those that hold for it from above."""
    width = len(labels[0])
    lowest = [max((r for r, row in enumerate(labels) if row[i]), default=None) for i in range(width)]
    groups = [_groups(labels, r, lowest, wanted) for r in range(len(labels))]
    own = [None if r is None else labels[r][i] for i, r in enumerate(lowest)]
    plain = [plain_header(cell) if cell else "" for cell in own]
    names: list[str | None] = []
    for i, r in enumerate(lowest):
        if r is None or (plain[i] in wanted and plain.count(plain[i]) == 1):
            # A name that is wanted as it stands, and stands once, needs no group.
            names.append(own[i])
            continue
        parts = [part for row in groups[:r] if (part := row[i]) and part != own[i]]
        if month_number(own[i] or "") is not None:
            parts = [part for part in parts if not _QUARTER.fullmatch(part)]
        names.append(" ".join([*parts, own[i] or ""]))
    return names


def _groups(labels: Labels, r: int, lowest: Sequence[int | None], wanted: Collection[str]) -> list[str | None]:
    """What a row tells of each column that has a label below it, merged over columns until another label.

    A label that all of them share tells nothing apart: of it only a year counts, or a figure that is wanted.
    """
    held: list[str | None] = []
    group: str | None = None
    for i, cell in enumerate(labels[r]):
        if any(row[i] for row in labels[:r]):
            # A label further above begins anew.
            group = None
        group = cell or group
        held.append(group if (low := lowest[i]) is not None and low > r else None)
    different = {cell for cell in held if cell}
    if len(different) == 1:
        (label,) = different
        rest = _YEAR.sub("", label).strip()
        if rest and plain_header(rest) not in wanted and not is_month(label) and month_number(label) is None:
            year = _YEAR.search(label)
            return [cell and (year[1] if year else None) for cell in held]
    return held


def _lacks_year(names: Sequence[str | None]) -> bool:
    """Whether some columns are months of which nobody says the year."""
    return sum(_of_month(name) and not _YEAR.search(name) for name in names if name) >= _LEAST_MONTHS


def _of_month(name: str) -> bool:
    """Whether a name begins or ends with the name of a month."""
    words = name.split()
    return any(month_number(word) is not None for word in (words[0], words[-1]))


def _year_stands_above(labels: Labels) -> bool:
    """Whether years stand over months and over nothing before them: a title of the whole is none of theirs."""
    months = [i for row in labels for i, cell in enumerate(row) if cell and month_number(cell) is not None]
    years = [
        i for row in labels for i, cell in enumerate(row) if cell and _YEAR.search(cell) and not is_month(cell)
    ]
    return not months or not years or min(years) >= min(months)


def _is_figure(text: str) -> bool:
    """Whether a text is a number; a year on its own may be a label."""
    return parse_number(text, ".") is not None and not (text.isdigit() and len(text) == 4)

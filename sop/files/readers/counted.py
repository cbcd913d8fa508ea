"""Lists exported by group, as Odoo writes them: a row 'Belgium (12)' with its sums above the twelve it counts.

The groups become columns and their rows are left out. The counts are the proof: where one is wrong, no row is
taken for a group's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from sop.core.findings import Finding
from sop.core.format import how_many, number
from sop.files.readers.indented import Flags, group_columns
from sop.files.readers.stacked import Row

_COUNTED = re.compile(r"(.*\S) \((\d+)\)")


def unfold_counted(
    rows: list[Row], numeric: list[Flags], spaces: Mapping[int, int], name: str
) -> tuple[list[Row], list[Flags], list[Finding]]:
    """Rows with a column for each level of groups, and what is said of it; as they are where no group is counted.

    `numeric`: which cells are numbers; `spaces`: line → spaces in front of its first cell, which tell a level.
    Where the rows of one level of groups leave the first column blank, that column holds the group.
    """
    heads = {i: found for i, row in enumerate(rows) if (found := _head(row, numeric[i])) is not None}
    first = min(heads, default=0)
    if not first:
        return rows, numeric, []
    steps = sorted({spaces.get(rows[i][0], 0) for i in heads})
    held: list[str | None] = [None] * len(steps)
    due = [0] * len(steps)
    leaves: list[tuple[int, list[str | None]]] = []
    for i in range(first, len(rows)):
        if i not in heads:
            due = [left - 1 for left in due]
            leaves.append((i, list(held)))
            continue
        label, count = heads[i]
        level = steps.index(spaces.get(rows[i][0], 0))
        if any(due[level:]):
            return rows, numeric, []
        held[level:] = [label, *[None] * (len(steps) - level - 1)]
        due[level] = count
    if any(due) or not leaves or any(None in groups for _, groups in leaves):
        return rows, numeric, []
    inside = len(steps) == 1 and all(not rows[i][1] or rows[i][1][0] is None for i, _ in leaves)
    names: list[str | None] = (
        [rows[first - 1][1][0]] if inside else [f"Group {at + 1}" for at in range(len(steps))]
    )
    what = f"rows are listed by group: {' and '.join(map(str, names))} holds the groups; "
    what += f"{how_many(number(len(heads)), 'rows')} left out, as they only head groups, "
    what += how_many(number(len(leaves)), "rows", "stay")
    shown = " / ".join(text for text in leaves[0][1] if text)
    note = Finding("warning", "counted_groups", what, "", file=name, line=rows[first][0], value=shown[:120])
    return *group_columns(rows, numeric, first, names, leaves, slice(1 if inside else 0, None)), [note]


def _head(row: Row, numeric: Flags) -> tuple[str, int] | None:
    """Label and count of a row that only heads a group: beside its label it has sums alone."""
    _, cells = row
    found = _COUNTED.fullmatch(cells[0]) if cells and cells[0] else None
    sums = all(cell is None or numeric[at + 1] for at, cell in enumerate(cells[1:]))
    return (found[1], int(found[2])) if found and sums and len(cells) > 1 else None

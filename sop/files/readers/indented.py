"""Reports whose first column indents each group under its total: groups become columns, their totals are proven.

So pivots are exported: a row of a group stands above the rows that it adds up, which begin with more spaces.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np

from sop.core.findings import Finding
from sop.core.format import does, how_many, number
from sop.files.readers.stacked import Row
from sop.intake.parse import parse_number
from sop.intake.totals import is_called_total

Flags = tuple[bool, ...]


def unfold_groups(
    rows: list[Row], numeric: list[Flags], spaces: Mapping[int, int], name: str
) -> tuple[list[Row], list[Flags], list[Finding]]:
    """Rows with a column for each level of groups, and what is said of it; as they are where nothing is indented.

    `numeric`: which cells are numbers; `spaces`: line → spaces in front of its first cell. The corner above the
    groups is blank, as nobody names what they are. Totals that add up nothing are an error.
    """
    first = next((i for i, (line, _) in enumerate(rows) if spaces.get(line)), 0)
    start = first - 1
    heads = rows[:start] if start > 0 else []
    corner = [line for line, cells in heads if cells and cells[0] is not None]
    body = rows[start:] if start > 0 else []
    if not heads or corner or any(not cells or cells[0] is None for _, cells in body):
        return rows, numeric, []
    steps = sorted({spaces.get(line, 0) for line, _ in body})
    levels = [steps.index(spaces.get(line, 0)) for line, _ in body]
    if steps[0] or any(below > above + 1 for above, below in pairwise(levels)):
        return rows, numeric, []
    # One row above all others adds up everything and is no group.
    from_level = 1 if levels.count(0) == 1 and is_called_total(str(body[0][1][0])) else 0
    depth = len(steps) - from_level
    groups = [i for i, level in enumerate(levels) if levels[i + 1 : i + 2] == [level + 1]]
    flags = numeric[start:]
    figures = _figures(body, flags)
    findings = [] if _adds_up(figures, levels, groups) else [_unproven(body[groups[0]][0], name)]
    keep = figures.shape[1] - _row_totals(heads[-1][1], figures)
    if keep < figures.shape[1]:
        many = figures.shape[1] - keep
        what = f"the last {how_many(many, 'columns', 'add')} up those before them and {does(many, 'are')} left out"
        findings.append(Finding("warning", "total_left_out", what, "", file=name, line=heads[-1][0]))
    held: list[str | None] = [None] * len(steps)
    leaves: list[tuple[int, list[str | None]]] = []
    for i, (_, cells) in enumerate(body):
        held[levels[i] :] = [cells[0], *[None] * (len(steps) - levels[i] - 1)]
        if i not in groups:
            leaves.append((start + i, held[from_level:]))
    names = [f"Group {at + 1}" for at in range(depth)]
    what = f"rows are indented by group: {' and '.join(names)} are columns now, and {number(len(groups))} "
    what += f"totals of groups are left out ({how_many(number(len(leaves)), 'rows', 'stay')})"
    shown = " / ".join(text for text in held[from_level:] if text)
    note = Finding("warning", "indented_groups", what, "", file=name, line=body[0][0], value=shown[:120])
    return *group_columns(rows, numeric, start, names, leaves, slice(1, keep)), [note, *findings]


def group_columns(
    rows: Sequence[Row],
    numeric: Sequence[Flags],
    start: int,
    names: Sequence[str | None],
    leaves: Sequence[tuple[int, Sequence[str | None]]],
    kept: slice,
) -> tuple[list[Row], list[Flags]]:
    """The rows before `start`, the last of them the header, and the `leaves`, with the groups of each in columns
    of these names before the cells that are kept; and which cells are numbers.

    `leaves`: the place of a row in `rows` with its groups.
    """
    depth = len(names)
    above: list[Row] = [(line, [*[None] * depth, *cells[kept]]) for line, cells in rows[: start - 1]]
    header: Row = rows[start - 1][0], [*names, *rows[start - 1][1][kept]]
    body: list[Row] = [(rows[i][0], [*groups, *rows[i][1][kept]]) for i, groups in leaves]
    marks = [(*[False] * depth, *numeric[i][kept]) for i in (*range(start), *(i for i, _ in leaves))]
    return [*above, header, *body], marks


def _figures(body: Sequence[Row], flags: Sequence[Flags]) -> np.ndarray:
    """The numbers of all cells (rows, columns), 0 where there is none."""
    figures = np.zeros((len(body), max(len(cells) for _, cells in body)))
    for i, (_, cells) in enumerate(body):
        for at, cell in enumerate(cells):
            if at < len(flags[i]) and flags[i][at] and cell is not None:
                figures[i, at] = parse_number(cell, ".") or 0.0
    return figures


def _adds_up(figures: np.ndarray, levels: Sequence[int], groups: Sequence[int]) -> bool:
    """Whether in some column every group is the sum of the rows one level below it; shares and prices are none."""
    adds = np.abs(figures).sum(axis=0) > 0
    for i in groups:
        end = next((j for j in range(i + 1, len(levels)) if levels[j] <= levels[i]), len(levels))
        parts = [j for j in range(i + 1, end) if levels[j] == levels[i] + 1]
        adds &= np.isclose(figures[parts].sum(axis=0), figures[i], rtol=1e-9, atol=1e-6)
    return bool(adds.any())


def _row_totals(names: Sequence[str | None], figures: np.ndarray) -> int:
    """How many columns at the end add up, in every row, those of the same name before them."""
    width = figures.shape[1] - 1
    titles = [*names[1:], *[None] * width][:width]
    many = next((m for m in range(1, width) if not width % m and titles == titles[:m] * (width // m)), width)
    if many == width or None in titles:
        return 0
    blocks = figures[:, 1:].reshape(len(figures), -1, many)
    same = np.allclose(blocks[:, :-1].sum(axis=1), blocks[:, -1], rtol=1e-9, atol=1e-6)
    return many if same else 0


def _unproven(line: int, name: str) -> Finding:
    what = "rows are indented by group, and the rows of groups do not add up the rows below them"
    remedy = "Open every group before exporting, or export the rows themselves"
    return Finding("error", "group_totals", what, remedy, file=name, line=line)

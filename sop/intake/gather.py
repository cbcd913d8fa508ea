"""Rows of a file that share a key: copies of each other, or separate events that are added up to one row.

Sameness is judged on the file's own cells, all of them: order lines, days and columns that are left out tell rows
apart. Only rows that are equal in every cell can be copies.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from math import fsum, isclose

import numpy as np
import pandas as pd

from sop.core.tables import Table
from sop.intake.coded import all_differ, row_marks

_SHOWN = 4
_AT_A_TIME = 100_000


@dataclass(frozen=True)
class Gathered:
    """Which rows share a key.

    `copies`: rows equal to an earlier one in every cell of the file. `shared`: rows that have the key of another
    and differ from it in some cell. `first`: the label of the first row of each row's key. `days`: each row's day,
    None where the file tells none.
    """

    copies: pd.Series
    shared: pd.Series
    first: pd.Series
    days: pd.Series | None


@dataclass(frozen=True)
class Total:
    """A column's total over the rows of the file and over those that are imported, in the column's unit.

    `left_out`: of rows that are not imported: set aside as later months, or dropped as copies.
    """

    column: str
    unit: str
    file: float
    left_out: float
    result: float

    @property
    def equal(self) -> bool:
        """Whether nothing got lost on the way."""
        size = max(abs(self.file), abs(self.left_out), abs(self.result))
        return isclose(self.file, self.left_out + self.result, rel_tol=1e-9, abs_tol=1e-9 * size)


def gather_rows(
    spec: Table, cells: pd.DataFrame, values: pd.DataFrame, raw: pd.DataFrame, days: pd.Series | None
) -> Gathered:
    """Which rows share a key; a row whose key is empty or cannot be read shares none.

    `cells`: texts of the contract's columns; `values`: the same typed; `raw`: every column of the file.
    """
    key = list(spec.full_key)
    # Column by column: a frame of the key's columns would be a copy of most of the file.
    known, filled = np.ones(len(values), dtype=bool), np.zeros(len(values), dtype=bool)
    for name in key:
        given = values[name].notna().to_numpy(bool)
        known &= given | cells[name].isna().to_numpy(bool)
        known &= given | (not spec.column(name).required)
        filled |= given
    known &= filled
    firsts = values.index.to_numpy(dtype="int64", copy=True)
    at = np.flatnonzero(known)
    whole = len(at) == len(values)
    marks = row_marks((values[name] if whole else values[name].iloc[at] for name in key), len(at))
    if not all_differ(marks):
        ids = pd.factorize(marks)[0]
        # Numbers of keys rise with their first rows.
        starts = np.flatnonzero(np.diff(np.maximum.accumulate(ids), prepend=-1))
        firsts[at] = firsts[at][starts[ids]]
    first = pd.Series(firsts.astype(np.int64, copy=False), index=values.index)
    repeated = pd.Series(known & (firsts != values.index.to_numpy()), index=values.index)
    copies = repeated & (raw.duplicated().to_numpy(bool) if repeated.any() else False)
    return Gathered(copies, repeated & ~copies, first, days)


def differing(raw: pd.DataFrame, label: int, first: int) -> str:
    """The columns in which a row differs from the first one of its key, with both values: 'price 5 and 6'."""
    one, other = raw.loc[first], raw.loc[label]
    names = [name for name in raw.columns if (one[name] or "") != (other[name] or "")]
    shown = [f"{name} {one[name] or 'empty'} and {other[name] or 'empty'}" for name in names[:_SHOWN]]
    return ", ".join(shown) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")


def unequal(spec: Table, frame: pd.DataFrame, gathered: Gathered) -> pd.Series:
    """Rows that cannot be added up with the first of their key: they say something else beside what is added."""
    first = gathered.first.loc[frame.index]
    result = pd.Series(False, index=frame.index)
    for column in spec.columns:
        if not column.adds and column.name not in spec.full_key:
            own, theirs = frame[column.name], frame[column.name].reindex(first.to_numpy())
            theirs.index = frame.index
            result |= ~((own == theirs) | (own.isna() & theirs.isna()))
    return result


def partly_filled(frame: pd.DataFrame, name: str, gathered: Gathered) -> pd.Series:
    """Rows without a figure of which others of the same key have one: their sum is not known."""
    filled = frame[name].notna()
    any_filled = filled.groupby(gathered.first.loc[frame.index]).transform("any")
    return any_filled & ~filled


def add_up(spec: Table, frame: pd.DataFrame, gathered: Gathered) -> pd.DataFrame:
    """One row for each key, under the label of its first row.

    What adds is summed; stocks are summed over the places of a day and then opened by the first day and closed by
    the last; of dates of delivery the latest counts; the rest is the first row's. A sum of which a
    part is missing is missing.
    """
    first = gathered.first.loc[frame.index]
    if first.is_unique:
        return frame
    none = pd.Series("", index=frame.index)
    days = none if gathered.days is None else gathered.days.loc[frame.index].fillna("")
    result = frame[~first.duplicated()].copy()
    for column in (column for column in spec.columns if column.adds):
        figures = frame[column.name]
        if column.adds == "latest":
            latest = figures.dropna().groupby(first.loc[figures.dropna().index]).max()
            result[column.name] = latest.reindex(first.loc[result.index]).to_numpy(object)
            continue
        by_day = _known_sums(figures, [first, days])
        if column.adds == "sum":
            sums = _known_sums(figures, [first])
        else:
            ordered = by_day.sort_index()
            keys = ordered.index.get_level_values(0)
            others = keys.duplicated(keep="first" if column.adds == "first" else "last")
            sums = ordered.loc[~others].droplevel(1)
        result[column.name] = sums.reindex(first.loc[result.index].to_numpy()).to_numpy(float)
    return result


def _known_sums(figures: pd.Series, by: list[pd.Series]) -> pd.Series:
    groups = figures.groupby([each.to_numpy() for each in by], sort=False)
    return groups.sum().where(groups.count() == groups.size())


def totals_of(
    spec: Table, rows: pd.DataFrame, left_out: Sequence[pd.DataFrame], result: pd.DataFrame
) -> tuple[Total, ...]:
    """The totals of each column that adds and is filled: of the file's `rows`, of what is left out, the result."""
    return tuple(
        Total(
            column.name,
            column.unit,
            _sum([rows], column.name),
            _sum(left_out, column.name),
            _sum([result], column.name),
        )
        for column in spec.added_columns
        if rows[column.name].notna().any()
    )


def _sum(frames: Iterable[pd.DataFrame], name: str) -> float:
    """The exact sum of a column; an infinite figure, which refuses its file anyway, counts for nothing."""
    figures = (frame[name].to_numpy(float) for frame in frames)
    # Some at a time: as Python's own numbers all of a long table would take four times the memory.
    parts = (each[start : start + _AT_A_TIME] for each in figures for start in range(0, len(each), _AT_A_TIME))
    return fsum(chain.from_iterable(part[np.isfinite(part)].tolist() for part in parts))

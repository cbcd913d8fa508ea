"""A checked file against what is stored: rows added, changed, unchanged, removed; and the table it leads to."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from sop.core.tables import Table
from sop.intake.subject import Mode, conform

SAMPLE = 20


@dataclass(frozen=True)
class Difference:
    """Counts of rows by key, and the first rows of each kind.

    `sample` has the columns `change` (added, changed, removed), the key, and `was` / `now` with what differs.
    """

    added: int
    changed: int
    unchanged: int
    removed: int
    sample: pd.DataFrame = field(repr=False)

    @property
    def is_empty(self) -> bool:
        """Whether the table stays as it is."""
        return not (self.added or self.changed or self.removed)


def merge_tables(spec: Table, stored: pd.DataFrame | None, new: pd.DataFrame, mode: Mode) -> pd.DataFrame:
    """The whole table after the import: `new` alone, or stored rows with those of `new` put over them by key."""
    if mode == "replace" or stored is None or not len(stored):
        return new
    before, after = (conform(spec, frame) for frame in (stored, new))
    kept = before[~_keys(spec, before).isin(set(_keys(spec, after)))]
    return pd.concat([kept, after], ignore_index=True) if len(kept) else after


def compare_tables(spec: Table, stored: pd.DataFrame | None, after: pd.DataFrame) -> Difference:
    """What changes when `after` takes the place of `stored`; keys are unique in both.

    A number that differs by less than one part in 10¹² is the same; `_file` and `_line` do not count.
    """
    before = after.iloc[:0] if stored is None else stored
    old, new = (_indexed(spec, frame) for frame in (before, after))
    added, removed = new.index.difference(old.index, sort=False), old.index.difference(new.index, sort=False)
    both = new.index.intersection(old.index, sort=False)
    differs = _differs(spec, old.loc[both], new.loc[both])
    changed = both[differs.any(axis=1).to_numpy(bool)]
    rows = [
        *[_row(spec, "changed", old.loc[k], new.loc[k], differs.loc[k]) for k in changed[:SAMPLE]],
        *[_row(spec, "added", None, new.loc[k], None) for k in added[:SAMPLE]],
        *[_row(spec, "removed", old.loc[k], None, None) for k in removed[:SAMPLE]],
    ]
    sample = pd.DataFrame(rows, columns=["change", *spec.full_key, "was", "now"], dtype=object)
    return Difference(len(added), len(changed), len(both) - len(changed), len(removed), sample)


def _keys(spec: Table, frame: pd.DataFrame) -> pd.Series:
    """Each row's key as one text; the unit separator can stand in no name."""
    parts = [frame[name].fillna("").astype(str) for name in spec.full_key]
    return pd.Series(["\x1f".join(row) for row in zip(*parts, strict=True)], index=frame.index, dtype=object)


def _indexed(spec: Table, frame: pd.DataFrame) -> pd.DataFrame:
    full = conform(spec, frame)
    return full.set_index(_keys(spec, full))


def _differs(spec: Table, old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    result = {}
    for column in spec.columns:
        a, b = old[column.name], new[column.name]
        if column.kind == "number":
            x, y = a.to_numpy(float), b.to_numpy(float)
            result[column.name] = ~np.isclose(x, y, rtol=1e-12, atol=0.0, equal_nan=True)
        else:
            result[column.name] = (a.fillna("") != b.fillna("")).to_numpy(bool)
    return pd.DataFrame(result, index=new.index)


def _row(
    spec: Table, change: str, old: pd.Series | None, new: pd.Series | None, differs: pd.Series | None
) -> list[object]:
    known = new if new is not None else old
    assert known is not None
    names = [
        name
        for name in spec.column_names
        if (differs[name] if differs is not None else name not in spec.full_key and pd.notna(known[name]))
    ]
    was, now = (
        "" if row is None else ", ".join(f"{name} {_text(row[name])}" for name in names) for row in (old, new)
    )
    return [change, *(known[name] for name in spec.full_key), was, now]


def _text(value: object) -> str:
    if value is None or value != value:
        return "empty"
    return f"{value:.12g}" if isinstance(value, float) else str(value)

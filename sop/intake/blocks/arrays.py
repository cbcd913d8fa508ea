"""Frames to arrays: the only place where rows become numbers with a shape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from sop.core.inputs import Floats

Positions = Mapping[str, int]
Row = Mapping[str, object]


def positions(names: Sequence[str]) -> dict[str, int]:
    """Name → position."""
    return {name: i for i, name in enumerate(names)}


def numbers(frame: pd.DataFrame, column: str, default: float = np.nan) -> Floats:
    """A column as floats; `default` where a cell is empty or the column is not there."""
    if column not in frame:
        return np.full(len(frame), default)
    values = pd.to_numeric(frame[column], errors="coerce").to_numpy(float)
    return np.where(np.isfinite(values), values, default)


def texts(frame: pd.DataFrame, column: str) -> list[str]:
    """A column as texts; empty where a cell is empty or the column is not there."""
    if column not in frame:
        return [""] * len(frame)
    return ["" if value is None or value != value else str(value) for value in frame[column]]


def read_rows(frame: pd.DataFrame | None, key: str) -> list[Row]:
    """Rows as mappings in order of their key; empty cells are left out."""
    if frame is None:
        return []
    records = frame.sort_values(key, kind="stable").to_dict("records")
    return [{str(k): v for k, v in record.items() if v is not None and v == v} for record in records]


def row_text(row: Row, name: str) -> str:
    """A cell of a row as text; empty where it is empty."""
    return str(row.get(name, ""))


def row_number(row: Row, name: str, default: float = 0.0) -> float:
    """A cell of a row as a number; `default` where it is empty."""
    return float(row.get(name, default))  # type: ignore[arg-type]


def cube(frame: pd.DataFrame, axes: Sequence[tuple[str, Positions]], values: Floats) -> Floats:
    """Rows added up into an array with one axis per (column, positions); not-a-number where no row is.

    Rows whose name is on no axis are left out; not-a-number values do not count as rows.
    """
    shape = tuple(len(names) for _, names in axes)
    places = [pd.Series(texts(frame, column)).map(names).to_numpy(float) for column, names in axes]
    kept = np.isfinite(values) & np.all([np.isfinite(place) for place in places], axis=0)
    index = tuple(place[kept].astype(int) for place in places)
    total, count = np.zeros(shape), np.zeros(shape)
    np.add.at(total, index, values[kept])
    np.add.at(count, index, 1)
    return np.where(count > 0, total, np.nan)


def since_first(values: Floats) -> Floats:
    """True zeros between a series' first value and the end of the last axis; not-a-number before it.

    A period in which no series at all has a value is missing, not zero.
    """
    known = np.isfinite(values)
    started = np.maximum.accumulate(known, axis=-1)
    covered = known.reshape(-1, values.shape[-1]).any(axis=0)
    return np.where(started & covered, np.nan_to_num(values), np.nan)


def extend_by_season(values: Floats, season: int) -> Floats:
    """Unknown later periods (…, T) repeat the value a season earlier, else the last known one."""
    filled = values.copy()
    for t in range(values.shape[-1]):
        unknown = ~np.isfinite(filled[..., t])
        source = filled[..., t - season] if t >= season else filled[..., t - 1] if t else filled[..., t]
        filled[..., t] = np.where(unknown, source, filled[..., t])
    return filled


def weighted_mean(values: Floats, weights: Floats) -> float:
    """Mean over known values; equal weights where the weights are all zero; not-a-number when none is known."""
    known = np.isfinite(values)
    if not known.any():
        return float("nan")
    w = weights[known] if weights[known].sum() > 0 else np.ones(int(known.sum()))
    return float(np.average(values[known], weights=w))

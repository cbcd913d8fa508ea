"""Frames to arrays: the only place where rows become numbers with a shape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from sop.core.calendar import Calendar
from sop.core.inputs import Families, Floats

Frames = Mapping[str, pd.DataFrame]
"""The tables that are loaded, by name."""
Row = Mapping[str, object]


def numbers(frame: pd.DataFrame, column: str, default: float = np.nan) -> Floats:
    """A column as floats; `default` where a cell is empty or the column is not there."""
    if column not in frame:
        return np.full(len(frame), default)
    values = pd.to_numeric(frame[column], errors="coerce").to_numpy(float)
    return np.where(np.isfinite(values), values, default)


def above_zero(values: Floats) -> Floats:
    """Prices, of which one of nothing is none: not-a-number."""
    return np.where(values > 0, values, np.nan)


def texts(frame: pd.DataFrame, column: str) -> list[str]:
    """A column as texts; empty where a cell is empty or the column is not there."""
    if column not in frame:
        return [""] * len(frame)
    return ["" if value is None or value != value else str(value) for value in frame[column]]


def text_rows(frame: pd.DataFrame, *columns: str) -> list[Any]:
    """Some columns as texts, a tuple for each row."""
    return list(zip(*(texts(frame, column) for column in columns), strict=True))


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


def places_of(frame: pd.DataFrame, column: str, names: Sequence[str]) -> np.ndarray:
    """For each row the place of its text among `names`; −1 where it is none of them."""
    if column not in frame:
        return pd.Index(names).get_indexer(pd.Index(texts(frame, column)))
    codes, different = pd.factorize(frame[column])
    # An empty cell has the code −1, and so the last place.
    wanted = ["" if code is None else str(code) for code in [*different, None]]
    return pd.Index(names).get_indexer(pd.Index(wanted, dtype=object))[codes]


def cube(frame: pd.DataFrame, figures: str | Floats, **axes: Sequence[str]) -> Floats:
    """Rows added up into an array with one axis per column of `axes`; not-a-number where no row is.

    `figures`: a column, or a number for each row. Rows whose name is on no axis or whose number is not known are
    left out.
    """
    values = numbers(frame, figures) if isinstance(figures, str) else figures
    places = np.array([places_of(frame, column, names) for column, names in axes.items()])
    kept = np.isfinite(values) & (places >= 0).all(axis=0)
    index = tuple(places[:, kept])
    total, count = np.zeros((2, *map(len, axes.values())))
    np.add.at(total, index, values[kept])
    np.add.at(count, index, 1)
    return np.where(count > 0, total, np.nan)


def family_cube(frame: pd.DataFrame, figures: str | Floats, families: Families, **axes: Sequence[str]) -> Floats:
    """The same by planning family: rows of a company family count for each of its parts."""
    bases = list(dict.fromkeys(families.base))
    return cube(frame, figures, family=bases, **axes)[[bases.index(base) for base in families.base]]


def planned(frame: pd.DataFrame, figures: str | Floats, calendar: Calendar, **axes: Sequence[str]) -> Floats:
    """The same by planned month (…, T): later months without a row repeat the season before, else the last."""
    filled = cube(frame, figures, **axes, month=calendar.months)
    for t in range(1, filled.shape[-1]):
        source = filled[..., t - (calendar.season_length if t >= calendar.season_length else 1)]
        filled[..., t] = np.where(np.isfinite(filled[..., t]), filled[..., t], source)
    return filled


def weighted_mean(values: Floats, weights: Floats) -> float:
    """Mean over known values; equal weights where the weights are all zero; not-a-number when none is known."""
    known = np.isfinite(values)
    if not known.any():
        return float("nan")
    w = weights[known] if weights[known].sum() > 0 else None
    return float(np.average(values[known], weights=w))

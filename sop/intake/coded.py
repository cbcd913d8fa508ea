"""Columns of a long table as codes: each different text is looked at once, and rows are compared as numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd

from sop.core.tables import Table


class Coded(NamedTuple):
    """A column as its different texts and, by row, the place of each; −1 where it is empty."""

    codes: np.ndarray
    texts: list[str]

    def where(self, holds: Callable[[str], object]) -> np.ndarray:
        """The rows whose text holds; an empty cell does not. Each different text is asked once."""
        return np.array([*(bool(holds(text)) for text in self.texts), False], dtype=bool)[self.codes]


def coded(column: pd.Series) -> Coded:
    """A column of texts, coded."""
    codes, texts = pd.factorize(column)
    return Coded(codes.astype(np.int32), list(texts))


def row_marks(columns: Iterable[pd.Series], rows: int) -> np.ndarray:
    """A number for each of `rows` rows, the same for rows that agree in every column; empty cells agree."""
    marks, count = np.zeros(rows, dtype=np.int64), 1
    for column in columns:
        codes, different = pd.factorize(column)
        marks *= len(different) + 1
        marks += codes
        marks += 1
        count *= len(different) + 1
        if count > 2**40:
            marks, kept = pd.factorize(marks)
            count = len(kept)
    return marks


def row_ids(columns: Iterable[pd.Series], rows: int) -> np.ndarray:
    """The same, numbered from 0 on in the order of the rows."""
    marks = row_marks(columns, rows)
    return pd.factorize(marks)[0] if rows else marks


def all_differ(marks: np.ndarray) -> bool:
    """Whether no two numbers are equal; without a table of all of them, which takes much memory."""
    ordered = np.sort(marks)
    return not bool((ordered[1:] == ordered[:-1]).any())


def key_ids(spec: Table, *frames: pd.DataFrame) -> list[np.ndarray]:
    """For each frame the numbers of its rows' keys: the same where keys are the same, in whichever frame."""
    counts = [len(frame) for frame in frames]
    columns = (pd.concat([frame[name].astype(object) for frame in frames]) for name in spec.full_key)
    return np.split(row_ids(columns, sum(counts)), np.cumsum(counts)[:-1])

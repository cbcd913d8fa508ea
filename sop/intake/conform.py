"""A stored frame as the rules expect it, whatever optional columns it was stored with."""

from __future__ import annotations

import pandas as pd

from sop.core.tables import Table

SOURCE = ("_file", "_line")
"""Where a row came from; not part of its content."""


def conform(spec: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with every contract column and its source: numbers as floats, missing texts as None."""
    full = frame.reindex(columns=[*spec.column_names, *SOURCE]).astype(object)
    full = full.where(full.notna(), None)
    return full.astype({column.name: float for column in spec.columns if column.kind == "number"})

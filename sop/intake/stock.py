"""The identities of stock: a month opens as the month before closed, and closes by its movements.

opening + production + subcontract_receipts + adjustments − shipments = closing, by plant and product.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sop.core.calendar import shift_period

SERIES = ["plant", "product"]
TOLERANCE_UNITS = 0.001
"""Rounding that exported quantities carry; anything above is a break."""


def fill_opening(values: pd.DataFrame, stored: pd.DataFrame | None) -> pd.DataFrame:
    """Rows with a missing `opening` filled by the closing of the month before; without one it stays missing.

    `stored`: rows that the file adds to, whose closings count too.
    """
    return values.assign(opening=values["opening"].fillna(previous_closing(values, stored)))


def previous_closing(values: pd.DataFrame, stored: pd.DataFrame | None = None) -> pd.Series:
    """Each row's closing of the calendar month before, not-a-number where there is none."""
    rows = [values[["month", *SERIES, "closing"]]]
    if stored is not None and len(stored):
        rows.append(stored[["month", *SERIES, "closing"]])
    known = pd.concat(rows).dropna(subset=["month", "closing"]).drop_duplicates(["month", *SERIES])
    known = known.assign(month=_next(known["month"])).rename(columns={"closing": "previous"})
    merged = values[["month", *SERIES]].merge(known, how="left", on=["month", *SERIES])
    return pd.Series(merged["previous"].to_numpy(float), index=values.index)


def _next(months: pd.Series) -> pd.Series:
    after = {month: shift_period(month, 1) for month in months.unique()}
    return pd.Series([after[month] for month in months], months.index, dtype=object)


def movement_gap_units(values: pd.DataFrame) -> pd.Series:
    """closing − (opening + movements) by row, not-a-number where opening, a movement or closing is missing."""
    moved = values["production"] - values["shipments"]
    moved = moved + values["subcontract_receipts"].fillna(0.0) + values["adjustments"].fillna(0.0)
    return values["closing"] - values["opening"] - moved


def is_broken(gap_units: pd.Series) -> pd.Series:
    """Whether a gap is more than rounding; an unknown gap is not."""
    return pd.Series(np.abs(gap_units.to_numpy(float)) > TOLERANCE_UNITS, index=gap_units.index)

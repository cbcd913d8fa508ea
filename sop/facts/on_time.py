"""Delivered order lines: on time in full, by the date the customer asked for and by the date promised; waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sop.core.inputs import Floats, Inputs


@dataclass(frozen=True)
class OnTime:
    """Lines due in each closed month (H,), and those of them on time and in full."""

    months: tuple[str, ...]
    due: Floats
    kept: Floats

    @property
    def share(self) -> Floats:
        """OTIF by month; not-a-number where nothing was due."""
        return np.divide(self.kept, self.due, out=np.full(len(self.due), np.nan), where=self.due > 0)


def on_time_in_full(deliveries: pd.DataFrame, months: Sequence[str], by: str) -> OnTime:
    """OTIF of the lines due in each month; `by` is 'requested' or 'promised', the column with the date due."""
    due_month = deliveries[by].str[:7]
    kept = kept_in_full(deliveries, by)
    return OnTime(tuple(months), _count(due_month, months), _count(due_month[kept], months))


def kept_in_full(lines: pd.DataFrame, by: str) -> pd.Series:
    """Which lines were delivered with all their units on the date `by` or before; one still open was not."""
    in_full = lines["quantity_delivered"] >= lines["quantity_ordered"]
    return in_full & lines["delivered"].notna() & (lines["delivered"] <= lines[by])


def days_waited(lines: pd.DataFrame) -> pd.Series:
    """Days from order to delivery of each line; not-a-number while it is open."""
    return (pd.to_datetime(lines["delivered"]) - pd.to_datetime(lines["ordered"])).dt.days


def _count(values: pd.Series, months: Sequence[str]) -> Floats:
    return values.value_counts().reindex(list(months), fill_value=0).to_numpy().astype(np.float64)


@dataclass(frozen=True)
class Promises:
    """Units promised for each closed month by family (F, H), and those of them delivered by its end."""

    due: Floats
    on_time: Floats


def promises_of(inputs: Inputs, deliveries: pd.DataFrame, months: Sequence[str]) -> Promises:
    """Units promised for each month by family, and those delivered by the end of that month: as plans count."""
    family = deliveries["product"].map(inputs.products.family_by_number)
    rows = deliveries.assign(_family=family, _month=deliveries["promised"].str[:7])
    rows = rows[rows["_family"].notna() & rows["_month"].isin(list(months))]
    in_time = rows["delivered"].notna() & (rows["delivered"].str[:7] <= rows["_month"])
    size = (len(inputs.families.names), len(months))
    place = (rows["_family"].to_numpy(int), np.array([list(months).index(m) for m in rows["_month"]], dtype=int))
    due, on_time = np.zeros(size), np.zeros(size)
    np.add.at(due, place, rows["quantity_ordered"].to_numpy(float))
    delivered = rows[["quantity_delivered", "quantity_ordered"]].min(axis=1).where(in_time, 0.0)
    np.add.at(on_time, place, delivered.to_numpy(float))
    return Promises(due, on_time)

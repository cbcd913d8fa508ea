"""How old each product's stock is, from its receipts of closed months, first in first out, added up by family."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from sop.core.inputs import Floats, Inputs
from sop.facts.stock_value import value_of_stock

AGES = (("Up to 1 month", 1), ("2–3 months", 3), ("4–6 months", 6), ("7–12 months", 12))
"""Ages by name, each up to so many months; what is older comes last."""
_HALF_A_YEAR = AGES[2][1]


@dataclass(frozen=True)
class AgedStock:
    """Closing stock of one family by age (the bounds of `AGES`, then older): units, and money in minor units.

    `unknown` units are older than the receipts that are loaded reach back, with their `unknown_money`.
    """

    family: str
    units: tuple[float, ...]
    money: tuple[float, ...]
    unknown: float
    unknown_money: float


@dataclass(frozen=True)
class StockAges:
    """Ages of all families at the end of `month`, from receipts of `months` closed periods.

    `half_year`: whether those reach back six months.
    """

    month: str
    months: int
    families: tuple[AgedStock, ...]
    half_year: bool = True


def age_stock(inputs: Inputs, frame: pd.DataFrame) -> StockAges:
    """Ages by family from the table of stock movements; plants are added up; what comes back is young again."""
    last = inputs.calendar.last_closed
    rows = frame[frame["month"] <= last]
    months = sorted(rows["month"].unique())
    came_in = rows.assign(
        receipts=rows["production"].fillna(0.0)
        + rows.get("subcontract_receipts", pd.Series(0.0, rows.index)).fillna(0.0)
        + rows.get("adjustments", pd.Series(0.0, rows.index)).fillna(0.0).clip(lower=0.0)
    )
    numbers = inputs.products.numbers
    receipts = (
        came_in.groupby(["product", "month"])["receipts"].sum().unstack(fill_value=0).reindex(columns=months)
    )
    closing = rows[rows["month"] == last].groupby("product")["closing"].sum().reindex(numbers).fillna(0.0)
    units = closing.to_numpy(float)
    ages = stock_ageing(units, receipts.reindex(numbers).fillna(0.0).to_numpy(float))
    ages[:, 0] += np.minimum(units, 0.0)  # Less than nothing is there: what just came is not booked yet.
    families = tuple(_aged(inputs, f, ages) for f in range(len(inputs.families.names)))
    return StockAges(last, len(months), families, len(months) >= round(inputs.calendar.in_periods(_HALF_A_YEAR)))


def stock_ageing(stock: Floats, receipts: Floats) -> Floats:
    """Units of closing stock by age, first in first out (F, H + 1), youngest first, in the unit of `stock` (F,).

    `receipts` (F, H) came in the last H periods, newest last; what they do not explain is older still.

    >>> stock_ageing(np.array([50.0]), np.array([[40.0, 10.0, 20.0]])).tolist()  # 20 of this month, 10, 20 of 40
    [[20.0, 10.0, 20.0, 0.0]]
    """
    newest_first = np.maximum(receipts, 0.0)[:, ::-1]
    came_in = np.concatenate([np.zeros((len(receipts), 1)), np.cumsum(newest_first, axis=1)], axis=1)
    left = np.maximum(np.maximum(stock, 0.0)[:, None] - came_in, 0.0)
    return np.concatenate([left[:, :-1] - left[:, 1:], left[:, -1:]], axis=1)


def _aged(inputs: Inputs, family: int, ages: Floats) -> AgedStock:
    """One family's products together; `ages` (N, months + 1), the youngest first, then what is not explained."""
    own = inputs.products.family == family
    # Ages are in months, whatever the company's periods are.
    bounds = [0, *(round(inputs.calendar.in_periods(months)) for _, months in AGES), ages.shape[1] - 1]
    spans = [slice(min(low, bounds[-1]), min(high, bounds[-1])) for low, high in pairwise(bounds)]
    by_age = [ages[own, span].sum(axis=1) for span in spans]
    units = np.array([*(ages_of.sum() for ages_of in by_age), ages[own, -1].sum()])
    # The ages share the value of the whole, to the cent: it stands on other pages too.
    worth = np.diff(value_of_stock(np.cumsum(units), inputs.position.worth[family]), prepend=0.0)
    return AgedStock(
        family=inputs.families.names[family],
        units=tuple(units[:-1].tolist()),
        money=tuple(worth[:-1].tolist()),
        unknown=float(units[-1]),
        unknown_money=float(worth[-1]),
    )

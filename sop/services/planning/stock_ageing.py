"""How old each product's stock is, from its receipts of closed months, first in first out, added up by family."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

import numpy as np
import pandas as pd

from sop.core.inputs import Floats, Inputs
from sop.core.money import MINOR
from sop.services.acting import reading
from sop.services.planning.room import PlanningRoom
from sop.store.data import read_frame, read_heads
from sop.supply.after.inventory import stock_ageing
from sop.views.inventory.ageing import AGES, AgedStock, StockAges


def read_ages(room: PlanningRoom, person_id: str) -> StockAges | None:
    """Ages of the stock at the end of the last closed month; None where no stock is loaded. Raises NotAllowed."""
    with reading(room.store, person_id):
        chosen = room.input_set()
    return _ages(room, chosen.key)


@lru_cache(maxsize=8)
def _ages(room: PlanningRoom, key: str) -> StockAges | None:
    """`key` names the input set."""
    inputs = room.input_set().inputs
    with room.store.read() as tx:
        heads = read_heads(tx)
        if "inventory" not in heads or inputs.stock is None:
            return None
        frame = read_frame(tx, heads["inventory"].id)
    return age_stock(inputs, frame)


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
    ages = stock_ageing(closing.to_numpy(float), receipts.reindex(numbers).fillna(0.0).to_numpy(float))
    return StockAges(last, len(months), tuple(_aged(inputs, f, ages) for f in range(len(inputs.families.names))))


def _aged(inputs: Inputs, family: int, ages: Floats) -> AgedStock:
    """One family's products together; `ages` (N, months + 1), the youngest first, then what is not explained."""
    own = inputs.products.family == family
    cost = inputs.products.unit_cost[own] * MINOR
    bounds = [0, *(months for _, months in AGES), ages.shape[1] - 1]
    spans = [slice(min(low, bounds[-1]), min(high, bounds[-1])) for low, high in pairwise(bounds)]
    by_age = [ages[own, span].sum(axis=1) for span in spans]
    return AgedStock(
        family=inputs.families.names[family],
        units=tuple(float(units.sum()) for units in by_age),
        money=tuple(_worth(units, cost) for units in by_age),
        unknown=float(ages[own, -1].sum()),
        unknown_money=_worth(ages[own, -1], cost),
    )


def _worth(units: Floats, cost: Floats) -> float:
    """What units (N,) cost in minor units; a product without units needs no cost."""
    return float(np.where(units > 0, units * cost, 0.0).sum())

"""Stock movements and the order book."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sop.core.calendar import periods_between
from sop.core.inputs import Floats, OrderHistory, Products, StockHistory
from sop.intake.blocks.arrays import cube, numbers, positions, texts


def build_stock(frame: pd.DataFrame, products: Products, families: int, last_closed: str) -> StockHistory | None:
    """Movements by family and closed month, plants added up; None where no closed month is loaded."""
    months = periods_between(min(texts(frame, "month")), last_closed)
    if not months:
        return None
    axes = [("product", positions(products.numbers)), ("month", positions(months))]

    def flow(column: str) -> Floats:
        return _by_family(np.nan_to_num(cube(frame, axes, numbers(frame, column))), products, families)

    closing = _by_family(cube(frame, axes, numbers(frame, "closing")), products, families)
    production, shipments = flow("production"), flow("shipments")
    subcontract, adjustments = flow("subcontract_receipts"), flow("adjustments")
    # Opening follows from the identity, so that it holds to the unit also where the file brings no opening.
    opening = closing - production - subcontract - adjustments + shipments
    return StockHistory(months, opening, production, subcontract, adjustments, shipments, closing)


def build_orders(
    frame: pd.DataFrame,
    products: Products,
    families: int,
    regions: tuple[str, ...],
    last_closed: str,
    recent_shipments: Floats,
    lead_time_months: Floats,
) -> OrderHistory | None:
    """Open orders by family, region and closed month.

    Where `past_due` is not given it is what exceeds the standard lead time at recent shipments (F, R) a month.
    """
    months = periods_between(min(texts(frame, "month")), last_closed)
    if not months:
        return None
    axes = [("product", positions(products.numbers)), ("region", positions(regions)), ("month", positions(months))]
    quantity = _by_family(np.nan_to_num(cube(frame, axes, numbers(frame, "quantity"))), products, families)
    past_due = numbers(frame, "past_due")
    if np.isfinite(past_due).any():
        late = _by_family(np.nan_to_num(cube(frame, axes, past_due)), products, families)
    else:
        late = np.clip(quantity - (recent_shipments * lead_time_months[:, None])[..., None], 0, None).round()
    return OrderHistory(months, quantity, np.minimum(late, quantity))


def _by_family(values: Floats, products: Products, families: int) -> Floats:
    """Product values (N, …) added up to families (F, …); not-a-number only where no product has a value."""
    total = np.full((families, *values.shape[1:]), np.nan)
    for f in range(families):
        part = values[products.family == f]
        total[f] = np.where(np.isfinite(part).any(axis=0), np.nan_to_num(part).sum(axis=0), np.nan)
    return total

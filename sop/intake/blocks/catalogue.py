"""Products and planning families from the `products` table."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sop.core.inputs import Families, Floats, Products
from sop.core.terms import Strategy
from sop.intake.blocks.arrays import numbers, texts, weighted_mean


def build_products(frame: pd.DataFrame) -> tuple[Products, list[tuple[str, Strategy]]]:
    """Products in order of their number, and the planning families (base name, strategy) they fall into."""
    frame = frame.sort_values("product", kind="stable")
    strategies = [Strategy(text) if text else Strategy.MTS for text in texts(frame, "strategy")]
    pairs = list(zip(texts(frame, "family"), strategies, strict=True))
    families = sorted(set(pairs), key=lambda pair: (pair[0], pair[1].value))
    place = {pair: i for i, pair in enumerate(families)}
    products = Products(
        numbers=tuple(texts(frame, "product")),
        names=tuple(texts(frame, "name")),
        family=np.array([place[pair] for pair in pairs], dtype=np.int64),
        list_price=_prices(frame),
        unit_cost=numbers(frame, "unit_cost"),
        retired=np.array([status == "retired" for status in texts(frame, "status")], dtype=bool),
    )
    return products, families


def _prices(frame: pd.DataFrame) -> Floats:
    """List price by row; a price of nothing is none: a product that is sold has one."""
    price = numbers(frame, "price")
    return np.where(price > 0, price, np.nan)


def build_families(
    frame: pd.DataFrame, products: Products, pairs: list[tuple[str, Strategy]], weights: Floats
) -> Families:
    """Planning families with means of their products' data, weighted by `weights` (N,) recent shipments."""
    frame = frame.sort_values("product", kind="stable")
    bases = [base for base, _ in pairs]
    members = [products.family == i for i in range(len(pairs))]
    units = texts(frame, "unit")

    def mean(column: str | Floats) -> Floats:
        values = numbers(frame, column) if isinstance(column, str) else column
        return np.array([weighted_mean(values[m], weights[m]) for m in members])

    return Families(
        names=tuple(f"{base} ({s.value})" if bases.count(base) > 1 else base for base, s in pairs),
        base=tuple(bases),
        strategy=tuple(s for _, s in pairs),
        unit=tuple(next((units[i] for i in np.flatnonzero(m) if units[i]), "each") for m in members),
        list_price=mean(_prices(frame)),
        unit_cost=mean("unit_cost"),
        standard_lead_time_days=mean("standard_lead_time_days"),
        target_lead_time_days=mean("target_lead_time_days"),
        service_level=mean("service_level"),
        volume_per_unit=mean("volume_per_unit"),
        priority=np.nan_to_num(mean("priority"), nan=1.0),
    )

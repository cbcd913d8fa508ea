"""What delivery lines and stock movements tell of closed months, by family and month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from sop.core.inputs import Floats, Inputs
from sop.facts.on_time import days_waited, kept_in_full


@dataclass(frozen=True)
class ClosedFacts:
    """What is known of closed months beyond the inputs of the plan; each None where its table is not loaded.

    `lines_due`, `lines_in_full` (F, H of `delivery_months`): order lines promised for the month, and those
    delivered by the promised day in full; `lines_requested`, `lines_as_requested` the same by the day that the
    customer asked for. `wait_days`, `lines_delivered` alike: days from order to delivery,
    summed over the lines delivered in the month. `made_at` (F, H of `plant_months`) units made, by plant.
    """

    delivery_months: tuple[str, ...] = ()
    lines_due: Floats | None = None
    lines_in_full: Floats | None = None
    lines_requested: Floats | None = None
    lines_as_requested: Floats | None = None
    wait_days: Floats | None = None
    lines_delivered: Floats | None = None
    plant_months: tuple[str, ...] = ()
    made_at: Mapping[str, Floats] = field(default_factory=dict)


def closed_facts(inputs: Inputs, deliveries: pd.DataFrame | None, stock: pd.DataFrame | None) -> ClosedFacts:
    """The facts from the tables deliveries and inventory; None where a table is not loaded."""
    facts = ClosedFacts()
    if deliveries is not None:
        facts = _with_deliveries(facts, inputs, deliveries)
    return facts if stock is None else _with_plants(facts, inputs, stock)


def _with_deliveries(facts: ClosedFacts, inputs: Inputs, deliveries: pd.DataFrame) -> ClosedFacts:
    """Order lines by the month for which they were promised, and waits by the month of delivery."""
    months, done = inputs.history.months, deliveries["delivered"].notna()
    rows = deliveries.assign(
        promised_month=deliveries["promised"].str[:7],
        requested_month=deliveries["requested"].str[:7],
        delivered_month=deliveries["delivered"].str[:7],
        kept=kept_in_full(deliveries, "promised").astype(float),
        as_asked=kept_in_full(deliveries, "requested").astype(float),
        one=1.0,
        wait=days_waited(deliveries),
    )
    return replace(
        facts,
        delivery_months=months,
        lines_due=_cube(inputs, rows, "promised_month", "one"),
        lines_in_full=_cube(inputs, rows, "promised_month", "kept"),
        lines_requested=_cube(inputs, rows, "requested_month", "one"),
        lines_as_requested=_cube(inputs, rows, "requested_month", "as_asked"),
        wait_days=_cube(inputs, rows[done], "delivered_month", "wait"),
        lines_delivered=_cube(inputs, rows[done], "delivered_month", "one"),
    )


def _with_plants(facts: ClosedFacts, inputs: Inputs, stock: pd.DataFrame) -> ClosedFacts:
    """Units made by plant, family and month."""
    made_at = {
        str(plant): np.nan_to_num(_cube(inputs, rows, "month", "production"))
        for plant, rows in stock.groupby("plant")
    }
    return replace(facts, plant_months=inputs.history.months, made_at=made_at)


def _cube(inputs: Inputs, rows: pd.DataFrame, month: str, column: str) -> Floats:
    """A column added up by family and closed month (F, H); not-a-number where there is no row."""
    months, families = inputs.history.months, len(inputs.families.names)
    family = rows["product"].map(inputs.products.family_by_number)
    total = rows.assign(family=family).groupby(["family", month])[column].sum()
    places = pd.MultiIndex.from_product([range(families), months])
    return total.reindex(places).to_numpy(float).reshape(families, len(months))

"""What delivery lines and stock movements tell of closed months, by family and month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from sop.core.arrays import Labelled
from sop.core.inputs import Floats, Inputs


@dataclass(frozen=True)
class OnTime:
    """What was due in closed `months` (…, H), and what of it was kept: by family (F, H) or of several together."""

    months: tuple[str, ...]
    due: Floats
    kept: Floats

    @property
    def share(self) -> Floats:
        """The share kept; not-a-number where nothing was due."""
        return np.divide(self.kept, self.due, out=np.full(self.due.shape, np.nan), where=self.due > 0)

    def of(self, rows: Sequence[int] | slice = slice(None)) -> OnTime:
        """Some families together (H,)."""
        return OnTime(self.months, np.nansum(self.due[rows], axis=0), np.nansum(self.kept[rows], axis=0))

    def on(self, months: Sequence[str]) -> OnTime:
        """The same on other months; nothing due in months that are not closed."""
        return OnTime(tuple(months), self._placed(self.due, months), self._placed(self.kept, months))

    def _placed(self, values: Floats, months: Sequence[str]) -> Floats:
        rows = np.atleast_2d(values)
        found = Labelled(rows, row=range(len(rows)), month=self.months).on(month=months).values
        return np.nan_to_num(found).reshape(*values.shape[:-1], len(months))


@dataclass(frozen=True)
class ClosedFacts:
    """What is known of closed months beyond the inputs of the plan; each None where its table is not loaded.

    `promised`, `requested`: order lines due by the promised day or by the day asked for, and those of them
    delivered by that day in full. `in_month`: units promised for the month, and those of them delivered by its
    end, as plans count. `units_delivered` and `unit_days` (F, H of `wait_months`): units delivered in the month,
    and their days from order to delivery added up. `made_at` (F, H of `plant_months`) units made, by plant.
    """

    promised: OnTime | None = None
    requested: OnTime | None = None
    in_month: OnTime | None = None
    wait_months: tuple[str, ...] = ()
    units_delivered: Floats | None = None
    unit_days: Floats | None = None
    plant_months: tuple[str, ...] = ()
    made_at: Mapping[str, Floats] = field(default_factory=dict)

    def mean_wait(self, rows: Sequence[int]) -> Floats:
        """Mean days from order to delivery of the units that some families delivered in each of `wait_months`."""
        if self.units_delivered is None or self.unit_days is None:
            return np.full(len(self.wait_months), np.nan)
        units, days = (np.nansum(values[rows], axis=0) for values in (self.units_delivered, self.unit_days))
        return np.divide(days, units, out=np.full(len(units), np.nan), where=units > 0)


def closed_facts(inputs: Inputs, deliveries: pd.DataFrame | None, stock: pd.DataFrame | None) -> ClosedFacts:
    """The facts from the tables deliveries and inventory; None where a table is not loaded."""
    facts, months = ClosedFacts(), inputs.history.months
    if deliveries is not None:
        facts = _with_deliveries(facts, inputs, deliveries)
    if stock is None:
        return facts
    made_at = {
        str(plant): np.nan_to_num(_cube(inputs, rows, rows["month"], rows["production"]))
        for plant, rows in stock.groupby("plant")
    }
    return replace(facts, plant_months=months, made_at=made_at)


def _with_deliveries(facts: ClosedFacts, inputs: Inputs, lines: pd.DataFrame) -> ClosedFacts:
    """Order lines by the month for which they were promised or wanted, and waits by the month of delivery."""
    months, done = inputs.history.months, lines["delivered"].notna()
    ordered, came = lines["quantity_ordered"].astype(float), lines["quantity_delivered"].astype(float)

    def by_month(column: str, values: pd.Series) -> Floats:
        return _cube(inputs, lines, lines[column].str[:7], values)

    def in_full(by: str) -> OnTime:
        kept = done & (came >= ordered) & (lines["delivered"] <= lines[by])
        return OnTime(months, by_month(by, lines[by].notna()), by_month(by, kept))

    in_month = done & (lines["delivered"].str[:7] <= lines["promised"].str[:7])
    units = came.clip(upper=ordered).where(in_month, 0.0)
    days = (pd.to_datetime(lines["delivered"]) - pd.to_datetime(lines["ordered"])).dt.days
    return replace(
        facts,
        promised=in_full("promised"),
        requested=in_full("requested"),
        in_month=OnTime(months, by_month("promised", ordered), by_month("promised", units)),
        wait_months=months,
        units_delivered=by_month("delivered", came),
        unit_days=by_month("delivered", days * came),
    )


def _cube(inputs: Inputs, rows: pd.DataFrame, month: pd.Series, values: pd.Series) -> Floats:
    """Values added up by family and closed month (F, H); not-a-number where there is no row."""
    months, families = inputs.history.months, len(inputs.families.names)
    family = rows["product"].map(inputs.products.family_by_number)
    total = values.astype(float).groupby([family, month]).sum()
    places = pd.MultiIndex.from_product([range(families), months])
    return np.asarray(total.reindex(places), dtype=np.float64).reshape(families, len(months))

"""What delivery lines and stock movements tell of closed months, by family and month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import pandas as pd

from sop.core.arrays import Labelled
from sop.core.calendar import Bucket, period_of
from sop.core.findings import Finding
from sop.core.format import number
from sop.core.inputs import Floats, Inputs
from sop.core.money import MINOR


@dataclass(frozen=True)
class OnTime:
    """What was due in closed `months` (…, H), and what of it was kept: by family (F, H) or of several together.

    In minor units, lines at today's net price; in units where not every price is known (not `in_money`).
    """

    months: tuple[str, ...]
    due: Floats
    kept: Floats
    in_money: bool = True

    @property
    def share(self) -> Floats:
        """The share kept; not-a-number where nothing was due."""
        return np.divide(self.kept, self.due, out=np.full(self.due.shape, np.nan), where=self.due > 0)

    def of(self, rows: Sequence[int] | slice = slice(None)) -> OnTime:
        """Some families together (H,)."""
        return replace(self, due=np.nansum(self.due[rows], axis=0), kept=np.nansum(self.kept[rows], axis=0))

    def on(self, months: Sequence[str]) -> OnTime:
        """The same on other months; nothing due in months that are not closed."""
        return replace(
            self, months=tuple(months), due=self._placed(self.due, months), kept=self._placed(self.kept, months)
        )

    def of_year(self, year: int, back: int = 1) -> tuple[Floats, Floats]:
        """What was kept and what was due (…,) in the last twelve months (1), or in the twelve before them (2).

        `year`: periods in twelve months; nothing where order lines do not go back as far, for part of a year is
        not the year.
        """
        closed, due = self.due.shape[-1], np.nan_to_num(self.due).reshape(-1, self.due.shape[-1]).any(axis=0)
        first, end = closed - year * back, closed - year * (back - 1)
        span = slice(first, end) if due.any() and int(due.argmax()) <= first else slice(0, 0)
        return np.nansum(self.kept[..., span], axis=-1), np.nansum(self.due[..., span], axis=-1)

    def over(self, periods: int) -> OnTime:
        """What was due and kept over each period and those before it, `periods` in all or as many as there are."""
        if periods == 1:
            return self
        return replace(self, due=_over(self.due, periods), kept=_over(self.kept, periods))

    def _placed(self, values: Floats, months: Sequence[str]) -> Floats:
        rows = np.atleast_2d(values)
        found = Labelled(rows, row=range(len(rows)), month=self.months).on(month=months).values
        return np.nan_to_num(found).reshape(*values.shape[:-1], len(months))


def _over(values: Floats, periods: int) -> Floats:
    """Sums over each period and those before it (…, H), `periods` in all."""
    total = np.cumsum(np.nan_to_num(values), axis=-1)
    total[..., periods:] -= total[..., :-periods].copy()
    return total


@dataclass(frozen=True)
class ClosedFacts:
    """What is known of closed months beyond the inputs of the plan; each None where its table is not loaded.

    `promised`, `requested`: value of order lines due by the promised day or by the day asked for, and of those of
    them delivered by that day in full. `in_month`: of lines promised for the month, and of those delivered whole
    by its end, which is all that a plan by month knows. `units_delivered` and `unit_days` (F, H of `wait_months`):
    units delivered in the month, and their days from order to delivery added up. `made_at` (F, H of
    `plant_months`) units made, by plant.
    """

    promised: OnTime | None = None
    requested: OnTime | None = None
    in_month: OnTime | None = None
    wait_months: tuple[str, ...] = ()
    units_delivered: Floats | None = None
    unit_days: Floats | None = None
    plant_months: tuple[str, ...] = ()
    made_at: Mapping[str, Floats] = field(default_factory=dict)

    def by_day(self, year: int) -> Floats | None:
        """Of what came whole in the month promised, the share (F,) that came by its day, last twelve months.

        A family of which nothing came takes the company's share; None where nothing of anybody came.
        """
        if self.promised is None or self.in_month is None:
            return None
        kept, came = (np.nansum(lines.kept[:, -year:], axis=1) for lines in (self.promised, self.in_month))
        if not came.sum():
            return None
        share: Floats = np.divide(kept, came, out=np.full(len(came), kept.sum() / came.sum()), where=came > 0)
        return share.round(4)

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
        if rows["production"].notna().any()
    }
    return replace(facts, plant_months=months, made_at=made_at)


def with_promises(lines: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    """Order lines of which those without a promise are due by the day asked for, and what cannot be told then."""
    lines = lines.reindex(columns=[*dict.fromkeys([*lines.columns, "promised", "requested"])])
    without = lines["promised"].isna()
    asked = int((without & lines["requested"].notna()).sum())
    never = int((without & lines["requested"].isna()).sum())
    found = []
    if asked:
        what = (
            f"{number(asked)} order lines have no promise and count by the day asked for: promises are not known"
        )
        found.append(Finding("note", "no_promise", what, "Fill promised", "deliveries", column="promised"))
    if never:
        what = (
            f"{number(never)} order lines were neither promised nor asked for by a day: they count for waits alone"
        )
        found.append(Finding("note", "no_due_day", what, "Fill promised", "deliveries", column="promised"))
    return lines.assign(promised=lines["promised"].where(~without, lines["requested"])), found


def _with_deliveries(facts: ClosedFacts, inputs: Inputs, lines: pd.DataFrame) -> ClosedFacts:
    """Order lines by the month for which they were promised or wanted, and waits by the month of delivery."""
    lines = with_promises(lines)[0]
    months, done = inputs.history.months, lines["delivered"].notna()
    ordered, came = lines["quantity_ordered"].astype(float), lines["quantity_delivered"].astype(float)
    worth, in_money = _line_worth(inputs, lines)

    def by_month(column: str, values: pd.Series) -> Floats:
        return _cube(inputs, lines, periods[column], values)

    def in_full(by: str, in_time: pd.Series) -> OnTime:
        kept = worth.where(done & (came >= ordered) & in_time, 0.0)
        return OnTime(months, by_month(by, worth.where(lines[by].notna(), 0.0)), by_month(by, kept), in_money)

    lines = lines.astype({"promised": object, "requested": object})
    periods = {day: _periods(lines[day], inputs.calendar.bucket) for day in ("promised", "requested", "delivered")}
    in_month = periods["delivered"] <= periods["promised"].astype("string")
    days = (pd.to_datetime(lines["delivered"]) - pd.to_datetime(lines["ordered"])).dt.days
    return replace(
        facts,
        promised=in_full("promised", lines["delivered"] <= lines["promised"]),
        requested=in_full("requested", lines["delivered"] <= lines["requested"]),
        in_month=in_full("promised", in_month),
        wait_months=months,
        units_delivered=by_month("delivered", came),
        unit_days=by_month("delivered", days * came),
    )


def _periods(days: pd.Series, bucket: Bucket) -> pd.Series:
    """The period in which each day lies; missing where there is no day."""
    named = {day: period_of(date.fromisoformat(day[:10]), bucket) for day in days.dropna().unique()}
    return days.map(named)


def _line_worth(inputs: Inputs, lines: pd.DataFrame) -> tuple[pd.Series, bool]:
    """Value of each order line at today's net price of its family and region, minor units; its units, and False,
    where the price of any of them is not known."""
    ordered = lines["quantity_ordered"].astype(float)
    family = lines["product"].map(inputs.products.family_by_number)
    region = lines.get("region", pd.Series("", lines.index)).map({r: i for i, r in enumerate(inputs.regions)})
    price = inputs.position.price
    # A line of a region without sales counts at the family's mean.
    mean = np.divide(
        np.nansum(price, axis=1), np.isfinite(price).sum(axis=1), out=np.full(len(price), np.nan),
        where=np.isfinite(price).any(axis=1),
    )  # fmt: skip
    full = np.column_stack([price, mean])
    known = family.notna().to_numpy()
    each = np.full(len(lines), np.nan)
    each[known] = full[family[known].astype(int), region[known].fillna(len(inputs.regions)).astype(int)]
    if (known & ~np.isfinite(each) & (ordered.to_numpy() != 0)).any():
        return ordered, False
    return (ordered * np.nan_to_num(each) * MINOR).round(), True


def _cube(inputs: Inputs, rows: pd.DataFrame, month: pd.Series, values: pd.Series) -> Floats:
    """Values added up by family and closed month (F, H); not-a-number where there is no row."""
    months, families = inputs.history.months, len(inputs.families.names)
    family = rows["product"].map(inputs.products.family_by_number)
    total = values.astype(float).groupby([family, month]).sum()
    places = pd.MultiIndex.from_product([range(families), months])
    return np.asarray(total.reindex(places), dtype=np.float64).reshape(families, len(months))

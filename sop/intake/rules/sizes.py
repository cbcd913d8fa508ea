"""Rules about sizes: figures that are numbers but cannot be, or hardly can."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sop.core.calendar import days_in
from sop.core.findings import Finding
from sop.facts.given import given_revenue
from sop.intake.subject import Subject

JUMP = 500.0
"""Times the usual size from which a figure is taken for one in another unit (×1000)."""
_LEAST_OTHERS = 3
_SIZED = ("units", "currency", "hours", "people")
_GROUP = 100
"""Machines beyond which no resource is one group."""


def check_negative_sales(subject: Subject) -> list[Finding]:
    """Units sold below zero are asked about (returns or a wrong sign); negative revenue alone is a warning."""
    if subject.spec.name != "sales_actuals":
        return []
    frame = subject.frame
    accepted = subject.answers.get("negative_sales") == "returns"
    findings = []
    for name in ("quantity", "ordered"):
        what = f"{name} is negative" + (" and kept as returns" if accepted else "")
        remedy = (
            "" if accepted else "Answer negative_sales=returns if more came back than was sold, else mend the sign"
        )
        findings += subject.at(
            frame[name] < 0, "warning" if accepted else "question", "negative_sales", what, remedy, name
        )
    rows = (frame["revenue"] < 0) & ~(frame["quantity"] < 0)
    what = "revenue is negative though units were sold"
    return findings + subject.at(rows, "warning", "negative_revenue", what, "Check for credit notes", "revenue")


def check_revenue_given(subject: Subject) -> list[Finding]:
    """Revenue of 0 for all that a product or a month sold is not given: list price stands in."""
    if subject.spec.name != "sales_actuals":
        return []
    frame = subject.frame
    given = ~np.isnan(given_revenue(*(frame[name] for name in ("product", "month", "quantity", "revenue"))))
    rows = (frame["revenue"] == 0) & (frame["quantity"] != 0) & ~given
    what = "units were sold and no revenue of this product, or in this month, is given: it counts at list price"
    remedy = "Fill revenue, or leave the column out; without a list price the plan has units only"
    return subject.at(rows, "warning", "no_revenue", what, remedy, "revenue")


def _month_days(frame: pd.DataFrame) -> pd.Series:
    return frame["month"].map({month: days_in(month) for month in frame["month"].dropna().unique()}).astype(float)


def check_capacity_hours(subject: Subject) -> list[Finding]:
    """More hours than the month has are a warning (one machine cannot); a hundredfold is an error."""
    if subject.spec.name != "capacity":
        return []
    share = subject.frame["capacity_hours"] / (_month_days(subject.frame) * 24)
    what = "capacity_hours is more than a month has"
    return [
        *subject.at(
            (share > 1) & (share <= _GROUP),
            "warning",
            "capacity_hours",
            f"{what}: only a group of machines can",
            "Check it, unless the resource is a group",
            "capacity_hours",
        ),
        *subject.at(
            share > _GROUP,
            "error",
            "capacity_hours",
            f"{what}, for more than {_GROUP} machines",
            "Check the unit: hours, not minutes",
            "capacity_hours",
        ),
    ]


def check_working_days(subject: Subject) -> list[Finding]:
    """A month has no more working days than days, and no more shutdown days than working days."""
    if subject.spec.name != "calendar":
        return []
    frame = subject.frame
    return [
        *subject.at(
            frame["working_days"] > _month_days(frame),
            "error",
            "working_days",
            "more working days than the month has",
            "Check the month and the figure",
            "working_days",
        ),
        *subject.at(
            frame["shutdown_days"] > frame["working_days"],
            "error",
            "working_days",
            "more shutdown days than working days",
            "Check both figures",
            "shutdown_days",
        ),
    ]


def check_jumps(subject: Subject) -> list[Finding]:
    """A figure 500 times or more its series' usual size is a warning: it may be in another unit (×1000)."""
    if not subject.spec.has_months:
        return []
    series = [name for name in subject.spec.key if name != "month"]
    findings = []
    for column in subject.spec.columns:
        if (
            column.kind != "number"
            or column.unit not in _SIZED
            or column.name in ("opening", "closing", "adjustments")
        ):
            continue
        size = subject.frame[column.name].abs()
        known = subject.frame[series].fillna("").assign(size=size.where(size > 0))
        groups = known.groupby(series, sort=False)["size"]
        usual, count = groups.transform("median"), groups.transform("count")
        rows = (count > _LEAST_OTHERS) & (size >= JUMP * usual)
        what = f"{column.name} is {JUMP:g} times its series' usual size or more"
        findings += subject.at(rows, "warning", "jump", what, "Check the unit and the decimal mark", column.name)
    return findings


def check_restatements(subject: Subject) -> list[Finding]:
    """A figure 500 times larger or smaller than the stored one of the same key is a warning: the unit changed."""
    if subject.stored is None or not len(subject.frame):
        return []
    key = list(subject.spec.full_key)
    names = [c.name for c in subject.spec.columns if c.kind == "number" and c.name not in ("opening", "closing")]
    stored = subject.stored[[*key, *names]].drop_duplicates(key)
    both = subject.frame[[*key, *names]].merge(stored, how="left", on=key, suffixes=("", "_stored"))
    findings = []
    for name in names:
        new, old = both[name].abs().to_numpy(float), both[f"{name}_stored"].abs().to_numpy(float)
        with np.errstate(divide="ignore", invalid="ignore"):
            times = np.where((new > 0) & (old > 0), np.maximum(new / old, old / new), 1.0)
        rows = pd.Series(times >= JUMP, index=subject.frame.index)
        what = f"{name} differs {JUMP:g} times or more from the stored figure"
        findings += subject.at(rows, "warning", "restatement", what, "Check whether the unit changed", name)
    return findings


def check_price_below_cost(subject: Subject) -> list[Finding]:
    """A list price below the standard cost is a warning."""
    if subject.spec.name != "products":
        return []
    rows = subject.frame["price"] < subject.frame["unit_cost"]
    what = "the list price is below the standard cost"
    return subject.at(rows, "warning", "price_below_cost", what, "Check both, and the currency", "price")

"""Rules about figures that cannot be, or hardly can: sizes, dates of orders, the books of stock."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sop.core.calendar import days_in, worded
from sop.core.findings import Finding
from sop.core.format import how_many, number
from sop.core.tables import Column
from sop.facts.given import given_revenue
from sop.intake.coded import key_ids, row_ids
from sop.intake.subject import RowRule, Subject, of_table
from sop.intake.typed import SERIES, adds_up, previous_closing

JUMP = 500.0
"""Times the usual size from which a figure is taken for one in another unit (×1000)."""
TOLERANCE_UNITS = 0.001
"""Rounding that exported quantities of stock carry; anything above is a break."""
_LEAST_OTHERS = 3
_SIZED = ("units", "currency", "hours", "people")
_GROUP = 100
"""Machines beyond which no resource is one group."""
_ADJUST = "Mend it, or book the difference in adjustments"


# -- sizes


def _days(subject: Subject) -> pd.Series:
    """Calendar days of each row's month."""
    months = subject.frame["month"]
    return months.map({month: days_in(month) for month in months.dropna().unique()}).astype(float)


def _machines(subject: Subject) -> pd.Series:
    """How many machines it takes to offer a row's hours."""
    return subject.frame["capacity_hours"] / (_days(subject) * 24)


def _is_negative(subject: Subject, column: Column, answered: bool) -> pd.Series:
    """Sales below zero, where somebody has answered that they are returns or nobody has."""
    return (subject.frame[column.name] < 0) & ((subject.answers.get("negative_sales") == "returns") is answered)


def _sized(subject: Subject) -> list[Column]:
    """Columns of months whose figures are alike in size."""
    stocks = ("opening", "closing", "adjustments")
    return [
        c for c in subject.spec.columns if subject.spec.has_months and c.unit in _SIZED and c.name not in stocks
    ]


def _jumps(subject: Subject, column: Column) -> pd.Series:
    frame = subject.frame
    size = frame[column.name].abs().to_numpy(float)
    found = np.zeros(len(size), dtype=bool)
    if not (size > 0).any():
        return pd.Series(found, frame.index)
    ids = row_ids((frame[name] for name in subject.spec.key if name != "month"), len(size))
    most, least = np.zeros(ids.max() + 1), np.full(ids.max() + 1, np.inf)
    np.fmax.at(most, ids, size)
    np.fmin.at(least, ids, np.where(size > 0, size, np.inf))
    # Only a series that spans as much can have a jump; of a long table that are few.
    rows = np.flatnonzero((most / JUMP >= least)[ids] & (size > 0))
    groups = pd.Series(size[rows]).groupby(ids[rows], sort=False)
    found[rows] = (groups.transform("count") > _LEAST_OTHERS) & (size[rows] >= JUMP * groups.transform("median"))
    return pd.Series(found, frame.index)


def _before_order(subject: Subject, column: Column) -> pd.Series:
    return subject.frame[column.name].fillna("9999") < subject.frame["ordered"].fillna("")


def check_revenue_given(subject: Subject) -> list[Finding]:
    """Revenue of 0 for all that a product, a region or a month sold is not given: list price stands in.

    Of a product that is paid for otherwise, months for nothing are told: they lower its price.
    """
    if subject.spec.name != "sales_actuals":
        return []
    frame = subject.frame
    zero = (frame["revenue"] == 0) & (frame["quantity"] != 0)
    if not zero.any():
        return []
    given = ~np.isnan(
        given_revenue(*(frame[name] for name in ("product", "region", "month", "quantity", "revenue")))
    )
    what = worded(
        "units were sold and no revenue of this product, region or month is given: it counts at list price"
    )
    remedy = "Fill revenue, or leave the column out; without a list price the plan has units only"
    told = subject.at(zero & ~given, "warning", "no_revenue", what, remedy, "revenue")
    paid = (frame["revenue"].fillna(1.0) != 0).groupby(row_ids((frame["product"], frame["month"]), len(frame)))
    free = zero & given & (frame["quantity"] > 0) & ~paid.transform("any")
    what = worded(
        "units were sold for 0 in all this month though this product is paid for in others: its price is lower"
    )
    remedy = "Leave the cell empty where revenue is not known; list price stands in then"
    return told + subject.at(free, "warning", "free_month", what, remedy, "revenue")


def check_restatements(subject: Subject) -> list[Finding]:
    """A figure 500 times larger or smaller than the stored one of the same key is a warning: the unit changed."""
    if subject.stored is None or not len(subject.frame):
        return []
    key = list(subject.spec.full_key)
    names = [c.name for c in subject.spec.columns if c.kind == "number" and c.name not in ("opening", "closing")]
    ours, theirs = key_ids(subject.spec, subject.frame, subject.stored)
    stored = subject.stored.loc[np.isin(theirs, ours), [*key, *names]].drop_duplicates(key)
    if stored.empty:
        return []
    both = subject.frame[[*key, *names]].merge(stored, how="left", on=key, suffixes=("", "_stored"))
    found: list[Finding] = []
    for name in names:
        new, old = (both[column].abs().replace(0, np.nan).to_numpy(float) for column in (name, f"{name}_stored"))
        rows = pd.Series(np.maximum(new / old, old / new) >= JUMP, index=subject.frame.index)
        what = f"{name} differs {JUMP:g} times or more from the stored figure"
        found += subject.at(rows, "warning", "restatement", what, "Check whether the unit changed", name)
    return found


# -- stock: opening + production + subcontract_receipts + adjustments − shipments = closing, by plant and product


def _breaks(gap_units: pd.Series) -> pd.Series:
    """Whether a gap is more than rounding; an unknown gap is not."""
    return gap_units.abs() > TOLERANCE_UNITS


def _moves_break(values: pd.DataFrame) -> pd.Series:
    """Rows whose movements do not lead from opening to closing."""
    moved = values["production"] - values["shipments"]
    moved = moved + values["subcontract_receipts"].fillna(0.0) + values["adjustments"].fillna(0.0)
    return _breaks(values["closing"] - values["opening"] - moved)


def check_next_opening(subject: Subject) -> list[Finding]:
    """Added months must close with what the stored months after them opened with; a break is an error."""
    if subject.spec.name != "inventory" or subject.kept is None:
        return []
    given, stored = (pd.MultiIndex.from_frame(f[["month", *SERIES]]) for f in (subject.frame, subject.kept))
    rest = subject.kept[~stored.isin(given)]
    broken = rest[_breaks(rest["opening"] - previous_closing(rest, subject.frame))]
    if broken.empty:
        return []
    first = broken.iloc[0]
    what = (
        f"{how_many(len(broken), 'stored rows', 'open')} with another stock than this file closes "
        f"with, from {first['month']}"
    )
    remedy = worded("Bring the later months in the same file")
    return subject.finding("error", "opening_break", what, remedy, "closing", str(first["product"]), len(broken))


def check_negative_closing(subject: Subject) -> list[Finding]:
    """A negative closing stock is a warning where the movements add up (books have them), else an error.

    Rows that `until` sets aside are looked at too, so that the whole file's books are judged.
    """
    if subject.spec.name != "inventory":
        return []
    rows = subject.frame if adds_up(subject.spec, subject.answers) else subject.values
    negative, broken = rows["closing"] < 0, _moves_break(rows)
    aside = int((negative & ~broken).reindex(subject.set_aside.index, fill_value=False).sum())
    booked = "closing stock is negative though the movements add up"
    booked += worded(f" ({aside} in months set aside)") if aside else ""
    what = "closing stock is negative and the movements do not add up"
    return [
        *subject.at(
            negative & ~broken, "warning", "negative_closing", booked, "Look for receipts booked late", "closing"
        ),
        *subject.at(negative & broken, "error", "negative_closing", what, "Mend the movements", "closing"),
    ]


def count_filled_openings(subject: Subject) -> int:
    """Rows whose missing opening stock is the closing of the month before."""
    if subject.spec.name != "inventory":
        return 0
    given = subject.cells.loc[subject.frame.index, "opening"].notna()
    return int((subject.frame["opening"].notna() & ~given).sum())


def check_filled_openings(subject: Subject) -> list[Finding]:
    """A note that counts the opening stocks taken from the month before."""
    count = count_filled_openings(subject)
    what = worded(f"{number(count)} opening stocks are not given and taken from the month before")
    return subject.finding("note", "opening_filled", what, column="opening", count=count) if count else []


def check_budget_grain(subject: Subject) -> list[Finding]:
    """A month's budget goes down to one level: a family's row beside those of its regions would count twice."""
    if subject.spec.name != "budget":
        return []
    rows = subject.frame
    if subject.kept is not None:
        rows = pd.concat([rows, subject.kept.set_axis(range(-len(subject.kept), 0))])
    family, region = (rows[name].isna() for name in ("family", "region"))
    by_month = [flag.groupby(rows["month"]).transform("any") for flag in (family, ~family)]
    keys = [rows["month"], rows["family"].fillna("")]
    by_family = [flag.groupby(keys).transform("any") for flag in (region, ~region)]
    twice = ((by_month[0] & by_month[1]) | (by_family[0] & by_family[1])).loc[subject.frame.index]
    what = worded("this month has rows for the whole and rows for its parts, which would count twice")
    return subject.at(twice, "error", "budget_grain", what, "Keep one of them", "family")


def _partly_moved(subject: Subject, column: Column) -> pd.Series:
    """Rows of stock without a movement in a file that brings some."""
    filled = subject.frame[column.name].notna()
    others = subject.frame[["production", "shipments"]].notna().any(axis=None)
    return ~filled & bool(others)


FIGURES = (
    RowRule(
        "Units sold below zero are asked about: returns, or a wrong sign.",
        of_table("sales_actuals", "quantity", "ordered"),
        lambda subject, column: _is_negative(subject, column, answered=False),
        "question", "negative_sales", "{column.name} is negative",
        "Answer negative_sales=returns if more came back than was sold, else mend the sign",
    ),
    RowRule(
        "Units sold below zero that are returns are kept, with a warning.",
        of_table("sales_actuals", "quantity", "ordered"),
        lambda subject, column: _is_negative(subject, column, answered=True),
        "warning", "negative_sales", "{column.name} is negative and kept as returns", "",
    ),
    check_revenue_given,
    RowRule(
        "Negative revenue of units that were sold is a warning.",
        of_table("sales_actuals", "revenue"),
        lambda subject, _: (subject.frame["revenue"] < 0) & ~(subject.frame["quantity"] < 0),
        "warning", "negative_revenue", "revenue is negative though units were sold", "Check for credit notes",
    ),
    RowRule(
        "Revenue of units that came back is below zero; above, it is a warning.",
        of_table("sales_actuals", "revenue"),
        lambda subject, _: (subject.frame["revenue"] > 0) & (subject.frame["quantity"] < 0),
        "warning", "negative_revenue", "units came back though revenue is above zero", "Check the sign of both",
    ),
    RowRule(
        "More hours than a month has are a warning: one machine cannot.",
        of_table("capacity", "capacity_hours"),
        lambda subject, _: _machines(subject).between(1, _GROUP, inclusive="right"),
        "warning", "capacity_hours", "capacity_hours is more than a month has: only a group of machines can",
        "Check it, unless the resource is a group",
    ),
    RowRule(
        "A hundred times the hours that a month has is an error.",
        of_table("capacity", "capacity_hours"),
        lambda subject, _: _machines(subject) > _GROUP,
        "error", "capacity_hours", f"capacity_hours is more than a month has, for more than {_GROUP} machines",
        "Check the unit: hours, not minutes",
    ),
    RowRule(
        "A month has no more working days than days.",
        of_table("calendar", "working_days"),
        lambda subject, _: subject.frame["working_days"] > _days(subject),
        "error", "working_days", "more working days than the month has", "Check the month and the figure",
    ),
    RowRule(
        "A month has no more shutdown days than working days.",
        of_table("calendar", "shutdown_days"),
        lambda subject, _: subject.frame["shutdown_days"] > subject.frame["working_days"],
        "error", "working_days", "more shutdown days than working days", "Check both figures",
    ),
    RowRule(
        "A figure 500 times or more its series' usual size is a warning: it may be in another unit (×1000).",
        _sized, _jumps,
        "warning", "jump", f"{{column.name}} is {JUMP:g} times its series' usual size or more",
        "Check the unit and the decimal mark",
    ),
    check_restatements,
    RowRule(
        "A row of the budget tells units or revenue.",
        of_table("budget", "revenue"),
        lambda subject, _: subject.frame[["quantity", "revenue"]].isna().all(axis=1),
        "error", "empty_budget", "the row tells neither units nor revenue", "Fill one, or leave the row out",
    ),
    RowRule(
        "A list price below the standard cost is a warning.",
        of_table("products", "price"),
        lambda subject, _: subject.frame["price"] < subject.frame["unit_cost"],
        "warning", "price_below_cost", "the list price is below the standard cost", "Check both, and the currency",
    ),
    RowRule(
        "Past due orders are a part of the open orders, so they cannot exceed them.",
        of_table("order_book", "past_due"),
        lambda subject, _: subject.frame["past_due"] > subject.frame["quantity"],
        "error", "past_due", "past_due is more than all open orders",
        "quantity is all open orders, past_due the late part of it",
    ),
    RowRule(
        "Nothing is delivered before it was ordered.",
        of_table("deliveries", "delivered"), _before_order,
        "error", "delivery_dates", "{column.name} '{value}' is before the order date", "Check both dates",
    ),
    RowRule(
        "Nothing is promised or requested before it was ordered.",
        of_table("deliveries", "promised", "requested"), _before_order,
        "warning", "delivery_dates", "{column.name} '{value}' is before the order date", "Check both dates",
    ),
    RowRule(
        "What is delivered has a date.",
        of_table("deliveries", "delivered"),
        lambda subject, _: subject.frame["delivered"].isna() & (subject.frame["quantity_delivered"] > 0),
        "warning", "delivery_dates", "units are delivered but the delivery date is empty", "Fill delivered",
    ),
    RowRule(
        "A month opens with the stock that the month before closed with; a break is an error.",
        of_table("inventory", "opening"),
        lambda subject, _: _breaks(subject.frame["opening"] - previous_closing(subject.frame, subject.kept)),
        "error", "opening_break", "opening is not what the month before closed with", _ADJUST,
    ),
    check_next_opening,
    check_budget_grain,
    RowRule(
        "Stock brings production and shipments in every row, or in none: its closing alone.",
        of_table("inventory", "production", "shipments"), _partly_moved,
        "error", "partly_moved", "{column.name} is empty, and other rows bring movements",
        "Fill it (0 where there was none), or leave production and shipments out of every row",
    ),
    check_filled_openings,
    RowRule(
        "Opening and movements add up to the closing stock; a break is an error.",
        of_table("inventory", "closing"),
        lambda subject, _: _moves_break(subject.frame),
        "error", "movement_break", "opening and movements do not add up to closing", _ADJUST,
    ),
    check_negative_closing,
)  # fmt: skip

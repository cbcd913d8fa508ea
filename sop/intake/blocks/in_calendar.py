"""Tables of another bucket than the company's, in the periods that it plans in.

A monthly budget in a company of weeks, a weekly count in a company of months: what adds up is shared by the
working days (Monday to Friday) that two periods have in common and adds up to the same cent again; what stands at
a period's end stands there, and so do people; a price or a rate holds for as long as its period does. A row that a
table has of the company's own period is never changed, and comes before what a longer one says of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from sop.core.calendar import (
    Bucket,
    Calendar,
    bucket_of,
    first_day,
    last_day,
    period_of,
    periods_between,
    shift_period,
    working_share,
)
from sop.core.inputs import Floats
from sop.core.tables import TABLES, Table
from sop.intake.coded import row_ids

BALANCES = ("cash", "receivables", "payables", "inventory_value", "debt")
"""Lines of the ledger that are what there is, not what was moved."""
_FLOWS = ("hours_per_person",)
"""Columns that are more in a longer period, though rows of one key are not added up."""
_ELSEWHERE = ("plan_lines",)
"""Plans agreed elsewhere stay as they were agreed."""
_CENTS = 2


class SharedPeriod(NamedTuple):
    """What one period has of another: its name, working days before it and up to its end as shares, days."""

    period: str
    before: float
    until: float
    days: int


def in_calendar(tables: Mapping[str, pd.DataFrame], calendar: Calendar) -> dict[str, pd.DataFrame]:
    """The tables with every row in the calendar's periods; those that are so already are the same objects."""
    found = dict(tables)
    for spec in TABLES:
        frame = tables.get(spec.name)
        if frame is None or not len(frame) or not spec.has_months or spec.name in _ELSEWHERE:
            continue
        if any(bucket_of(month) is not calendar.bucket for month in frame["month"].dropna().unique()):
            found[spec.name] = _moved(spec, frame, calendar, tables.get("account_map"))
    return found


def _moved(spec: Table, frame: pd.DataFrame, calendar: Calendar, account_map: pd.DataFrame | None) -> pd.DataFrame:
    """A table in one bucket: rows of other lengths shared out and put together again by key."""
    bucket = calendar.bucket
    frame = frame.reset_index(drop=True)
    foreign = np.array([bucket_of(month) is not bucket for month in frame["month"]], dtype=bool)
    stands = foreign & _states(spec, frame, account_map)
    own, key = frame[~foreign], [name for name in spec.full_key if name in frame]
    moved = []
    if (rows := foreign & ~stands).any():
        moved.append(
            _whole(spec, frame[foreign], _together(spec, key, _expanded(spec, frame[rows], bucket, parts_of)))
        )
    if stands.any():
        stood = _together(spec, key, _expanded(spec, frame[stands], bucket, _standing))
        moved.append(pd.concat([_opening(stood, calendar), stood], ignore_index=True))
    result = pd.concat(moved, ignore_index=True)
    both = pd.concat([own[key], result[key]], ignore_index=True)
    ids = row_ids((both[name] for name in key), len(both))
    result = result[~np.isin(ids[len(own) :], ids[: len(own)])]
    return pd.concat([own, result.sort_values(key, kind="stable")], ignore_index=True)


def _opening(stood: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """States that end within the first open period, for the one before where nothing is stated of it: what a plan
    opens with is the nearest that is known."""
    if stood["month"].eq(calendar.last_closed).any():
        return stood.iloc[:0]
    return stood[stood["month"] == calendar.first_open].assign(month=calendar.last_closed)


def _whole(spec: Table, given: pd.DataFrame, moved: pd.DataFrame) -> pd.DataFrame:
    """Rows of periods whose every working day some row of the table tells of: a part of a week is no week.

    A budget counts to the day on which it ends.
    """
    if spec.name == "budget":
        return moved
    known = set(given["month"])
    buckets = {bucket_of(month) for month in known}
    whole = {
        period
        for period in moved["month"].unique()
        if any(all(part.period in known for part in _working_parts(period, bucket)) for bucket in buckets)
    }
    kept = moved["month"].isin(whole)
    if spec.name == "financials":
        kept |= moved["scenario"].eq("budget")
    return moved[kept]


def _working_parts(period: str, bucket: Bucket) -> list[SharedPeriod]:
    """The periods of a bucket that have working days in common with a period."""
    return [part for part in parts_of(period, bucket) if part.until > part.before]


def _states(spec: Table, frame: pd.DataFrame, account_map: pd.DataFrame | None) -> np.ndarray:
    """Rows that say what is there at the period's end, which nothing adds up over time."""
    if spec.name == "financials" and account_map is not None and len(account_map):
        lines = account_map[account_map["line"].isin(BALANCES)]
        accounts = set(zip(lines["account_type"], lines["account"], strict=True))
        keys = zip(frame["account_type"], frame["account"], strict=True)
        return np.array([key in accounts for key in keys], dtype=bool)
    return np.full(len(frame), spec.name == "order_book")


@lru_cache(maxsize=4096)
def parts_of(period: str, bucket: Bucket) -> tuple[SharedPeriod, ...]:
    """The periods of a bucket that share days with a period, in order, each with its part of the working days."""
    first, last = first_day(period), last_day(period)
    parts, before = [], 0.0
    for name in periods_between(period_of(first, bucket), period_of(last, bucket)):
        until = working_share(period, first, last_day(name) + timedelta(days=1))
        days = (min(last, last_day(name)) - max(first, first_day(name))).days + 1
        parts.append(SharedPeriod(name, before, until, days))
        before = until
    return tuple(parts)


@lru_cache(maxsize=4096)
def _standing(period: str, bucket: Bucket) -> tuple[SharedPeriod, ...]:
    """The periods of a bucket at whose end a state of a period's end stands: until the next one is stated."""
    first = parts_of(period, bucket)[-1].period
    following = [part.period for part in parts_of(shift_period(period, 1), bucket)[:-1]]
    return tuple(SharedPeriod(name, 0.0, 1.0, 1) for name in dict.fromkeys((first, *following)))


def _expanded(
    spec: Table, rows: pd.DataFrame, bucket: Bucket, parts_of: Callable[[str, Bucket], tuple[SharedPeriod, ...]]
) -> pd.DataFrame:
    """A row for each period that a row's own falls into, with its part of what adds up; `__days` of them."""
    rows = rows.sort_values("month", kind="stable")
    parts = [parts_of(month, bucket) for month in rows["month"]]
    spread = rows.iloc[np.repeat(np.arange(len(rows)), [len(each) for each in parts])].reset_index(drop=True)
    flat = [part for each in parts for part in each]
    before, until = (np.array([part[at] for part in flat]) for at in (1, 2))
    spread["month"], spread["__days"] = [part.period for part in flat], [part.days for part in flat]
    figures = {
        column.name: pd.to_numeric(spread[column.name], errors="coerce").to_numpy(float)
        for column in spec.columns
        if column.kind == "number" and column.name in spread
    }
    for name, values in figures.items():
        adds = spec.column(name).adds
        if adds == "sum" or name in _FLOWS:
            spread[name] = np.round(_share(values, until) - _share(values, before), 2 * _CENTS)
        elif adds:
            # Stock moves from its opening to its closing as its movements do.
            opening, closing = figures["opening"], figures["closing"]
            at = before if adds == "first" else until
            between = opening + _share(closing - opening, at)
            spread[name] = np.where(at >= 1.0, closing, np.where(at <= 0.0, opening, between))
    return spread


def _share(values: Floats, share: Floats) -> Floats:
    """The part of each figure up to a share of it, to the cent; all of it is exactly the figure."""
    return np.where(share >= 1.0, values, np.round(values * share, _CENTS))


def _together(spec: Table, key: list[str], spread: pd.DataFrame) -> pd.DataFrame:
    """One row for each key: what adds is added, stock opens first and closes last, people are those of the last,
    the rest is as most days."""
    group = row_ids((spread[name] for name in key), len(spread))
    days = spread["__days"].to_numpy(float)
    most = np.lexsort((-days, group))
    most = most[np.flatnonzero(np.diff(group[most], prepend=-1))]
    result = spread.iloc[most].drop(columns="__days").reset_index(drop=True)
    for column in spec.columns:
        if column.kind != "number" or column.name not in spread:
            continue
        values = pd.Series(pd.to_numeric(spread[column.name], errors="coerce").to_numpy(float))
        groups = values.groupby(group)
        if spec.name == "order_book" or column.adds == "last" or column.unit == "people":
            figures = groups.last()
        elif column.adds == "first":
            figures = groups.first()
        elif column.adds == "sum" or column.name in _FLOWS:
            figures = groups.sum(min_count=1)
        else:
            known = pd.Series(np.where(values.notna(), days, 0.0)).groupby(group).sum()
            mean = (values.fillna(0.0) * days).groupby(group).sum() / known.where(known > 0)
            figures = mean.where(groups.nunique() > 1, groups.first())
        result[column.name] = figures.to_numpy(float)
    return result

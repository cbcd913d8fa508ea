"""Budget, ledger and exchange rates."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from sop.core.calendar import Calendar, periods_between
from sop.core.inputs import Budget, Exchange, Families, Floats, Ledger
from sop.intake.blocks.arrays import cube, numbers, positions, texts

Frames = Mapping[str, pd.DataFrame]
Rates = dict[str, dict[str, float]]


def build_budget(
    frame: pd.DataFrame, families: Families, regions: tuple[str, ...], weights: Floats
) -> Budget | None:
    """The budget by planning family, region and month.

    A company family that is planned as two has its budget split by `weights` (F,) recent units.
    """
    months = texts(frame, "month")
    if not months:
        return None
    span = periods_between(min(months), max(months))
    bases = sorted(set(families.base))
    axes = [("family", positions(bases)), ("region", positions(regions)), ("month", positions(span))]
    part = np.ones(len(families.names))
    for base in bases:
        own = np.array(families.index(base))
        part[own] = weights[own] / weights[own].sum() if weights[own].sum() > 0 else 1 / len(own)
    row = [bases.index(base) for base in families.base]

    def split(column: str) -> Floats:
        return cube(frame, axes, numbers(frame, column))[row] * part[:, None, None]

    margin = split("gross_margin")
    return Budget(span, split("quantity"), split("revenue"), margin if np.isfinite(margin).any() else None)


def build_exchange(
    frames: Frames, calendar: Calendar, regions: tuple[str, ...], currency: str, months: tuple[str, ...]
) -> Exchange | None:
    """Rates of the regions' currencies, closed `months` and planned ones; None where all sell in `currency`."""
    frame = frames.get("regions", pd.DataFrame())
    named = dict(zip(texts(frame, "region"), texts(frame, "currency"), strict=True))
    currencies = tuple(named.get(region) or currency for region in regions)
    if set(currencies) == {currency}:
        return None
    rates = read_rates(frames.get("fx_rates"), currency)
    planned = [[rate_until(rates, code, month) for month in calendar.months] for code in currencies]
    closed = [rate_until(rates, code, calendar.last_closed) for code in currencies]
    return Exchange(
        home=currency,
        currency=currencies,
        rate=np.array(planned),
        rate_history=np.array([[rate_in(rates, code, month) for month in months] for code in currencies]),
        base=np.where(np.isfinite(closed), closed, [row[0] for row in planned]),
    )


def read_rates(frame: pd.DataFrame | None, currency: str) -> Rates:
    """Rates by currency and month; the company's own currency is worth one in every month."""
    rates: Rates = {currency: {"": 1.0}}
    if frame is not None:
        rows = zip(texts(frame, "currency"), texts(frame, "month"), numbers(frame, "rate"), strict=True)
        for code, month, rate in rows:
            if code != currency and np.isfinite(rate):
                rates.setdefault(code, {})[month] = float(rate)
    return rates


def rate_in(rates: Rates, code: str, month: str) -> float:
    """The rate of exactly that month; not-a-number where none is given."""
    known = rates.get(code, {})
    return known.get("", known.get(month, float("nan")))


def rate_until(rates: Rates, code: str, month: str) -> float:
    """The last rate given up to a month; not-a-number where none is."""
    known = rates.get(code, {})
    last = max((given for given in known if given <= month), default=None)
    return float("nan") if last is None else known[last]


def convert_ledger(financials: pd.DataFrame, rates: Rates) -> Floats:
    """Amounts (rows,) in the company's currency: rows whose unit is a currency of `rates` at their month's rate.

    Not-a-number where that month has no rate. What is counted (a unit that is no currency) stays as it is.
    """
    amounts = numbers(financials, "amount")
    units, months = texts(financials, "unit"), texts(financials, "month")
    rate = [
        rate_in(rates, unit, month) if unit in rates or looks_like_currency(unit) else 1.0
        for unit, month in zip(units, months, strict=True)
    ]
    return amounts * np.array(rate)


def looks_like_currency(unit: str) -> bool:
    """Whether a unit is written like a currency code: three capitals."""
    return len(unit) == 3 and unit.isalpha() and unit.isupper()


def build_ledger(
    financials: pd.DataFrame, account_map: pd.DataFrame | None, calendar: Calendar, rates: Rates
) -> Ledger | None:
    """Ledger by line of the financial plan: actuals of closed months and the budget; None when no row counts.

    Accounts without a line are listed as unmapped and count nowhere. Amounts are taken as positive sizes of
    their line, as `account_map` names them, and taken off it where the map says so. A line and month of which
    one amount has no rate is not known.
    """
    months = texts(financials, "month")
    if not months:
        return None
    span = periods_between(min(months), max(max(months), calendar.months[-1]))
    lines = {} if account_map is None else _lines(account_map)
    keys = list(zip(texts(financials, "account_type"), texts(financials, "account"), strict=True))
    frame = financials.assign(line=[lines.get(key, ("", 1.0))[0] for key in keys])
    sign = np.array([lines.get(key, ("", 1.0))[1] for key in keys])
    names = tuple(sorted({line for line, _ in lines.values()} - {"statistical", "other"}))
    axes = [("scenario", positions(("actual", "budget"))), ("line", positions(names)), ("month", positions(span))]
    converted = convert_ledger(financials, rates)
    unknown = np.where(np.isfinite(numbers(financials, "amount")) & ~np.isfinite(converted), 1.0, np.nan)
    amounts = np.where(np.isfinite(cube(frame, axes, unknown)), np.nan, cube(frame, axes, converted * sign))
    closed = np.array([calendar.position(month) < 0 for month in span])
    return Ledger(
        months=span,
        actual={name: np.where(closed, amounts[0, i], np.nan) for i, name in enumerate(names)},
        budget={name: amounts[1, i] for i, name in enumerate(names)},
        unmapped=tuple(sorted({" · ".join(key) for key in keys if key not in lines})),
    )


def _lines(account_map: pd.DataFrame) -> dict[tuple[str, str], tuple[str, float]]:
    """Account → line and sign."""
    columns = (texts(account_map, name) for name in ("account_type", "account", "line", "effect"))
    return {
        (kind, account): (line, -1.0 if effect == "subtract" else 1.0)
        for kind, account, line, effect in zip(*columns, strict=True)
    }

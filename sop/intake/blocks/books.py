"""Budget, ledger and exchange rates."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sop.core.arrays import shares_of
from sop.core.calendar import Calendar, periods_between
from sop.core.inputs import Budget, Exchange, Families, Floats, Ledger
from sop.intake.blocks.frames import Frames, cube, family_cube, numbers, text_rows, texts

Rates = dict[str, dict[str, float]]
"""Home currency for one unit of a currency, by currency and period; that of the home currency stands under the
empty text, for every period."""


def build_budget(
    frame: pd.DataFrame | None, families: Families, regions: tuple[str, ...], weights: Floats
) -> Budget | None:
    """The budget by planning family, region and month.

    A company family that is planned as two has its budget split by `weights` (F,) recent units.
    """
    if frame is None:
        return None
    months = texts(frame, "month")
    span = periods_between(min(months), max(months))
    place = np.array([families.base.index(base) for base in families.base])
    part = shares_of([weights], place, len(place))

    def split(column: str) -> Floats:
        return family_cube(frame, column, families, region=regions, month=span) * part[:, None, None]

    margin = split("gross_margin")
    return Budget(span, split("quantity"), split("revenue"), margin if np.isfinite(margin).any() else None)


def build_exchange(
    frames: Frames, calendar: Calendar, regions: tuple[str, ...], currency: str, months: tuple[str, ...]
) -> Exchange | None:
    """Rates of the regions' currencies, closed `months` (R, H) and planned ones (R, T).

    None where all regions sell in `currency`.
    """
    named: dict[str, str] = dict(text_rows(frames.get("regions", pd.DataFrame()), "region", "currency"))
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
    frame = pd.DataFrame() if frame is None else frame
    for (code, month), rate in zip(text_rows(frame, "currency", "month"), numbers(frame, "rate"), strict=True):
        if code != currency and np.isfinite(rate):
            rates.setdefault(code, {})[month] = float(rate)
    return rates


def rate_in(rates: Rates, code: str, month: str) -> float:
    """The rate of exactly that month; not-a-number where none is given."""
    known = rates.get(code, {})
    return known.get("", known.get(month, float("nan")))


def rate_until(rates: Rates, code: str, month: str) -> float:
    """The last rate given up to a month; not-a-number where none is. Months are of one bucket (`in_calendar`)."""
    known = rates.get(code, {})
    last = max((given for given in known if given <= month), default=None)
    return float("nan") if last is None else known[last]


def convert_ledger(financials: pd.DataFrame, rates: Rates) -> Floats:
    """Amounts (rows,) in the company's currency: rows whose unit is a currency of `rates` at their month's rate.

    Not-a-number where that month has no rate of what is written like a currency code (three capitals). What is
    counted (a unit that is no currency) stays as it is.
    """
    rate = [
        rate_in(rates, unit, month)
        if unit in rates or (len(unit) == 3 and unit.isalpha() and unit.isupper())
        else 1.0
        for unit, month in text_rows(financials, "unit", "month")
    ]
    return numbers(financials, "amount") * np.array(rate)


def build_ledger(frames: Frames, calendar: Calendar, rates: Rates) -> Ledger | None:
    """Ledger by line of the financial plan: actuals of closed months and the budget; None when it is not loaded.

    Accounts without a line are listed as unmapped and count nowhere. Amounts are taken as positive sizes of
    their line, as `account_map` names them, and taken off it where the map says so. A line and month of which
    one amount has no rate is not known.
    """
    if "financials" not in frames:
        return None
    financials, account_map = frames["financials"], frames.get("account_map", pd.DataFrame())
    lines = {
        (kind, account): (line, -1.0 if effect == "subtract" else 1.0)
        for kind, account, line, effect in text_rows(account_map, "account_type", "account", "line", "effect")
    }
    keys = text_rows(financials, "account_type", "account")
    months = texts(financials, "month")
    span = periods_between(min(months), max(*months, calendar.months[-1]))
    frame = financials.assign(line=[lines.get(key, ("", 1.0))[0] for key in keys])
    sign = np.array([lines.get(key, ("", 1.0))[1] for key in keys])
    names = tuple(sorted({line for line, _ in lines.values()} - {"statistical", "other"}))
    converted = convert_ledger(financials, rates)
    unknown = np.where(np.isfinite(numbers(financials, "amount")) & ~np.isfinite(converted), 1.0, np.nan)
    lost, amounts = (
        cube(frame, figures, scenario=("actual", "budget"), line=names, month=span)
        for figures in (unknown, converted * sign)
    )
    actual, budget = np.where(np.isfinite(lost), np.nan, amounts)
    closed = np.array([calendar.position(month) < 0 for month in span])
    return Ledger(
        months=span,
        actual=dict(zip(names, np.where(closed, actual, np.nan), strict=True)),
        budget=dict(zip(names, budget, strict=True)),
        unmapped=tuple(sorted({" · ".join(key) for key in keys if key not in lines})),
    )

"""Currency: what planned and past rates do to revenue, apart from what was sold and at which price."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sop.core.inputs import Exchange, Floats, Inputs, Ints
from sop.core.plan import Plan
from sop.core.register import Assumptions


def exchange_path(exchange: Exchange | None, assumptions: Assumptions) -> Floats | float:
    """Factors (R, T) on prices stated at base rates: planned rates × (1 + the owner's change); 1 without exchange.

    A region in the company's own currency keeps a factor of one.
    """
    if exchange is None:
        return 1.0
    change = [0.0 if c == exchange.home else assumptions.value("fx_pct", c) for c in exchange.currency]
    return exchange.path * (1 + np.array(change))[:, None]


@dataclass(frozen=True)
class CurrencyStep:
    """Revenue of a year against the year before, the part that rates alone explain apart; minor units.

    `base` + `at_base_rates` + `currency` = `now` to the cent: `at_base_rates` is what was sold and at which
    price, valued at last year's rates; `by_currency` adds up to `currency`. `unknown`: currencies without a rate
    in some month, whose whole difference is in `at_base_rates`.
    """

    base: int
    now: int
    at_base_rates: int
    currency: int
    by_currency: Mapping[str, int]
    unknown: tuple[str, ...] = ()


def currency_step(
    base: Ints, now: Ints, base_rate: Floats, rate: Floats, currency: tuple[str, ...]
) -> CurrencyStep:
    """The currency step between two revenues (R, T) in minor units with their rates (R, T).

    Rounded once for each region and month: revenue − revenue × old rate / new rate.

    >>> old, new = np.array([[1.0]]), np.array([[1.1]])
    >>> step = currency_step(np.array([[1000]]), np.array([[1320]]), old, new, ("CHF",))
    >>> step.currency, step.at_base_rates
    (120, 200)
    """
    known: NDArray[np.bool_] = np.all(np.isfinite(base_rate) & np.isfinite(rate) & (rate > 0), axis=1)
    share = np.divide(base_rate, rate, out=np.ones_like(rate), where=known[:, None])
    effect = (now - np.rint(now * share).astype(np.int64)).sum(axis=1)
    by_currency: dict[str, int] = {}
    for code, amount in zip(currency, effect.tolist(), strict=True):
        by_currency[code] = by_currency.get(code, 0) + amount
    total, before, after = int(effect.sum()), int(base.sum()), int(now.sum())
    unknown = tuple(dict.fromkeys(code for code, here in zip(currency, known, strict=True) if not here))
    moved = {code: amount for code, amount in by_currency.items() if amount}
    return CurrencyStep(before, after, after - before - total, total, moved, unknown)


def plan_currency_step(inputs: Inputs, plan: Plan, assumptions: Assumptions) -> CurrencyStep | None:
    """The plan's next twelve months against the last twelve closed months; None with a shorter history.

    Months face the same month of the year before, so that a season does not count as currency.
    """
    year = min(12, plan.calendar.horizon)
    if len(inputs.history.months) < 12:
        return None
    revenue = np.nansum(inputs.history.revenue, axis=0)[:, -12:][:, :year]
    base = np.rint(revenue * 100).astype(np.int64)
    now = plan["revenue"].sum(axis=0)[:, :year]
    exchange = inputs.exchange
    if exchange is None:
        ones = np.ones(now.shape)
        return currency_step(base, now, ones, ones, ("",) * len(now))
    path = np.asarray(exchange_path(exchange, assumptions)) * exchange.base[:, None]
    return currency_step(base, now, exchange.rate_history[:, -12:][:, :year], path[:, :year], exchange.currency)

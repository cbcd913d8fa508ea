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


def rate_effect(now: Ints, base_rate: Floats, rate: Floats) -> Ints:
    """The part of revenue (…, R, T) in minor units that rates (R, T) alone explain: revenue − at the old rate.

    Rounded once for each cell. Nothing for a region of which a rate is not known.

    >>> rate_effect(np.array([[1320]]), np.array([[1.0]]), np.array([[1.1]])).tolist()
    [[120]]
    """
    known = rates_known(base_rate, rate)[:, None]
    share = np.divide(base_rate, rate, out=np.ones(rate.shape), where=known)
    return now - np.rint(now * share).astype(np.int64)


def rates_known(base_rate: Floats, rate: Floats) -> NDArray[np.bool_]:
    """Regions (R,) whose rates (R, T) are known in every month."""
    return np.all(np.isfinite(base_rate) & np.isfinite(rate) & (rate > 0), axis=1)


def currency_step(
    base: Ints, now: Ints, base_rate: Floats, rate: Floats, currency: tuple[str, ...]
) -> CurrencyStep:
    """The currency step between two revenues (…, R, T) in minor units with their rates (R, T)."""
    effect = rate_effect(now, base_rate, rate)
    by_region = effect.sum(axis=-1).reshape(-1, len(currency)).sum(axis=0)
    by_currency: dict[str, int] = {}
    for code, amount in zip(currency, by_region.tolist(), strict=True):
        by_currency[code] = by_currency.get(code, 0) + amount
    total, before, after = int(effect.sum()), int(base.sum()), int(now.sum())
    known = rates_known(base_rate, rate)
    unknown = tuple(dict.fromkeys(code for code, here in zip(currency, known.tolist(), strict=True) if not here))
    moved = {code: amount for code, amount in by_currency.items() if amount}
    return CurrencyStep(before, after, after - before - total, total, moved, unknown)


def plan_rates(exchange: Exchange, assumptions: Assumptions) -> Floats:
    """Planned rates (R, T) with the owner's change."""
    return np.asarray(exchange_path(exchange, assumptions)) * exchange.base[:, None]


def plan_currency_step(inputs: Inputs, plan: Plan, assumptions: Assumptions) -> CurrencyStep | None:
    """The plan's next twelve months against the same months of the year before; None with a shorter history."""
    twelve = plan.calendar.year
    if len(inputs.history.months) < twelve:
        return None
    year = min(twelve, plan.calendar.horizon)
    past = inputs.by_family(inputs.history.revenue)[..., -twelve:][..., :year]
    base = np.rint(np.nan_to_num(past) * 100).astype(np.int64)
    now, exchange = plan["revenue"][..., :year], inputs.exchange
    if exchange is None:
        ones = np.ones(now.shape[1:])
        return currency_step(base, now, ones, ones, ("",) * len(inputs.regions))
    before = exchange.rate_history[:, -twelve:][:, :year]
    return currency_step(base, now, before, plan_rates(exchange, assumptions)[:, :year], exchange.currency)

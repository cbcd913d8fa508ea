"""Currency: what planned and past rates do to revenue, apart from what was sold and at which price."""

from __future__ import annotations

import numpy as np

from sop.core.inputs import Bools, Exchange, Floats, Ints
from sop.core.register import Assumptions


def exchange_path(exchange: Exchange | None, assumptions: Assumptions) -> Floats | float:
    """Factors (R, T) on prices stated at base rates: planned rates × (1 + the owner's change); 1 without exchange.

    A region in the company's own currency keeps a factor of one.
    """
    if exchange is None:
        return 1.0
    change = [0.0 if c == exchange.home else assumptions.value("fx_pct", c) for c in exchange.currency]
    return exchange.path * (1 + np.array(change))[:, None]


def rate_effect(now: Ints, base_rate: Floats, rate: Floats) -> Ints:
    """The part of revenue (…, R, T) in minor units that rates (R, T) alone explain: revenue − at the old rate.

    Rounded once for each cell. Nothing for a region of which a rate is not known.

    >>> rate_effect(np.array([[1320]]), np.array([[1.0]]), np.array([[1.1]])).tolist()
    [[120]]
    """
    known = rates_known(base_rate, rate)[:, None]
    share = np.divide(base_rate, rate, out=np.ones(rate.shape), where=known)
    return now - np.rint(now * share).astype(np.int64)


def rates_known(base_rate: Floats, rate: Floats) -> Bools:
    """Regions (R,) whose rates (R, T) are known in every month."""
    return np.all(np.isfinite(base_rate) & np.isfinite(rate) & (rate > 0), axis=1)


def plan_rates(exchange: Exchange, assumptions: Assumptions) -> Floats:
    """Planned rates (R, T) with the owner's change."""
    return np.asarray(exchange_path(exchange, assumptions)) * exchange.base[:, None]

"""Receivables and payables by count-back, and the cash that follows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sop.core.inputs import Floats, Ints


def count_back(flows: Floats, days: Sequence[int], outstanding_days: float) -> Floats:
    """Balance at each month's end: the flows of its last `outstanding_days` days.

    `flows` (T,) and `days` (T,) in each month, oldest first; months before the first are taken to be like it.

    >>> count_back(np.array([300.0, 310.0]), [30, 31], 45).round(1).tolist()
    [450.0, 450.0]
    """
    balance = np.zeros(len(flows))
    for t in range(len(flows)):
        left, at = outstanding_days, t
        while left > 1e-9:
            month = max(at, 0)
            part = min(1.0, left / days[month])
            balance[t] += flows[month] * part
            left -= part * days[month]
            at -= 1
    return balance


def project_balance(
    past: Floats,
    planned: Floats,
    past_days: Sequence[int],
    planned_days: Sequence[int],
    outstanding_days: float,
    opening: float | None,
) -> Floats:
    """Receivables or payables at each planned month's end (T,), in the unit of the flows.

    Count-back over past and planned flows. Where a stated opening balance differs from what count-back says of
    the last closed month, the difference runs off in a straight line over the outstanding days.
    """
    flows, days = np.concatenate([past, planned]), [*past_days, *planned_days]
    counted = count_back(flows, days, outstanding_days)
    balance = counted[len(past) :]
    if opening is None or not len(past):
        return balance
    difference = opening - counted[len(past) - 1]
    elapsed = np.cumsum(planned_days)
    return balance + difference * np.clip(1 - elapsed / max(outstanding_days, 1.0), 0.0, 1.0)


def project_cash(
    opening: int,
    ebit: Ints,
    depreciation: Ints,
    capital_spending: Ints,
    working_capital: Ints,
    opening_working_capital: int,
) -> Ints:
    """Cash (T,): previous cash + EBIT + depreciation − capital spending − change in working capital."""
    change = np.diff(working_capital, prepend=opening_working_capital)
    return opening + np.cumsum(ebit + depreciation - capital_spending - change)

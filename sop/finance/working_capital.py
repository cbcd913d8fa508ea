"""Receivables and payables by count-back, and the cash that follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sop.core.arrays import Labelled
from sop.core.calendar import days_in
from sop.core.inputs import Floats, Inputs, Ints
from sop.core.measures import CASH_BALANCES, CASH_FLOWS
from sop.core.register import Assumptions, assumption
from sop.facts.material_cost import material_cost


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
    *,
    runs_off: bool = True,
) -> Floats:
    """Receivables or payables at each planned month's end (T,), in the unit of the flows.

    Count-back over past and planned flows. Where a stated opening balance differs from what count-back says of
    the last closed month, the difference runs off in a straight line over the outstanding days; it stays where the
    balance says nothing of days (not `runs_off`), so that no cash comes of what nobody understands.
    """
    flows, days = np.concatenate([past, planned]), [*past_days, *planned_days]
    counted = count_back(flows, days, outstanding_days)
    balance = counted[len(past) :]
    if opening is None or not len(past):
        return balance
    difference = opening - counted[len(past) - 1]
    if not runs_off:
        return balance + difference
    elapsed = np.cumsum(planned_days)
    return balance + difference * np.minimum(np.maximum(1 - elapsed / max(outstanding_days, 1.0), 0.0), 1.0)


def days_outstanding(flows: Floats, days: Sequence[int], balance: float) -> float:
    """The days after which count-back gives this balance at the last month's end; not-a-number where none do.

    >>> days_outstanding(np.array([300.0, 310.0]), [30, 31], 450.0)
    45.0
    """
    left, counted = balance, 0.0
    for flow, length in zip(flows[::-1], days[::-1], strict=True):
        if flow <= 0 or left < 0:
            break
        if left <= flow:
            return float(counted + length * left / flow)
        left, counted = left - flow, counted + length
    return float("nan")


def realised_days(inputs: Inputs, line: str) -> float | None:
    """Days outstanding of `receivables` or `payables`, the mean of the last quarter's month ends; None if unknown.

    Days beyond the register's range are not taken, and a last balance below nothing says nothing.
    """
    ledger, calendar = inputs.ledger, inputs.calendar
    receivable = line == "receivables"
    flows = inputs.position.recent_revenue if receivable else purchases_before(inputs)
    if ledger is None or line not in ledger.actual or not len(flows):
        return None
    months = calendar.history(len(flows))
    lengths = [days_in(month) for month in months]
    balances = Labelled(ledger.actual[line], month=ledger.months).on(month=months).values
    if balances[-1] < 0:
        return None
    ends = range(max(len(flows) - calendar.quarter, 0) + 1, len(flows) + 1)
    found = [days_outstanding(flows[:end], lengths[:end], balances[end - 1]) for end in ends]
    known = [days for days in found if np.isfinite(days)]
    days = round(float(np.mean(known)), 1) if known else -1.0
    entry = assumption("dso_days" if receivable else "dpo_days")
    return days if entry.low <= days <= entry.high else None


def purchases_before(inputs: Inputs) -> Floats:
    """What was bought in the last closed year, oldest first, currency: receipts at today's cost of material.

    The ledger's where it has the line; empty where some month's production is not known.
    """
    stock, booked = inputs.stock, inputs.position.recent_purchases
    if len(booked) or stock is None or stock.derived or tuple(stock.months[-1:]) != (inputs.calendar.last_closed,):
        return booked
    receipts = (stock.production + stock.subcontract)[:, -inputs.calendar.year :]
    cost = material_cost(inputs, Assumptions(), inputs.position.unit_cost[:, None])
    bought: Floats = (receipts * cost).sum(axis=0)
    return bought if (bought > 0).all() else booked


def project_cash(lines: Mapping[str, Ints], opening: Mapping[str, int]) -> Ints:
    """Cash (T,): previous cash, the flows and what the balances change by, as far as `lines` (T,) have them."""
    flows = sum((sign * lines[key] for key, sign in CASH_FLOWS.items() if key in lines), np.int64(0))
    balances = {key: sign for key, sign in CASH_BALANCES.items() if key in lines}
    start = opening["cash"] - sum(sign * opening[key] for key, sign in balances.items())
    cash: Ints = start + np.cumsum(flows) + sum(sign * lines[key] for key, sign in balances.items())
    return cash

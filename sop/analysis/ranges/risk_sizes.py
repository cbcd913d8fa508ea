"""How far what is planned has turned out otherwise, from the company's tables: what ranges take where nobody says.

Every size is one standard deviation; None where the tables are too short to say, and the register's named default
then counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from sop.core.arrays import Labelled
from sop.core.calendar import days_in
from sop.core.inputs import Floats, Gate, Inputs
from sop.core.money import MINOR
from sop.core.register import Assumptions, assumption
from sop.facts.actuals import sold_amounts
from sop.finance.working_capital import days_outstanding

_FEWEST_YEARS, _FEWEST_MONTHS, _FEWEST_GATES = 2, 12, 4


def size_of(key: str, assumptions: Assumptions, inputs: Inputs, scope: str = "") -> float:
    """One standard deviation of what the register's entry `key` names, in its unit: set, estimated or assumed."""
    return assumptions.value(key, scope, estimated(key, inputs))


def estimated(key: str, inputs: Inputs) -> float | None:
    """What the company's tables say of one of `ESTIMATES`, within the register's range; None where they do not."""
    found = ESTIMATES[key](inputs) if key in ESTIMATES else None
    entry = assumption(key)
    return None if found is None else min(max(found, entry.low), entry.high)


def price_spread(inputs: Inputs) -> float | None:
    """Change of net price from one year to the next, each product and region at its own weight.

    By product, because a family's mean price moves with its mix too, which demand errors hold already.
    """
    shipped, revenue = (_years(inputs, values) for values in (inputs.history.shipped, inputs.history.revenue))
    with np.errstate(divide="ignore", invalid="ignore"):
        change = np.log((revenue / shipped)[..., 1:] / (revenue / shipped)[..., :-1])
    weight = np.where(np.isfinite(change), revenue[..., 1:], 0.0)
    total = weight.sum(axis=(0, 1))
    years = total > 0
    if years.sum() < _FEWEST_YEARS:
        return None
    return _root_mean_square(
        (np.nan_to_num(change, posinf=0, neginf=0) * weight).sum(axis=(0, 1))[years] / total[years]
    )


def output_spread(inputs: Inputs) -> float | None:
    """Hours a working day that lines showed in closed months, around their own mean."""
    capacity = inputs.capacity
    if capacity is None or capacity.line_hours_history.shape[-1] < _FEWEST_MONTHS:
        return None
    hours = capacity.line_hours_history
    if capacity.working_days_history is not None and capacity.working_days_history.shape[-1] == hours.shape[-1]:
        days = (
            capacity.working_days_history.mean(axis=0)
            if capacity.working_days_history.ndim > 1
            else (capacity.working_days_history)
        )
        hours = np.divide(hours, days, out=np.full(hours.shape, np.nan), where=days > 0)
    hours = hours[:, -_FEWEST_MONTHS:]
    known = np.isfinite(hours).all(axis=1) & (hours > 0).all(axis=1)
    if not known.any():
        return None
    logs = np.log(hours[known])
    return _root_mean_square(logs - logs.mean(axis=1, keepdims=True))


def operating_cost_spread(inputs: Inputs) -> float | None:
    """Change of a year's other operating cost from the year before, beyond the inflation that is assumed."""
    ledger = inputs.ledger
    if ledger is None or "operating_cost" not in ledger.actual:
        return None
    months = inputs.calendar.history(max(-inputs.calendar.position(ledger.months[0]), 0))
    cost = Labelled(ledger.actual["operating_cost"], month=ledger.months).on(month=months).values
    years = _years(inputs, cost)
    known = years[np.isfinite(years) & (years > 0)]
    if len(known) <= _FEWEST_YEARS:
        return None
    return _root_mean_square(np.diff(np.log(known)) - np.log1p(assumption("cost_inflation").default or 0.0))


def dso_spread(inputs: Inputs) -> float | None:
    """Days after which customers paid at the month ends of the last year, around their mean."""
    ledger, calendar = inputs.ledger, inputs.calendar
    if ledger is None or "receivables" not in ledger.actual:
        return None
    months = calendar.history(len(inputs.history.months))
    sold = Labelled(sold_amounts(inputs, "revenue") / MINOR, month=inputs.history.months).on(month=months).values
    balances = Labelled(ledger.actual["receivables"], month=ledger.months).on(month=months).values
    ends = range(max(len(months) - calendar.year, calendar.quarter) + 1, len(months) + 1)
    lengths = [days_in(month) for month in months]
    found = np.array([days_outstanding(sold[:end], lengths[:end], balances[end - 1]) for end in ends])
    found = found[np.isfinite(found)]
    return float(found.std()) if len(found) >= _FEWEST_MONTHS // 2 else None


def delay_spread(inputs: Inputs) -> float | None:
    """Months by which gates and milestones that were reached came after their baseline."""
    slips = [gate.slip_months for gate in _gates(inputs) if gate.actual is not None]
    if len(slips) < _FEWEST_GATES:
        return None
    return _root_mean_square(np.array(slips, dtype=float)) / inputs.calendar.in_periods(1)


def _gates(inputs: Inputs) -> Iterator[Gate]:
    for launch in inputs.launches or ():
        yield from launch.gates
    for item in inputs.initiatives or ():
        yield from item.milestones


def _years(inputs: Inputs, values: Floats) -> Floats:
    """Sums of the whole years (..., years) that end with the last closed month, oldest first."""
    year = inputs.calendar.year
    count = values.shape[-1] // year
    last = values[..., values.shape[-1] - count * year :]
    return np.asarray(last.reshape(*values.shape[:-1], count, year).sum(axis=-1))


def _root_mean_square(values: Floats) -> float:
    return float(np.sqrt(np.mean(values**2)))


ESTIMATES: dict[str, Callable[[Inputs], float | None]] = {
    "price_spread": price_spread,
    "output_spread": output_spread,
    "operating_cost_spread": operating_cost_spread,
    "dso_spread_days": dso_spread,
    "delay_spread_months": delay_spread,
}
"""What can be estimated from the tables, by the register's key."""

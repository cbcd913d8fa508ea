"""What cash pays below EBIT: taxes, interest, dividends, debt and other cash, as the ledger says they were paid.

Only lines that the ledger knows are planned. Taxes are a rate on profit before tax, paid in the months in which
they were paid last; dividends come in last year's months unless decided otherwise; debt is repaid as last year and
grows by decision only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sop.core.arrays import Labelled
from sop.core.calendar import Calendar
from sop.core.inputs import Floats, Inputs, Ints, Ledger
from sop.core.money import MINOR, to_minor
from sop.core.register import Assumptions, assumption
from sop.facts.actuals import actual_of


@dataclass(frozen=True)
class PaidBefore:
    """What a line of the ledger paid in the last year in which it paid anything.

    `amounts` (Y,) currency by place in the planned year: what stands at 0 was paid twelve months before the first
    open month. `last` is the last month of that year.
    """

    amounts: Floats
    last: str

    @property
    def total(self) -> float:
        """All that was paid in the year."""
        return float(self.amounts.sum())

    def over(self, periods: int) -> Floats:
        """The same amounts year after year (T,)."""
        return np.resize(self.amounts, periods)


def paid_before(ledger: Ledger | None, line: str, calendar: Calendar) -> PaidBefore | None:
    """The last year of a ledger line in which anything was booked; None where nothing ever was.

    A month without a row is a month without a payment.
    """
    if ledger is None or line not in ledger.actual:
        return None
    closed = calendar.history(max(-calendar.position(ledger.months[0]), 0))
    booked = np.nan_to_num(Labelled(ledger.actual[line], month=ledger.months).on(month=closed).values)
    year = calendar.year
    for last in range(len(closed), 0, -year):
        amounts = booked[max(last - year, 0) : last]
        if amounts.any():
            return PaidBefore(np.pad(amounts, (year - len(amounts), 0)), closed[last - 1])
    return None


def realised_tax_rate(inputs: Inputs) -> float | None:
    """Taxes of the last year that paid any over its profit before tax; None where that is no rate of 0 to 60%."""
    paid = paid_before(inputs.ledger, "tax", inputs.calendar)
    if paid is None:
        return None
    back = -inputs.calendar.position(paid.last) - 1
    months = inputs.calendar.history(inputs.calendar.year + back)[: inputs.calendar.year]
    profit = _profit_before_tax(inputs, months)
    entry = assumption("tax_rate")
    if not np.isfinite(profit).all() or profit.sum() <= 0:
        return None
    rate = paid.total / (profit.sum() / MINOR)
    return float(round(rate, 4)) if entry.low <= rate <= entry.high else None


def _profit_before_tax(inputs: Inputs, months: tuple[str, ...]) -> Floats:
    """EBIT less interest of closed months, minor units; not-a-number where EBIT is not known."""
    return actual_of(inputs, "ebit", months) - np.nan_to_num(actual_of(inputs, "interest", months))


def last_dividend(inputs: Inputs) -> float | None:
    """What the last year with a dividend paid, currency; None where there never was one."""
    paid = paid_before(inputs.ledger, "dividend", inputs.calendar)
    return None if paid is None else paid.total


@dataclass(frozen=True)
class BelowEbit:
    """What the ledger says of the lines below EBIT: read once for an input set, and planned on again and again.

    `signed`: the same as an agreed plan read it, whose tax rate goes on.
    """

    inputs: Inputs
    signed: BelowEbit | None = None

    def __getitem__(self, line: str) -> PaidBefore | None:
        """The last year of a line in which anything was booked."""
        return self._paid[line]

    @cached_property
    def _paid(self) -> Mapping[str, PaidBefore | None]:
        lines = ("tax", "interest", "dividend", "other_cash", "equity")
        return {line: paid_before(self.inputs.ledger, line, self.inputs.calendar) for line in lines}

    @cached_property
    def tax_rate(self) -> float | None:
        """The realised rate; None where it is not known."""
        return self.signed.tax_rate if self.signed else realised_tax_rate(self.inputs)

    @cached_property
    def untaxed(self) -> Floats:
        """Profit of closed months since the last payment of taxes, minor units; not-a-number where not known."""
        tax = self["tax"]
        paid = np.flatnonzero(tax.amounts > 0) if tax is not None else np.zeros(0, dtype=np.intp)
        months = self.inputs.calendar.history(self.inputs.calendar.year)[int(paid[-1]) + 1 :] if len(paid) else ()
        return _profit_before_tax(self.inputs, months)

    @cached_property
    def announced(self) -> Floats:
        """Dividends that the budget holds in the planned months (T,), currency."""
        ledger, months = self.inputs.ledger, self.inputs.calendar.months
        if ledger is None or "dividend" not in ledger.budget:
            return np.zeros(len(months))
        booked = Labelled(np.nan_to_num(ledger.budget["dividend"]), month=ledger.months)
        return booked.on(month=months, missing=0.0).values

    @cached_property
    def debt(self) -> Floats:
        """Debt at the end of each of the last year's months and of the month before them (Y + 1,), currency."""
        ledger, months = self.inputs.ledger, self.inputs.calendar.history(self.inputs.calendar.year + 1)
        if ledger is None or "debt" not in ledger.actual:
            return np.full(len(months), np.nan)
        return Labelled(ledger.actual["debt"], month=ledger.months).on(month=months).values


def plan_financing(before: BelowEbit, assumptions: Assumptions, ebit: Ints) -> dict[str, Ints]:
    """Taxes, interest, dividends, debt and other cash (T,) for a planned EBIT (T,), whole minor units.

    Only lines that are planned; `book_findings` says what they rest on.
    """
    calendar = before.inputs.calendar
    lines: dict[str, Ints] = {}
    debt = _plan_debt(before, assumptions)
    if debt is not None:
        lines["debt"] = to_minor(debt)
    interest = before["interest"]
    if interest is not None:
        lines["interest"] = to_minor(interest.over(calendar.horizon) * _debt_ratio(before, debt))
    tax = before["tax"]
    if tax is not None:
        rate = assumptions.value("tax_rate", table_value=before.tax_rate)
        profit = ebit - lines.get("interest", np.zeros(len(ebit), dtype=np.int64))
        untaxed = float(np.where(np.isfinite(before.untaxed), before.untaxed, profit.mean()).sum())
        lines["tax"] = plan_tax(profit, untaxed, tax.over(len(ebit)) > 0, rate)
    dividend = _plan_dividend(before, assumptions)
    if dividend is not None:
        lines["dividend"] = to_minor(dividend)
    other = before["other_cash"]
    if other is not None or before["equity"] is not None:
        # Capital is paid in or returned by decision: it makes cash whole, and nothing of it is planned.
        monthly = 0.0 if other is None else other.total / calendar.year
        lines["other_cash"] = to_minor(np.full(calendar.horizon, monthly))
    return lines


def plan_tax(profit: Ints, open_profit: float, is_paid: np.ndarray, rate: float) -> Ints:
    """Taxes (T,) in minor units: in each month of payment, `rate` on the profit since the last one.

    `profit` (T,) before tax; `open_profit` what was earned in closed months since the last payment. A loss is
    carried forward against later profit.

    >>> plan_tax(np.array([100, 100, -50, 100]), 20.0, np.array([True, False, False, True]), 0.25).tolist()
    [30, 0, 0, 38]
    """
    taxes = np.zeros(len(profit), dtype=np.int64)
    base = open_profit
    for t, earned in enumerate(profit.tolist()):
        base += earned
        if is_paid[t]:
            taxes[t] = int(np.rint(max(base, 0.0) * rate))
            base = min(base, 0.0)
    return taxes


def _plan_debt(before: BelowEbit, assumptions: Assumptions) -> Floats | None:
    """Debt at month ends (T,): repaid as last year until nothing is owed, and what is borrowed by decision."""
    opening = before.inputs.position.balances.get("debt")
    borrowed = assumptions.value("borrowing")
    if opening is None and not borrowed:
        return None
    repaid = np.maximum(-np.nan_to_num(np.diff(before.debt)), 0.0)
    start = opening or 0.0
    after = start + borrowed - np.cumsum(np.resize(repaid, before.inputs.calendar.horizon))
    # A debt below nothing is no debt: it stays what it is, and brings no cash.
    return np.maximum(after, min(start, 0.0))


def _debt_ratio(before: BelowEbit, debt: Floats | None) -> Floats:
    """What is owed before each planned month over the mean that last year's interest was paid on (T,)."""
    horizon, past = before.inputs.calendar.horizon, before.debt
    mean = np.nanmean(past) if np.isfinite(past).any() else 0.0
    if debt is None or mean <= 0:
        return np.ones(horizon)
    owed = np.concatenate([[past[-1] if np.isfinite(past[-1]) else debt[0]], debt[:-1]])
    return owed / mean


def _plan_dividend(before: BelowEbit, assumptions: Assumptions) -> Floats | None:
    """Dividends (T,) currency: what is decided, else as last time, in last time's months.

    Without an earlier dividend a decided one is paid in the first planned month of a fiscal year.
    """
    calendar, paid = before.inputs.calendar, before["dividend"]
    decided = dict(assumptions).get(("dividend", ""))
    if paid is not None and paid.total > 0:
        return paid.over(calendar.horizon) * ((paid.total if decided is None else decided) / paid.total)
    if decided is None:
        return None
    return np.array([decided if calendar.fiscal_year(m)[0] == m else 0.0 for m in calendar.months])

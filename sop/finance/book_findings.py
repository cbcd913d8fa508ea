"""What is odd in the ledger, or not in it, and what the financial plan takes instead: never in silence."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sop.core.calendar import period_name, worded
from sop.core.findings import Finding, Level
from sop.core.format import how_many, number, percent
from sop.core.money import MINOR, to_minor
from sop.core.register import Assumptions, assumption
from sop.finance.financial_plan import Books, FinancialPlan, planned_balance

TABLE = "financials"
DAYS = {
    "receivables": ("dso_days", "customers pay", "customers are taken to pay"),
    "payables": ("dpo_days", "suppliers are paid", "suppliers are taken to be paid"),
}
"""Balances that payment days follow from: their assumption, and what happens after those days."""
_NEAR = 0.1
"""A budget within a tenth of what is planned is a budget, and no other dividend."""


def book_findings(books: Books, assumptions: Assumptions, plan: FinancialPlan) -> tuple[Finding, ...]:
    """What a financial plan rests on that the ledger does not say, or says oddly, each with the remedy."""
    found: list[Finding] = []
    operating = books.operating
    if operating is not None and "operating_cost" in plan.lines and operating.is_assumed(assumptions):
        rise = percent(assumptions.value("cost_inflation"), 1)
        found.append(_note("assumed", f"operating cost rises by an assumed {rise} a year", _set("cost_inflation")))
    if "cash" in plan.lines:
        for line in DAYS:
            found += _payment_days(books, assumptions, plan, line)
        found += _taxes(books, assumptions, plan)
        found += _dividends(books, plan)
        found += _debt(books, plan)
    return tuple(found)


def _note(rule: str, what: str, remedy: str, level: Level = "note") -> Finding:
    return Finding(level, rule, what, remedy, table=TABLE)


def _set(key: str) -> str:
    return f"Set '{assumption(key).label}' on Assumptions"


def _amount(books: Books, value: float) -> str:
    """Currency in whole units, as the tables give it."""
    return f"{number(value)} {books.inputs.currency}"


def _payment_days(books: Books, assumptions: Assumptions, plan: FinancialPlan, line: str) -> Iterator[Finding]:
    """Days that are assumed because no balance says any, and what days are worth that differ from the realised."""
    key, happens, taken = DAYS[line]
    realised = books.dso if line == "receivables" else books.dpo
    stated, given = books.inputs.position.balances.get(line), (key, "") in assumptions
    days = how_many(f"{assumptions.value(key, table_value=realised):g}", "days")
    closed = period_name(books.inputs.calendar.last_closed)
    if realised is None and stated is not None:
        size = "negative: " if stated < 0 else ""
        after = f"the {days} set on Assumptions" if given else f"an assumed {days}"
        yield _note(
            "balance_without_days",
            f"{line} are {size}{_amount(books, stated)} in {closed}, which does not say when {happens}; {taken} "
            f"after {after}, and what the ledger has beyond or below that stays as it is",
            f"Check sign and account of {line} in account_map" + ("" if given else f", or set '{_label(key)}'"),
            "warning",
        )
    elif realised is None and not given:
        what = f"{taken} after an assumed {days}: no ledger account is mapped to {line}"
        yield _note("assumed", what, f"Map {line} in account_map, or set '{_label(key)}' on Assumptions")
    elif realised is not None and given and assumptions.value(key) != realised:
        worth = _worth_of_days(books, plan, line, realised)
        what = (
            f"{taken} after {days}, and it was after {realised:g} in the last quarter; in the lowest "
            f"{books.inputs.calendar.word} of cash that is worth {_amount(books, worth)}"
        )
        yield _note("days_differ", worded(what), f"Take '{_label(key)}' back to what was realised, or prove it")


def _label(key: str) -> str:
    return assumption(key).label


def _worth_of_days(books: Books, plan: FinancialPlan, line: str, realised: float) -> float:
    """What the lowest cash of a year would lose if days stayed as they were realised, currency."""
    inputs = books.inputs
    receivable = line == "receivables"
    past = inputs.position.recent_revenue if receivable else books.purchases
    planned = plan.lines["total_revenue" if receivable else "purchases"] / MINOR
    before = planned_balance(inputs.calendar, past, planned, realised, True, inputs.position.balances.get(line))
    moved = (plan.lines[line] - to_minor(before[1:])) * (1 if receivable else -1)
    year, cash = inputs.calendar.year, plan.lines["cash"]
    return float(cash[:year].min() - (cash + moved)[:year].min()) / MINOR


def _taxes(books: Books, assumptions: Assumptions, plan: FinancialPlan) -> Iterator[Finding]:
    before, paid = books.below_ebit, books.below_ebit["tax"]
    if paid is None or "tax" not in plan.lines:
        return
    if before.tax_rate is None and ("tax_rate", "") not in assumptions:
        rate = percent(assumptions.value("tax_rate"))
        what = f"the tax rate of {rate} is assumed: taxes paid are no share of a known profit"
        yield _note("assumed", what, _set("tax_rate"))
    if paid.last != books.inputs.calendar.last_closed:
        last = period_name(paid.last)
        what = worded(f"taxes were last paid in the year to {last}; rate and months are that year's")
        yield _note("paid_before", what, "Load the taxes of the last year, or set 'Tax rate' on Assumptions")
    unknown = int((~np.isfinite(before.untaxed)).sum())
    if unknown:
        what = worded(
            f"the profit of {how_many(unknown, 'closed months')} on which taxes are still due is not "
            f"known; the mean of the "
            "plan stands for it",
            counted=True,
        )
        yield _note("assumed", what, worded("Load revenue, cost and operating cost of those months"))


def _dividends(books: Books, plan: FinancialPlan) -> Iterator[Finding]:
    """A dividend of an earlier year that goes on, and one that is announced in the budget and is not planned."""
    inputs, paid = books.inputs, books.below_ebit["dividend"]
    calendar = inputs.calendar
    planned = plan.lines["dividend"] / MINOR if "dividend" in plan.lines else np.zeros(calendar.horizon)
    if paid is not None and paid.last != calendar.last_closed and planned.any():
        what = f"dividends were last paid in the year to {period_name(paid.last)}; they are planned as then"
        yield _note("paid_before", worded(what), _set("dividend"))
    announced = books.below_ebit.announced[: calendar.year]
    budget, ours = announced.sum(), planned[: calendar.year].sum()
    if not budget or abs(budget - ours) <= _NEAR * abs(ours):
        return
    month = calendar.months[int(np.flatnonzero(announced)[0])]
    stands = f"{_amount(books, ours)} are" if ours else "none is"
    yield _note(
        "dividend_announced",
        f"a dividend of {_amount(books, budget)} is budgeted in {period_name(month)}; {stands} planned "
        "until it is decided",
        _set("dividend"),
        "warning",
    )


def _debt(books: Books, plan: FinancialPlan) -> Iterator[Finding]:
    opening = books.inputs.position.balances.get("debt")
    if opening is not None and opening < 0:
        what = (
            f"debt is {_amount(books, opening)} in {period_name(books.inputs.calendar.last_closed)}, "
            "below nothing; it is planned to stay that, and interest to stay what it was"
        )
        yield _note("debt_negative", what, "Check the sign of the account in account_map", "warning")
    elif "interest" in plan.lines and not np.nan_to_num(books.below_ebit.debt).any():
        what = "interest is planned as it was paid last: no ledger account is mapped to debt"
        yield _note("assumed", what, "Map debt in account_map")

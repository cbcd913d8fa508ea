"""Decisions in words: what a lever costs and when it takes effect, and why it is or is not recommended."""

from __future__ import annotations

from sop.analysis.decisions.decisions import Decision
from sop.analysis.effects import PlanEffect, profit_line
from sop.core.calendar import MONTHS, period_name, shift_period, worded
from sop.core.format import MoneyFormat, effect, how_many, signed
from sop.core.money import MINOR
from sop.core.plan import Plan
from sop.core.words import Money

_OF_THEMSELVES = ("stock",)
"""Kinds of move that nobody is paid for."""


def nothing_to_decide(plan: Plan) -> str:
    """Why no decision is wanted today: nothing limits the plan, or nobody knows whether anything does, or what it
    brings."""
    what = "nothing slips that a decision of today would change noticeably."
    if "inventory" not in plan or "utilisation" not in plan:
        return f"Whether a limit binds is not known, because the plan is unconstrained; {what}"
    if not plan.has_profit:
        return f"What a decision brings is not known: {plan.why_unknown('gross_margin')}."
    return f"No limit binds and {what}"


def terms_sentence(decision: Decision, first_open: str, whole: Money, full: Money) -> str:
    """'38 € an hour, 0.15 M€ in all; from Feb 2027; lead time assumed; allowed by Operations'.

    `whole` writes minor units as the page does, `full` in units of the currency.
    """
    terms = decision.move.terms
    parts = [_price(decision, whole, full), f"from {period_name(shift_period(first_open, terms.lead_months))}"]
    if terms.assumed:
        parts.append(f"{' and '.join(terms.assumed)} assumed")
    if terms.allowed_by:
        parts.append(f"allowed by {terms.allowed_by}")
    return "; ".join(part for part in parts if part)


def _price(decision: Decision, whole: Money, full: Money) -> str:
    terms = decision.move.terms
    if not terms.known:
        return "cost not known"
    each = "" if terms.price is None else f"{full(terms.price * MINOR)} {_a(terms.unit)}"
    if decision.move.kind in _OF_THEMSELVES or decision.cost is None:
        return each
    total = "nothing in this plan" if decision.cost == 0 else f"{whole(decision.cost)} in all"
    return f"{each}, {total}" if each else f"costs {total}"


def _a(unit: str) -> str:
    return f"an {unit}" if unit[:1] in "aeiou" or unit.startswith("hour") else f"a {unit}"


def together_text(together: PlanEffect, months: int, change: Money, unit: str, near: str) -> str:
    """'All recommended together, re-planned: EBIT +0.50 M€ in 12 months, +0.34 M€ in 24; lowest cash −1.75 M€'."""
    span = worded(how_many(months, "months"), counted=True)
    parts = [
        f"EBIT {change(together.ebit_12_months)} {unit} in {near}"
        if together.ebit_12_months is not None
        else "EBIT is not known",
        f"{change(together.ebit_horizon)} {unit} in {span.removesuffix(MONTHS)}"
        if together.ebit_horizon is not None and near != span
        else "",
    ]
    cash = "" if together.cash_low is None else f"; lowest cash {change(together.cash_low)} {unit}"
    return f"All recommended together, re-planned: {', '.join(part for part in parts if part)}{cash}."


def profit_words(plan: Plan) -> str:
    """What profit is told by: EBIT, gross margin standing in for it, or that it is not known."""
    line = profit_line(plan)
    if line is None:
        return "EBIT is not known in this plan; units and days are,"
    return "EBIT" if line == "ebit" else "Gross margin, which stands in for the EBIT that is not known,"


def recommendation(decision: Decision, money: MoneyFormat) -> str:
    """Yes, or no and why, with what goes along: lead time, stock, short cash, and what is taken for granted."""
    parts = []
    if abs(decision.lead_time) >= 1:
        parts.append(f"lead time {how_many(signed(decision.lead_time), 'days')}")
    if effect(money.signed(decision.inventory, 2), False) == "good" and decision.move.kind == "stock":
        parts.append(f"stock {money.signed(decision.inventory, 2)} {money.unit}")
    if decision.cash_short and decision.recommended:
        parts.append(f"cash {money.text(decision.cash_short, 2)} {money.unit} short")
    if decision.move.condition:
        parts.append("if it works fully")
    if decision.move.condition == "expected":
        parts.append("expected: the plan does not count with it")
    return ", ".join(["Yes" if decision.recommended else f"No: {decision.why_not}", *parts])

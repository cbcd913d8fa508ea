"""The message first: one plain sentence with its numbers for a plan, made from the same values as its tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sop.analysis.comparison.bridge import Bridge
from sop.analysis.comparison.compare import headline_of_base
from sop.analysis.decisions.valuation import Valuation
from sop.analysis.headline import why_and_remedy
from sop.analysis.performance.kpis import Kpi
from sop.core.calendar import worded
from sop.core.format import how_many, number
from sop.core.inputs import Inputs
from sop.core.plan import Plan
from sop.core.terms import PlanName
from sop.core.words import Words
from sop.views.people_words import count_words, people_headline

Headline = Mapping[str, float | int | None]


MOST_FAMILIES = 2
"""Families whose units a message tells one by one."""
_MINUS = "\u2212"
_NONE = "there is no {} to compare with"
_NOT_TOLD = "the {} does not tell the company's revenue of these months"


def plan_message(
    now: Headline,
    base: Headline,
    base_name: str,
    cause: tuple[str, float] | None,
    money: Words,
    near: str,
    span: str = "",
    budget: float | int | None = None,
) -> str:
    """Revenue of the next twelve months, its differences to budget and base plan, and what moves it most.

    `near`: that span in words, as far as is planned. `cause`: a group's name and its effect in minor units; left
    out where it is less than a tenth of the gap. `span`: its months, where it stands by itself. `budget`: the
    budget's revenue, where it is told as well.
    """
    revenue = now.get("revenue")
    if revenue is None:
        return f"Next {near}: revenue is not known."
    text = f"Next {near}{f' ({span})' if span else ''}: revenue {money(revenue)}"
    was = base.get("revenue")
    if budget is not None and base_name != "budget":
        text += _beside(revenue, budget, "the budget", money)
    if was is None:
        # A plan agreed elsewhere may be there and not tell the company's revenue.
        return f"{text}; {worded(_NOT_TOLD if base else _NONE).format(base_name)}."
    gap = revenue - was
    text += _beside(revenue, was, the_plan(base_name), money)
    if cause and abs(cause[1]) >= max(abs(gap) * 0.1, 1):
        text += f"; largest cause: {_inside(cause[0])}, {'+' if cause[1] > 0 else _MINUS}{money(abs(cause[1]))}"
    return f"{text}."


def the_plan(name: str) -> str:
    """A compared plan inside a sentence: 'agreed Nov 2026, rev 1' → 'the agreed plan of Nov 2026, rev 1'."""
    state, _, cycle = name.partition(" ")
    return f"the agreed plan of {cycle}" if state == "agreed" and cycle != "plan" else f"the {name}"


def _beside(revenue: float, other: float, name: str, money: Words) -> str:
    """', 1.4 M€ below the agreed plan'; ', as in the agreed plan' within a twentieth of a percent."""
    gap = revenue - other
    if abs(gap) < abs(other) * 0.0005:
        return f", as in {name}"
    return f", {money(abs(gap))} {'above' if gap > 0 else 'below'} {name}"


def decisions_worth(valuation: Valuation | None, gap: float | int | None, money: Words) -> str:
    """What the recommended decisions bring, beside the EBIT `gap` to the budget (negative: below) that they close.

    Empty where nothing is recommended, or where what all of them bring together is not known or no gain.
    """
    wanted = [decision for decision in valuation.decisions if decision.recommended] if valuation else []
    if not wanted or valuation is None:
        return ""
    effect = valuation.together or wanted[0].effect
    gain = effect.ebit_12_months
    if gain is None or gain <= 0:
        return ""
    count = count_words(len(wanted))
    who = f"{count[0].upper()}{count[1:]} {'decision is' if len(wanted) == 1 else 'decisions are'} worth"
    if gap is None or gap >= 0:
        return f"{who} {money(gain)} of EBIT."
    return f"{who} {money(gain)} of the {money(-gap)} that EBIT is below the budget."


def _inside(name: str) -> str:
    """A step's name inside a sentence: 'New actuals' → 'new actuals', 'CEO: new data' → 'CEO (new data)'."""
    group, colon, what = name.partition(": ")
    group = group[0].lower() + group[1:] if group[1:2].islower() else group
    return f"{group} ({what})" if colon else group


def missing_sentence(kpis: Sequence[Kpi], plan: Plan) -> str:
    """What has no card, why, and which tables would unlock it; empty where all are known."""
    return unknown_sentence({kpi.key: kpi.headline.label for kpi in kpis if kpi.value is None}, plan)


def unknown_sentence(labels: Mapping[str, str], plan: Plan) -> str:
    """What of headline measures, key → label, a plan does not know, why, and what would unlock it; '' for none."""
    by_why: dict[str, list[str]] = {}
    for key, label in labels.items():
        by_why.setdefault(why_and_remedy(plan, key), []).append(label)
    parts = [
        f"{' and '.join(filter(None, (', '.join(labels[:-1]), labels[-1])))} "
        f"{'is' if len(labels) == 1 else 'are'} not known: {why}."
        for why, labels in by_why.items()
    ]
    return " ".join(parts)


def spans_of(kpis: Sequence[Kpi], agreed: bool) -> str:
    """Whose figures the cards show over one span: 'Plan, budget and agreed plan', as far as they are there."""
    budget = any(kpi.budget is not None for kpi in kpis)
    *first, last = ["plan", *(["budget"] if budget else []), *(["agreed plan"] if agreed else [])]
    return (f"{', '.join(first)} and {last}" if first else last).capitalize()


def review_message(
    plan: Plan, base: Plan | None, bridge: Bridge | None, kpis: Sequence[Kpi], wanted: Valuation | None
) -> str:
    """The message of the executive review: revenue against budget and agreed plan, what the decisions that are
    `wanted` are worth (None: not valued yet), who goes and is hired."""
    by_key = {kpi.key: kpi for kpi in kpis}
    reference = bridge.reference if bridge else "agreed plan"
    compared = {"revenue": bridge.start[1]} if bridge else {}
    money, budget = plan.money.labelled, by_key["revenue"].budget
    text = plan_message(plan.headline, compared, reference, None, money, plan.near_text, budget=budget)
    worth = decisions_worth(wanted, by_key["ebit"].against_budget, money)
    return with_people(" ".join(filter(None, (with_unknown(text, plan, base), worth))), plan)


def summary_of(inputs: Inputs, agreed: Plan | None, plan: Plan) -> str:
    """The message of a plan, compared with an agreed one; what it does not know; who would go and be hired."""
    base = headline_of_base(plan, agreed, inputs.families.made_to_order_names)
    text = plan_message(
        plan.headline, base, "agreed plan", None, plan.money.labelled, plan.near_text, span=plan.near_span
    )
    return with_people(with_unknown(text, plan, agreed), plan)


def with_unknown(text: str, plan: Plan, base: Plan | None) -> str:
    """A plan's message, in units where revenue is not known, and what nobody knows of an unconstrained plan."""
    said = text if plan.has_revenue else units_message(plan, base)
    return " ".join(filter(None, (said, unconstrained(plan))))


def units_message(plan: Plan, agreed: Plan | None) -> str:
    """Units that the next twelve months sell, their difference to the agreed plan, and why money is not known.

    Of several families those that sell most, each by itself: screws are not added to bicycles.
    """
    months = plan.months[: plan.calendar.year]
    units, was = _units(plan, months), None if agreed is None else _units_or_none(agreed, months)
    several = len(units) > 1
    told = [
        f"{how_many(number(units[name]), 'units')}{f' of {name}' if several else ''} "
        f"shipped{_than_agreed(name, units, was)}"
        for name in sorted(units, key=lambda name: -units[name])[:MOST_FAMILIES]
    ]
    left = len(units) - len(told)
    more = [f"{left} more {'family' if left == 1 else 'families'}"] if left else []
    why = plan.availability[PlanName.FINANCIAL].why
    text = f"Next {plan.near_text}: {'; '.join((*told, *more))}"
    return f"{text}; revenue is not known" + (f": {why}." if why else ".")


def _than_agreed(name: str, units: Mapping[str, int], was: Mapping[str, int] | None) -> str:
    if was is None or name not in was:
        return ""
    gap = units[name] - was[name]
    return f", {number(abs(gap))} {'more' if gap > 0 else 'fewer'} than agreed" if gap else ", as agreed"


def _units(plan: Plan, months: Sequence[str]) -> dict[str, int]:
    """Units shipped in some months by family."""
    at = [plan.months.index(month) for month in months]
    shipped = plan.by_family("shipments")[:, at].sum(axis=1)
    return {name: int(units) for name, units in zip(plan.names("shipments"), shipped, strict=True)}


def _units_or_none(plan: Plan, months: Sequence[str]) -> dict[str, int] | None:
    """The same; None where a plan does not cover the months, or one agreed elsewhere does not know them all."""
    if "shipments" not in plan or not set(months) <= set(plan.months):
        return None
    return _units(plan, months) if np.isfinite(plan["shipments"].astype(float)).all() else None


def unconstrained(plan: Plan) -> str:
    """That nothing limits the plan, and what therefore nobody knows; empty where capacity is planned."""
    if "inventory" not in plan:
        return (
            "Unconstrained: opening stock is not known, so supply is not planned and what is due counts as sold."
        )
    if "utilisation" not in plan:
        return "Unconstrained: without capacity, load, lead time and delivery on time are not known."
    return ""


def with_people(text: str, plan: Plan) -> str:
    """A plan's message with who would go and who would be hired; as it is where nobody does."""
    return " ".join(filter(None, (text, people_headline(plan))))

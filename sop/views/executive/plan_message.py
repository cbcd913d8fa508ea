"""The message first: one plain sentence with its numbers for a plan, made from the same values as its tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sop.analysis.comparison.bridge import Bridge
from sop.analysis.comparison.compare import headline_of_base
from sop.analysis.headline import why_and_remedy
from sop.analysis.jump import Jump
from sop.analysis.performance.kpis import Kpi
from sop.core.inputs import Inputs
from sop.core.plan import Plan
from sop.core.terms import PlanName
from sop.core.words import Words, plain_chance
from sop.views.jump_words import jump_sentence
from sop.views.people_words import people_headline

Headline = Mapping[str, float | int | None]


_MINUS = "\u2212"
NO_REVENUE = "Next 12 months: revenue is not known."


def plan_message(
    now: Headline,
    base: Headline,
    base_name: str,
    cause: tuple[str, float] | None,
    money: Words,
    chance: float | None = None,
    span: str = "",
) -> str:
    """Revenue of the next twelve months, its difference to the base plan, and the cause that moves it most.

    `cause`: a group's name and its effect in minor units; left out where it is less than a tenth of the gap.
    `chance`: the chance to reach the budget, as a fraction. `span`: its months, where it stands by itself.
    """
    revenue = now.get("revenue")
    if revenue is None:
        return NO_REVENUE
    text = f"Next 12 months{f' ({span})' if span else ''}: revenue {money(revenue)}"
    was = base.get("revenue")
    if was is None:
        return f"{text}; there is no {base_name} to compare with."
    gap = revenue - was
    if abs(gap) < abs(was) * 0.0005:
        text += f", as in the {base_name}"
    else:
        text += f", {money(abs(gap))} {'above' if gap > 0 else 'below'} the {base_name}"
    if cause and abs(cause[1]) >= max(abs(gap) * 0.1, 1):
        text += f"; largest cause: {_inside(cause[0])}, {'+' if cause[1] > 0 else _MINUS}{money(abs(cause[1]))}"
    return text + "." + ("" if chance is None else f" {plain_chance(chance)} chance of the budget.")


def _inside(name: str) -> str:
    """A step's name inside a sentence: 'New actuals' → 'new actuals', 'CEO: new data' → 'CEO (new data)'."""
    group, colon, what = name.partition(": ")
    group = group[0].lower() + group[1:] if group[1:2].islower() else group
    return f"{group} ({what})" if colon else group


def missing_sentence(kpis: Sequence[Kpi], plan: Plan) -> str:
    """What has no card, why, and which tables would unlock it; empty where all are known."""
    by_why: dict[str, list[str]] = {}
    for kpi in kpis:
        if kpi.value is None:
            by_why.setdefault(why_and_remedy(plan, kpi.key), []).append(kpi.headline.label)
    parts = [f"{', '.join(labels)}: {why}" for why, labels in by_why.items()]
    return f"Not known: {'; '.join(parts)}." if parts else ""


def review_message(
    plan: Plan,
    base: Plan | None,
    bridge: Bridge | None,
    chance: float | None,
    jumps: Sequence[Jump],
) -> str:
    """The message of the executive review: revenue against what it is compared with, its largest cause, the chance
    of the budget, who goes and is hired, and what carries a year that stands apart from the last."""
    reference = bridge.reference if bridge else "agreed plan"
    compared = {"revenue": bridge.start[1]} if bridge else {}
    cause = bridge.main_cause if bridge else None
    text = plan_message(plan.headline, compared, reference, cause, plan.money.labelled, chance)
    text = with_people(with_unknown(text, plan, base), plan)
    return " ".join(filter(None, (text, jump_sentence(jumps, None, plan.currency))))


def summary_of(inputs: Inputs, agreed: Plan | None, plan: Plan) -> str:
    """The message of a plan, compared with an agreed one; what it does not know; who would go and be hired."""
    base = headline_of_base(plan, agreed, inputs.families.made_to_order_names)
    text = plan_message(plan.headline, base, "agreed plan", None, plan.money.labelled, span=plan.near_span)
    return with_people(with_unknown(text, plan, agreed), plan)


def with_unknown(text: str, plan: Plan, base: Plan | None) -> str:
    """A plan's message, in units where revenue is not known, and what nobody knows of an unconstrained plan."""
    said = text if plan.has_revenue else units_message(plan, base)
    return " ".join(filter(None, (said, unconstrained(plan))))


def units_message(plan: Plan, agreed: Plan | None) -> str:
    """Units that the next twelve months sell, their difference to the agreed plan, and why money is not known."""
    months = plan.months[: plan.calendar.year]
    units = _units(plan, months)
    text = f"Next 12 months: {units:,.0f} units shipped"
    if agreed is not None and set(months) <= set(agreed.months):
        gap = units - _units(agreed, months)
        text += f", {abs(gap):,.0f} {'more' if gap > 0 else 'fewer'} than agreed" if gap else ", as agreed"
    why = plan.availability[PlanName.FINANCIAL].why
    return f"{text}; revenue is not known" + (f": {why}." if why else ".")


def _units(plan: Plan, months: Sequence[str]) -> int:
    return int(plan.total("shipments")[[plan.months.index(month) for month in months]].sum())


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

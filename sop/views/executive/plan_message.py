"""The message first: one plain sentence with its numbers for a plan, made from the same values as its tables."""

from __future__ import annotations

from collections.abc import Mapping

from sop.analysis.comparison.compare import headline_of_base
from sop.core.inputs import Inputs
from sop.core.plan import Plan
from sop.core.words import Words, plain_chance
from sop.views.people_words import people_headline

Headline = Mapping[str, float | int | None]


_MINUS = "\u2212"


def plan_message(
    now: Headline,
    base: Headline,
    base_name: str,
    cause: tuple[str, float] | None,
    money: Words,
    chance: float | None = None,
) -> str:
    """Revenue of the next twelve months, its difference to the base plan, and the cause that moves it most.

    `cause`: a group's name and its effect in minor units; left out where it is less than a tenth of the gap.
    `chance`: the chance to reach the budget, as a fraction.
    """
    revenue = now.get("revenue") or 0
    text = f"Next 12 months: revenue {money(revenue)}"
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


def summary_of(inputs: Inputs, agreed: Plan | None, plan: Plan) -> str:
    """The message of a plan, compared with an agreed one, and who would go and be hired."""
    base = headline_of_base(plan, agreed, inputs.families.made_to_order_names)
    return with_people(plan_message(plan.headline, base, "agreed plan", None, plan.money.labelled), plan)


def with_people(text: str, plan: Plan) -> str:
    """A plan's message with who would go and who would be hired; as it is where nobody does."""
    return " ".join(filter(None, (text, people_headline(plan))))

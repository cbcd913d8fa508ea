"""Service against cash: what safety stock is made of, what a level of service ties up, and what one point costs.

Figures are means of the next twelve months; money is in minor units, service and fill rates are fractions.
"""

from __future__ import annotations

from sop.analysis.supply.service_curve import ALL_FAMILIES, SafetyFacts, ServiceChoice
from sop.core.calendar import worded
from sop.core.format import how_many, number
from sop.core.present import Col, Declared, PlanTable
from sop.core.words import Money


def service_sentence(choice: ServiceChoice, money: Money) -> str:
    """What one point more ties up and one less frees, in one sentence."""
    if choice.cash != choice.cash:
        return f"{choice.family}: unit costs are not known, so neither is what service costs."
    where = "in every family" if choice.family == ALL_FAMILIES else f"for {choice.family}"
    more, less = choice.up, choice.down
    return (
        f"{_points(more.points)} more of service {where} ties up {money(more.cash)} and costs "
        f"{money(more.carrying)} a year to carry; {_points(-less.points).lower()} less frees {money(-less.cash)}."
    )


def _points(points: float) -> str:
    """'One point', '0.4 points'."""
    shown = number(points * 100, 1).removesuffix(".0")
    return "One point" if shown == "1" else how_many(shown, "points")


def service_table(choices: tuple[ServiceChoice, ...]) -> PlanTable:
    """Level, safety stock and cash by family, with what one point more and one less change."""
    return Declared[ServiceChoice](
        "Service against cash by family",
        (
            Col("Family", "text", lambda choice: choice.family),
            Col("Service level", "service", lambda choice: choice.level),
            Col("From stock", "service", lambda choice: choice.fill),
            Col("Safety stock", "units", lambda choice: choice.units),
            Col("Cash in it", "money", lambda choice: choice.cash),
            Col("One point more", "small_money", lambda choice: choice.up.cash, signed=True),
            Col("to carry a year", "small_money", lambda choice: choice.up.carrying, signed=True, better=-1),
            Col("One point less", "small_money", lambda choice: choice.down.cash, signed=True),
        ),
        "No family is made to stock.",
    ).of(choices)


def safety_table(facts: tuple[SafetyFacts, ...]) -> PlanTable:
    """The formula of safety stock with its inputs, family by family."""

    def moved(fact: SafetyFacts) -> float | None:
        return fact.target_change if abs(fact.target_change) >= 0.0005 else None

    return Declared[SafetyFacts](
        "How safety stock comes about",
        (
            Col("Family", "text", lambda fact: fact.family),
            Col(worded("Demand a month"), "units", lambda fact: fact.demand),
            Col(worded("σ a month"), "units", lambda fact: fact.demand_sd),
            Col("Lead time", "days", lambda fact: fact.lead_days),
            Col("its σ", "days", lambda fact: fact.lead_sd_days),
            Col("Review", "days", lambda fact: fact.review_days),
            Col("σ over both", "units", lambda fact: fact.sigma),
            Col("Level", "service", lambda fact: fact.level),
            Col("means", "text", lambda fact: fact.means),
            Col("z", "text", lambda fact: number(fact.z, 2)),
            Col("Target moved", "service", moved, signed=True),
            Col("Safety stock", "units", lambda fact: fact.stock),
            Col("No stock-out", "service", lambda fact: fact.cycle),
            Col("From stock", "service", lambda fact: fact.fill),
        ),
        "No family is made to stock.",
    ).of(facts)

"""Service against cash: what safety stock is made of, what a level of service ties up, and what one point costs.

Figures are means of the next twelve months; money is in minor units, service and fill rates are fractions.
"""

from __future__ import annotations

from sop.analysis.supply.service_curve import ALL_FAMILIES, SafetyFacts, ServiceChoice
from sop.core.present import PlanTable, TableColumn, known
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
    shown = f"{points * 100:.1f}".removesuffix(".0")
    return "One point" if shown == "1" else f"{shown} points"


def service_table(choices: tuple[ServiceChoice, ...]) -> PlanTable:
    """Level, safety stock and cash by family, with what one point more and one less change."""
    rows = tuple(
        (
            choice.family,
            known(choice.level),
            known(choice.fill),
            known(choice.units),
            known(choice.cash),
            known(choice.up.cash),
            known(choice.up.carrying),
            known(choice.down.cash),
        )
        for choice in choices
    )
    columns = (
        TableColumn("Family", "text"),
        TableColumn("Service level", "service"),
        TableColumn("From stock", "service"),
        TableColumn("Safety stock"),
        TableColumn("Cash in it", "money"),
        TableColumn("One point more", "small_money", signed=True),
        TableColumn("to carry a year", "small_money", signed=True, better=-1),
        TableColumn("One point less", "small_money", signed=True),
    )
    return PlanTable("Service against cash by family", columns, rows, "No family is made to stock.")


def safety_table(facts: tuple[SafetyFacts, ...]) -> PlanTable:
    """The formula of safety stock with its inputs, family by family."""
    rows = tuple(
        (
            fact.family,
            known(fact.demand),
            known(fact.demand_sd),
            fact.lead_days,
            fact.lead_sd_days,
            fact.review_days,
            known(fact.sigma),
            fact.level,
            fact.means,
            f"{fact.z:.2f}",
            fact.target_change if abs(fact.target_change) >= 0.0005 else None,
            known(fact.stock),
            known(fact.cycle),
            known(fact.fill),
        )
        for fact in facts
    )
    columns = (
        TableColumn("Family", "text"),
        TableColumn("Demand a month"),
        TableColumn("σ a month"),
        TableColumn("Lead time", "days"),
        TableColumn("its σ", "days"),
        TableColumn("Review", "days"),
        TableColumn("σ over both"),
        TableColumn("Level", "service"),
        TableColumn("means", "text"),
        TableColumn("z", "text"),
        TableColumn("Target moved", "service", signed=True),
        TableColumn("Safety stock"),
        TableColumn("No stock-out", "service"),
        TableColumn("From stock", "service"),
    )
    return PlanTable("How safety stock comes about", columns, rows, "No family is made to stock.")

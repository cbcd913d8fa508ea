"""How old stock is: units and money by age, first in first out, and what the history does not tell."""

from __future__ import annotations

from sop.core.present import PlanTable, TableColumn, known
from sop.core.words import Money, units_text
from sop.facts.stock_age import AGES, StockAges

OLDER, UNKNOWN = "Over 12 months", "Older than told"


def ageing_table(ages: StockAges, in_money: bool) -> PlanTable:
    """Stock by family and age, with the share over half a year old; families without stock are left out."""
    rows = []
    for aged in ages.families:
        values = aged.money if in_money else aged.units
        unknown = aged.unknown_money if in_money else aged.unknown
        total = sum(values) + unknown
        if sum(aged.units) + aged.unknown >= 1:
            old = _over_half_a_year(values, unknown, ages.months) / total if total else float("nan")
            rows.append((aged.family, *(known(value) for value in (*values, unknown, total, old))))
    form = TableColumn("", "money") if in_money else TableColumn("")
    names = (*(name for name, _ in AGES), OLDER, UNKNOWN, "Stock")
    columns = (
        TableColumn("Family", "text"),
        *(TableColumn(name, form.form) for name in names),
        TableColumn("Over 6 months", "percent"),
    )
    return PlanTable("Age of stock", columns, tuple(rows), "No stock is left to have an age.")


def ageing_sentence(ages: StockAges, money: Money) -> str:
    """How much of the stock is over half a year old, whose it is, and what would tell the age of the rest."""
    total = sum(sum(aged.money) + aged.unknown_money for aged in ages.families)
    old = {a.family: _over_half_a_year(a.money, a.unknown_money, ages.months) for a in ages.families}
    above = sum(old.values())
    if total != total:
        text = "What stock is worth by age is not known: a unit cost is missing."
    elif above != above:
        text = f"How much of the stock is over half a year old is not known from {ages.months} closed months."
    elif not above:
        text = "No stock is over half a year old."
    else:
        worst = max(old, key=lambda name: old[name])
        text = f"{money(above)} of stock, {above / total:.1%}, is over half a year old, most of it {worst}."
    unknown = sum(aged.unknown for aged in ages.families)
    if unknown >= 1:
        text += (
            f" How old {units_text(unknown)} of it are, the {ages.months} closed months loaded do not tell: "
            "earlier months of the table inventory unlock this."
        )
    return text


def _over_half_a_year(values: tuple[float, ...], unknown: float, months: int) -> float:
    """What is over six months old; not-a-number where the months loaded do not reach back that far."""
    return sum(values[3:]) + unknown if months >= AGES[2][1] or not unknown else float("nan")

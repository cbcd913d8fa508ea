"""How old stock is: units and money by age, first in first out, and what the history does not tell."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sop.core.calendar import worded
from sop.core.format import how_many, percent
from sop.core.present import Col, Declared, Form, PlanTable
from sop.core.words import Money, units_text
from sop.facts.stock_age import AGES, AgedStock, StockAges

OLDER, UNKNOWN = "Over 12 months", "Older than told"


def ageing_table(ages: StockAges, in_money: bool) -> PlanTable:
    """Stock by family and age, with the share over half a year old; families without stock are left out."""
    form: Form = "money" if in_money else "units"

    def values(aged: AgedStock) -> tuple[float, ...]:
        return (*aged.money, aged.unknown_money) if in_money else (*aged.units, aged.unknown)

    def part(at: int) -> Callable[[AgedStock], float]:
        return lambda aged: values(aged)[at]

    def old_share(aged: AgedStock) -> float | None:
        *told, unknown = values(aged)
        total = sum(values(aged))
        return _over_half_a_year(told, unknown, ages) / total if total else None

    names = (*(name for name, _ in AGES), OLDER, UNKNOWN)
    return Declared[AgedStock](
        "Age of stock",
        (
            Col("Family", "text", lambda aged: aged.family),
            *(Col(name, form, part(at)) for at, name in enumerate(names)),
            Col("Stock", form, lambda aged: sum(values(aged))),
            Col("Over 6 months", "percent", old_share),
        ),
        "No stock is left to have an age.",
    ).of(aged for aged in ages.families if sum(aged.units) + aged.unknown >= 1)


def ageing_sentence(ages: StockAges, money: Money) -> str:
    """How much of the stock is over half a year old, whose it is, and what would tell the age of the rest."""
    total = sum(sum(aged.money) + aged.unknown_money for aged in ages.families)
    old = {a.family: _over_half_a_year(a.money, a.unknown_money, ages) for a in ages.families}
    above = sum(old.values())
    if total != total:
        text = "What stock is worth by age is not known: a unit cost is missing."
    elif above != above:
        text = worded(
            f"How much of the stock is over half a year old is not known from "
            f"{how_many(ages.months, 'closed months')}.",
            counted=True,
        )
    elif not above:
        text = "No stock is over half a year old."
    else:
        worst = max(old, key=lambda name: old[name])
        text = (
            f"{money(above)} of stock, {percent(above / total, 1)}, is over half a year old, most of it {worst}."
        )
    unknown = sum(aged.unknown for aged in ages.families)
    if unknown >= 1:
        text += worded(
            f" How old {units_text(unknown)} of it are, the {how_many(ages.months, 'closed months')} "
            f"loaded do not tell: "
            "earlier months of the table inventory unlock this.",
            counted=True,
        )
    return text


def _over_half_a_year(values: Sequence[float], unknown: float, ages: StockAges) -> float:
    """What is over six months old; not-a-number where the months loaded do not reach back that far."""
    return sum(values[3:]) + unknown if ages.half_year or not unknown else float("nan")

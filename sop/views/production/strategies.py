"""Supply strategies side by side: what each costs by kind, how it serves, whom it employs, against the least."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sop.analysis.supply.strategies import KINDS, PRICES, StrategyCost
from sop.core.present import Col, Declared, PlanTable
from sop.core.words import Money


def strategy_sentence(found: Sequence[StrategyCost], chosen: int, months: int, money: Money) -> str:
    """What the strategy chosen costs against the least, or what the others would cost more."""
    least = found[0]
    now = next((each for each in found if each.choice == chosen), least)
    if now is least:
        others = [f"{_inside(each)} would cost {_gap(least, each, money) or 'as much'}" for each in found[1:]]
        priced = " and with the price of late and lost units, stock off target and changes" if others else ""
        return f"Least cost is planned; over {months} months{priced}, {_listed(others)}."
    if not _gap(least, now, money):
        return f"{now.name} costs as much as least cost over {months} months."
    part = now.margin - least.margin
    side = "less" if part < 0 else "more"
    return (
        f"{now.name} costs {_gap(least, now, money)} than least cost over {months} months; revenue less cost is "
        f"{money(abs(part))} {side}."
    )


def _gap(least: StrategyCost, other: StrategyCost, money: Money) -> str:
    """How much more or less a strategy costs than the least; empty where it costs as much."""
    gap = least.worth - other.worth
    if money(abs(gap)) == money(0.0):
        return ""
    beyond = " (and goes beyond limits)" if other.beyond and not least.beyond else ""
    return f"{money(abs(gap))} {'more' if gap >= 0 else 'less'}{beyond}"


def _inside(each: StrategyCost) -> str:
    return "the agreed plan" if each.name == "As agreed" else each.name.lower()


def _listed(parts: Sequence[str]) -> str:
    if not parts:
        return "there is no other to compare"
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))


def spend_table(found: Sequence[StrategyCost], chosen: int) -> PlanTable:
    """Money by kind, and revenue less all of it, by strategy."""
    least = found[0]

    def to_least(each: StrategyCost) -> float | None:
        return None if each is least else each.margin - least.margin

    def spend_on(kind: str) -> Callable[[StrategyCost], float]:
        return lambda each: each.spend[kind]

    return Declared[StrategyCost](
        "What each strategy spends",
        (
            Col("Strategy", "text", _named(chosen)),
            *(Col(kind, "money", spend_on(kind)) for kind in KINDS if any(each.spend[kind] for each in found)),
            Col("Cost", "money", lambda each: each.cost),
            Col("Revenue less cost", "money", lambda each: each.margin),
            Col("to least cost", "money", to_least, signed=True, better=1),
        ),
    ).of(found)


def service_table(found: Sequence[StrategyCost], chosen: int) -> PlanTable:
    """Late and lost units, stock off target and changes at their planning price; service, stock and people."""
    least = found[0]

    def to_least(each: StrategyCost) -> float | None:
        return None if each is least else each.worth - least.worth

    def price_of(kind: str) -> Callable[[StrategyCost], float]:
        return lambda each: each.prices[kind]

    def people(each: StrategyCost) -> str | None:
        return f"{min(each.people):,.0f}–{max(each.people):,.0f}" if each.people else None

    return Declared[StrategyCost](
        "How each strategy serves",
        (
            Col("Strategy", "text", _named(chosen)),
            *(Col(kind, "money", price_of(kind)) for kind in PRICES if any(each.prices[kind] for each in found)),
            Col("In all to least cost", "money", to_least, signed=True, better=1),
            Col("On time", "service", lambda each: each.on_time),
            Col("Units late", "units", lambda each: each.late_units),
            Col("Units lost", "units", lambda each: each.lost_units),
            Col("Stock", "units", lambda each: each.stock_units),
            Col("People", "text", people),
        ),
    ).of(found)


def beyond_sentences(found: Sequence[StrategyCost]) -> list[str]:
    """Which strategies break which limits although nobody sells relief; its price is in no figure."""
    return [f"{each.name} goes beyond limits: {'; '.join(each.beyond)}." for each in found if each.beyond]


def _named(chosen: int) -> Callable[[StrategyCost], str]:
    return lambda each: f"{each.name} (planned)" if each.choice == chosen else each.name

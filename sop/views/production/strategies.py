"""Supply strategies side by side: what each earns, how it serves, whom it employs, against least cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sop.analysis.effects import PlanEffect
from sop.analysis.supply.strategies import SPENT, StrategyOutcome
from sop.core.calendar import worded
from sop.core.format import how_many, number
from sop.core.measures import headline_measure
from sop.core.present import Cell, Col, Declared, PlanTable
from sop.core.words import Money, all_of, units_text
from sop.supply.what_if.strategies import SupplyStrategy
from sop.views.measure_columns import worst_text


def strategy_sentence(found: Sequence[StrategyOutcome], chosen: int, months: int, money: Money) -> str:
    """What the strategy chosen changes against least cost, or what the others would."""
    least = found[0]
    now = next((each for each in found if each.choice == chosen), least)
    if now is least:
        others = [f"{_inside(each)} {_against(each, 'would bring', money)}" for each in found[1:]]
        return worded(f"Least cost is planned; over {how_many(months, 'months')} {_listed(others)}.", counted=True)
    return worded(
        f"{now.name} {_against(now, 'brings', money)} than least cost over {how_many(months, 'months')}.",
        counted=True,
    )


def _against(other: StrategyOutcome, brings: str, money: Money) -> str:
    """'would bring 0.12 M€ less EBIT, and customers would wait 310 unit-days less'."""
    effect = other.to_least
    beyond = " (and goes beyond limits)" if other.beyond else ""
    ebit = effect.ebit_horizon
    if ebit is None:
        told = f"{brings} an EBIT that is not known"
    else:
        told = f"{brings} {money(abs(ebit))} {'more' if ebit >= 0 else 'less'} EBIT"
    if effect.cash_low:
        told += f", a lowest cash {money(abs(effect.cash_low))} {'higher' if effect.cash_low > 0 else 'lower'}"
    return f"{told}{_waits(effect)}{beyond}"


def _waits(effect: PlanEffect) -> str:
    if not effect.unit_days:
        return ""
    more = "more" if effect.unit_days > 0 else "less"
    return f" and {units_text(abs(effect.unit_days), 'unit-days')} of waiting {more}"


def _inside(each: StrategyOutcome) -> str:
    agreed = each.choice == tuple(SupplyStrategy).index(SupplyStrategy.AGREED)
    return "the agreed plan" if agreed else each.name.lower()


def _listed(parts: Sequence[str]) -> str:
    if not parts:
        return "there is no other to compare"
    return all_of(parts)


def money_table(found: Sequence[StrategyOutcome], chosen: int, near: str) -> PlanTable:
    """Lines of the profit and loss over the horizon and the lowest cash, by strategy; EBIT against the least."""
    least = found[0]

    def line(title: str) -> Callable[[StrategyOutcome], float | None]:
        return lambda each: each.money.get(title)

    def to_least(name: str) -> Callable[[StrategyOutcome], float | None]:
        return lambda each: None if each is least else getattr(each.to_least, name)

    return Declared[StrategyOutcome](
        "What each strategy brings",
        (
            Col("Strategy", "text", _named(chosen)),
            *(Col(title, "money", line(title)) for title in SPENT if any(title in each.money for each in found)),
            Col("EBIT to least cost", "money", to_least("ebit_horizon"), signed=True, better=1),
            Col(f"of it in {near}", "money", to_least("ebit_12_months"), signed=True, better=1),
            Col("Lowest cash", "money", lambda each: each.cash_low),
        ),
    ).of(found)


def service_table(found: Sequence[StrategyOutcome], chosen: int) -> PlanTable:
    """How each strategy serves: on time, what is late, lost and short of its stock, what is in stock; people."""
    least = found[0]

    def people(each: StrategyOutcome) -> str | None:
        return f"{number(min(each.people))}–{number(max(each.people))}" if each.people else None

    def waits(each: StrategyOutcome) -> float | None:
        return None if each is least else each.to_least.unit_days

    def on_time(each: StrategyOutcome) -> Cell:
        known = each.on_time if each.on_time == each.on_time else None
        return Cell(known, note=worst_text(headline_measure("on_time"), each.least))

    return Declared[StrategyOutcome](
        "How each strategy serves",
        (
            Col("Strategy", "text", _named(chosen)),
            Col("On time in full", "service", on_time),
            Col("Late at net price", "money", lambda each: each.late),
            Col("Unit-days waited", "units", lambda each: float(each.unit_days)),
            Col("to least cost", "units", waits, signed=True, better=-1),
            Col("Lost at net price", "money", lambda each: each.lost),
            Col("Below safety stock", "money", lambda each: each.short),
            Col("Stock", "money", lambda each: each.stock),
            Col("People", "text", people),
        ),
    ).of(found)


def beyond_sentences(found: Sequence[StrategyOutcome]) -> list[str]:
    """Which strategies break which limits although nobody sells relief; what that would cost is in no figure."""
    return [f"{each.name} goes beyond limits: {'; '.join(each.beyond)}." for each in found if each.beyond]


def _named(chosen: int) -> Callable[[StrategyOutcome], str]:
    return lambda each: f"{each.name} (planned)" if each.choice == chosen else each.name

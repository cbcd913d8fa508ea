"""Supply strategies side by side: sentence and tables agree, and no price of the optimiser is told as money."""

from __future__ import annotations

from dataclasses import replace

from sop.analysis.effects import PlanEffect
from sop.analysis.supply.strategies import StrategyOutcome
from sop.views.production.strategies import beyond_sentences, money_table, service_table, strategy_sentence

LEAST = StrategyOutcome(
    name="Least cost",
    meaning="",
    choice=0,
    money={"Revenue": 1500, "EBIT": 600},
    cash_low=90,
    to_least=PlanEffect(0, 0, 0, 0, 0),
    on_time=0.9,
    unit_days=1_480,
    late=400.0,
    lost=0.0,
    short=200.0,
    stock=1000.0,
    people=(10.0, 12.0),
)
LEVEL = replace(
    LEAST,
    name="Level",
    choice=1,
    money={"Revenue": 1500, "EBIT": 570},
    to_least=PlanEffect(-20, -30, 5, -310, None),
    unit_days=1_170,
)


def money(amount: float) -> str:
    return f"{amount:.0f} €"


def test_the_sentence_says_what_the_others_would_bring_or_what_the_choice_does() -> None:
    assert strategy_sentence([LEAST, LEVEL], 0, 24, money) == (
        "Least cost is planned; over 24 months level would bring 30 € less EBIT, a lowest cash 5 € "
        "higher and 310 unit-days of waiting less."
    )
    assert strategy_sentence([LEAST, LEVEL], 1, 24, money) == (
        "Level brings 30 € less EBIT, a lowest cash 5 € higher and 310 unit-days of waiting less than "
        "least cost over 24 months."
    )
    unknown = replace(LEVEL, to_least=PlanEffect(unit_days=0))
    assert "an EBIT that is not known" in strategy_sentence([LEAST, unknown], 0, 24, money)
    assert "no other to compare" in strategy_sentence([LEAST], 0, 24, money)


def test_a_plan_that_goes_beyond_limits_is_said_to() -> None:
    beyond = replace(LEVEL, beyond=("4 h of Press",))
    assert "(and goes beyond limits)" in strategy_sentence([LEAST, beyond], 0, 24, money)
    assert beyond_sentences([LEAST, beyond]) == ["Level goes beyond limits: 4 h of Press."]


def test_the_tables_hold_the_figures_of_the_sentence_and_leave_out_what_no_plan_has() -> None:
    earned, service = money_table([LEAST, LEVEL], 1, "12 months"), service_table([LEAST, LEVEL], 1)
    assert [column.title for column in earned.columns[1:3]] == ["Revenue", "EBIT"]
    assert earned.figure("Level (planned)", "EBIT to least cost") == -30
    assert earned.figure("Least cost", "EBIT to least cost") is None
    assert service.figure("Level (planned)", "to least cost") == -310
    assert service.figure("Least cost", "People") == "10–12"
    units = [column.title for column in service.columns if column.form == "units"]
    assert units == ["Unit-days waited", "to least cost"], "units of different families are not added up"

"""Supply strategies side by side: sentence and tables agree."""

from __future__ import annotations

from dataclasses import replace

from sop.analysis.supply.strategies import KINDS, PRICES, StrategyCost
from sop.views.production.strategies import beyond_sentences, service_table, spend_table, strategy_sentence

SPEND = {**dict.fromkeys(KINDS, 0.0), "Making": 600.0, "Wages": 300.0}
LEAST = StrategyCost(
    name="Least cost",
    meaning="",
    choice=0,
    spend=SPEND,
    prices={**dict.fromkeys(PRICES, 0.0), "Late": 40.0},
    revenue=1500.0,
    on_time=0.9,
    late_units=4.0,
    lost_units=0.0,
    stock_units=10.0,
    people=(10.0, 12.0),
)
LEVEL = replace(
    LEAST, name="Level", choice=1, spend={**SPEND, "Stock": 50.0}, prices={**LEAST.prices, "Late": 20.0}
)


def money(amount: float) -> str:
    return f"{amount:.0f} €"


def test_the_sentence_says_what_the_others_would_cost_or_what_the_choice_costs() -> None:
    """Level keeps 50 more of stock and saves 20 of lateness: 30 more in all, 50 of it money."""
    assert strategy_sentence([LEAST, LEVEL], 0, 24, money) == (
        "Least cost is planned; over 24 months and with the price of late and lost units, stock off target "
        "and changes, level would cost 30 € more."
    )
    assert strategy_sentence([LEAST, LEVEL], 1, 24, money) == (
        "Level costs 30 € more than least cost over 24 months; revenue less cost is 50 € less."
    )
    same = replace(LEAST, name="Chase", choice=2)
    assert strategy_sentence([LEAST, same], 0, 24, money).endswith("chase would cost as much.")
    assert strategy_sentence([LEAST, same], 2, 24, money) == "Chase costs as much as least cost over 24 months."
    assert "no other to compare" in strategy_sentence([LEAST], 0, 24, money)


def test_a_plan_that_goes_beyond_limits_is_said_to() -> None:
    beyond = replace(LEVEL, beyond=("4 h of Press",))
    assert "(and goes beyond limits)" in strategy_sentence([LEAST, beyond], 0, 24, money)
    assert beyond_sentences([LEAST, beyond]) == ["Level goes beyond limits: 4 h of Press."]


def test_the_tables_hold_the_money_of_the_sentence_and_leave_out_what_nobody_spends() -> None:
    spend, service = spend_table([LEAST, LEVEL], 1), service_table([LEAST, LEVEL], 1)
    assert [column.title for column in spend.columns[1:-3]] == ["Making", "Wages", "Stock"]
    assert spend.figure("Level (planned)", "Cost") == 950.0
    assert spend.figure("Level (planned)", "to least cost") == -50.0
    assert service.figure("Level (planned)", "In all to least cost") == -30.0
    assert service.figure("Least cost", "People") == "10–12"

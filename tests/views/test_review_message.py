"""The message of the executive review."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from sop.core.format import MoneyFormat
from sop.core.words import plain_chance
from sop.views.executive.plan_message import plan_message, spans_of

MONEY = MoneyFormat("EUR").labelled


def test_the_message_states_revenue_both_gaps_and_the_cause() -> None:
    text = plan_message(
        {"revenue": 6_120_000_000}, {"revenue": 6_260_000_000}, "agreed plan",
        ("Forecast refresh", -90_000_000.0), MONEY, "12 months", budget=6_060_000_000,
    )  # fmt: skip
    assert text == (
        "Next 12 months: revenue 61.2 M€, 0.6 M€ above the budget, 1.4 M€ below the agreed plan; "
        "largest cause: forecast refresh, −0.9 M€."
    )


def test_a_function_keeps_its_capital_and_a_small_cause_is_left_out() -> None:
    now, base = {"revenue": 1_000_000_000}, {"revenue": 900_000_000}
    assert "largest cause: CEO (new data), +0.9" in plan_message(
        now, base, "plan", ("CEO: new data", 9e7), MONEY, "12 months"
    )
    assert "cause" not in plan_message(now, base, "plan", ("Finance: new data", 9e6), MONEY, "12 months")


def test_without_anything_to_compare_with_it_says_so() -> None:
    assert plan_message({"revenue": 100_000_000}, {}, "agreed plan", None, MONEY, "12 months") == (
        "Next 12 months: revenue 1.0 M€; there is no agreed plan to compare with."
    )


def test_a_chance_never_claims_certainty() -> None:
    assert [plain_chance(chance) for chance in (0.0, 0.004, 0.615, 1.0)] == [
        "Under 1%",
        "Under 1%",
        "62%",
        "Over 99%",
    ]


@pytest.mark.parametrize(
    ("budget", "agreed", "told"),
    [
        (1.0, True, "Plan, budget and agreed plan"),
        (1.0, False, "Plan and budget"),
        (None, True, "Plan and agreed plan"),
        (None, False, "Plan"),
    ],
)
def test_only_figures_that_are_there_are_said_to_span_the_months(
    budget: float | None, agreed: bool, told: str
) -> None:
    assert spans_of([SimpleNamespace(budget=None), SimpleNamespace(budget=budget)], agreed) == told  # type: ignore[list-item]

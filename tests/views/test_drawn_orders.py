"""Standard errors of single changes: told where a figure would read otherwise with them."""

from __future__ import annotations

from unittest.mock import Mock

from sop.analysis.comparison.plan_change import PlanChange, Single, Worth
from sop.core.format import MoneyFormat
from sop.core.register import Note
from sop.views.executive.change_tables import singles_note, singles_table
from sop.views.executive.plan_changes import OpenedGroup

MILLIONS = MoneyFormat("EUR")
SINGLE = Single("Sales", "price", "Price", "price", ("prices",), ())
CHANGE = Mock(spec=PlanChange, errors={})


def opened(cash_error: float, on_time_error: float) -> OpenedGroup:
    """A group whose orders were drawn, with errors of cash in cents and of on time as a fraction."""
    effects = {"cash": 5e7, "on_time": 0.02}
    worth = Worth(SINGLE, effects, {"cash": cash_error, "on_time": on_time_error})
    return OpenedGroup("Sales", "Sales", effects, ((worth, Note()),), drawn=True)


def test_an_error_that_shows_as_nothing_is_not_told() -> None:
    tiny = opened(cash_error=4e5, on_time_error=0.0004)
    assert [row[0] for row in singles_table(tiny, MILLIONS).rows][-1] != "Standard error, at most"
    note = singles_note(tiny, CHANGE, MILLIONS)
    assert "drawn orders" in note and "standard error" not in note


def test_an_error_that_moves_a_figure_is_told_for_that_measure_alone() -> None:
    large = opened(cash_error=2e6, on_time_error=0.0004)
    name, *_, cash, on_time = singles_table(large, MILLIONS).rows[-1]
    assert (name, cash.figure, on_time) == ("Standard error, at most", 2e6, "")  # type: ignore[union-attr]
    assert "standard error below" in singles_note(large, CHANGE, MILLIONS)

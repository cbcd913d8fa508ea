"""Families that need more are an exception between cycles once their orders leave their range."""

from __future__ import annotations

import pandas as pd
import pytest

from sop.analysis.agenda import draft_agenda
from sop.analysis.decisions.between_cycles import RANGE, left_range, orders_since
from sop.analysis.decisions.exceptions import ReviewException
from sop.analysis.effects import PlanEffect
from tests.tiny import tiny_forecast, tiny_inputs


def lines(units: float, last: str = "2027-01-15", product: str = "B1") -> pd.DataFrame:
    """Order lines: of a product half of the units early and half on the last day; one of the year before."""
    rows = [("2026-12-20", product, 99.0), ("2027-01-04", product, units / 2), (last, product, units / 2)]
    return pd.DataFrame(rows, columns=["ordered", "product", "quantity_ordered"])


@pytest.mark.parametrize(
    ("units", "says"),
    [(5, ""), (5.5, ""), (12, "Bikes has left its range: 12 units ordered by 2027-01-15"),
     (1, "Bikes has left its range: 1 unit ordered by 2027-01-15")],
)  # fmt: skip
def test_orders_outside_the_range_of_the_days_gone_by(units: float, says: str) -> None:
    """Ten units a month are expected, in a range of ± 1.2816: by the eleventh of 21 working days 5.2 ± 0.9."""
    inputs, forecast = tiny_inputs(), tiny_forecast()
    found = left_range(inputs, forecast, orders_since(inputs, lines(units)), ("Bikes",))
    assert [each.sentence for each in found] == ([says] if says else [])
    if found:
        assert found[0].kind == RANGE and ("above" if units > 5 else "below") in found[0].detail
        items = draft_agenda(found, (), (), {}, lambda value: str(value), ())
        assert [item.title for item in items] and "Bikes" in items[0].title


@pytest.mark.parametrize(
    ("name", "sentence", "detail", "message"),
    [
        (
            "Cargo",
            "Cargo: up to 36 units past due",
            "limit: the line",
            "Up to 36 units past due; limit: the line.",
        ),
        ("", "Cash falls to 3 M€", "the minimum is 4 M€", "The minimum is 4 M€."),
        ("bikes", "bikes has left its range", "", "bikes has left its range."),
        ("", "Cash falls to 3 M€", "", ""),
    ],
)
def test_an_item_does_not_say_its_title_twice(name: str, sentence: str, detail: str, message: str) -> None:
    found = ReviewException(RANGE, name, sentence, detail, "Operations")
    (item,) = draft_agenda((found,), (), (), {}, str)
    assert item.title == (name or sentence) and item.message == message


def test_nothing_is_said_of_others_or_of_few_days() -> None:
    inputs, forecast = tiny_inputs(), tiny_forecast()
    assert left_range(inputs, forecast, orders_since(inputs, lines(40)), ("Cargo",))[0].name == "Cargo"
    assert left_range(inputs, forecast, orders_since(inputs, lines(40)), ()) == ()
    assert orders_since(inputs, lines(40, "2027-01-04")) is None, "two working days"
    assert orders_since(inputs, None) is None and orders_since(inputs, lines(4).iloc[:1]) is None


def test_a_family_that_is_not_up_this_cycle_waits_and_others_do_not() -> None:
    late = [
        ReviewException("past_due", name, f"{name}: late", "", "Operations", PlanEffect(5))
        for name in ("Bikes", "Cargo")
    ]
    items = draft_agenda(late, (), (), {}, str, ("Bikes",))
    assert [item.title for item in items] == ["Cargo"]

"""Quotes under a plan: what is asked is checked in one sentence, and the answer's parts agree with each other."""

from __future__ import annotations

import pytest

from sop.analysis.supply.quotes import QuoteAnswer, check_order
from sop.core.errors import BadInput
from sop.core.register import Assumptions
from sop.services.planning.choices import Choice, View, list_views, read_view
from sop.services.planning.room import PlanningRoom
from sop.services.planning.supply_questions import quote_under
from sop.views.lead_time.quote import quote_sentence
from tests.companies import Shape
from tests.services.planned_company import make_room

RICH = Shape(history=5, horizon=12, products=3, families=2)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> PlanningRoom:
    """Family A is made to stock, Family B to order; the cycle 2026-01 is open."""
    return make_room(tmp_path_factory.mktemp("quotes"), RICH)


def view(room: PlanningRoom, **assumed: float) -> View:
    found = read_view(room, "executive", list_views(room, "executive")[0])
    if not assumed:
        return found
    values = Assumptions({(key, ""): value for key, value in assumed.items()})
    return View(Choice("trial", "Trial"), room.plan(values), values, scenario=found.scenario)


def ask(room: PlanningRoom, family: str, units: float | None, month: str, **assumed: float) -> QuoteAnswer:
    inputs = room.input_set().inputs
    return quote_under(
        room,
        "executive",
        view(room, **assumed),
        inputs,
        check_order(inputs, family, inputs.regions[0], units, month),
    )


def to_order(room: PlanningRoom) -> str:
    families = room.input_set().inputs.families
    return families.names[int(families.made_to_order.argmax())]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"family": "Nothing"}, "there is no family 'Nothing' to quote"),
        ({"region": "Nowhere"}, "there is no region 'Nowhere' to quote for"),
        ({"month": "2031-01"}, "'2031-01' is not a planned month"),
        ({"units": None}, "a quantity in whole units above 0"),
        ({"units": 0}, "a quantity in whole units above 0"),
        ({"units": -5}, "a quantity in whole units above 0"),
        ({"units": 2.5}, "a quantity in whole units above 0"),
        ({"units": float("nan")}, "a quantity in whole units above 0"),
        ({"units": 1e9}, "more than can be quoted"),
    ],
)
def test_what_cannot_be_quoted_is_refused_in_one_sentence(room: PlanningRoom, changed: dict, said: str) -> None:
    inputs = room.input_set().inputs
    order = {"family": inputs.families.names[0], "region": inputs.regions[0], "units": 5, "month": "2026-03"}
    with pytest.raises(BadInput, match=said):
        check_order(inputs, **{**order, **changed})


def test_a_quote_changes_no_plan(room: PlanningRoom) -> None:
    before = view(room).plan.headline
    ask(room, to_order(room), 50, "2026-05")
    assert view(room).plan.headline == before


def test_the_months_of_an_order_add_up_to_it_and_end_with_the_promise(room: PlanningRoom) -> None:
    answer = ask(room, to_order(room), 50, "2026-05")
    assert answer.promise is not None
    assert sum(units for _, units in answer.arrivals) == 50
    assert answer.arrivals[0][0] >= "2026-05"
    assert answer.promise.isoformat()[:7] == answer.arrivals[-1][0]


def test_what_is_earned_is_revenue_and_other_sales_less_every_cost(room: PlanningRoom) -> None:
    answer = ask(room, to_order(room), 50, "2026-05")
    price = view(room).plan.detail.price[room.input_set().inputs.families.names.index(to_order(room)), 0, 4]
    assert answer.revenue == pytest.approx(50 * price * 100)
    assert answer.earned == pytest.approx(
        answer.revenue + answer.other_sales - sum(cost for _, cost in answer.costs)
    )


def test_a_few_units_of_a_family_in_stock_come_from_stock_in_their_month_and_push_nobody_then(
    room: PlanningRoom,
) -> None:
    inputs = room.input_set().inputs
    stocked = inputs.families.names[int((~inputs.families.made_to_order).argmax())]
    assert view(room).plan.by_family("inventory")[inputs.families.names.index(stocked), 1] >= 20
    answer = ask(room, stocked, 20, "2026-02")
    assert answer.from_stock and answer.in_time
    assert answer.promise is not None and answer.promise.isoformat() == "2026-02-28"
    assert answer.arrivals == (("2026-02", 20),)
    assert not any("Feb 2026" in pushed.months for pushed in answer.pushed)


def test_with_less_capacity_the_same_order_is_promised_later_and_the_limit_is_named(room: PlanningRoom) -> None:
    family = to_order(room)
    full = ask(room, family, 400, "2026-03")
    short = ask(room, family, 400, "2026-03", capacity_pct=-0.5)
    assert full.promise is not None
    assert short.promise is None or short.promise > full.promise
    assert short.limit


def test_a_frozen_plan_answers_no_quote(room: PlanningRoom) -> None:
    inputs = room.input_set().inputs
    found = view(room)
    frozen = View(Choice("plan-1", "agreed Dec 2025, rev 1"), found.plan, found.assumptions, record=object())  # type: ignore[arg-type]
    with pytest.raises(BadInput, match="cannot answer a quote, because it is frozen"):
        quote_under(
            room, "executive", frozen, inputs, check_order(inputs, to_order(room), inputs.regions[0], 5, "2026-03")
        )


def test_a_month_sooner_than_the_standard_lead_time_is_said_to_be(room: PlanningRoom) -> None:
    """January ends 31 days after the plan begins; the promise of 60 days asks for March."""
    family = to_order(room)
    soon, later = (ask(room, family, 5, month, standard_lead_time_days=60.0) for month in ("2026-01", "2026-03"))
    said = "the standard lead time of 60 days asks for a later month"
    assert soon.short_notice and said in quote_sentence(soon, str)
    assert not later.short_notice and said not in quote_sentence(later, str)

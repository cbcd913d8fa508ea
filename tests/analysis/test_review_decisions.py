"""Decisions: proposed by rule, valued from two headlines, dated by need and lead time."""

from __future__ import annotations

import json

import numpy as np
import pytest

from sop.analysis.decisions.decisions import choose_decisions, decision_of_facts, value_move
from sop.analysis.decisions.proposals import BindingLimit, Move, delay_move, propose_moves
from sop.core.inputs import Event, Gate, Initiative, Inputs, Launch, Materials, Subcontract
from sop.core.register import Assumptions
from sop.core.terms import EventUse
from tests.tiny import FIRST, tiny_inputs

NONE = Assumptions()


def move(**changes: object) -> Move:
    given = {
        "kind": "line", "name": "Press", "key": "capacity_pct", "scope": "Press", "before": 0.0, "value": 0.1,
        "title": "10% more hours on Press", "need": "2027-05", "lead_months": 2,
    } | changes  # fmt: skip
    return Move(**given)  # type: ignore[arg-type]


def of_kind(moves: tuple[Move, ...], kind: str) -> Move:
    return next(found for found in moves if found.kind == kind)


def with_subcontract() -> Inputs:
    return tiny_inputs(subcontract=Subcontract(np.full((2, 12), 10.0), np.array([80.0, 900.0])))


def test_a_limit_that_binds_is_widened_by_one_step() -> None:
    found = propose_moves(tiny_inputs(), NONE, [BindingLimit("line", "Press", ("2027-05", "2027-06"))])
    press = of_kind(found, "line")
    assert (press.key, press.scope, press.before, press.value) == ("capacity_pct", "Press", 0.0, 0.1)
    assert (press.title, press.owner, press.need) == ("10% more hours on Press", "Operations", "2027-05")


def test_a_limit_already_at_the_end_of_its_range_is_not_proposed() -> None:
    full = Assumptions({("capacity_pct", "Press"): 0.5})
    assert not [m for m in propose_moves(tiny_inputs(), full, [BindingLimit("line", "Press", ("2027-05",))])
                if m.kind == "line"]  # fmt: skip


def test_the_last_responsible_month_is_need_less_lead_time_and_never_past() -> None:
    assert move().last_month(FIRST) == "2027-03"
    assert move(need="2027-02").last_month(FIRST) == FIRST


def test_a_material_is_decided_as_early_as_its_supplier_needs() -> None:
    materials = Materials(
        ("Motor",),
        ("Acme",),
        np.array([9.0]),
        np.array([61.0]),
        np.ones((2, 1)),
        np.full((1, 12), 5.0),
        np.zeros(1),
    )
    moves = propose_moves(
        tiny_inputs(materials=materials), NONE, [BindingLimit("material", "Motor", ("2027-09",))]
    )
    motor = of_kind(moves, "material")
    assert (motor.lead_months, motor.last_month(FIRST), motor.value) == (3, "2027-06", 1.1)


def test_what_slips_is_won_back_by_two_months_at_most() -> None:
    launch = Launch("Trailer", 0, "", (0,), 0.5, 40.0, 4.0, "linear", None, 0.0, 0.0, (Gate("Market", 1, 6),))
    robot = Initiative("Robot", "Head of operations", "Output", 1.0, 0.0, 1.0, (Gate("Accepted", 3, 4),), ())
    moves = propose_moves(tiny_inputs(launches=(launch,), initiatives=(robot,)), NONE, [])
    assert of_kind(moves, "launch").title == "Bring Trailer forward by 2 months"
    assert of_kind(moves, "launch").value == -2.0
    assert of_kind(moves, "initiative").value == -1.0
    assert of_kind(moves, "initiative").owner == "Head of operations"
    assert of_kind(moves, "initiative").last_month(FIRST) == "2027-04"


def test_what_is_on_date_or_done_is_left_alone() -> None:
    on_date, done = Gate("Market", 4, 4), Gate("Market", -3, 0, actual=-1)
    launches = tuple(
        Launch(name, 0, "", (0,), 0.5, 40.0, 4.0, "linear", None, 0.0, 0.0, (gate,))
        for name, gate in (("On date", on_date), ("Done", done))
    )
    assert not [m for m in propose_moves(tiny_inputs(launches=launches), NONE, []) if m.kind == "launch"]


def test_an_event_of_the_plan_with_a_mitigation_carries_its_cost() -> None:
    event = Event(
        "Fire", "A fire", "partner", EventUse.PLAN, 0.8, 2, 3, "supply", -0.5, "", "Buyer", "Second source", 30.0
    )
    fire = of_kind(propose_moves(tiny_inputs(events=(event,)), NONE, []), "event")
    assert (fire.title, fire.value, fire.cost, fire.condition) == ("Fire: second source", 0.0, 3_000, "success")
    assert fire.last_month(FIRST) == "2027-02"
    ranged = Assumptions({("event_use", "Fire"): 1.0})
    assert "event" not in [move.kind for move in propose_moves(tiny_inputs(events=(event,)), ranged, [])]


def test_the_largest_stock_may_be_held_for_less_service() -> None:
    stock = of_kind(propose_moves(tiny_inputs(), NONE, []), "stock")
    assert (stock.scope, stock.before, stock.value) == ("Bikes", 0.95, 0.93)


def test_a_decision_is_worth_the_difference_of_two_plans_less_its_cost() -> None:
    without = {"revenue": 1_000, "ebit": 100, "inventory": 50, "cash": 10, "lead_time": 40.0}
    with_it = {"revenue": 1_200, "ebit": 180, "inventory": 40, "cash": 25, "lead_time": 30.0}
    decision = value_move(move(cost=30), without, with_it, 0.12, FIRST)
    assert (decision.ebit, decision.revenue, decision.inventory, decision.cash) == (50, 200, -10, 15)
    assert (decision.lead_time, decision.worth, decision.recommended) == (-10.0, 50, True)


def test_gross_margin_stands_in_where_operating_cost_is_not_known() -> None:
    without, with_it = {"ebit": None, "gross_margin": 100}, {"ebit": None, "gross_margin": 70}
    decision = value_move(move(), without, with_it, 0.12, FIRST)
    assert (decision.ebit, decision.recommended) == (-30, False)


def test_less_stock_is_worth_its_carrying_cost() -> None:
    without, with_it = {"ebit": 0, "inventory": 10_000}, {"ebit": -100, "inventory": 5_000}
    assert value_move(move(kind="stock"), without, with_it, 0.12, FIRST).worth == -100 + 600


def test_moves_that_change_nothing_are_left_out_and_the_best_come_first() -> None:
    def worth(ebit: int):
        return value_move(move(title=f"{ebit}"), {"ebit": 0}, {"ebit": ebit}, 0.0, FIRST)

    chosen = choose_decisions([worth(5), worth(300), worth(-200), worth(900)], revenue=1_000_000, most=3)
    assert [decision.ebit for decision in chosen] == [900, 300, -200]


def test_a_decision_survives_being_kept_as_plain_text() -> None:
    decision = value_move(move(), {"ebit": 1}, {"ebit": 9}, 0.1, FIRST)
    assert decision_of_facts(json.loads(json.dumps(decision.facts()))) == decision


def test_a_delayed_limit_is_wider_only_from_its_month_on() -> None:
    later = delay_move(
        with_subcontract(), move(kind="subcontract", name="Bikes", key="subcontract_pct", before=1.0, value=1.5), 2
    )
    assert later is not None and later.subcontract is not None
    assert later.subcontract.limit[0].tolist() == [10.0, 10.0] + [15.0] * 10
    assert later.subcontract.limit[1].tolist() == [10.0] * 12


@pytest.mark.parametrize("kind", ["overtime", "stock", "event", "launch", "line"])
def test_what_has_no_monthly_table_cannot_be_delayed(kind: str) -> None:
    assert delay_move(with_subcontract(), move(kind=kind), 2) is None

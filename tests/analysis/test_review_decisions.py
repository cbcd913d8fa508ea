"""Decisions: proposed by rule with their terms, recommended where they gain lastingly, dated by need and lead."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np

from sop.analysis.decisions.decisions import (
    BREAKS_CASH,
    COST_NOT_KNOWN,
    NO_GAIN,
    NOT_KNOWN,
    TAKES_CASH,
    TIMING,
    Decision,
    choose_decisions,
    decision_of_facts,
    why_not,
)
from sop.analysis.decisions.lever_terms import LeverTerms
from sop.analysis.decisions.proposals import BindingLimit, Move, propose_moves
from sop.analysis.decisions.valuation import cash_short
from sop.analysis.effects import PlanEffect
from sop.core.format import MoneyFormat
from sop.core.inputs import Event, Gate, Initiative, Launch, Materials
from sop.core.register import Assumptions
from sop.core.terms import EventUse
from sop.views.executive.decision_words import nothing_to_decide, recommendation
from tests.tiny import FIRST, tiny_inputs, tiny_plan

NONE = Assumptions()


def move(**changes: object) -> Move:
    given = {
        "kind": "line", "name": "Press", "key": "extra_hours_pct", "scope": "Press", "before": 0.0, "value": 0.1,
        "title": "10% more hours on Press", "need": "2027-05", "terms": LeverTerms(price=40.0, lead_months=2),
    } | changes  # fmt: skip
    return Move(**given)  # type: ignore[arg-type]


def of_kind(moves: tuple[Move, ...], kind: str) -> Move:
    return next(found for found in moves if found.kind == kind)


def test_a_limit_that_binds_is_widened_by_one_step() -> None:
    found = propose_moves(tiny_inputs(), NONE, [BindingLimit("line", "Press", ("2027-05", "2027-06"))])
    press = of_kind(found, "line")
    assert (press.key, press.scope, press.before, press.value) == ("extra_hours_pct", "Press", 0.0, 0.1)
    assert (press.title, press.owner, press.need) == ("10% more hours on Press", "Operations", "2027-05")
    assert press.terms == LeverTerms(
        unit="hour", lead_months=2, known=False, assumed=("lead time",), allowed_by="Operations"
    )


def test_a_price_that_somebody_set_is_known_and_named_as_assumed() -> None:
    priced = Assumptions({("extra_hour_price", ""): 45.0, ("extra_lead_months", "Press"): 4})
    found = propose_moves(tiny_inputs(), priced, [BindingLimit("line", "Press", ("2027-05",))])
    terms = of_kind(found, "line").terms
    assert (terms.price, terms.known, terms.lead_months) == (45.0, True, 4)
    assert terms.assumed == ("price", "lead time")


def test_material_that_is_sold_at_a_known_premium_is_bought_by_the_plan_and_no_lever() -> None:
    materials = Materials(
        ("Motor",), ("Acme",), np.array([9.0]), np.array([61.0]), np.ones((2, 1)), np.full((1, 12), 5.0),
        np.array([2.5]),
    )  # fmt: skip
    moves = propose_moves(
        tiny_inputs(materials=materials), NONE, [BindingLimit("material", "Motor", ("2027-09",))]
    )
    assert "material" not in [found.kind for found in moves]


def test_a_limit_already_at_the_end_of_its_range_is_not_proposed() -> None:
    full = Assumptions({("extra_hours_pct", "Press"): 0.5})
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
        np.array([np.nan]),
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
    assert of_kind(moves, "initiative").owner == "Operations"
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
    assert (fire.title, fire.value, fire.terms.once, fire.condition) == (
        "Fire: second source",
        0.0,
        3_000,
        "success",
    )
    assert fire.last_month(FIRST) == "2027-02"
    ranged = Assumptions({("event_use", "Fire"): 1.0})
    assert "event" not in [move.kind for move in propose_moves(tiny_inputs(events=(event,)), ranged, [])]


def test_the_largest_stock_may_be_held_for_less_service() -> None:
    stock = of_kind(propose_moves(tiny_inputs(), NONE, []), "stock")
    assert (stock.scope, stock.before, stock.value) == ("Bikes", 0.95, 0.93)


def effect(ebit: int | None = 0, horizon: int | None = 0, cash: int | None = 0) -> PlanEffect:
    return PlanEffect(ebit_12_months=ebit, ebit_horizon=horizon, cash_low=cash, unit_days=0, waiting_value=0)


def decision(of: PlanEffect, terms: LeverTerms = LeverTerms(), title: str = "") -> Decision:  # noqa: B008
    return Decision(
        move(title=title, terms=terms), of, 5, 0, 0, 0.0, FIRST, why_not=why_not(terms, of, None), pays_off=(2, 3)
    )


def test_only_a_lasting_gain_whose_cost_is_known_is_recommended() -> None:
    assert decision(effect(50, 30)).recommended
    assert why_not(LeverTerms(), effect(50, 0), None) == TIMING, "what is gained in a year and lost by the horizon"
    assert why_not(LeverTerms(), effect(-20, -30), None) == NO_GAIN
    assert why_not(LeverTerms(), effect(None, None), None) == NOT_KNOWN
    assert why_not(LeverTerms(known=False), effect(50, 30), None) == COST_NOT_KNOWN
    assert decision(effect(-20, 30)).recommended, "a gain that comes late lasts"


def test_a_decision_that_takes_cash_below_its_minimum_says_so() -> None:
    whole = tiny_plan(cash=np.full(12, 500_00), tax=np.zeros(12, dtype=np.int64))
    assert cash_short(whole, effect(cash=-200_00), 400.0) == 100_00
    assert cash_short(whole, effect(cash=-50_00), 400.0) is None, "it stays above"
    assert cash_short(whole, effect(cash=50_00), 800.0) is None, "it takes cash higher"
    assert cash_short(tiny_plan(cash=np.full(12, 500_00)), effect(cash=-200_00), 400.0) is None, "operating cash"
    assert cash_short(tiny_plan(), effect(cash=None), 400.0) is None
    assert why_not(LeverTerms(), effect(500_00, 300_00, -200_00), 100_00) == BREAKS_CASH, "it was kept without it"
    assert why_not(LeverTerms(), effect(500_00, 300_00, -200_00), 250_00) == "", (
        "it was short anyway, and earns more"
    )
    assert why_not(LeverTerms(), effect(500_00, 100_00, -200_00), 250_00) == TAKES_CASH
    told = replace(decision(effect(50, 30, -200_00)), cash_short=100_00)
    assert recommendation(told, MoneyFormat("EUR", "", decimals=0)) == "Yes, cash 100.0 € short"


def test_moves_that_change_nothing_are_left_out_and_those_recommended_come_first() -> None:
    gains = [decision(effect(horizon, horizon), title=f"{horizon}") for horizon in (5, 300, -200, 900)]
    unknown = decision(effect(2_000, 2_000), LeverTerms(known=False), "2000")
    chosen = choose_decisions([*gains, unknown], revenue=1_000_000, most=4)
    assert [each.effect.ebit_horizon for each in chosen] == [900, 300, 2_000, -200]


def test_a_decision_survives_being_kept_as_plain_text() -> None:
    given = decision(effect(1, 9), LeverTerms(38.0, "hour", 100, 2, True, ("lead time",), "Operations"))
    assert decision_of_facts(json.loads(json.dumps(given.facts()))) == given


def test_of_an_unconstrained_plan_nobody_says_that_no_limit_binds() -> None:
    assert nothing_to_decide(tiny_plan(2)).startswith("Whether a limit binds is not known")
    limits = {"inventory": [[1, 1], [1, 1]], "utilisation": [[0.5, 0.5]]}
    earning = tiny_plan(2, **limits, gross_margin=[5, 5])
    assert nothing_to_decide(earning).startswith("No limit binds and nothing slips")
    assert nothing_to_decide(tiny_plan(2, **limits)).startswith("What a decision brings is not known")

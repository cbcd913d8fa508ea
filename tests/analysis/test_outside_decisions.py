"""What can be done about the outside: mitigations of events, and what an indicator asks beyond its threshold."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sop.analysis.decisions.outside import propose_outside, value_outside
from sop.analysis.decisions.trials import Trial
from sop.core.inputs import Event, Inputs, LeadingIndicator
from sop.core.money import MINOR
from sop.core.register import Assumptions
from sop.core.terms import EventUse
from sop.engine import Planner, forecast_company
from sop.intake.assemble import assemble
from tests.companies import Shape, calendar_of, company_tables
from tests.tiny import FIRST, tiny_inputs
from tests.trials import trial_on

NONE = Assumptions()
FIRE = Event(
    "Fire", "A fire", "partner", EventUse.PLAN, 0.8, 2, 3, "demand", -0.5, "", "Buyer", "Second source", 30.0
)
RIVAL = Event(
    "Rival", "A rival", "competitor", EventUse.RANGE, 0.5, 4, 6, "demand", -0.3, "", "Sales", "Bundle", 9.0
)
PARCELS = LeadingIndicator(
    "Parcels", ("2026-11", "2026-12"), np.array([101.0, 88.0]), 90.0, np.nan, "Sales", "Rival"
)


def beyond(inputs: Inputs, value: float = 88.0) -> Inputs:
    return replace(inputs, indicators=(replace(PARCELS, values=np.array([101.0, value])),))


def test_every_mitigation_is_proposed_wherever_its_event_counts() -> None:
    found = propose_outside(tiny_inputs(events=(FIRE, RIVAL)), NONE)
    assert [(move.title, move.condition, move.need) for move in found] == [
        ("Fire: second source", "success", "2027-03"), ("Rival: bundle", "expected", "2027-05"),
    ]  # fmt: skip
    assert propose_outside(tiny_inputs(events=(replace(FIRE, mitigation=""),)), NONE) == ()
    assert propose_outside(tiny_inputs(events=(replace(FIRE, start=40),)), NONE) == (), "not in the next year"


def test_an_indicator_beyond_its_threshold_asks_for_two_decisions_at_once() -> None:
    inputs = tiny_inputs(events=(FIRE, RIVAL))
    mitigate, plan_with, fire = propose_outside(beyond(inputs), NONE)
    said = "Parcels is 88 in Dec 2026, below 90"
    assert (mitigate.title, mitigate.key, mitigate.need) == (f"{said}: bundle", "event_probability", FIRST)
    assert (plan_with.title, plan_with.key, plan_with.value) == (f"{said}: plan with Rival", "event_use", 0.0)
    assert fire.title == "Fire: second source"
    assert len(propose_outside(beyond(inputs, 95.0), NONE)) == 2, "within its thresholds it asks for nothing"
    planned = Assumptions({("event_use", "Rival"): 0.0})
    assert [move.key for move in propose_outside(beyond(inputs), planned)] == ["event_probability"] * 2
    named = replace(inputs, indicators=(replace(PARCELS, event=""),))
    assert [move.kind for move in propose_outside(named, NONE)] == ["event", "event"], "it names no event"


def company() -> Trial:
    shape = Shape(history=5, horizon=12, products=3, families=2, seed=1)
    inputs = replace(assemble(company_tables(shape), calendar_of(shape)), events=(RIVAL,))
    return trial_on(inputs, Planner(inputs, forecast_company(inputs)), NONE)


def test_what_the_plan_does_not_count_with_is_worth_what_it_would_be_if_it_did() -> None:
    trial = company()
    (move,) = propose_outside(trial.inputs, NONE)
    decision = value_outside(trial, move)
    with_it = replace(trial, assumptions=NONE.set("event_use", "Rival", 0.0))
    loses = with_it.plan["gross_margin"].sum() < trial.plan["gross_margin"].sum()
    gains = with_it.with_moves(move)["ebit"].sum() - with_it.plan["ebit"].sum()
    assert loses and decision.effect.ebit_horizon == gains and gains > 0 and decision.recommended
    accepted = trial.with_moves(move)
    assert accepted["ebit"].sum() - trial.plan["ebit"].sum() == -9 * MINOR, "in the plan it only costs"
    assert decision.headline["revenue"] == decision.revenue > 0

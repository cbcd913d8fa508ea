"""Decisions are worth what planning again says, are kept, and lead to a draft of one's own."""

from __future__ import annotations

import pytest

from sop.analysis.decisions.valuation import Valuation
from sop.analysis.headline import revenue_of
from sop.core.register import Assumptions
from sop.services.analysis import decisions
from sop.services.analysis.decisions import value_decisions
from sop.services.analysis.outlook import trial_of
from sop.services.planning.room import PlanningRoom
from tests.companies import Shape
from tests.services.planned_company import make_room

TIGHT = Shape(history=5, horizon=12, products=3, families=2)
NONE = Assumptions()


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> PlanningRoom:
    return make_room(tmp_path_factory.mktemp("decisions"), TIGHT)


@pytest.fixture(scope="module")
def valuation(room: PlanningRoom) -> Valuation:
    return value_decisions(room, room.input_set(), NONE)


def test_the_company_has_something_to_decide(valuation: Valuation) -> None:
    assert 1 <= len(valuation.decisions) <= 5


def test_each_decision_is_worth_what_planning_again_with_it_gives(
    room: PlanningRoom, valuation: Valuation
) -> None:
    trial = trial_of(room, room.input_set(), NONE)
    without = room.plan(NONE)
    for decision in valuation.decisions:
        with_it = trial.with_moves(decision.move)
        for span, told in ((12, decision.effect.ebit_12_months), (None, decision.effect.ebit_horizon)):
            gain = int(with_it["ebit"][:span].sum() - without["ebit"][:span].sum())
            assert told == gain, decision.move.title
        assert decision.effect.cash_low == int(with_it["cash"][:12].min() - without["cash"][:12].min())
        assert decision.revenue == round(revenue_of(with_it) - revenue_of(without)), decision.move.title


def test_those_recommended_come_first_and_all_of_them_gain_lastingly(valuation: Valuation) -> None:
    recommended = [decision.recommended for decision in valuation.decisions]
    assert recommended == sorted(recommended, reverse=True)
    assert all(d.effect.lasts and d.move.terms.known for d in valuation.decisions if d.recommended)


def test_a_limit_has_a_cost_of_waiting(valuation: Valuation) -> None:
    delayed = [d for d in valuation.decisions if d.move.kind in ("line", "material", "subcontract", "people")]
    assert delayed and all(decision.waiting is not None for decision in delayed)


def test_the_same_question_is_answered_from_what_was_kept(
    room: PlanningRoom, valuation: Valuation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decisions, "value_all", lambda *given: pytest.fail("valued twice"))
    assert value_decisions(room, room.input_set(), NONE) == valuation


def test_more_demand_moves_every_family_within_the_registers_range(room: PlanningRoom) -> None:
    given = NONE.set("demand_pct", "Family A", 0.45)
    moved = trial_of(room, room.input_set(), given).at_demand(0.1).assumptions
    assert (moved["demand_pct", "Family A"], moved["demand_pct", "Family B"]) == (0.5, 0.1)

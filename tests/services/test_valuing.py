"""Decisions valued in the background: a job that tells how far it is, followed by all who ask, kept when done."""

from __future__ import annotations

import threading

import pytest

from sop.analysis.decisions.valuation import Valuation
from sop.core.errors import CannotPlan
from sop.core.register import Assumptions
from sop.services.analysis import decisions, jobs
from sop.services.analysis.decisions import kept_valuation, valuation_job, value_decisions
from sop.services.background import BackgroundJob
from sop.services.planning.room import PlanningRoom
from tests.companies import Shape
from tests.services.planned_company import make_room

NONE = Assumptions()


@pytest.fixture
def room(tmp_path_factory: pytest.TempPathFactory) -> PlanningRoom:
    return make_room(tmp_path_factory.mktemp("valuing"), Shape(history=5, horizon=12, products=3, families=2))


def test_what_is_done_within_a_moment_is_waited_for_and_kept(
    room: PlanningRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "PATIENCE_SECONDS", 60.0)
    found = valuation_job(room, room.input_set(), NONE)
    assert isinstance(found, Valuation)
    assert kept_valuation(room, room.input_set(), NONE) == found
    monkeypatch.setattr(jobs, "BackgroundJob", lambda *given: pytest.fail("valued twice"))
    assert valuation_job(room, room.input_set(), NONE) == found


def test_whoever_asks_meanwhile_follows_the_same_job_which_tells_how_far_it_is(
    room: PlanningRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, told = threading.Event(), []

    def slowly(room: PlanningRoom, inputs: object, assumptions: Assumptions, progress: object) -> Valuation:
        def tell(share: float) -> None:
            told.append(share)
            progress(share)  # type: ignore[operator]
            go_on.wait(60)

        return value_decisions(room, inputs, assumptions, tell)  # type: ignore[arg-type]

    monkeypatch.setattr(decisions, "value_decisions", slowly)
    monkeypatch.setattr(jobs, "PATIENCE_SECONDS", 0.01)
    first = valuation_job(room, room.input_set(), NONE)
    assert isinstance(first, BackgroundJob) and first.running
    assert valuation_job(room, room.input_set(), NONE) is first
    go_on.set()
    found = first.result(60)
    assert valuation_job(room, room.input_set(), NONE) == found
    assert told == sorted(told) and told[-1] == 1.0 and first.progress == 1.0


def test_what_planning_refuses_is_raised_to_whoever_asks(
    room: PlanningRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*given: object) -> Valuation:
        raise CannotPlan("nothing to plan with")

    monkeypatch.setattr(decisions, "value_decisions", refuse)
    monkeypatch.setattr(jobs, "PATIENCE_SECONDS", 60.0)
    for _ in range(2):
        with pytest.raises(CannotPlan):
            valuation_job(room, room.input_set(), NONE)

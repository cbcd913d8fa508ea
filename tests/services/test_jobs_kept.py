"""What a server keeps of questions that nobody asks again: no more after many of them than after a few."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any, cast

import pytest

from sop.core.memo import Memo
from sop.services.analysis import jobs
from sop.services.analysis.jobs import answer_job

ROOM = cast(Any, SimpleNamespace())


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_jobs", Memo(jobs._KEPT_JOBS))
    monkeypatch.setattr(jobs, "PATIENCE_SECONDS", 0.0)


def test_moves_of_a_slider_leave_a_bounded_number_of_answers_behind() -> None:
    moved_on = threading.Event()

    def make(progress: jobs.Progress) -> str:
        moved_on.wait(60)  # the slider has moved on by the time it is there
        return "answer"

    asked = [answer_job(ROOM, f"what the plan is worth at {move}", lambda: None, make) for move in range(200)]
    moved_on.set()
    assert [job.result(60) for job in asked] == ["answer"] * 200
    assert len(jobs._jobs.values()) == jobs._KEPT_JOBS


def test_who_asks_again_gets_the_answer_of_the_one_job_and_it_is_kept_no_longer() -> None:
    made: list[int] = []

    def make(progress: jobs.Progress) -> str:
        made.append(1)
        return "answer"

    def ask() -> Any:
        return answer_job(ROOM, "question", lambda: None, make)

    first = ask()
    if first != "answer":
        first.result(10)
        assert ask() == "answer"
    assert made == [1] and jobs._jobs.values() == []


def test_a_fault_is_told_to_who_asks_next_and_then_asked_anew() -> None:
    def broken(progress: jobs.Progress) -> str:
        raise ValueError("no plan")

    def ask() -> Any:
        return answer_job(ROOM, "question", lambda: None, broken)

    with pytest.raises(ValueError, match="no plan"):
        ask().result(10)
        ask()
    with pytest.raises(ValueError, match="no plan"):
        ask().result(10)

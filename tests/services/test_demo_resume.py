"""A demo whose building was interrupted is finished by building it again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sop.core.errors import Conflict
from sop.services.company.cycle import current_cycle
from sop.services.demo import build as demo
from sop.services.demo import personas as demo_signing
from sop.services.demo.advance import advance_demo
from sop.services.demo.build import build_demo
from sop.store import Store, open_store
from sop.store.plans import read_agreed_plans, read_plan_content
from sop.store.scenarios import read_assumptions, read_working_scenario
from tests.services.quick_demo import quick_forecasts

FIRST_OPEN = "2026-11"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty workspace in which nothing is forecast."""
    with quick_forecasts():
        found = open_store(tmp_path)
        yield found
        found.close()


def content(store: Store) -> tuple[str, list[bytes], list[tuple[str, str, float]]]:
    """What a workspace comes down to: the step, the plans that were agreed, and what the working plan assumes."""
    with store.read() as tx:
        plans = [read_plan_content(tx, record.id) for record in read_agreed_plans(tx)]
        working = read_assumptions(tx, read_working_scenario(tx, FIRST_OPEN).id)
    entries = [(entry.key, entry.scope, float(entry.value)) for entry in working]
    return current_cycle(store, "coordinator").step, plans, entries


def test_what_was_interrupted_is_finished_as_if_it_had_not_been(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        signed: list[str] = []

        def stop_after_two(*arguments: object) -> object:
            signed.append(str(arguments[1]))
            if len(signed) > 2:
                raise KeyboardInterrupt
            return sign(*arguments)  # type: ignore[arg-type]

        sign = demo_signing.sign
        patch.setattr(demo_signing, "sign", stop_after_two)
        with pytest.raises(KeyboardInterrupt):
            build_demo(store, FIRST_OPEN, past_cycles=1)
    assert current_cycle(store, "coordinator").first_open == "2026-10"
    with pytest.raises(Conflict, match="Finish it with `python -m sop demo --cycle 2026-11`"):
        advance_demo(store)
    with pytest.raises(Conflict, match="the demo of 2026-11 was begun here"):
        build_demo(store, "2026-12", past_cycles=1)

    build_demo(store, FIRST_OPEN, past_cycles=1)
    (tmp_path / "whole").mkdir()
    whole = open_store(tmp_path / "whole")
    build_demo(whole, FIRST_OPEN, past_cycles=1)
    assert content(store) == content(whole)
    whole.close()
    with pytest.raises(Conflict, match="not empty"):
        build_demo(store, FIRST_OPEN, past_cycles=1)


def test_a_build_that_stops_before_the_last_step_is_finished_too(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(demo, "save_step", lambda *arguments: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            build_demo(store, FIRST_OPEN, past_cycles=0)
    assert current_cycle(store, "coordinator").step == "data"
    build_demo(store, FIRST_OPEN, past_cycles=0)
    assert current_cycle(store, "coordinator").step == "executive"

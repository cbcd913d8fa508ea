"""After every shared change the executive review is worked out ahead, in the background, by one mechanism."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from sop.core.words import sha256_hex
from sop.files.snapshot import canonical_bytes
from sop.intake.incoming import ImportRequest
from sop.services.acting import acting
from sop.services.agreement import plan_acts
from sop.services.analysis import review_ahead
from sop.services.analysis.review_ahead import ReviewAhead
from sop.services.company.cycle import close_and_roll
from sop.services.data.imports import import_table, undo_import
from sop.services.planning.room import PlanningRoom
from sop.services.scenarios.drafts import change_assumption, reset_assumption, working_scenario
from sop.services.scenarios.live_changes import read_pulse
from sop.store import Store, open_store
from sop.store.database import FILE_NAME
from sop.web import live
from tests.bare_content import bare_content
from tests.soak.victims import FIRST, load_sales, prepare, products_csv


@pytest.fixture
def company(tmp_path: Path) -> Store:
    url = f"sqlite:///{tmp_path / FILE_NAME}"
    prepare(url)
    return open_store(url=url)


def _import(store: Store, name: str) -> None:
    assert import_table(store, "jana", ImportRequest("products", products_csv(name), "p.csv")).imported


def _propose(store: Store) -> tuple[int, str]:
    content = bare_content(FIRST, 1)
    return plan_acts.store_proposal(store, "jana", content).id, sha256_hex(canonical_bytes(content))


def _close(store: Store) -> None:
    with acting(store, "jana", "import_data") as tx:
        load_sales(tx, FIRST)
    close_and_roll(store, "jana")


def test_every_act_that_leads_to_another_review_moves_what_is_followed(company: Store) -> None:
    working = working_scenario(company, "olga").id
    plan: list[tuple[int, str]] = []
    acts: dict[str, Callable[[], object]] = {
        "import": lambda: _import(company, "one"),
        "import again": lambda: _import(company, "two"),
        "take the import back": lambda: undo_import(company, "jana", "products"),
        "set": lambda: change_assumption(company, "olga", working, "demand_pct", 0.1, reason="seen"),
        "put back": lambda: reset_assumption(company, "olga", working, "demand_pct"),
        "propose": lambda: plan.append(_propose(company)),
        "sign": lambda: plan_acts.sign(company, "olga", *plan[0]),
        "withdraw": lambda: plan_acts.withdraw_plan(company, "jana", plan[0][0], "not yet"),
        "close": lambda: _close(company),
    }
    for act, do in acts.items():
        before = read_pulse(company)
        do()
        assert read_pulse(company) != before, act
    company.close()


def test_what_follows_changes_has_the_review_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    versions = iter(["2026-12 1", "2026-12 1", "2026-12 2", "2027-01 1"])
    monkeypatch.setattr(live, "look", lambda: (next(versions), {}))
    monkeypatch.setattr(review_ahead.AHEAD, "moved", lambda: told.append("moved"))
    watcher = live.Watcher()

    async def looks() -> None:
        for _ in range(4):
            await watcher._look(expiry=False)

    asyncio.run(looks())
    assert len(told) == 3, "once for each version, and none where nothing moved"


def test_a_fault_ahead_is_logged_and_the_next_change_is_kept_all_the_same(
    company: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tried = [threading.Event(), threading.Event()]
    rounds = iter(tried)

    def fails(*_: object) -> None:
        next(rounds).set()
        raise RuntimeError("unforeseen")

    monkeypatch.setattr(review_ahead, "QUIET_SECONDS", 0.01)
    monkeypatch.setattr(review_ahead, "keep_review", fails)
    ahead, room = ReviewAhead(), PlanningRoom(company)
    ahead.serve(room)
    for each in tried:
        ahead.moved()
        assert each.wait(30)
    assert "unexpected fault" in caplog.text
    company.close()

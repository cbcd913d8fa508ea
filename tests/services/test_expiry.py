"""An expiry is the last cycle in which a value counts: the next cycle opens without it, and the trail says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from sop.demand.override_effect import WantedOverride
from sop.services.company.cycle import close_and_roll
from sop.services.planning.overrides import enter_override, overrides_in_force
from sop.services.planning.room import PlanningRoom
from sop.services.scenarios import drafts as scenarios
from sop.services.scenarios.live_changes import changes_since
from sop.store.audit import read_audit
from sop.store.settings import read_person
from tests.services.planned_company import make_room

THIS, NEXT = "2026-01", "2026-02"


@pytest.fixture
def room(tmp_path: Path) -> PlanningRoom:
    return make_room(tmp_path)


def working_values(room: PlanningRoom) -> dict[str, float]:
    working = scenarios.working_scenario(room.store, "executive")
    return {entry.key: entry.value for entry in scenarios.entries(room.store, "executive", working.id)}


def test_what_expires_leaves_with_the_next_cycle_and_the_rest_stays(room: PlanningRoom) -> None:
    working = scenarios.working_scenario(room.store, "executive")
    for key, value, expiry in (("dso_days", 50, THIS), ("dpo_days", 40, NEXT), ("minimum_cash", 1000, None)):
        scenarios.change_assumption(room.store, "head_of_finance", working.id, key, value, expiry=expiry)
    assert set(working_values(room)) == {"dso_days", "dpo_days", "minimum_cash"}
    close_and_roll(room.store, "coordinator")
    assert working_values(room) == {"dpo_days": 40, "minimum_cash": 1000}
    with room.store.read() as tx:
        (noted,) = [entry for entry in read_audit(tx, limit=20) if entry.action == "assumption_expired"]
    assert (noted.detail["key"], noted.detail["was"], noted.detail["by"]) == ("dso_days", 50, "head_of_finance")
    assert "Customers pay after has expired with Jan 2026." in changes_since(
        room.store, "executive", noted.seq - 1
    )


def test_an_override_expires_as_a_whole(room: PlanningRoom) -> None:
    with room.store.read() as tx:
        sales = read_person(tx, "head_of_sales")
    months = ("2026-02", "2026-03", "2026-04")
    working = scenarios.working_scenario(room.store, "executive")
    for reason, expiry in (("For now", THIS), ("For good", None)):
        enter_override(
            room, sales, working.id, WantedOverride("Family A", "", months, "units", 30), reason, expiry
        )
    close_and_roll(room.store, "coordinator")
    working = scenarios.working_scenario(room.store, "executive")
    entries = scenarios.entries(room.store, "executive", working.id)
    assert {entry.reason for entry in entries} == {"For good"}
    assert [override.units for override in overrides_in_force(room, "executive", working.id)] == [30]
    assert changes_since(room.store, "executive", 0)[-1] == "The override for Family A has expired with Jan 2026."

"""The main job's record on both databases: the same plan has the same digest wherever it is kept."""

from __future__ import annotations

from pathlib import Path

from sop.files.snapshot import plan_digest, verify_snapshot
from sop.services.agreement import frozen_plans, plan_acts
from sop.services.company.cycle import CompanySettings, initialise
from sop.services.data import board_pack
from sop.services.planning.room import PlanningRoom
from sop.services.scenarios import drafts as scenarios
from sop.store import Store
from sop.store.audit import verify_chain
from tests.companies import FIRST_OPEN
from tests.rerun import rerun_content
from tests.services.planned_company import FUNCTIONS, SHORT, load_tables, make_room


def test_a_plan_is_signed_rerun_and_exported_with_one_digest_on_either_database(
    store: Store, tmp_path: Path
) -> None:
    initialise(store, FIRST_OPEN, CompanySettings(name="Generated", horizon=SHORT.horizon, fictional=True))
    load_tables(store, SHORT)
    room = PlanningRoom(store)
    working = scenarios.working_scenario(store, "head_of_sales")
    scenarios.change_assumption(store, "head_of_sales", working.id, "demand_pct", 0.05, reason="tender won")
    plan = plan_acts.propose_plan(room, "coordinator")
    for person in FUNCTIONS.values():
        plan_acts.sign(store, person, plan.id, plan.digest)
    assert frozen_plans.latest_agreed(store, "viewer").digest == plan.digest
    assert plan_digest(rerun_content(PlanningRoom(store), plan.id)) == plan.digest
    report = verify_snapshot(board_pack.export_snapshot(room, "viewer", plan.id, tmp_path / "keys"))
    assert report.valid and report.plan_digest == plan.digest
    with store.read() as tx:
        assert verify_chain(tx).is_intact
    assert plan.digest == _digest_on_sqlite(tmp_path / "other")


def _digest_on_sqlite(folder: Path) -> str:
    folder.mkdir()
    room = make_room(folder)
    working = scenarios.working_scenario(room.store, "head_of_sales")
    scenarios.change_assumption(room.store, "head_of_sales", working.id, "demand_pct", 0.05, reason="tender won")
    digest = plan_acts.propose_plan(room, "coordinator").digest
    room.store.close()
    return digest

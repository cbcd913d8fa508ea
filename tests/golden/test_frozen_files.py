"""What an earlier version signed verifies, and what it kept opens, plans and compares."""

from __future__ import annotations

from pathlib import Path

import pytest

from sop.files.snapshot import verify_snapshot
from sop.services.agreement.frozen_plans import read_sign_off
from sop.services.data.exports import chosen_plan
from sop.services.planning.choices import list_bases, read_view
from sop.services.planning.room import PlanningRoom
from sop.store import open_store
from tests.golden.workspaces import FROZEN, open_company


@pytest.mark.parametrize("company", ["demo", "generated"])
def test_a_snapshot_of_then_is_valid_with_the_key_of_then(company: str) -> None:
    key = (FROZEN / f"{company}-signer.pem").read_bytes()
    report = verify_snapshot(FROZEN / f"{company}-snapshot.zip", key)
    assert report.valid, report.text()


def test_a_workspace_of_then_plans_and_compares(tmp_path: Path) -> None:
    store = open_store(open_company("demo", tmp_path / "demo"))
    room = PlanningRoom(store)
    # Its forecast was kept by an earlier version of the models, so it is made anew.
    assert room.input_set().forecast.mean.shape == room.input_set().forecast.hi80.shape
    assert room.missing_forecast() is None, "it is kept from now on"
    agreed = chosen_plan(store, "executive", "agreed")
    assert agreed is not None and len(read_sign_off(store, "executive", agreed.id).signatures) == 6
    base = read_view(room, "executive", list_bases(room, "executive")[0])
    assert base.plan.headline["revenue"] != room.scenario_plan().headline["revenue"]
    store.close()

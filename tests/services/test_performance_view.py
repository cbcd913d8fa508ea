"""Performance as services give it: agreed plans by cycle, and a year's gap by family."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sop.analysis.performance.performance_review import year_gap
from sop.core.errors import NotAllowed
from sop.core.inputs import History
from sop.services.agreement import plan_acts
from sop.services.agreement.frozen_plans import agreed_plans
from sop.services.analysis.performance import read_performance
from tests.services.planned_company import FUNCTIONS, make_room
from tests.tiny import tiny_inputs


def test_the_agreed_plan_of_a_cycle_is_read_back_and_kept(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    assert agreed_plans(room) == {}
    headline = room.scenario_plan().headline
    record = plan_acts.propose_plan(room, "coordinator")
    for person in FUNCTIONS.values():
        plan_acts.sign(room.store, person, record.id, record.digest)
    plans = agreed_plans(room)
    assert list(plans) == ["2026-01"] and plans["2026-01"].headline == headline
    assert agreed_plans(room)["2026-01"] is plans["2026-01"]


def test_whoever_may_not_read_plans_sees_no_performance(tmp_path: Path) -> None:
    with pytest.raises(NotAllowed):
        read_performance(make_room(tmp_path), "administrator")


def test_the_gaps_of_the_families_sum_to_the_companys() -> None:
    past = tiny_inputs().history.months
    units = np.ones((2, 1, 24)) * np.array([10.0, 2.0])[:, None, None]
    units[..., 12:] += 3
    prices = np.array([100.0, 1000.0])[:, None, None]
    inputs = tiny_inputs(history=History(past, units, units, units * prices))
    whole, *parts = (year_gap(inputs, family) for family in (None, "Bikes", "Cargo"))
    assert whole is not None and whole.now - whole.base == 12 * 3 * (100 + 1000) * 100
    assert whole.now - whole.base == sum(part.now - part.base for part in parts if part)
    assert [part.steps["Volume"] for part in parts if part] == [360_000, 3_600_000]
    assert year_gap(tiny_inputs(23)) is None

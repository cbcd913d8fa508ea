"""Refining a plan in the background: what is whole, the comparison, and how a run ends."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sop.analysis.supply.refining import RefineOptions
from sop.core.errors import CannotPlan, Conflict
from sop.core.memo import Memo
from sop.core.plan import PlanDetail
from sop.services.planning import refine_runs as refine
from sop.services.planning.choices import Choice, View, read_view
from sop.services.planning.refine_runs import RefineRun, find_run, start_run
from sop.services.planning.room import PlanningRoom
from sop.store.data import add_table, read_current_tables
from sop.views.production.refined import compare_refined
from tests.companies import Shape
from tests.services.planned_company import make_room

QUICK = RefineOptions(months=3, lot_units=20.0, seconds=20.0)


@pytest.fixture(autouse=True)
def no_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs of other tests are forgotten."""
    monkeypatch.setattr(refine, "_runs", Memo(refine._KEPT_RUNS))


@pytest.fixture
def room(tmp_path: Path) -> PlanningRoom:
    return make_room(tmp_path, Shape(history=5, horizon=12, products=3, families=2))


def view_of(room: PlanningRoom) -> View:
    return read_view(room, "executive", Choice("working", "Working plan"))


def finished(run: RefineRun) -> RefineRun:
    assert run.thread is not None
    run.thread.join(60)
    assert not run.running
    return run


def test_a_run_makes_whole_lots_and_is_compared_with_the_plan_of_the_same_months(room: PlanningRoom) -> None:
    run = finished(start_run(room, "executive", "a", view_of(room), room.input_set().inputs, QUICK))
    assert find_run("a") is run and run.refined is not None and run.base is not None
    made = run.refined.plan.production
    assert made.shape[-1] == 3
    assert ((made < 1e-6) | (made >= 20 - 1e-6)).all()
    people = run.refined.plan.people
    assert np.allclose(people, np.rint(people))
    assert run.refined.objective >= run.base.objective - 1e-6 * abs(run.base.objective)
    found = compare_refined(run.base, run.refined, "EUR")
    figures, by_family, months = found
    assert figures.figure("Cost, EUR", "In whole numbers") == pytest.approx(run.refined.plan.paid)
    assert [row[2] for row in by_family.rows] == pytest.approx(made.sum(axis=(1, 2)).tolist())
    assert [column.title for column in months.columns] == ["Family", "Jan 2026", "Feb 2026", "Mar 2026"]


def test_the_routings_smallest_lots_are_used_and_the_entered_one_where_none_is_loaded(room: PlanningRoom) -> None:
    with room.store.read() as tx:
        routings = read_current_tables(tx)["routings"]
    lots = pd.Series(np.where(routings["family"] == "Family A", 35.0, np.nan), index=routings.index)
    with room.store.write(by="coordinator", role="coordinator") as tx:
        add_table(tx, "routings", routings.assign(minimum_lot=lots), file_name="r.csv", file_sha256="1" * 64)
    capacity = room.input_set().inputs.capacity
    assert capacity is not None and capacity.minimum_lot is not None
    assert capacity.minimum_lot[0].max() == 35.0 and capacity.minimum_lot[1].max() == 0.0
    run = finished(start_run(room, "executive", "a", view_of(room), room.input_set().inputs, QUICK))
    assert run.refined is not None
    first, second = run.refined.plan.production
    assert ((first < 1e-6) | (first >= 35 - 1e-6)).all()
    assert ((second < 1e-6) | (second >= 20 - 1e-6)).all()


def test_two_runs_at_once_are_refused_and_a_stopped_one_ends(room: PlanningRoom) -> None:
    view, inputs = view_of(room), room.input_set().inputs
    run = start_run(room, "executive", "a", view, inputs, replace(QUICK, months=12))
    if run.running:
        with pytest.raises(Conflict, match="another plan is being refined"):
            start_run(room, "executive", "b", view, inputs, QUICK)
    run.stop()
    assert finished(run).refined is not None or run.refusal


def test_a_plan_that_was_read_back_cannot_be_refined(room: PlanningRoom) -> None:
    view = view_of(room)
    frozen = replace(view, plan=replace(view.plan, detail=PlanDetail()))
    with pytest.raises(CannotPlan, match="planned now"):
        start_run(room, "executive", "a", frozen, room.input_set().inputs, QUICK)


def test_a_lot_that_no_period_has_hours_for_is_told_with_the_run(room: PlanningRoom) -> None:
    options = replace(QUICK, lot_units=1_000_000.0)
    run = finished(start_run(room, "executive", "a", view_of(room), room.input_set().inputs, options))
    assert any("fits into no period of line" in finding.what for finding in run.findings)

"""A plan agreed elsewhere counts: actuals and the working plan are compared with it, and nothing more."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sop.core.calendar import shift_period
from sop.core.errors import NotFound
from sop.intake.incoming import ImportRequest
from sop.services.agreement import plan_acts
from sop.services.analysis.changes import read_bridge, read_changes, read_kpis
from sop.services.analysis.performance import read_performance
from sop.services.data.imports import import_table, undo_import
from sop.services.planning.choices import WORKING, Choice, list_bases, read_view
from sop.services.planning.room import PlanningRoom
from tests.services.planned_company import FUNCTIONS, make_room

CYCLE = "2025-11"
MONTHS = [shift_period(CYCLE, t) for t in range(16)]


def import_sheet(room: PlanningRoom, families: tuple[str, ...] = ("Family A", "Family B")) -> None:
    """The classic spreadsheet: a row each for sales, production and inventory of a family, months side by side."""
    rows = [
        ",".join([family, row, *[str(value)] * len(MONTHS)])
        for family in families
        for row, value in (("Sales", 100), ("Production", 100), ("Inventory", 50), ("Revenue", 1000))
    ]
    text = "\n".join([",".join(["Family", "Row", *MONTHS]), *rows]) + "\n"
    asked = ImportRequest(
        "plan_lines",
        text.encode(),
        "plan.csv",
        mapping={"Row": "measure"},
        set_values={"cycle": CYCLE},
    )
    report = import_table(room.store, "coordinator", asked)
    assert report.imported, report.findings


@pytest.fixture
def room(tmp_path: Path) -> PlanningRoom:
    made = make_room(tmp_path)
    import_sheet(made)
    return made


def test_actuals_are_held_against_it_and_its_limits_are_said(room: PlanningRoom) -> None:
    found = read_performance(room, "coordinator")
    assert list(found.plans) == [CYCLE]
    closed = [found.months.index(month) for month in MONTHS if month in found.months]
    for key, value in (("sales", 100), ("production", 100), ("inventory", 50), ("revenue", 100_000)):
        plan = found.tracks[key].plan
        assert np.isfinite(plan[:, closed]).all() and set(plan[:, closed].ravel()) == {value}
        assert np.isnan(np.delete(plan, closed, axis=1)).all()
    assert "of the agreed plan" in found.message
    (limit,) = found.limits
    assert "not signed here" in limit and not found.accuracy


def test_the_working_plan_is_compared_with_it_without_causes(room: PlanningRoom) -> None:
    (choice,) = list_bases(room, "coordinator")
    assert choice == Choice(f"elsewhere-{CYCLE}", "plan agreed elsewhere, Nov 2025")
    view, base = (read_view(room, "coordinator", each) for each in (Choice(WORKING, "Working plan"), choice))
    changes = read_changes(room, "coordinator", view, base)
    assert changes is not None and changes.reference.kind == "agreed elsewhere"
    assert changes.change is None and "no causes" in changes.why
    assert not changes.stability and not changes.assumptions
    agreed = {row.entry.key: row.agreed for row in changes.measures}
    assert agreed["production"] == 200 * len(changes.months) and agreed["inventory"] == 100
    assert agreed["customer_lead_time"] is None
    inputs = room.input_set()
    bridge = read_bridge(room, inputs, view, base)
    assert bridge is not None and not bridge.causes and bridge.start[1] == 2 * 100_000 * len(changes.months)
    kpis = {kpi.key: kpi for kpi in read_kpis(room, inputs, view, base)}
    assert kpis["revenue"].base == bridge.start[1] and kpis["ebit"].base is None and kpis["on_time"].base is None


def test_a_family_it_says_nothing_of_leaves_the_company_unknown(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    import_sheet(room, ("Family A",))
    (choice,) = list_bases(room, "coordinator")
    view, base = (read_view(room, "coordinator", each) for each in (Choice(WORKING, "Working plan"), choice))
    changes = read_changes(room, "coordinator", view, base)
    assert changes is not None and "it says nothing of Family B" in changes.why
    assert {row.agreed for row in changes.measures} == {None}
    assert read_bridge(room, room.input_set(), view, base) is None


def test_a_plan_signed_here_goes_before_and_an_undo_takes_it_away(room: PlanningRoom) -> None:
    record = plan_acts.propose_plan(room, "coordinator")
    for person in FUNCTIONS.values():
        plan_acts.sign(room.store, person, record.id, record.digest)
    assert [choice.elsewhere for choice in list_bases(room, "coordinator")] == [False, True]
    gone = list_bases(room, "coordinator")[1]
    undo_import(room.store, "coordinator", "plan_lines")
    assert [choice.elsewhere for choice in list_bases(room, "coordinator")] == [False]
    with pytest.raises(NotFound):
        read_view(room, "coordinator", gone)

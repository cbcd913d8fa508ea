"""Plans as data: the same figures by view, frame, Parquet and file; refusals in a sentence; the notebook runs."""

from __future__ import annotations

import io
import json
import math
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from sop import open_workspace
from sop.core.errors import BadInput, NotFound
from sop.services.agreement import plan_acts
from sop.services.agreement.frozen_plans import read_content
from sop.services.data.exports import export_lines, working_content
from sop.services.data.open_data import Workspace, export_parquet
from sop.services.planning.room import PlanningRoom
from tests.services.planned_company import FUNCTIONS, make_room

PLACE = ["plan", "measure", "family", "region", "resource", "month"]
NOTEBOOK = Path(__file__).parents[2] / "docs" / "open-data.ipynb"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company with a plan that all signed."""
    where = tmp_path_factory.mktemp("open")
    room = make_room(where)
    plan = plan_acts.propose_plan(room, "coordinator")
    for person in FUNCTIONS.values():
        plan_acts.sign(room.store, person, plan.id, plan.digest)
    room.store.close()
    return where


@pytest.fixture(scope="module")
def company(folder: Path) -> Workspace:
    """It as a program opens it."""
    return open_workspace(folder)


@pytest.fixture(scope="module")
def room(company: Workspace) -> PlanningRoom:
    return company._room


def indexed(frame: pd.DataFrame) -> pd.Series:
    places = frame[PLACE].astype(object).fillna("").astype(str)
    return frame.assign(**places).set_index(PLACE)["value"].astype(float).sort_index()


@pytest.mark.parametrize("of", ["agreed", "working"])
def test_lines_are_those_of_the_content_and_of_the_csv(company: Workspace, room: PlanningRoom, of: str) -> None:
    content = working_content(room, "viewer") if of == "working" else read_content(room.store, "viewer", 1)
    wanted = indexed(pd.DataFrame(content["lines"]))
    found = indexed(company.lines(of))
    pd.testing.assert_series_equal(found, wanted, check_names=False)
    if of == "working":
        pd.testing.assert_series_equal(
            indexed(pd.read_csv(io.BytesIO(export_lines(room.store, "viewer", None)))), wanted, check_names=False
        )
    told = company.headlines(of).set_index("measure")["value"]
    for row in content["headline"]:
        value = told[row["measure"]]
        assert math.isnan(value) if row["value"] is None else value == float(row["value"])


def test_plans_say_which_is_in_force_and_who_signed(company: Workspace) -> None:
    plans = company.plans()
    assert plans[["plan_id", "state", "in_force"]].values.tolist() == [[1, "agreed", 1]]
    signed = company.read("signatures", of=1)
    assert sorted(signed["function"]) == sorted(FUNCTIONS)
    assert set(signed["digest_shown"]) == set(plans["digest"])
    assert company.read("signatures", of="working").empty
    assert company.read("plans", of="working")["digest"].notna().all()


def test_a_frame_is_narrowed_by_its_columns(company: Workspace) -> None:
    measures = set(company.lines(plan="sales")["measure"])
    assert measures and measures == set(company.lines().query("plan == 'sales'")["measure"])
    assert company.lines(measure="no such").empty


@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [
        (lambda c: c.read("plan"), NotFound, "no open table 'plan'.*plan_lines"),
        (lambda c: c.lines(of="latest"), BadInput, "'latest' names no plan"),
        (lambda c: c.lines(of=99), NotFound, "no plan 99"),
        (lambda c: c.read("cycles", of="agreed"), BadInput, "cycles does not tell of plans"),
        (lambda c: c.lines(value="3"), BadInput, "cannot be narrowed by 'value'.*measure"),
        (lambda c: c.lines(**{"1=1 OR measure": "x"}), BadInput, "cannot be narrowed"),
        (lambda c: open_workspace("/nowhere"), NotFound, "no workspace"),
    ],
)
def test_what_is_not_there_is_refused_in_a_sentence(company: Workspace, call, kind, words) -> None:
    with pytest.raises(kind, match=words):
        call(company)


def test_parquet_holds_everything_and_is_the_same_bytes_again(company: Workspace, room: PlanningRoom) -> None:
    made = export_parquet(room, "viewer")
    assert made == export_parquet(room, "viewer")
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        frames = {name: pd.read_parquet(io.BytesIO(archive.read(name))) for name in archive.namelist()}
    assert set(frames["plan_lines.parquet"]["plan_id"]) == {0, 1}
    assert list(frames["plans.parquet"]["state"]) == ["working", "agreed"]
    for name, loaded in company.tables().items():
        pd.testing.assert_frame_equal(frames[f"inputs/{name}.parquet"], loaded.reset_index(drop=True))


def test_the_notebook_of_the_docs_runs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOP_WORKSPACE", str(folder))
    cells = json.loads(NOTEBOOK.read_text("utf-8"))["cells"]
    names: dict[str, object] = {}
    for cell in cells:
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), NOTEBOOK.name, "exec"), names)
    assert isinstance(names["by_family"], pd.DataFrame) and len(names["by_family"])

"""A plan taken out: board pack and workbook of a working and of a signed plan, and input sheets that return."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from sop.core.errors import NotAllowed
from sop.core.spreadsheet import ALL_FAMILIES, EACH_FAMILY, STATEMENT
from sop.files.snapshot import plan_digest, verify_snapshot
from sop.intake.incoming import ImportRequest
from sop.services.agreement import plan_acts
from sop.services.data import board_pack, pack_jobs
from sop.services.data.exports import export_inputs, working_content
from sop.services.data.imports import preview_import
from sop.services.planning.room import PlanningRoom
from sop.services.scenarios import drafts
from sop.store.data import add_table
from tests.companies import Shape, company_tables
from tests.files.test_board_pack import NAMES, slide_texts
from tests.services.planned_company import FUNCTIONS, SHORT, make_room

OFFICE = shutil.which("soffice")


@pytest.fixture
def room(tmp_path: Path) -> PlanningRoom:
    return make_room(tmp_path)


def signed(room: PlanningRoom) -> Any:
    """A plan that all signed, sales on a condition."""
    plan = plan_acts.propose_plan(room, "coordinator")
    for function, person in FUNCTIONS.items():
        words = {"meaning": "conditional", "comment": "if the tender comes"} if function == "sales" else {}
        plan_acts.sign(room.store, person, plan.id, plan.digest, **words)
    return plan


def workbook(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))


def test_the_pack_of_a_working_plan_states_the_digest_of_what_it_shows(room: PlanningRoom) -> None:
    first = board_pack.read_pack(room, "viewer", None)
    assert first.digest == plan_digest(working_content(room, "viewer"))
    assert len(first.slides) == 14 and first.state.startswith("not signed")
    scenario = drafts.working_scenario(room.store, "head_of_sales")
    drafts.change_assumption(room.store, "head_of_sales", scenario.id, "demand_pct", 0.05, reason="tender won")
    second = board_pack.read_pack(room, "viewer", None)
    assert second.digest == plan_digest(working_content(room, "viewer")) != first.digest
    assert second.slide("verdict").message != first.slide("verdict").message


def test_a_pack_asked_for_while_the_plan_changes_shows_one_plan_and_states_its_digest(room: PlanningRoom) -> None:
    before = board_pack.read_pack(room, "viewer", None)
    scenario = drafts.working_scenario(room.store, "head_of_sales")
    changed = []

    def change(share: float) -> None:
        if not changed:
            changed.append(share)
            drafts.change_assumption(room.store, "head_of_sales", scenario.id, "demand_pct", 0.05, reason="won")

    during = board_pack.read_pack(room, "viewer", None, change)
    assert changed and during.digest == before.digest != plan_digest(working_content(room, "viewer"))
    for told, was in zip(during.slides, before.slides, strict=True):
        assert (told.cards, told.chart) == (was.cards, was.chart), told.key
    assert during.slide("financial").message == before.slide("financial").message


def test_the_pack_of_a_signed_plan_tells_positions_and_conditions(room: PlanningRoom) -> None:
    plan = signed(room)
    told = slide_texts(board_pack.export_pptx(room, "viewer", plan))
    assert any("if the tender comes" in text for text in told)
    assert any(plan.digest in text for text in told)
    assert any("agreed and in force: 6 signatures of 6 (1 on a condition)" in text for text in told)


def test_nobody_without_the_permission_takes_a_plan_out(room: PlanningRoom) -> None:
    for take in (board_pack.read_pack, board_pack.export_workbook, pack_jobs.start_pack):
        with pytest.raises(NotAllowed):
            take(room, "administrator", None)


def test_a_pack_is_made_in_the_background_and_starts_no_draws(
    room: PlanningRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*given: Any) -> None:
        raise AssertionError("it draws")

    monkeypatch.setattr("sop.services.analysis.drawing.draw_now", refuse)
    files = pack_jobs.start_pack(room, "viewer", None).result(120)
    assert files.pdf.startswith(b"%PDF") and pack_jobs.pack_job(room, "viewer", None) is not None
    assert any("No range" in note for note in files.pack.slide("range").notes)


def test_the_snapshot_holds_the_pack_and_names_it_when_it_is_altered(room: PlanningRoom, tmp_path: Path) -> None:
    plan = signed(room)
    data = board_pack.export_snapshot(room, "viewer", plan.id, tmp_path / "keys")
    assert verify_snapshot(data).valid
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in {**files, "board-pack.pdf": files["board-pack.pdf"] + b" "}.items():
            archive.writestr(name, content)
    report = verify_snapshot(buffer.getvalue())
    assert [(each.file, each.what) for each in report.findings] == [("board-pack.pdf", "was altered")]


@pytest.mark.parametrize("families", [2, 45])
def test_a_family_has_a_sheet_of_its_own_unless_there_are_many(tmp_path: Path, families: int) -> None:
    room = make_room(tmp_path, replace(SHORT, families=families, products=max(families, 3)))
    names = workbook(board_pack.export_workbook(room, "viewer", None)).sheetnames
    assert names[:3] == ["Summary", STATEMENT, ALL_FAMILIES]
    assert (EACH_FAMILY in names) == (families >= 45) and ("Family a" in names) == (families < 45)
    assert len(board_pack.read_pack(room, "viewer", None).slides) == 14


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_every_formula_comes_to_the_plans_figure(room: PlanningRoom, tmp_path: Path) -> None:
    signed(room)
    data = board_pack.export_workbook(room, "viewer", None)
    kept = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    formulas = workbook(data)
    # Saved by openpyxl a formula has no figure, so that LibreOffice must work it out.
    formulas.save(tmp_path / "formulas.xlsx")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    convert = [str(OFFICE), profile, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path / "again")]
    subprocess.run([*convert, str(tmp_path / "formulas.xlsx")], check=True, capture_output=True, timeout=300)
    again = openpyxl.load_workbook(tmp_path / "again" / "formulas.xlsx", data_only=True)
    cells = [(sheet.title, cell) for sheet in formulas for row in sheet for cell in row]
    live = [(title, cell.coordinate) for title, cell in cells if cell.data_type == "f"]
    assert len(live) > 200
    apart = [(s, c) for s, c in live if abs(kept[s][c].value - again[s][c].value) >= 0.005]
    assert not apart


def test_input_sheets_come_back_with_preview_and_findings(room: PlanningRoom, tmp_path: Path) -> None:
    path = tmp_path / "inputs.xlsx"
    path.write_bytes(export_inputs(room.store, "viewer"))
    same = preview_import(room.store, "coordinator", ImportRequest("products", path))
    assert same.accepted and same.checked.findings
    book = openpyxl.load_workbook(path)
    sheet = book["products"]
    header = [cell.value for cell in sheet[1]]
    sheet.cell(2, header.index("unit_cost") + 1).value = "dear"
    book.save(path)
    spoilt = preview_import(room.store, "coordinator", ImportRequest("products", path))
    assert not spoilt.accepted and any("dear" in str(finding) for finding in spoilt.checked.findings)


def import_of(room: PlanningRoom, path: Path, change: Callable[[Any], None]) -> Any:
    """What a preview says of the input sheets after somebody changed the one of products."""
    path.write_bytes(export_inputs(room.store, "viewer"))
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    return preview_import(room.store, "coordinator", ImportRequest("products", path))


def break_a_formula(book: Any) -> None:
    sheet = book["products"]
    sheet.cell(2, [cell.value for cell in sheet[1]].index("unit_cost") + 1).value = "=B2/0*nothing("


def move_the_columns(book: Any) -> None:
    sheet = book["products"]
    rows = [list(reversed([cell.value for cell in row])) for row in sheet.iter_rows()]
    for at, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            sheet.cell(at, column).value = value


def add_sheets(book: Any) -> None:
    book.create_sheet("My notes", 0)["A1"] = "nothing that anybody should read"
    book.create_sheet("products (2)")["A1"] = "product"


@pytest.mark.parametrize(
    ("change", "accepted"), [(break_a_formula, False), (move_the_columns, True), (add_sheets, True)]
)
def test_input_sheets_that_somebody_changed_are_read_or_refused_in_a_sentence(
    room: PlanningRoom, tmp_path: Path, change: Callable[[Any], None], accepted: bool
) -> None:
    found = import_of(room, tmp_path / "inputs.xlsx", change)
    assert found.accepted is accepted, [str(each) for each in found.checked.findings]
    if accepted:
        difference = found.difference
        assert (difference.added, difference.changed, difference.removed) == (0, 0, 0)
    else:
        assert any(each.level == "error" and each.line for each in found.checked.findings)


@pytest.mark.parametrize(
    "shape",
    [
        replace(SHORT, ledger=False),
        replace(SHORT, capacity=False, people=False, materials=False),
        replace(SHORT, prices="none", ledger=False),
        replace(SHORT, horizon=1, strategy=False),
        replace(SHORT, families=1, products=1),
        replace(SHORT, stock=False, orders=False, capacity=False, people=False, materials=False, strategy=False),
    ],
    ids=["no ledger", "no limits", "no prices", "one month", "one family", "sales alone"],
)
def test_pack_and_workbook_of_a_company_that_lacks_things_say_so_and_are_whole(
    tmp_path: Path, shape: Shape
) -> None:
    room = make_room(tmp_path, shape)
    files = board_pack.make_files(room, "viewer", None)
    assert len(files.pack.slides) == 14 and files.pdf.startswith(b"%PDF")
    assert all(slide.message for slide in files.pack.slides)
    told = " ".join(slide_texts(files.pptx))
    assert "nan" not in told.lower().split() and "None" not in told.split()
    book = workbook(board_pack.export_workbook(room, "viewer", None))
    assert book.sheetnames[0] == "Summary"


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_pack_and_workbook_of_a_company_whose_families_have_any_name(tmp_path: Path, name: str) -> None:
    room = make_room(tmp_path)
    tables = company_tables(SHORT)
    with room.store.write(by="coordinator", role="coordinator") as tx:
        for table, frame in tables.items():
            renamed = frame.replace({"Family A": name, "Family B": f"{name} B"})
            if not renamed.equals(frame):
                add_table(tx, table, renamed, file_name=f"{table}.csv", file_sha256="1" * 64)
    files = board_pack.make_files(room, "viewer", None)
    assert any(name[:40].split()[0] in text for text in slide_texts(files.pptx))
    assert files.pdf.startswith(b"%PDF")
    book = workbook(board_pack.export_workbook(room, "viewer", None))
    assert all(len(title) <= 31 for title in book.sheetnames)
    assert any(name in str(cell.value) for sheet in book for row in sheet for cell in row)
    assert not any(
        cell.data_type == "f" and "cmd" in str(cell.value) for sheet in book for row in sheet for cell in row
    )

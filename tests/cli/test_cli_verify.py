"""A signed plan leaves as a snapshot, and what was altered in it is named."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from sop.core.terms import Role
from sop.services.access.mode import Access
from sop.services.access.sessions import begin_session, key_of
from sop.services.agreement.plan_acts import propose_plan, sign
from sop.services.company.cycle import read_ground_rules
from sop.services.planning.room import PlanningRoom
from sop.store import open_store
from sop.store.settings import save_person
from tests.cli.small import Command


@pytest.fixture
def snapshot(loaded: Command, folder: Path, tmp_path: Path) -> Path:
    """The snapshot of a plan that every required function signed."""
    store = open_store(folder)
    with store.write() as tx:
        for role in Role:
            save_person(tx, role.value, role.title, role.value)
    record = propose_plan(PlanningRoom(store), Role.COORDINATOR.value)
    with store.read() as tx:
        needed = read_ground_rules(tx).functions
    for role in Role:
        if role.function is not None and role.function.value in needed:
            session = key_of(begin_session(store, role.value, Access.LOCAL))
            sign(store, role.value, record.id, record.digest, session=session)
    store.close()
    assert loaded("export", "snapshot", tmp_path / "plan.zip").code == 0
    return tmp_path / "plan.zip"


def _altered(snapshot: Path, name: str, old: bytes, new: bytes) -> Path:
    """The same zip with one text in one file replaced."""
    copy = snapshot.with_name("altered.zip")
    with zipfile.ZipFile(snapshot) as source, zipfile.ZipFile(copy, "w") as target:
        for entry in source.infolist():
            data = source.read(entry)
            target.writestr(entry, data.replace(old, new, 1) if entry.filename == name else data)
    return copy


def test_a_snapshot_is_valid_and_names_who_signed(accord: Command, snapshot: Path) -> None:
    checked = accord("verify", snapshot)
    assert checked.code == 0 and checked.out.startswith("VALID: Our company, cycle 2026-01, revision 1")
    assert "signed by CEO (ceo)" in checked.out


def test_an_altered_plan_is_not_valid_and_named(accord: Command, snapshot: Path) -> None:
    checked = accord("verify", _altered(snapshot, "plan.json", b'"Boxes"', b'"Bopes"'))
    assert checked.code == 2 and checked.out.startswith("NOT VALID") and "plan.json" in checked.out


def test_the_report_comes_as_fields_and_knows_a_trusted_key(
    accord: Command, snapshot: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(snapshot) as archive:
        (tmp_path / "key.pem").write_bytes(archive.read("signer.pem"))
    report = json.loads(accord("verify", snapshot, "--key", tmp_path / "key.pem", "--json").out)
    assert (report["valid"], report["key_is_trusted"], report["warnings"]) == (True, True, [])


def test_what_is_no_file_or_no_snapshot_is_said_plainly(accord: Command, tmp_path: Path) -> None:
    assert "there is no such file" in accord("verify", tmp_path / "none.zip").err
    (tmp_path / "text.zip").write_text("no zip")
    checked = accord("verify", tmp_path / "text.zip")
    assert checked.code == 2 and checked.out.startswith("NOT VALID")


def test_a_key_that_cannot_be_read_is_refused(accord: Command, tmp_path: Path) -> None:
    refused = accord("verify", tmp_path / "plan.zip", "--key", tmp_path / "none.pem")
    assert refused.code == 2 and "the key cannot be read" in refused.err


def test_show_lists_the_signed_plan_and_its_workbook_can_be_exported(
    accord: Command, snapshot: Path, tmp_path: Path
) -> None:
    (plan,) = json.loads(accord("show", "--json").out)["plans"]
    assert (plan["cycle"], plan["revision"], plan["state"]) == ("2026-01", 1, "agreed")
    assert accord("export", "xlsx", tmp_path / "plan.xlsx", "--plan", plan["id"]).code == 0
    with zipfile.ZipFile(snapshot) as archive:
        lines = archive.read("lines.csv")
    assert accord("export", "csv", tmp_path / "lines.csv").code == 0
    assert (tmp_path / "lines.csv").read_bytes() == lines

"""A company begins, and comes back from a backup: everything or nothing."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from sop.core.errors import BadInput, Conflict, SopError
from sop.services.access.mode import Access, read_access
from sop.services.access.passwords import sign_in
from sop.services.access.sessions import find_session, key_of
from sop.services.company.backup import ABOUT, restore_backup, write_backup
from sop.services.company.cycle import current_cycle, read_company
from sop.services.company.settings import names_of
from sop.services.company.start import NewCompany, first_period, is_nothing_there, start_company
from sop.services.company.workspace import keys_folder, open_workspace
from sop.store.database import FILE_NAME

OURS = NewCompany(
    "Ours", "czk", "2026-12", coordinator="Mira Sol", fiscal_start=4,
    password="correct horse battery staple", administrator_password="another four words here",
)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("SOP_DATABASE_URL", raising=False)
    return tmp_path / "ours"


def test_a_company_begins_with_its_calendar_and_two_people_who_sign_in(folder: Path) -> None:
    assert is_nothing_there(folder)
    store = start_company(OURS, folder)
    with store.read() as tx:
        company = read_company(tx)
    cycle = current_cycle(store, "coordinator")
    assert (company.name, company.currency, company.fiscal_start, company.horizon) == ("Ours", "CZK", 4, 24)
    assert (cycle.first_open, cycle.horizon, read_access(store)) == ("2026-12", 24, Access.LOCAL)
    assert names_of(store)["coordinator"] == "Mira Sol"
    for person, password in (("coordinator", OURS.password), ("administrator", OURS.administrator_password)):
        found = find_session(store, key_of(sign_in(store, person, password, "")))
        assert found is not None and found.person == person
    store.close()
    assert not is_nothing_there(folder)
    with pytest.raises(Conflict, match="a company here already"):
        start_company(OURS, folder)


def test_a_company_that_plans_in_quarters_begins_with_the_one_that_holds_its_month(folder: Path) -> None:
    store = start_company(replace(OURS, calendar="quarter", month="2026-11"), folder)
    cycle = current_cycle(store, "coordinator")
    assert (cycle.first_open, cycle.horizon) == ("2026-Q4", 8)
    store.close()


@pytest.mark.parametrize(
    ("text", "calendar", "first"),
    [("2026-12", "", "2026-12"), ("2026-Q4", "", "2026-Q4"), ("2026-Q4", "quarter", "2026-Q4"),
     ("2026-01", "quarter", "2026-Q1")],
)  # fmt: skip
def test_the_first_period_follows_the_calendar(text: str, calendar: str, first: str) -> None:
    assert first_period(text, calendar) == first


@pytest.mark.parametrize(
    "wrong",
    [{"name": "  "}, {"name": "x" * 500}, {"currency": "euro"}, {"month": "December"}, {"month": ""},
     {"month": "2026-Q4"}, {"calendar": "fortnight"}, {"fiscal_start": 0}, {"fiscal_start": 13},
     {"coordinator": " "}, {"coordinator": "administrator"}, {"password": "short"}, {"administrator_password": ""},
     {"password": "Mira Sol 12345"}, {"administrator_password": OURS.password}],
    ids=str,
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_is_made(folder: Path, wrong: dict[str, str]) -> None:
    with pytest.raises(BadInput):
        start_company(replace(OURS, **wrong), folder)
    assert not folder.exists()


# -- backups


@pytest.fixture
def backup(folder: Path, tmp_path: Path) -> bytes:
    store = start_company(OURS, folder)
    keys_folder(folder).mkdir()
    (keys_folder(folder) / "signing-keys.json").write_text("{}")
    sign_in(store, "coordinator", OURS.password, "")
    write_backup(store, tmp_path / "ours.zip", folder)
    store.close()
    assert (tmp_path / "ours.zip").stat().st_mode & 0o077 == 0
    return (tmp_path / "ours.zip").read_bytes()


def test_a_backup_comes_back_as_it_was_and_nobody_is_signed_in(backup: bytes, tmp_path: Path) -> None:
    place = restore_backup(BytesIO(backup), tmp_path / "again")
    store = open_workspace(place)
    secret = sign_in(store, "coordinator", OURS.password, "")
    assert find_session(store, key_of(secret)) is not None
    assert current_cycle(store, "coordinator").first_open == "2026-12"
    store.close()
    assert (keys_folder(place) / "signing-keys.json").stat().st_mode & 0o077 == 0
    with pytest.raises(Conflict, match="there is a workspace in"):
        restore_backup(BytesIO(backup), place)


def _with(data: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """A backup with its entries changed."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    change(entries)
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _flip(entries: dict[str, bytes]) -> None:
    entries[FILE_NAME] = entries[FILE_NAME][:-1] + bytes([entries[FILE_NAME][-1] ^ 1])


def _pass_off(entries: dict[str, bytes]) -> None:
    entries[FILE_NAME] = b"SQLite format 3\0" + b"rubbish" * 1000
    about = json.loads(entries[ABOUT])
    about["sha256"][FILE_NAME] = hashlib.sha256(entries[FILE_NAME]).hexdigest()
    entries[ABOUT] = json.dumps(about).encode()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (_flip, "is not as it was written"),
        (_pass_off, "damaged"),
        (lambda entries: entries.pop(ABOUT), "no backup of Accord"),
        (lambda entries: entries.pop(FILE_NAME), "no backup of Accord"),
        (lambda entries: entries.update({"../evil": b""}), "no backup of Accord|files"),
        (lambda entries: entries.update({ABOUT: b"[]"}), "another version"),
        (lambda entries: entries.update({ABOUT: b"rubbish"}), "cannot be read"),
    ],
)
def test_what_is_no_backup_is_refused_and_leaves_nothing(
    backup: bytes, tmp_path: Path, change: Callable, why: str
) -> None:
    before = sorted(tmp_path.iterdir())
    with pytest.raises(SopError, match=why):
        restore_backup(BytesIO(_with(backup, change)), tmp_path / "again")
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04rubbish", b"month,product\n"], ids=["empty", "zip", "text"])
def test_rubbish_is_no_backup(folder: Path, data: bytes) -> None:
    with pytest.raises(BadInput, match="cannot be read as a backup"):
        restore_backup(BytesIO(data), folder)
    assert not folder.exists()


def test_a_backup_is_never_written_over_a_file(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "ours.zip").write_text("mine")
    store = start_company(OURS, folder)
    with pytest.raises(Conflict, match="is there already"):
        write_backup(store, tmp_path / "ours.zip", folder)
    store.close()
    assert (tmp_path / "ours.zip").read_text() == "mine"

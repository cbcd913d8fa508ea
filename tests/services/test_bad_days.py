"""Bad days: a disk that is full in the middle of each act and of each file, a clock that went back, two servers on
one workspace, a network folder.

Beside these: clocks and keys in test_signing_keys, newer databases and half upgrades in tests/store, kills in
tests/soak.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from sop.core.errors import Conflict, SetupError, SopError
from sop.core.terms import Role
from sop.core.words import sha256_hex
from sop.files.snapshot import canonical_bytes
from sop.intake.incoming import ImportRequest
from sop.services.access.people import add_person
from sop.services.acting import acting
from sop.services.agreement import plan_acts
from sop.services.company.backup import restore_backup, write_backup
from sop.services.company.cycle import close_and_roll
from sop.services.data.imports import import_table
from sop.services.process.comments import list_comments, say
from sop.services.scenarios.drafts import change_assumption, working_scenario
from sop.store import Store, open_store
from sop.store.audit import chain_head, verify_chain
from sop.store.database import FILE_NAME
from sop.store.decisions import add_decision, read_decisions
from sop.store.network_folder import network_kind
from sop.store.plans import read_signatures
from sop.store.settings import save_person
from tests.bare_content import bare_content
from tests.disks import small_disk
from tests.soak.victims import load_sales, prepare, products_csv

CONTENT = bare_content("2026-12")
LONG = "so it is " * 200


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A company with a proposed plan and everything ready to close the month."""
    url = f"sqlite:///{tmp_path / FILE_NAME}"
    prepare(url)
    opened = open_store(url=url)
    with opened.write() as tx:
        save_person(tx, "eva", "Eva", Role.ADMINISTRATOR)
        save_person(tx, "cyril", "Cyril", Role.EXECUTIVE)
    with acting(opened, "jana", "import_data") as tx:
        load_sales(tx, "2026-12")
    plan_acts.store_proposal(opened, "jana", CONTENT)
    yield opened
    opened.close()


def propose(store: Store) -> None:
    plan_acts.store_proposal(store, "jana", CONTENT | {"revision": 2, "more": LONG})


def decide(store: Store) -> None:
    with acting(store, "cyril", "decide") as tx:
        add_decision(tx, "2026-12", f"move|{len(read_decisions(tx))}", "accepted", {"title": LONG})


ACTS: dict[str, Callable[[Store], object]] = {
    "import": lambda store: import_table(store, "jana", ImportRequest("products", products_csv("Box"), "p.csv")),
    "edit": lambda store: change_assumption(
        store, "olga", working_scenario(store, "olga").id, "demand_pct", 0.1, reason=LONG
    ),
    "comment": lambda store: say(store, "karel", "family", "Boxes", LONG),
    "propose": propose,
    "sign": lambda store: plan_acts.sign(
        store, "olga", 1, sha256_hex(canonical_bytes(CONTENT)), meaning="dissent", comment=LONG
    ),
    "withdraw": lambda store: plan_acts.withdraw_plan(store, "jana", 1, LONG),
    "return": lambda store: plan_acts.return_plan(store, "olga", 1, LONG),
    "decide": decide,
    "close": lambda store: close_and_roll(store, "jana"),
    "person": lambda store: add_person(store, "eva", "new@example.com", "N" * 100, Role.VIEWER),
}


@pytest.mark.parametrize("act", list(ACTS))
@pytest.mark.parametrize("room", [0, 1, 3])
def test_a_disk_that_is_full_in_the_middle_of_an_act_keeps_none_of_it(store: Store, act: str, room: int) -> None:
    with store.read() as tx:
        head = chain_head(tx)

    def fill(connection) -> None:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + room}")

    # Pages that are free already would be written to before the disk is asked for more.
    event.listen(store._write, "begin", fill)
    outcome = ""
    for _ in range(40):
        try:
            ACTS[act](store)
        except SetupError as fault:
            outcome = fault.what
            break
        except SopError:
            break  # done before: doing it again is refused
        with store.read() as tx:
            head = chain_head(tx)
    if outcome:
        assert outcome == "the disk of the database is full, nothing was saved"
        with store.read() as tx:
            assert chain_head(tx) == head
    with store.read() as tx:
        assert verify_chain(tx).problems == ()
    path = store.file
    store.close()
    again = open_store(url=f"sqlite:///{path}")
    with again.write() as tx:
        save_person(tx, "late", "Late", Role.VIEWER)
    again.close()


def test_a_full_disk_is_met_by_every_act_that_needs_room(store: Store) -> None:
    @event.listens_for(store._write, "begin")
    def fill(connection) -> None:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")

    met = 0
    for number in range(60):
        try:
            say(store, "karel", "family", "Boxes", f"{number} {LONG}")
        except SetupError as fault:
            assert "disk of the database is full, nothing was saved" in fault.what
            met += 1
    assert met > 30


@pytest.mark.parametrize("size", ["64k", "260k"])
def test_a_backup_for_which_there_is_no_room_leaves_nothing_and_says_so(
    store: Store, tmp_path: Path, size: str
) -> None:
    folder = store.file.parent
    with small_disk(tmp_path / "small", size) as place:
        (place / "other").write_bytes(b"x" * 20_000)
        with pytest.raises(SetupError, match="the disk is full") as refusal:
            write_backup(store, place / "accord.zip", folder)
        assert "Free some space" in refusal.value.remedy
        assert [path.name for path in place.iterdir()] == ["other"]
    write_backup(store, tmp_path / "accord.zip", folder)


@pytest.mark.parametrize("size", ["64k", "300k"])
def test_a_restore_for_which_there_is_no_room_leaves_nothing_and_is_done_once_there_is(
    store: Store, tmp_path: Path, size: str
) -> None:
    write_backup(store, tmp_path / "accord.zip", store.file.parent)
    with small_disk(tmp_path / "small", size) as place, (tmp_path / "accord.zip").open("rb") as backup:
        with pytest.raises(SetupError, match=r"disk.* is full") as refusal:
            restore_backup(backup, place / "ours")
        assert "Free some space" in refusal.value.remedy
        assert list(place.rglob("*")) == []
    with (tmp_path / "accord.zip").open("rb") as backup:
        restore_backup(backup, tmp_path / "ours")
    again = open_store(tmp_path / "ours")
    with again.read() as tx:
        assert verify_chain(tx).problems == ()
    again.close()


def test_a_signature_for_whose_first_key_there_is_no_room_is_not_kept(store: Store, monkeypatch) -> None:
    folder = store.file.parent
    with small_disk(folder / "keys", "4k") as place:
        place.chmod(0o700)
        (place / "other").write_bytes(b"x" * 4096)
        with pytest.raises(SetupError, match="disk is full"):
            plan_acts.sign(store, "olga", 1, sha256_hex(canonical_bytes(CONTENT)))
        assert [path.name for path in place.iterdir()] == ["other"]
    with store.read() as tx:
        assert read_signatures(tx, 1) == ()
    plan_acts.sign(store, "olga", 1, sha256_hex(canonical_bytes(CONTENT)))


def test_a_backup_of_a_newer_version_is_not_restored_and_nothing_is_left(store: Store, tmp_path: Path) -> None:
    with sqlite3.connect(store.file) as database:
        database.execute("UPDATE alembic_version SET version_num = 'ffff'")
    write_backup(store, tmp_path / "accord.zip", store.file.parent)
    with (tmp_path / "accord.zip").open("rb") as backup, pytest.raises(SetupError, match="newer"):
        restore_backup(backup, tmp_path / "ours")
    assert not (tmp_path / "ours").exists() and not list(tmp_path.glob("ours.*"))


def test_a_clock_that_goes_back_loses_no_act_and_is_on_record(store: Store) -> None:
    url = f"sqlite:///{store.file}"
    earlier = open_store(url=url, clock=lambda: datetime.now(UTC) - timedelta(days=1))
    for act in ("comment", "edit", "decide", "import"):
        ACTS[act](earlier)
    with pytest.raises(SetupError, match="clock of this server is wrong"):
        plan_acts.sign(earlier, "olga", 1, sha256_hex(canonical_bytes(CONTENT)))
    earlier.close()
    say(store, "karel", "family", "Boxes", "the clock is right again")
    with store.read() as tx:
        found = verify_chain(tx)
        assert read_signatures(tx, 1) == ()
    assert found.problems == () and any("the clock went back" in each for each in found.warnings)
    assert len(list_comments(store, "karel")) == 2


def test_two_servers_on_one_workspace_lose_nothing_and_say_who_was_first(store: Store) -> None:
    other = open_store(url=f"sqlite:///{store.file}")
    working = working_scenario(store, "olga")
    change_assumption(store, "olga", working.id, "demand_pct", 0.1, reason="seen", expected_version=0)
    with pytest.raises(Conflict, match="nothing was saved"):
        change_assumption(other, "olga", working.id, "demand_pct", 0.2, reason="seen too", expected_version=0)
    for pen, words in ((store, "one"), (other, "two")):
        say(pen, "karel", "family", "Boxes", words)
    with other.read() as tx:
        assert verify_chain(tx).problems == ()
    other.close()


MOUNTS = """\
22 1 8:1 / / rw - ext4 /dev/sda1 rw
40 22 0:45 / /srv/share rw - nfs4 server:/export rw
41 40 8:2 / /srv/share/local rw - xfs /dev/sdb1 rw
42 22 0:46 / /srv/with\\040space rw - cifs //server/x rw
broken line
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/srv/share/ours", "nfs4"),
        ("/srv/share/local/ours", ""),
        ("/srv/shared", ""),
        ("/srv/with space/ours", "cifs"),
        ("/home/x", ""),
    ],
)
def test_a_network_folder_is_told_from_a_disk(folder: str, kind: str) -> None:
    assert network_kind(Path(folder), MOUNTS) == kind


def test_no_new_workspace_is_made_in_a_network_folder_and_an_old_one_is_opened(tmp_path, monkeypatch) -> None:
    url = f"sqlite:///{tmp_path / FILE_NAME}"
    with monkeypatch.context() as then:
        then.setattr("sop.store.database.network_kind", lambda folder: "nfs4")
        with pytest.raises(SetupError, match="is a network folder") as refusal:
            open_store(url=url)
        assert "PostgreSQL" in refusal.value.remedy
        assert not (tmp_path / FILE_NAME).exists()
    open_store(url=url).close()
    monkeypatch.setattr("sop.store.database.network_kind", lambda folder: "nfs4")
    open_store(url=url).close()

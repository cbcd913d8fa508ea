"""A signing key that was used is never replaced in silence; the chain is held against what was handed out."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from sop.core.errors import BadInput, Conflict, SetupError
from sop.files.keys import read_keys
from sop.files.snapshot import verify_snapshot
from sop.services.agreement import plan_acts
from sop.services.agreement.frozen_plans import build_signed_snapshot
from sop.services.agreement.signing_keys import keys_of, list_keys, revoke, rotate
from sop.services.company.audit_check import check_chain
from sop.store import Store, open_store
from sop.store.audit import GENESIS, _entry_hash, read_audit, verify_chain
from sop.store.plans import read_signatures
from sop.store.schema import AuditRow
from tests.copies import copy_database
from tests.services.planned_company import make_room


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, int, str]]:
    room = make_room(tmp_path_factory.mktemp("keys"))
    record = plan_acts.propose_plan(room, "coordinator")
    yield room.store, record.id, record.digest
    room.store.close()


@pytest.fixture
def signed(template: tuple[Store, int, str], tmp_path: Path) -> tuple[Store, int, str]:
    """A workspace in which sales has signed the plan."""
    copy_database(template[0], tmp_path / "accord.sqlite")
    store = open_store(tmp_path)
    plan_acts.sign(store, "head_of_sales", template[1], template[2])
    return store, template[1], template[2]


def snapshot(store: Store, plan: int) -> bytes:
    return build_signed_snapshot(store, "coordinator", plan, keys_of(store), {})


def test_the_first_signature_makes_the_key_that_the_chain_knows(signed: tuple[Store, int, str]) -> None:
    store, plan, _ = signed
    (record,), missing = list_keys(store, keys_of(store))
    assert missing == ()
    report = verify_snapshot(snapshot(store, plan), record.public_pem.encode())
    assert report.valid and report.key_id == record.key_id
    assert len(read_keys(keys_of(store)).keys) == 1


@pytest.mark.parametrize("how", ["gone", "another"])
def test_without_the_key_that_signed_nothing_is_signed_and_it_is_said(signed, how: str, tmp_path: Path) -> None:
    store, plan, digest = signed
    kept = keys_of(store).with_name("kept")
    keys_of(store).rename(kept)
    if how == "another":
        (tmp_path / "other").mkdir()
        other = make_room(tmp_path / "other")
        record = plan_acts.propose_plan(other, "coordinator")
        plan_acts.sign(other.store, "head_of_sales", record.id, record.digest)
        shutil.copytree(keys_of(other.store), keys_of(store))
    for act in (
        lambda: plan_acts.sign(store, "head_of_operations", plan, digest),
        lambda: snapshot(store, plan),
        lambda: rotate(store, keys_of(store)),
    ):
        with pytest.raises(SetupError, match="is missing, nothing is signed without it") as refusal:
            act()
        assert "Restore the file from a backup" in refusal.value.remedy
    with store.read() as tx:
        assert [each.person for each in read_signatures(tx, plan)] == ["head_of_sales"]
    shutil.rmtree(keys_of(store), ignore_errors=True)
    kept.rename(keys_of(store))
    plan_acts.sign(store, "head_of_operations", plan, digest)


def test_a_key_declared_lost_is_followed_by_one_that_stands_on_its_own(signed) -> None:
    store, plan, digest = signed
    (old,), _ = list_keys(store, keys_of(store))
    shutil.rmtree(keys_of(store))
    with pytest.raises(SetupError):
        rotate(store, keys_of(store), "  ")
    new = rotate(store, keys_of(store), "the disk broke")
    assert new.endorsed_by == new.key_id != old.key_id
    plan_acts.sign(store, "head_of_operations", plan, digest)
    with store.read() as tx:
        found = verify_chain(tx)
    assert found.is_intact and any("declared lost" in each for each in found.warnings)
    with pytest.raises(Conflict, match="no signing key is missing"):
        rotate(store, keys_of(store), "again")


def test_a_rotated_key_is_endorsed_and_a_revoked_one_is_on_record(signed) -> None:
    store, _, _ = signed
    (old,), _ = list_keys(store, keys_of(store))
    new = rotate(store, keys_of(store))
    assert new.endorsed_by == old.key_id
    gone = revoke(store, keys_of(store), old.key_id[:8], "stolen")
    assert gone.revoked_reason == "stolen"
    with pytest.raises(BadInput, match="no signing key begins"):
        revoke(store, keys_of(store), "zzz", "x")
    with store.read() as tx:
        assert [entry.action for entry in read_audit(tx, 2)] == ["key_revoked", "key_known"]


def test_nothing_is_signed_while_the_clock_is_behind_the_chain(signed) -> None:
    store, plan, digest = signed
    folder = store.file.parent
    store.close()
    earlier = open_store(folder, clock=lambda: datetime.now(UTC) - timedelta(days=1))
    with pytest.raises(SetupError, match="clock of this server is wrong") as refusal:
        plan_acts.sign(earlier, "head_of_operations", plan, digest)
    assert "Set the clock" in refusal.value.remedy
    earlier.close()


def test_a_clock_before_the_key_was_made_is_told_as_that(signed) -> None:
    store, _, _ = signed
    with pytest.raises(SetupError, match="clock of this server is before"):
        read_keys(keys_of(store)).current(datetime.now(UTC) - timedelta(days=3))


def test_a_cut_tail_and_a_chain_written_anew_are_found_by_the_heads_that_snapshots_print(signed, tmp_path) -> None:
    store, plan, digest = signed
    folder, printed = store.file.parent, []
    for number, person in enumerate(("head_of_operations", "head_of_supply")):
        printed.append(tmp_path / f"{number}.zip")
        printed[-1].write_bytes(snapshot(store, plan))
        plan_acts.sign(store, person, plan, digest)
    assert check_chain(store, printed).is_intact
    (tmp_path / "broken.zip").write_bytes(printed[0].read_bytes()[:-50])
    with pytest.raises(BadInput, match="proves nothing"):
        check_chain(store, [tmp_path / "broken.zip"])
    with store.read() as tx:
        head = verify_snapshot(printed[0].read_bytes()).plan["provenance"]["audit_chain_head"]
        cut = next(entry.seq for entry in read_audit(tx, 10_000) if entry.hash == head)
    store.close()
    with closing(sqlite3.connect(folder / "accord.sqlite", isolation_level=None)) as database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {name}")
        database.execute("DELETE FROM audit WHERE seq > ?", (cut,))
        database.execute("DELETE FROM signatures WHERE person <> 'head_of_sales'")
    again = open_store(folder)
    found = check_chain(again, printed)
    assert [each for each in found.problems if str(printed[1]) in each]
    assert not [each for each in found.problems if str(printed[0]) in each]
    assert any("was missing and was restored" in each for each in found.warnings)
    again.close()


def test_a_chain_that_somebody_recomputed_holds_together_and_is_found_from_outside(signed, tmp_path) -> None:
    store, plan, _ = signed
    printed = tmp_path / "printed.zip"
    printed.write_bytes(snapshot(store, plan))
    with store.write() as tx:
        for (name,) in tx.session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            tx.session.execute(text(f"DROP TRIGGER {name}"))
        before = GENESIS
        for row in tx.session.exec(select(AuditRow).order_by(col(AuditRow.seq))).all():
            row.who = "somebody else" if row.seq == 1 else row.who
            row.previous_hash = before
            before = row.hash = _entry_hash(row)
            tx.session.add(row)
    assert check_chain(store).is_intact, "it holds together"
    found = check_chain(store, [printed])
    assert found.problems == (
        f"the head that {printed} prints is not in the chain: its tail was cut, or it was written anew",
    )

"""The keys and the audit chain on the command line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from sop.services.agreement.signing_keys import signing_ring
from sop.services.company.workspace import keys_folder
from sop.store import open_store
from tests.cli.small import Command


def test_keys_are_listed_exported_rotated_revoked_and_missed(
    loaded: Command, folder: Path, tmp_path: Path
) -> None:
    assert "no signing key yet" in loaded("keys", "list").out
    assert loaded("keys", "export").code == 2
    assert loaded("keys", "rotate").code == 0
    assert loaded("keys", "rotate").out.endswith("(endorsed).\n")
    listed = json.loads(loaded("keys", "list", "--json").out)
    old, new = (key["key_id"] for key in listed["keys"])
    assert listed["missing"] == []
    assert loaded("keys", "export", "--to", tmp_path / "key.pem").code == 0
    assert (tmp_path / "key.pem").read_text().startswith("-----BEGIN PUBLIC KEY-----")
    assert "is revoked" in loaded("keys", "revoke", old[:10], "--reason", "stolen").out
    assert "revoked" in loaded("keys", "list").out
    shutil.rmtree(keys_folder(folder))
    outcome = loaded("keys", "list")
    assert outcome.code == 2 and new in outcome.out and "missing" in outcome.out
    assert "--lost" in loaded("keys", "rotate").err
    assert "stands on its own" in loaded("keys", "rotate", "--lost", "the disk broke").out


def test_the_chain_is_verified(loaded: Command, folder: Path, tmp_path: Path) -> None:
    outcome = loaded("audit", "verify")
    assert outcome.code == 0 and outcome.out.startswith("INTACT: ") and "compared with no snapshot" in outcome.out
    assert json.loads(loaded("audit", "verify", "--json").out)["intact"]
    assert loaded("audit", "verify", "--against", tmp_path / "none.zip").code == 2
    store = open_store(folder)
    with store.write() as tx:
        tx.session.connection().exec_driver_sql("UPDATE people SET role = 'executive'")
    store.close()
    outcome = loaded("audit", "verify")
    assert outcome.code == 2 and "person coordinator was altered" in outcome.out


def test_a_first_snapshot_makes_a_key_that_the_chain_knows(loaded: Command, folder: Path) -> None:
    from datetime import UTC, datetime

    store = open_store(folder)
    ring = signing_ring(store, keys_folder(folder), datetime.now(UTC))
    assert signing_ring(store, keys_folder(folder), datetime.now(UTC)).records == ring.records
    store.close()
    assert ring.records[0].key_id in loaded("keys", "list").out

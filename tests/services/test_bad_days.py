"""Bad days: a clock that went back, two servers on one workspace, a network folder.

Beside these: full disks in test_full_disks, clocks and keys in test_signing_keys, newer databases and half
upgrades in tests/store, kills in tests/soak.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sop.core.errors import Conflict, SetupError
from sop.core.words import sha256_hex
from sop.files.snapshot import canonical_bytes
from sop.services.agreement import plan_acts
from sop.services.company.backup import restore_backup, write_backup
from sop.services.process.comments import list_comments, say
from sop.services.scenarios.drafts import change_assumption, working_scenario
from sop.store import Store, open_store
from sop.store.audit import verify_chain
from sop.store.database import FILE_NAME
from sop.store.network_folder import network_kind
from sop.store.plans import read_signatures
from tests.acts import ACTS, CONTENT, company_with_a_plan


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A company with a proposed plan and everything ready to close the month."""
    opened = company_with_a_plan(f"sqlite:///{tmp_path / FILE_NAME}")
    yield opened
    opened.close()


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

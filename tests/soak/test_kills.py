"""Killed at any moment, on both databases: what was acknowledged is there, and nothing is half there.

A short form in `make test`; `make soak` kills imports × 50, refreshes × 25, signatures × 200, closings × 50.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sop.intake.sources import DataSource
from sop.services.data.sources import add_source
from sop.store import Store, Transaction, open_store
from sop.store.audit import verify_chain
from sop.store.cycles import read_cycles
from sop.store.data import read_frame, read_heads, read_versions
from sop.store.plans import read_plans, read_signatures
from sop.store.scenarios import read_scenarios
from tests.soak.amount import amount
from tests.soak.processes import orphans
from tests.soak.victims import KINDS, prepare, products_csv
from tests.sources.foreign import allow

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def allowed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of the one source that refreshes read."""
    folder = tmp_path_factory.mktemp("sources")
    with pytest.MonkeyPatch.context() as patched:
        allow(folder / "sources.toml", patched, {"exports": str(folder)})
        yield folder


@pytest.fixture(scope="module")
def killer(allowed: Path) -> Iterator[subprocess.Popen[str]]:
    """The program that forks victims and kills them; it has loaded everything."""
    command, pipe = [sys.executable, "-m", "tests.soak.victims"], subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


def kill(killer: subprocess.Popen[str], kind: str, url: str, rounds: int, folder: Path) -> list[str]:
    """What victims acknowledged before they were killed, in order; nothing that they started outlives them."""
    assert killer.stdin is not None and killer.stdout is not None
    killer.stdin.write(json.dumps({"kind": kind, "url": url, "rounds": rounds, "folder": str(folder)}) + "\n")
    killer.stdin.flush()
    rounds_told = json.loads(killer.stdout.readline())
    assert len(rounds_told) == rounds
    assert orphans({session for session, _ in rounds_told}) == []
    told = [line for _, one in rounds_told for line in one]
    assert not [line for line in told if line.startswith("failed")], told
    return told


def imported(tx: Transaction, told: list[str]) -> None:
    """Every acknowledged content is a version, in that order; every version can be read whole."""
    names = [read_frame(tx, version.id)["name"].iloc[0] for version in reversed(read_versions(tx, "products"))]
    kept = iter(names)
    assert [name for name in told if name not in kept] == []
    heads = read_heads(tx)
    assert read_frame(tx, heads["products"].id)["name"].iloc[0] == names[-1]


def signed(tx: Transaction, told: list[str]) -> None:
    """Every acknowledged plan and signature is there; of a cycle one plan at most is up for signing."""
    records = {record.id: record for record in read_plans(tx)}
    for line in told:
        what, plan, detail = line.split(" ")
        if what == "proposed":
            assert records[int(plan)].digest == detail
        else:
            assert detail in [each.person for each in read_signatures(tx, int(plan))], line
    assert all(record.state != "draft" for record in records.values()), "a plan is proposed as it is kept"
    assert sum(record.state == "proposed" for record in records.values()) <= 1
    for record in records.values():
        shown = {each.digest_shown for each in read_signatures(tx, record.id)}
        assert shown <= {record.digest}


def closed(tx: Transaction, told: list[str]) -> None:
    """Every acknowledged month is open or was; exactly one is open, and each has its working plan."""
    found = read_cycles(tx)
    months = [cycle.first_open for cycle in found]
    assert [line for line in told if line.removeprefix("opened ") not in months] == []
    assert [cycle.closed_at is None for cycle in found] == [*[False] * (len(found) - 1), True]
    for month in months:
        assert sum(scenario.kind == "working" for scenario in read_scenarios(tx, month)) == 1


CHECKS: dict[str, Callable[[Transaction, list[str]], None]] = {
    "import": imported,
    "refresh": imported,
    "sign": signed,
    "close": closed,
}
ROUNDS = {"import": amount(4, 50), "refresh": amount(2, 25), "sign": amount(6, 200), "close": amount(3, 50)}
AT_ONCE = 25
"""Kills on one database, so that checking the chain stays quick."""


@pytest.mark.parametrize("kind", list(KINDS))
def test_what_was_acknowledged_outlives_every_kill(
    kind: str, database_url: str, allowed: Path, killer: subprocess.Popen[str]
) -> None:
    left = ROUNDS[kind]
    prepare(database_url)
    (allowed / "products.csv").write_bytes(products_csv("first"))
    store = open_store(url=database_url)
    if kind == "refresh":
        add_source(store, "jana", DataSource("Products", "products", "file", "exports", "products.csv", ""))
    told: list[str] = []
    while left > 0:
        told += kill(killer, kind, database_url, min(left, AT_ONCE), allowed)
        left -= AT_ONCE
        check(store, kind, told)
    done = f"{kind} x {ROUNDS[kind]} on {store.location.split(':')[0]}"
    print(f"\nkilled {done}: {len(told)} acknowledged, 0 lost, 0 orphans")
    store.close()


def check(store: Store, kind: str, told: list[str]) -> None:
    with store.read() as tx:
        assert verify_chain(tx).problems == ()
        CHECKS[kind](tx, told)

"""Two programs write one database at once, on both databases: what either was told is there, in one chain."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from sop.store import open_store
from sop.store.audit import verify_chain
from sop.store.data import read_frame, read_heads, read_versions
from tests.soak.amount import amount
from tests.soak.victims import prepare

ROOT = Path(__file__).parents[2]
_WRITE = """
import itertools, sys
from sop.store import open_store
from tests.soak.victims import importing
url, mark, acts = sys.argv[1:]
for name in itertools.islice(importing(open_store(url=url), mark, ""), int(acts)):
    print(name, flush=True)
"""


def test_what_two_programs_wrote_at_once_is_there_in_their_order(database_url: str) -> None:
    acts, marks = amount(4, 100), ("one", "two")
    prepare(database_url)
    command = [sys.executable, "-c", _WRITE, database_url]
    writers = [
        subprocess.Popen([*command, mark, str(acts)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for mark in marks
    ]
    told = [writer.communicate(timeout=amount(120, 1200))[0].split() for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0]
    assert [len(each) for each in told] == [acts, acts]
    store = open_store(url=database_url)
    with store.read() as tx:
        assert verify_chain(tx).problems == ()
        names = [read_frame(tx, version.id)["name"].iloc[0] for version in reversed(read_versions(tx, "products"))]
        last = read_frame(tx, read_heads(tx)["products"].id)["name"].iloc[0]
    store.close()
    assert sorted(names) == sorted([*told[0], *told[1]])
    for mark, each in zip(marks, told, strict=True):
        assert [name for name in names if name.startswith(mark)] == each
    assert last == names[-1]

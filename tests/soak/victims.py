"""Programs that are killed in the middle of acts: what each did is acknowledged on a pipe as soon as it returns.

    python -m tests.soak.victims < jobs

Loads everything once; for each line of JSON that it reads (kind, url, rounds, folder) it forks a victim a round,
which acts until it is killed at a random moment. It answers with a line of JSON: for each round what was
acknowledged, in order, and the session of its victim. Killing by signal 9 leaves nobody time to clear up.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd

from sop.core.calendar import shift_period
from sop.core.terms import Role
from sop.core.words import sha256_hex
from sop.files.snapshot import canonical_bytes
from sop.intake.incoming import ImportRequest
from sop.services.acting import acting
from sop.services.agreement import plan_acts
from sop.services.company.cycle import CompanySettings, close_and_roll, open_cycle, require_cycle, save_company
from sop.services.data.imports import import_table
from sop.services.data.sources import refresh_sources
from sop.store import Store, Transaction, open_store
from sop.store.data import add_table
from sop.store.plans import read_plans
from sop.store.settings import save_person
from tests.bare_content import bare_content

FIRST, LONGEST_SECONDS = "2026-12", 0.35
PEOPLE = {"jana": Role.COORDINATOR, "olga": Role.HEAD_OF_SALES, "karel": Role.HEAD_OF_OPERATIONS}
Acts = Iterator[str]


def prepare(url: str) -> None:
    """An empty fictional company with people and an open cycle."""
    store = open_store(url=url)
    with store.write(by="jana", role="coordinator") as tx:
        company = CompanySettings(fictional=True)
        save_company(tx, company)
        for person, role in PEOPLE.items():
            save_person(tx, person, person.capitalize(), role)
        open_cycle(tx, FIRST, company)
    store.close()


def products_csv(name: str) -> bytes:
    """A table of two products, one of which has this name."""
    return f"product,name,family,unit_cost\nP-1,{name},Boxes,4\nP-2,Crate,Boxes,5\n".encode()


def importing(store: Store, mark: str, _: str) -> Acts:
    """Imports of one table, each with another content."""
    for number in range(10_000):
        name = f"{mark}-{number}"
        report = import_table(store, "jana", ImportRequest("products", products_csv(name), "products.csv"))
        assert report.imported, report
        yield name


def refreshing(store: Store, mark: str, folder: str) -> Acts:
    """Sources brought up to date; the file of one is another each time."""
    for number in range(10_000):
        name = f"{mark}-{number}"
        draft = Path(folder) / f".{mark}.new"
        draft.write_bytes(products_csv(name))
        draft.replace(Path(folder) / "products.csv")
        assert refresh_sources(store, "jana").stored
        yield name


def signing(store: Store, mark: str, _: str) -> Acts:
    """Revisions proposed, each signed by two functions."""
    for _number in range(10_000):
        with store.read() as tx:
            cycle = require_cycle(tx).first_open
            revision = len(read_plans(tx, cycle)) + 1
        content = bare_content(cycle, revision, mark=mark)
        digest = sha256_hex(canonical_bytes(content))
        record = plan_acts.store_proposal(store, "jana", content)
        yield f"proposed {record.id} {digest}"
        for person in ("olga", "karel"):
            plan_acts.sign(store, person, record.id, digest)
            yield f"signed {record.id} {person}"


def closing(store: Store, mark: str, _: str) -> Acts:
    """Months closed, each after its sales are loaded."""
    del mark
    for _number in range(10_000):
        with store.read() as tx:
            month = require_cycle(tx).first_open
        with acting(store, "jana", "import_data") as tx:
            load_sales(tx, month)
        yield f"opened {close_and_roll(store, 'jana').first_open}"


def load_sales(tx: Transaction, month: str) -> None:
    """The sales of the month before, without which no month is closed."""
    row = {"month": shift_period(month, -1), "product": "P-1", "region": "North", "quantity": 1.0}
    add_table(tx, "sales_actuals", pd.DataFrame([row]), file_name="s.csv", file_sha256="s")


KINDS: dict[str, Callable[[Store, str, str], Acts]] = {
    "import": importing,
    "refresh": refreshing,
    "sign": signing,
    "close": closing,
}


def _victim(kind: str, url: str, mark: str, folder: str, pipe: int) -> None:
    store = open_store(url=url)
    for done in KINDS[kind](store, mark, folder):
        os.write(pipe, f"{done}\n".encode())


def kill(kind: str, url: str, rounds: int, folder: str, chance: random.Random) -> list[tuple[int, list[str]]]:
    """Kill a victim a round; the session that was its own, and what it acknowledged before."""
    told = []
    for number in range(rounds):
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            os.setsid()
            os.close(read)
            try:
                _victim(kind, url, f"r{number}", folder, write)
            except BaseException as error:  # noqa: BLE001 - told to the test
                os.write(write, f"failed {type(error).__name__}: {error}\n".encode())
            os._exit(0)
        os.close(write)
        got = os.read(read, 65_536) if number % 2 else b""  # every other one is killed while it still opens
        time.sleep(chance.uniform(0, LONGEST_SECONDS))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        while more := os.read(read, 65_536):
            got += more
        os.close(read)
        told.append((child, got.decode().splitlines()))
    return told


if __name__ == "__main__":
    seeded = random.Random(7)
    for line in sys.stdin:
        print(json.dumps(kill(**json.loads(line), chance=seeded)), flush=True)

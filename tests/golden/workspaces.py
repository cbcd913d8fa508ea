"""The companies of the golden records, each opened in a folder of its own, and the files that they rest on."""

from __future__ import annotations

import lzma
import os
import subprocess
from pathlib import Path

from sop.core.terms import Role
from sop.store import open_store
from sop.store.settings import save_person

ROOT = Path(__file__).parents[2]
FROZEN = Path(__file__).parent / "frozen"
DATABASE = "accord.sqlite"
ADVENTUREWORKS = Path(os.environ.get("SOP_SHARED_DATA", ROOT.parent / "shared" / "data")) / "adventureworks"
COMPANIES = ("demo", "starter", "golden_company", "adventureworks")
"""The demo, one that has almost nothing loaded, the one that is computed by hand, and real books."""


class Missing(Exception):
    """A company whose tables are not on this machine."""


def open_company(company: str, folder: Path) -> Path:
    """A workspace of a company in a new folder. Raises Missing where its tables are not here."""
    if company == "adventureworks":
        _import_adventureworks(folder)
    else:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / DATABASE).write_bytes(lzma.decompress((FROZEN / f"{company}-database.xz").read_bytes()))
    return folder


def _import_adventureworks(folder: Path) -> None:
    """By the documented script; it is forecast anew. Its administrator has added a person in every role."""
    if not ADVENTUREWORKS.is_dir():
        where = f"no AdventureWorks data in {ADVENTUREWORKS}"
        raise Missing(f"{where}: set SOP_SHARED_DATA to the folder that holds it")
    environment = {k: v for k, v in os.environ.items() if k not in ("SOP_WORKSPACE", "SOP_DATABASE_URL")}
    script = [str(ROOT / "scripts" / "adventureworks.sh"), str(folder), str(ADVENTUREWORKS)]
    subprocess.run(script, check=True, capture_output=True, env=environment)
    store = open_store(folder)
    with store.write() as tx:
        for role in Role:
            save_person(tx, role.value, role.title, role.value)
    store.close()

"""Record anew: `python -m tests.golden.record [company…] [permissions]`; everything where nothing is named.

Each change of a record is a line in docs/decisions/one-truth.md: what, old, new, and why.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

import streamlit as st

from tests.golden.permissions import tried
from tests.golden.plan_text import plan_texts
from tests.golden.records import write_pages, write_permissions, write_plan_record
from tests.golden.visits import Visit, in_order, tabs_of, text_of, visits_of
from tests.golden.workspaces import COMPANIES, Missing, open_company

# As in tests/conftest.py: what is compared there is recorded with as many draws.
os.environ.setdefault("SOP_DRAWS", "50")


def record_company(company: str, folder: Path) -> None:
    """Keep the plan and the pages of a company as they are now. Raises Missing."""
    workspace = open_company(company, folder / company)
    for name, lines in plan_texts(workspace).items():
        _say(write_plan_record(company, name, lines))
    os.environ["SOP_WORKSPACE"] = str(workspace)
    _say(write_pages(company, record_pages(company)))
    st.cache_resource.clear()


def record_pages(company: str) -> dict[Visit, list[str]]:
    """The text of every page of the workspace that SOP_WORKSPACE names."""
    found: dict[Visit, list[str]] = {}
    waiting = visits_of(company)
    while waiting:
        visit = waiting.pop(0)
        try:
            found[visit] = text_of(visit)
        except Exception as error:
            raise RuntimeError(f"{company}: {visit.name}") from error
        waiting = in_order([*waiting, *tabs_of(visit, found[visit])])
    return found


def _say(file: Path) -> None:
    print(f"  {file.name}, {file.stat().st_size:,} bytes", flush=True)


def main(names: list[str]) -> None:
    """Record what is named."""
    for name in names or [*COMPANIES, "permissions"]:
        began = time.monotonic()
        print(name, flush=True)
        with tempfile.TemporaryDirectory() as folder:
            try:
                if name == "permissions":
                    _say(write_permissions(tried(Path(folder))))
                else:
                    record_company(name, Path(folder))
            except Missing as missing:
                print(f"  skipped: {missing}")
        print(f"  {time.monotonic() - began:.0f} s", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])

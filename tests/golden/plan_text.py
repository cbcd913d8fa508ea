"""A plan as text: the fields of `plan --json`, every line, every cell of its workbook, and digests."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from sop.analysis.headline import why_and_remedy
from sop.cli.plan import plan_fields
from sop.cli.plan_gate import gate_fields
from sop.cli.plan_money import money_fields
from sop.files.export import lines_csv, write_workbook
from sop.files.snapshot import plan_digest
from sop.services.agreement.frozen_plans import list_plans
from sop.services.agreement.gate_findings import working_gate
from sop.services.analysis.decisions import value_decisions, value_limits
from sop.services.company.cycle import OWNER
from sop.services.data.exports import working_content
from sop.services.planning.room import PlanningRoom
from sop.store import open_store
from tests.golden.page_text import masked
from tests.rerun import rerun_content

PERSON = "executive"


def plan_texts(folder: Path) -> dict[str, list[str]]:
    """Lines of text by record: the working plan of a workspace, and the digests of it and of its frozen plans."""
    store = open_store(folder)
    try:
        room = PlanningRoom(store)
        content = working_content(room, PERSON)
        return {
            "plan.json": _json_lines(_plan_json(room)),
            "lines.csv": lines_csv(content).decode("utf-8-sig").splitlines(),
            "workbook": _cells(write_workbook(content)),
            "digests.json": _json_lines({"working plan": plan_digest(content)} | _frozen_digests(room)),
        }
    finally:
        store.close()


def _plan_json(room: PlanningRoom) -> dict[str, Any]:
    """What `plan --json` prints."""
    inputs, assumptions, plan = room.input_set(), room.assumptions(), room.scenario_plan()
    limits, why = value_limits(room, inputs, assumptions), why_and_remedy(plan, "ebit")
    money = money_fields(value_decisions(room, inputs, assumptions), limits, why)
    gate = gate_fields(working_gate(room, OWNER, inputs))
    return plan_fields(plan, inputs) | money | {"gate": gate}


def _json_lines(fields: Mapping[str, Any]) -> list[str]:
    return masked(json.dumps(fields, indent=1, ensure_ascii=False)).splitlines()


def _cells(book: bytes) -> list[str]:
    """Sheet, row and cells of every row that has any."""
    found = []
    for sheet in load_workbook(io.BytesIO(book), read_only=True):
        for place, row in enumerate(sheet.iter_rows(values_only=True), 1):
            cells = ["" if cell is None else str(cell) for cell in row]
            if any(cells):
                found.append(masked(f"{sheet.title} {place}: {' | '.join(cells).rstrip(' |')}"))
    return found


def _frozen_digests(room: PlanningRoom) -> dict[str, str]:
    """The digest of every frozen plan as it is stored, and as it is when it is planned again."""
    found = {}
    for record in list_plans(room.store, PERSON):
        name = f"{record.cycle} revision {record.revision}"
        found[name] = record.digest
        found[f"{name}, planned again"] = plan_digest(rerun_content(room, record.id))
    return found

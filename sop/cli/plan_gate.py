"""The gate on the command line: its lines as plain fields, and printed for a reader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sop.agreement.gate import waiver_of
from sop.core.words import literal
from sop.views.executive.gate_words import gate_sentence, told_lines

if TYPE_CHECKING:
    from sop.services.agreement.gate_findings import PlanGate


def gate_fields(gate: PlanGate) -> list[dict[str, Any]]:
    """Every line with level, rule, what, where, remedy and owner; `waived_until` of a red one, None where nobody
    has waived it."""
    rows: list[dict[str, Any]] = []
    for line in gate.lines:
        row: dict[str, Any] = dict(line.fields())
        if line.level == "red":
            waiver = waiver_of(line, gate.waivers)
            row["waived_until"] = waiver.expiry if waiver else None
        rows.append(row)
    return rows


def print_gate(gate: PlanGate) -> None:
    """The gate for a reader: whether it is open, then each line with what may be done about it."""
    print(f"\n{gate_sentence(gate.lines, gate.waivers)}")
    for told in told_lines(gate.lines, gate.waivers, {}):
        note = f" {told.note}." if told.note else ""
        print(literal(f"  {told.state}: {told.what}.{note}"))

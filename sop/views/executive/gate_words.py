"""The gate in words: whether it is open, how many lines of each level there are, and how each is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sop.agreement.gate import LEVELS, GateLevel, GateLine, stopping, waiver_of
from sop.agreement.records import Waiver
from sop.core.calendar import period_name
from sop.core.present import Cell, Col, PlanTable, texts


@dataclass(frozen=True)
class ToldLine:
    """A line as it is told: its level in words, what was found, what may be done or who waived it, the owner."""

    level: GateLevel
    state: str
    what: str
    note: str
    owner: str


def gate_sentence(lines: Sequence[GateLine], valid: Sequence[Waiver]) -> str:
    """Whether a plan may be proposed and signed, and how many lines there are: 'The gate is closed: 1 red, …'."""
    left = len(stopping(lines, valid))
    counts = {level: sum(line.level == level for line in lines) for level in LEVELS}
    waived = counts["red"] - left
    told = "" if not waived else f" ({waived} of them waived)" if left else " (waived)"
    red = f"{counts['red']} red{told}" if counts["red"] else "nothing red"
    parts = [red, f"{counts['amber']} amber", f"{counts['info']} for information"]
    return f"The gate is {'closed' if left else 'open'}: {', '.join(parts)}."


def told_lines(
    lines: Sequence[GateLine], valid: Sequence[Waiver], names: Mapping[str, str]
) -> tuple[ToldLine, ...]:
    """Every line of the gate as it is told; `names` of people by id."""
    return tuple(_told(line, waiver_of(line, valid), names) for line in lines)


def gate_table(
    lines: Sequence[GateLine], valid: Sequence[Waiver], names: Mapping[str, str], caption: str
) -> PlanTable:
    """The lines of the gate with what may be done about each."""
    rows = tuple(
        (
            Cell(line.state, tone="bad" if line.state == "red" else None),
            Cell(line.what, note=line.note),
            line.owner,
        )
        for line in told_lines(lines, valid, names)
    )
    return PlanTable(caption, (Col("Level", "text", width="5.5rem"), *texts("What was found", "Owner")), rows)


def _told(line: GateLine, waiver: Waiver | None, names: Mapping[str, str]) -> ToldLine:
    what = _opening(line.what)
    if waiver is None:
        return ToldLine(line.level, line.level, what, line.remedy, line.owner)
    who = names.get(waiver.by, waiver.by)
    note = f"Waived by {who} until {_end(waiver.expiry)}: {waiver.reason}"
    return ToldLine(line.level, "red, waived", what, note, line.owner)


def _opening(what: str) -> str:
    """A sentence with a capital, but not a file's name, which is written as it is."""
    word = what.split(maxsplit=1)[0] if what else ""
    return what if "." in word.rstrip(".,;:") else what[:1].upper() + what[1:]


def _end(expiry: str) -> str:
    """A waiver's end: a month in words, a day as it is."""
    return period_name(expiry) if len(expiry) == len("2026-12") else expiry

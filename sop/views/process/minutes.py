"""The minutes as a text file: who was there, items with outcomes, decisions, tasks, and who dissents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sop.agreement.process_records import MinutesRecord
from sop.agreement.records import Signature
from sop.core.calendar import period_name
from sop.core.terms import Function

_WORDS = {"approve": "approves", "conditional": "approves on a condition", "dissent": "DISSENTS"}


def minutes_text(
    records: Sequence[MinutesRecord], company: str, signatures: Sequence[Signature] = (), digest: str = ""
) -> str:
    """The minutes of a cycle's meetings. `digest`: of the plan that is signed with them, `signatures` under it."""
    lines = [f"{_one(company)}: minutes of the executive S&OP meeting, cycle {records[0].cycle}", ""]
    if digest:
        lines += ["The plan that followed has this digest (SHA-256 of its content):", f"  {digest}", ""]
    for record in records:
        lines += _meeting(record.facts)
    if signatures:
        lines += ["SIGNATURES UNDER THE PLAN", *map(_signature, signatures), ""]
    return "\n".join(lines).rstrip() + "\n"


def _meeting(facts: Mapping[str, Any]) -> list[str]:
    return [
        f"MEETING from {_moment(facts['began'])} to {_moment(facts['ended'])}, led by {_one(facts['led_by'])}",
        f"  present: {', '.join(map(_one, facts['present']))}",
        "",
        "AGENDA",
        *_items(facts["items"]),
        "",
        "DECISIONS",
        *(_or_none(map(_decision, facts["decisions"]))),
        "",
        "TASKS",
        *(_or_none(map(_task, facts["tasks"]))),
        "",
    ]


def _items(items: Iterable[Mapping[str, Any]]) -> list[str]:
    lines = []
    for number, item in enumerate(items, start=1):
        owner = f" ({_one(item['owner'])})" if item["owner"] else ""
        lines.append(f"  {number}. {_one(item['title'])}{owner}")
        lines += [f"     {_one(part)}" for part in (item["message"],) if part]
        outcome = _one(item["outcome"]) or "nothing was recorded"
        lines.append(f"     outcome: {outcome}")
    return lines


def _decision(found: Mapping[str, Any]) -> str:
    until = f" to {period_name(found['until'])}" if found["until"] else ""
    over = f" over {_one(found['owner'])}" if found["over_owner"] else ""
    note = f": {_one(found['note'])}" if found["note"] else ""
    return f"  {_one(found['title'])}: {found['state']}{until} by {_one(found['by'])}{over}{note}"


def _task(found: Mapping[str, Any]) -> str:
    note = f": {_one(found['note'])}" if found["note"] else ""
    return f"  {_one(found['title'])}, {_one(found['owner'])}, due {found['due']}, {found['state']}{note}"


def _signature(given: Signature) -> str:
    said = f": {_one(given.comment)}" if given.comment else ""
    return f"  {Function(given.function).title}: {_one(given.name)} {_WORDS[given.meaning]}{said}"


def _or_none(lines: Iterable[str]) -> list[str]:
    return list(lines) or ["  none"]


def _moment(at: str) -> str:
    return f"{at[:10]} {at[11:16]} UTC"


def _one(text: object) -> str:
    """A text on one line, so that it cannot pass for a line of the file."""
    return " ".join(str(text).split())

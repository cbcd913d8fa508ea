"""Steps and tasks as an iCalendar file (RFC 5545): one all-day entry each, for anybody's own calendar."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from sop.agreement.process_records import Task
from sop.core.calendar import last_day
from sop.core.words import sha256_hex

_WIDTH = 73
"""Bytes of a line before it is folded."""


def calendar_file(cycle: str, steps: Mapping[str, str], tasks: Iterable[Task], names: Mapping[str, str]) -> bytes:
    """The steps of a cycle (title → ISO day by which it ends) and the open tasks as calendar bytes.

    The same arguments give the same bytes: each entry's stamp is its own day.
    """
    entries = [(day, f"S&OP {cycle}: {title} ends", "") for title, day in steps.items()]
    entries += [
        (_last_day(task.due), f"{task.title} ({names.get(task.owner, task.owner)})", task.note)
        for task in tasks
        if task.is_open
    ]
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Accord//S&OP cycle//EN"]
    for day, title, note in entries:
        lines += _entry(day, title, note)
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"]).encode()


def _entry(day: str, title: str, note: str) -> list[str]:
    start = date.fromisoformat(day)
    return [
        "BEGIN:VEVENT",
        f"UID:{sha256_hex(f'{day}|{title}')[:32]}@accord",
        f"DTSTAMP:{start:%Y%m%d}T000000Z",
        f"DTSTART;VALUE=DATE:{start:%Y%m%d}",
        f"DTEND;VALUE=DATE:{start + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_text(title)}",
        *([f"DESCRIPTION:{_text(note)}"] if note else []),
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _last_day(due: str) -> str:
    """The day by which something is due: a period's last."""
    if len(due) == 10:
        return due
    return last_day(due).isoformat()


def _text(value: str) -> str:
    """Text as a calendar takes it: no line of it can pass for one of the file's own."""
    plain = "".join(char for char in value if char.isprintable() or char == "\n")
    for mark in ("\\", ";", ","):
        plain = plain.replace(mark, f"\\{mark}")
    return plain.replace("\n", "\\n")


def _folded(line: str) -> str:
    """A line in pieces of at most 75 bytes, none of which cuts a character."""
    pieces, piece, size = [], "", 0
    for char in line:
        width = len(char.encode())
        if size + width > _WIDTH:
            pieces.append(piece)
            piece, size = "", 0
        piece, size = piece + char, size + width
    return "\r\n ".join([*pieces, piece])

"""Golden records on disk, and how a difference to one is told. What is written rests on its content alone."""

from __future__ import annotations

import json
import lzma
import math
from collections.abc import Mapping, Sequence
from difflib import unified_diff
from pathlib import Path

from tests.golden.page_text import CHART_POINT
from tests.golden.visits import Visit

RECORDS = Path(__file__).parent / "records"
PLAN_FILES = ("plan.json", "lines.csv", "workbook", "digests.json")
_SHOWN = 40
_INVISIBLE = 1e-5


def read_plan_record(company: str, name: str) -> list[str]:
    """The lines of one record of a plan."""
    file = _plan_file(company, name)
    content = file.read_bytes()
    return (lzma.decompress(content) if file.suffix == ".xz" else content).decode().splitlines()


def write_plan_record(company: str, name: str, lines: Sequence[str]) -> Path:
    """Keep the lines of one record of a plan; what is short stays readable."""
    file = _plan_file(company, name)
    content = "".join(f"{line}\n" for line in lines).encode()
    return _write(file, _packed(content) if file.suffix == ".xz" else content)


def _plan_file(company: str, name: str) -> Path:
    return RECORDS / company / (name if name.endswith(".json") else f"{name}.xz")


def read_pages(company: str) -> dict[Visit, list[str]]:
    """The text of every page recorded of a company, in the order of visits."""
    content = lzma.decompress((RECORDS / company / "pages.jsonl.xz").read_bytes()).decode()
    rows = [json.loads(line) for line in content.splitlines()]
    return {Visit(row["page"], row["role"], tuple(row["steps"])): row["lines"] for row in rows}


def write_pages(company: str, pages: Mapping[Visit, Sequence[str]]) -> Path:
    """Keep the text of every page, one JSON row each."""
    rows = [
        json.dumps(
            {"page": v.page, "role": v.role, "steps": list(v.steps), "lines": list(lines)}, ensure_ascii=False
        )
        for v, lines in pages.items()
    ]
    return _write(RECORDS / company / "pages.jsonl.xz", _packed("".join(f"{row}\n" for row in rows).encode()))


def read_permissions() -> dict[str, dict[str, str]]:
    """Use case → who → what came of it."""
    found: dict[str, dict[str, str]] = json.loads((RECORDS / "permissions.json").read_text("utf-8"))
    return found


def write_permissions(found: Mapping[str, Mapping[str, str]]) -> Path:
    """Keep what came of every use case for everybody."""
    text = json.dumps(found, indent=1, ensure_ascii=False) + "\n"
    return _write(RECORDS / "permissions.json", text.encode())


def told_difference(where: str, was: Sequence[str], now: Sequence[str]) -> str:
    """What differs from a record, its first lines; empty where nothing does.

    Points of charts may differ by what no eye sees: a quantile between two cases that are equally likely to a
    processor's last digit falls on either of them.
    """
    if len(was) == len(now):
        now = [then if _drawn_alike(then, line) else line for then, line in zip(was, now, strict=True)]
    if list(was) == list(now):
        return ""
    lines = list(unified_diff(was, now, f"was: {where}", f"is: {where}", lineterm="", n=2))
    more = [f"… and {len(lines) - _SHOWN} lines more"] if len(lines) > _SHOWN else []
    return "\n".join([*lines[:_SHOWN], *more])


def _drawn_alike(was: str, now: str) -> bool:
    """Whether two points of a chart are drawn at the same place."""
    if not (was.startswith(CHART_POINT) and now.startswith(CHART_POINT)):
        return False
    cells = [line.removeprefix(CHART_POINT).split(" | ") for line in (was, now)]
    return len(cells[0]) == len(cells[1]) and all(
        one == other or _close(one, other) for one, other in zip(*cells, strict=True)
    )


def _close(one: str, other: str) -> bool:
    try:
        return math.isclose(float(one), float(other), rel_tol=_INVISIBLE)
    except ValueError:
        return False


def _packed(content: bytes) -> bytes:
    return lzma.compress(content, preset=9 | lzma.PRESET_EXTREME)


def _write(file: Path, content: bytes) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file

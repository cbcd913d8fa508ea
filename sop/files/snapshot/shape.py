"""What a plan must look like to be put into a snapshot, or to be read out of a stranger's one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sop.core.errors import BadInput
from sop.files.keys import parse_utc

CONTENT_SCHEMA = "accord-plan/1"
TABLE_LISTS = (
    "lines", "assumptions", "launches", "initiatives", "events", "decisions", "inputs", "headline",
)  # fmt: skip
LINE_TEXTS = ("plan", "measure", "month")
LINE_SCALARS = ("family", "region", "resource", "value", "unit", "currency")
SIGNATURE_TEXTS = ("function", "name", "role", "meaning", "signed_at", "authentication", "digest_shown")


def require_plan(plan: Any) -> None:
    """Refuse a {content, signatures, provenance} of a wrong shape with `BadInput` naming the first fault."""
    _require(isinstance(plan, dict), "the plan", "a table")
    _require_content(plan.get("content"))
    _require_tables(plan.get("signatures"), "signatures", SIGNATURE_TEXTS)
    provenance = plan.get("provenance")
    _require(isinstance(provenance, dict), "provenance", "a table")
    _require(_is_moment(provenance.get("created_at")), "provenance.created_at", "a UTC time in ISO form")


def _require_content(content: Any) -> None:
    _require(isinstance(content, dict), "content", "a table")
    _require(content.get("schema") == CONTENT_SCHEMA, "content.schema", CONTENT_SCHEMA)
    _require("cycle" in content and "revision" in content, "content", "a table with cycle and revision")
    company = content.get("company")
    _require(isinstance(company, dict) and "name" in company, "content.company", "a table with the name")
    _require(_is_list_of(content.get("horizon"), _is_text), "content.horizon", "a list of months")
    for name in TABLE_LISTS:
        _require_tables(content.get(name, []), f"content.{name}", LINE_TEXTS if name == "lines" else ())
    for index, line in enumerate(content.get("lines", [])):
        for name in LINE_SCALARS:
            plain = not isinstance(line.get(name), list | dict)
            _require(plain, f"content.lines[{index}].{name}", "text or a number")
    _require(isinstance(content.get("forecast", {}), dict), "content.forecast", "a table")
    gate, plans = content.get("gate", {}), content.get("plans", {})
    _require(isinstance(gate, dict), "content.gate", "a table")
    for name in ("findings", "waivers"):
        _require_tables(gate.get(name, []), f"content.gate.{name}", ())
    stated = isinstance(plans, dict) and all(isinstance(entry, dict) for entry in plans.values())
    _require(stated, "content.plans", "a table with a table for each plan")


def _require_tables(value: Any, where: str, texts: tuple[str, ...]) -> None:
    _require(_is_list_of(value, lambda entry: isinstance(entry, dict)), where, "a list of tables")
    for index, entry in enumerate(value):
        for name in texts:
            _require(isinstance(entry.get(name), str), f"{where}[{index}].{name}", "text")


def _is_list_of(value: Any, is_item: Callable[[Any], bool]) -> bool:
    return isinstance(value, list) and all(is_item(item) for item in value)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_moment(value: Any) -> bool:
    try:
        parse_utc(value)
    except (ValueError, TypeError):
        return False
    return True


def _require(holds: bool, where: str, expected: str) -> None:
    if not holds:
        raise BadInput(f"it must be {expected}", where=where, remedy="Build the content anew and try again")


def manifest_digests(manifest: Any) -> Mapping[str, str]:
    """File name → SHA-256 from a parsed manifest. Raises `BadInput` where it is not one."""
    _require(isinstance(manifest, dict), "manifest.json", "a table")
    files = manifest.get("files")
    _require(isinstance(files, dict), "manifest.json", "a table with the files")
    for name, entry in files.items():
        known = isinstance(entry, dict) and _is_text(entry.get("sha256"))
        _require(known, f"manifest.json, {name}", "a table with the SHA-256")
    return {name: entry["sha256"] for name, entry in files.items()}

"""The one byte form of a plan: RFC 8785 canonical JSON, text in NFC, and the digest that people sign; and what a
plan must look like to be put into a snapshot, or to be read out of a stranger's one.

A plan holds text, whole numbers, true/false, null, lists and tables. A decimal is written as text ("12.5"),
because binary fractions differ between programs; a float is refused with the place where it stands.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from unicodedata import normalize

import rfc8785

from sop.core.errors import BadInput
from sop.core.words import sha256_hex
from sop.files.keys import parse_utc

LARGEST_INTEGER = 2**53 - 1
"""The largest whole number that every JSON reader keeps exactly."""

MOST_LEVELS = 40
"""How deep lists and tables may stand in each other; a plan needs about five."""

Path = tuple[str | int, ...]


def canonical_bytes(value: Any) -> bytes:
    """`value` as RFC 8785 JSON in UTF-8, all text in NFC.

    Keys are sorted, so the order in which a table was filled does not matter. Raises `BadInput` naming the
    place of a float, an integer beyond 2^53 - 1, a key that is not text, or any other type.

    >>> canonical_bytes({"b": 1, "a": "12.5"})
    b'{"a":"12.5","b":1}'
    """
    return rfc8785.dumps(_exact(value, ()))


def plan_digest(content: dict[str, Any]) -> str:
    """SHA-256 (hex) of the canonical content: what a signer is shown and signs."""
    return sha256_hex(canonical_bytes(content))


def canonical_plan(plan: dict[str, Any]) -> tuple[bytes, str]:
    """A plan {content, signatures, provenance} as canonical bytes, and the digest of its content.

    The content is brought into its byte form once for both: its key sorts first in the whole.
    """
    content = canonical_bytes(plan["content"])
    rest = canonical_bytes({key: plan[key] for key in ("provenance", "signatures")})
    return b'{"content":' + content + b"," + rest[1:], sha256_hex(content)


def parse_json(data: bytes) -> Any:
    """Parse UTF-8 JSON strictly: a key given twice, NaN or deep nesting raises `ValueError`, as damage does."""
    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=_unique_keys, parse_constant=_no_constant)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    _require_shallow(value)
    return value


def path_text(path: Path) -> str:
    """A place inside a plan as text: ("lines", 3, "value") -> 'lines[3].value'."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".") or "the plan"


def _exact(value: Any, path: Path) -> Any:
    if len(path) > MOST_LEVELS:
        raise _refusal(path[:3], f"it is nested more than {MOST_LEVELS} levels deep")
    if isinstance(value, str):
        return _text(value, path)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        if abs(value) > LARGEST_INTEGER:
            raise _refusal(path, f"the integer {value} is beyond 2^53 - 1")
        return int(value)
    if isinstance(value, list | tuple):
        return [_exact(item, (*path, index)) for index, item in enumerate(value)]
    if isinstance(value, dict):
        return _table(value, path)
    raise _refusal(path, f"a value of type {type(value).__name__} cannot be signed")


def _text(value: str, path: Path) -> str:
    if not value.isascii():
        value = normalize("NFC", value)
        if any("\ud800" <= character <= "\udfff" for character in value):
            raise _refusal(path, "the text holds half a character (a lone surrogate)")
    return value


def _table(table: dict[Any, Any], path: Path) -> dict[str, Any]:
    exact: dict[str, Any] = {}
    for key, value in table.items():
        if not isinstance(key, str):
            raise _refusal(path, f"the key {key!r} is not text")
        name = _text(key, path)
        if name in exact:
            raise _refusal(path, f"the key {name!r} stands twice (two spellings of the same characters)")
        exact[name] = _exact(value, (*path, name))
    return exact


def _refusal(path: Path, what: str) -> BadInput:
    return BadInput(
        what,
        where=path_text(path),
        why="only text, whole numbers, true/false, null, lists and tables have one exact byte form",
        remedy="Write a quantity as an integer or a decimal text such as '12.5'",
    )


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) != len(pairs):
        raise ValueError("a key stands twice in one table")
    return table


def _require_shallow(value: Any) -> None:
    level = [value]
    for _ in range(MOST_LEVELS + 2):
        nested = [item for item in level if isinstance(item, list | dict)]
        level = [child for item in nested for child in (item.values() if isinstance(item, dict) else item)]
        if not level:
            return
    raise ValueError("nested too deeply")


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a number that can be signed")


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

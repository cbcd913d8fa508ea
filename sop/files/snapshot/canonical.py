"""The one byte form of a plan: RFC 8785 canonical JSON, text in NFC, and the digest that people sign; and what a
plan must look like to be put into a snapshot, or to be read out of a stranger's one.

A plan holds text, whole numbers, true/false, null, lists and tables. A decimal is written as text ("12.5"),
because binary fractions differ between programs; a float is refused with the place where it stands.
"""

import json
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


_ABSENT = object()
_TEXT = ("text", lambda value: isinstance(value, str))
_SCALAR = ("text or a number", lambda value: not isinstance(value, list | dict))
_THERE = ("there", lambda value: value is not _ABSENT)
_SCHEMA = ("accord-plan/1", lambda value: value == "accord-plan/1")
_MOMENT = ("a UTC time in ISO form", lambda value: _is_moment(value))
_LINE_TEXTS = ("plan", "measure", "month")
_LINE_SCALARS = ("family?", "region?", "resource?", "value?", "unit?", "currency?")
_SIGNATURE_TEXTS = ("function", "name", "role", "meaning", "signed_at", "authentication", "digest_shown")
_LISTS = ("assumptions?", "launches?", "initiatives?", "events?", "decisions?", "inputs?", "headline?")
PLAN_SHAPE: dict[str, Any] = {
    "content": {
        "schema": _SCHEMA,
        "cycle": _THERE,
        "revision": _THERE,
        "company": {"name": _THERE},
        "horizon": [_TEXT],
        "lines?": [{**dict.fromkeys(_LINE_TEXTS, _TEXT), **dict.fromkeys(_LINE_SCALARS, _SCALAR)}],
        **{key: [{}] for key in _LISTS},
        "forecast?": {},
        "gate?": {"findings?": [{}], "waivers?": [{}]},
        "plans?": {"*": {}},
    },
    "signatures": [dict.fromkeys(_SIGNATURE_TEXTS, _TEXT)],
    "provenance": {"created_at": _MOMENT},
}
"""What a plan that is put into a snapshot looks like: `key?` may be missing, `*` is every key."""

MANIFEST_SHAPE: dict[str, Any] = {"files": {"*": {"sha256": _TEXT}}}


def require_shape(value: Any, shape: Any, where: str = "") -> None:
    """Refuse plain data of another shape with `BadInput` naming the first fault.

    A shape is a table of shapes by key, a list with the shape of every item, or (what it must be, whether it is).
    """
    if isinstance(shape, dict):
        _require(isinstance(value, dict), where, "a table")
        for key, inner in shape.items():
            for name in value if key == "*" else [key.removesuffix("?")]:
                if name in value or name == key:
                    require_shape(value.get(name, _ABSENT), inner, f"{where}.{name}".removeprefix("."))
    elif isinstance(shape, list):
        _require(isinstance(value, list), where, "a list")
        for index, item in enumerate(value):
            require_shape(item, shape[0], f"{where}[{index}]")
    else:
        expected, holds = shape
        _require(holds(value), where, expected)


def _is_moment(value: Any) -> bool:
    try:
        parse_utc(value)
    except (ValueError, TypeError):
        return False
    return True


def _require(holds: bool, where: str, expected: str) -> None:
    if not holds:
        what = f"it must be {expected}"
        raise BadInput(what, where=where or "the plan", remedy="Build the content anew and try again")

"""What changed between the signed plan and an altered copy, in sentences: plan lines first, was and is."""

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from sop.files.snapshot.canonical import Path, path_text

MOST_NAMED = 40
"""How many differences are written out; the rest are counted."""
ALIGNED_LINES = 2_000
PLACE = ("plan", "measure", "family", "region", "resource", "month")
ABSENT = object()


def plan_differences(was: Any, now: Any) -> list[str]:
    """Every difference of a plan {content, signatures, provenance}, each plan line by name with was and is."""
    lines_was, rest_was = _without_lines(was)
    lines_now, rest_now = _without_lines(now)
    return shorten([*_line_differences(lines_was, lines_now), *_value_differences(rest_was, rest_now)])


def text_differences(was: str, now: str) -> list[str]:
    """Every line of text that differs, by its number in the signed file, with was and is."""
    lines_was, lines_now = was.splitlines(), now.splitlines()
    start = _common_start(lines_was, lines_now)
    end = _common_start(lines_was[start:][::-1], lines_now[start:][::-1])
    middle_was, middle_now = lines_was[start : len(lines_was) - end], lines_now[start : len(lines_now) - end]
    return shorten(_aligned(middle_was, middle_now, start + 1))


def shorten(sentences: Iterable[str]) -> list[str]:
    """The first sentences in full and the number of those left out."""
    sentences = list(sentences)
    left = len(sentences) - MOST_NAMED
    return sentences if left <= 0 else [*sentences[:MOST_NAMED], f"and {left:,} more differences"]


def shown(value: Any) -> str:
    """A value for a sentence: text in quotes, long ones cut, a null as 'nothing'."""
    if value is ABSENT or value is None:
        return "not there" if value is ABSENT else "nothing"
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 120 else text[:120] + "…"


def _without_lines(plan: Any) -> tuple[list[Any], Any]:
    """A plan's lines and everything else; a plan of a wrong shape has no lines, only the rest."""
    content = plan.get("content") if isinstance(plan, Mapping) else None
    content = content if isinstance(content, Mapping) else {}
    lines = content.get("lines")
    if not isinstance(lines, list) or not all(isinstance(line, Mapping) for line in lines):
        return [], plan
    return lines, {**plan, "content": {**content, "lines": []}}


def _line_differences(was: Sequence[Any], now: Sequence[Any]) -> Iterator[str]:
    lines_was, lines_now = _by_place(was), _by_place(now)
    for place, line in lines_was.items():
        other = lines_now.get(place)
        if other is None:
            yield f"plan line {_named(line)}: was {_quantity(line)}, is missing"
        elif changes := list(_value_differences(line, other)):
            was_now = f"was {_quantity(line)}, is {_quantity(other)}"
            is_said = _quantity(line) != _quantity(other)
            yield f"plan line {_named(line)}: {was_now if is_said else '; '.join(changes)}"
    for place, line in lines_now.items():
        if place not in lines_was:
            yield f"plan line {_named(line)}: was not there, is {_quantity(line)}"
    if lines_now.keys() == lines_was.keys() and list(lines_was) != list(lines_now):
        yield "the plan lines stand in another order"


def _by_place(lines: Sequence[Any]) -> dict[tuple[str, ...], Any]:
    """Lines by what they are about; the second line of the same place is kept apart by its turn."""
    turns: Counter[tuple[str, ...]] = Counter()
    found: dict[tuple[str, ...], Any] = {}
    for line in lines:
        place = tuple(str(line.get(column)) for column in PLACE)
        turns[place] += 1
        found[(*place, str(turns[place]))] = line
    return found


def _named(line: Mapping[str, Any]) -> str:
    return ", ".join(str(line[column]) for column in PLACE if line.get(column) is not None)


def _quantity(line: Mapping[str, Any]) -> str:
    """Value, unit, currency, and whatever else stands in the line."""
    others = {key: value for key, value in line.items() if key not in (*PLACE, "value", "unit", "currency")}
    parts = [str(line.get("value")), str(line.get("unit", "")), str(line.get("currency") or "")]
    text = " ".join(part for part in parts if part)
    return f"{text} {shown(others)}" if others else text


def _value_differences(was: Any, now: Any, path: Path = ()) -> Iterator[str]:
    if type(was) is not type(now):
        yield _changed(path, was, now)
    elif isinstance(was, dict):
        for key in [*was, *(key for key in now if key not in was)]:
            yield from _value_differences(was.get(key, ABSENT), now.get(key, ABSENT), (*path, key))
    elif isinstance(was, list):
        for index, (left, right) in enumerate(zip_longest(was, now, fillvalue=ABSENT)):
            yield from _value_differences(left, right, (*path, index))
    elif was != now:
        yield _changed(path, was, now)


def _changed(path: Path, was: Any, now: Any) -> str:
    return f"{path_text(path)}: was {shown(was)}, is {shown(now)}"


def _common_start(left: Sequence[str], right: Sequence[str]) -> int:
    pairs = enumerate(zip(left, right, strict=False))
    return next((index for index, (a, b) in pairs if a != b), min(len(left), len(right)))


def _aligned(was: Sequence[str], now: Sequence[str], first: int) -> Iterator[str]:
    """Differences of two blocks of lines; very large blocks are compared line against line."""
    if max(len(was), len(now)) > ALIGNED_LINES or len(was) == len(now):
        yield from _pairs(was, now, first)
        return
    for kind, a, b, c, d in difflib.SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if kind != "equal":
            yield from _pairs(was[a:b], now[c:d], first + a)


def _pairs(was: Sequence[str], now: Sequence[str], first: int) -> Iterator[str]:
    for number, (left, right) in enumerate(zip_longest(was, now), start=first):
        if left is None:
            yield f"after line {first + len(was) - 1}: was nothing, is {shown(right)}"
        elif right is None:
            yield f"line {number}: was {shown(left)}, is missing"
        elif left != right:
            yield f"line {number}: was {shown(left)}, is {shown(right)}"

"""The message first: one plain sentence with its numbers for a plan, made from the same values as its tables."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence

from sop.core.calendar import is_period, period_name
from sop.core.format import THIN_SPACE, how_many, number, percent, unit_decimals
from sop.core.inputs import Inputs

DIGEST_LETTERS = 12
Words = Callable[[float | int], str]


def plain_chance(chance: float) -> str:
    """A chance in words that never claims certainty: '62%', 'Under 1%', 'Over 99%'."""
    if chance < 0.01:
        return f"Under {percent(0.01)}"
    return f"Over {percent(0.99)}" if chance > 0.99 else percent(chance)


Money = Callable[[float], str]
"""Minor units with their unit: 6 120 000 000 → '61.2 M€'."""


def units_text(value: float, unit: str = "units") -> str:
    """A quantity and its unit: '3 227 units'."""
    return how_many(number(value, unit_decimals(value)), unit)


def days_text(days: float) -> str:
    """A number of days: '1 day', '82 days'."""
    return how_many(number(days), "days")


def against(now: float, then: float, name: str, quantity: Callable[[float], str], more: str, fewer: str) -> str:
    """How a figure stands to another: '11 fewer than agreed', 'as agreed'; empty where one is not known."""
    if now != now or then != then:
        return ""
    size = quantity(abs(now - then))
    if size == quantity(0.0):
        return f"as {name}"
    return f"{size} {more if now > then else fewer} {name}"


def joined(*parts: str) -> str:
    """Parts of a sentence with commas, empty ones left out."""
    return ", ".join(part for part in parts if part)


def who(family: str | None) -> str:
    """The name that opens a page's message."""
    return family or "All families"


_PERIOD = re.compile(r"\b\d{4}-(?:0[1-9]|1[0-2]|W\d{2}|P\d{2}(?:-[45]{3}-\d{2})?|Q[1-4])\b(?!-\d)")


def all_of(names: Sequence[str]) -> str:
    """Names in a sentence: 'A', 'A and B', 'A, B and C'."""
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def in_sentence(name: str) -> str:
    """A measure's name within a sentence: 'Gross margin' → 'gross margin', 'EBIT' stays."""
    return " ".join(word if word.isupper() else word.lower() for word in name.split(" "))


def first_of(names: Sequence[str], most: int = 3) -> str:
    """The first few names, and how many are left: 'A, B and 4 more'."""
    left = len(names) - most
    return ", ".join(names[:most]) + (f" and {left} more" if left > 0 else "")


def table_title(name: str) -> str:
    """A table's key as a word of a sentence: 'order book'."""
    return name.replace("_", " ")


def load_words(tables: Sequence[str]) -> str:
    """'Load launches, launch gates and events'."""
    return f"Load {all_of([table_title(name) for name in tables])}"


def months_in_words(text: str) -> str:
    """A text with its periods in words: '2026-12 to 2027-02' → 'Dec 2026 to Feb 2027'."""
    return _PERIOD.sub(lambda found: period_name(found[0]) if is_period(found[0]) else found[0], text)


def resource_names(inputs: Inputs) -> dict[str, str]:
    """What lines and shared resources are called on screen, by their code."""
    capacity = inputs.capacity
    if capacity is None:
        return {}
    lines = zip(capacity.lines, capacity.line_names, strict=True)
    return {**dict(zip(capacity.shared, capacity.shared_names, strict=True)), **dict(lines)}


def literal(text: str) -> str:
    """Text from a stranger's file for a terminal: control characters are shown, not obeyed.

    >>> print(literal(units_text(1000.0) + chr(27)))
    1 000 units\\x1b
    """
    plain = (
        char if char.isprintable() or char == THIN_SPACE else char.encode("unicode_escape").decode()
        for char in text
    )
    return "".join(plain)


def sha256_hex(content: bytes | str) -> str:
    """SHA-256 of bytes, or of text as UTF-8, in hexadecimal: the one digest of everything."""
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


def short_digest(digest: str) -> str:
    """The first letters of a digest, which tell two of them apart: what stands in tables and refusals."""
    return digest[:DIGEST_LETTERS]

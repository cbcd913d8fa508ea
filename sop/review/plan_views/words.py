"""The sentences of the plan pages: quantities and differences in words, from the figures of their tables."""

from __future__ import annotations

import re
from collections.abc import Callable

from sop.review.message import plain_month

Money = Callable[[float], str]
"""Minor units with their unit: 6 120 000 000 → '61.2 M€'."""

THIN_SPACE = "\u2009"


def units_text(value: float, unit: str = "units") -> str:
    """A quantity with thin spaces and its unit: '3 227 units'."""
    return f"{value:,.0f}".replace(",", THIN_SPACE) + (f" {unit}" if unit else "")


def days_text(days: float) -> str:
    """A number of days: '1 day', '82 days'."""
    return f"{days:.0f} day" + ("" if round(days) == 1 else "s")


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


def months_in_words(text: str) -> str:
    """A text with its months in words: '2026-12 to 2027-02' → 'Dec 2026 to Feb 2027'."""
    return re.sub(r"\b\d{4}-(0[1-9]|1[0-2])\b", lambda found: plain_month(found[0]), text)

"""The sentences of the plan pages: quantities and differences in words, from the figures of their tables."""

from __future__ import annotations

from collections.abc import Callable

Money = Callable[[float], str]
"""Minor units with their unit: 6 120 000 000 → '61.2 M€'."""

THIN_SPACE = "\u2009"


def units_text(value: float, unit: str = "units") -> str:
    """A quantity with thin spaces and its unit: '3 227 units'."""
    return f"{value:,.0f}".replace(",", THIN_SPACE) + (f" {unit}" if unit else "")


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

"""Figures in the reasons that cleaning gives for what it did."""

from __future__ import annotations


def units_words(units: float) -> str:
    """Units without decimals, thousands apart by a thin space.

    >>> units_words(1240.6)
    '1\\u202f241'
    """
    return f"{units:,.0f}".replace(",", "\u202f")

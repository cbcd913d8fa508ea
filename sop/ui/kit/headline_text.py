"""Headline measures as text: value, unit and signed difference, each in the unit that screens show."""

from __future__ import annotations

from collections.abc import Mapping

from sop.core.format import (
    MISSING,
    MoneyFormat,
    Number,
    effect,
    lead_time_weeks,
    percent_number,
    points_signed,
    signed,
)
from sop.core.measures import Headline
from sop.ui.kit.cards import Change

Values = Mapping[str, Number]


def headline_unit(entry: Headline, money: MoneyFormat) -> str:
    """The unit behind a value: 'M€ low', 'wk peak', '%'."""
    unit = {"currency": money.unit, "days": "wk", "fraction": "%"}.get(entry.unit, entry.unit)
    return f"{unit} {entry.suffix}".strip()


def headline_text(entry: Headline, value: Number, money: MoneyFormat) -> str:
    """A headline value without its unit; an en dash where it is missing."""
    if entry.unit == "currency":
        return money.text(value)
    return percent_number(value, 1) if entry.unit == "fraction" else lead_time_weeks(value)


def headline_difference(entry: Headline, value: Number, money: MoneyFormat) -> str:
    """A signed difference of a headline measure without its unit."""
    if entry.unit == "currency":
        return money.signed(value)
    if entry.unit == "fraction":
        return points_signed(value)
    return MISSING if value is None else signed(value / 7, 1)


def headline_change(entry: Headline, value: Number, against: str, money: MoneyFormat) -> Change:
    """A difference for a card, coloured by its business effect."""
    text = headline_difference(entry, value, money)
    return Change(text, against, effect(text, entry.better > 0 if entry.better else None))

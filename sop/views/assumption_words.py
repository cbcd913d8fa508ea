"""Assumptions as people read them: names, values with their units, and the scale on which they are entered."""

import re

from sop.analysis.decisions.levers import Lever
from sop.core.calendar import worded
from sop.core.format import SYMBOLS, how_many, number, signed
from sop.core.register import Assumption

_NARROW_NAMES = {
    "capacity_pct": "{} hours",
    "extra_hours_pct": "{} hours bought",
    "launch_slip_months": "{} slips",
    "launch_volume_pct": "{} volume",
    "event_probability": "{}, chance",
    "initiative_confidence": "{}, benefit",
}
_COLUMN = re.compile(r"\b(\w+)\.([a-z]\w*?)(?:_pct|_days)?\b(?!_)")
_FIGURE = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?!\w)")
_UNIT_WORDS = {"pct": "%", "share": "%", "ratio": "", "units": "units a month", "switch": "", "choice": ""}


def lever_name(lever: Lever) -> str:
    """What a slider moves, without its unit: 'Net price', 'Compact Urban slips'."""
    narrow = _NARROW_NAMES.get(lever.entry.key)
    return narrow.format(lever.name) if lever.name and narrow else lever.entry.label


def value_text(entry: Assumption, value: float, currency: str = "") -> str:
    """An assumption's value with its unit: '+3%', '95%', '2 months', '25 €'; `currency` is a code or a sign."""
    if value != value:
        return "not known"
    shown = in_shown_units(entry, value)
    decimals = decimals_of(shown)
    if entry.unit == "pct":
        return f"{signed(shown, decimals)}%"
    if entry.unit == "share":
        return f"{number(shown, decimals)}%"
    if entry.unit in ("switch", "choice"):
        return entry.choice_names[round(value)]
    unit = {"ratio": "", "currency": SYMBOLS.get(currency, currency)}.get(entry.unit, entry.unit)
    return how_many(number(shown, decimals), unit)


def source_words(entry: Assumption, currency: str = "") -> str:
    """Where an assumption's default comes from: 'overtime limit in the plants table, else 20%', '30 days'."""
    told = _COLUMN.sub(r"\2 in the \1 table", entry.source.removeprefix("default").lstrip(" :"))
    if not entry.choice_names:
        told = _FIGURE.sub(lambda found: value_text(entry, float(found[0]), currency), told)
    return told.replace("_", " ")


def decimals_of(value: float) -> int:
    """Decimals that a figure needs, at most two."""
    return len(f"{value:.2f}".rstrip("0").partition(".")[2])


def with_unit(label: str, entry: Assumption, currency: str) -> str:
    """The label of a field with the unit that is entered: 'Net price, %', 'Minimum cash, €'."""
    unit = {**_UNIT_WORDS, "currency": SYMBOLS.get(currency, currency)}.get(entry.unit, entry.unit)
    # Amounts are of a period; a duration in months is one in every calendar.
    return f"{label}, {unit if entry.unit == 'months' else worded(unit)}".rstrip(", ")


def shown_scale(entry: Assumption) -> float:
    """Shown units in one inside unit: percent are fractions inside."""
    return 100.0 if entry.unit in ("pct", "share") else 1.0


def in_shown_units(entry: Assumption, value: float) -> float:
    """A value as a field holds it: in shown units, or the place of a choice."""
    return round(value) if entry.choice_names else round(value * shown_scale(entry), 6)

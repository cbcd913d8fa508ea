"""Measures as columns of a table, or as rows that each have a unit of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sop.core.calendar import period_name
from sop.core.format import MoneyFormat, Number, percent
from sop.core.measures import Headline, Measure
from sop.core.plan import Worst
from sop.core.present import Cell, Col, Form, figure_text, unit_text

_FORMS: dict[str, Form] = {"currency": "money", "fraction": "service", "days": "days"}


def headline_col(entry: Headline, *, signed: bool = False, quiet: bool = False) -> Col[Any]:
    """A headline measure as leadership reads it: money and days with one decimal, shares in percent."""
    form = _FORMS.get(entry.unit, "units")
    return Col(entry.label, form, None, signed, entry.better, 1, quiet, entry.suffix)


def measure_col(entry: Measure, *, signed: bool = False, quiet: bool = False) -> Col[Any]:
    """A measure of the plan in full: money with two decimals, days and people with one, units whole."""
    form = _FORMS.get(entry.unit, "units")
    decimals = 1 if entry.unit in ("days", "people", "months") else None
    unit = entry.unit if form == "units" else ""
    return Col(entry.label, form, None, signed, entry.better, decimals, quiet, unit)


def headline_row(
    entry: Headline, *levels: float | None, difference: float | None, notes: Sequence[str] = ()
) -> tuple[Cell, ...]:
    """A row of a headline measure: its name with its unit, its levels, the first of them strong, a difference.

    `notes` stand under the levels, from the first on.
    """
    column = headline_col(entry)
    every = (*notes, *[""] * (len(levels) - len(notes)))
    pairs = zip(levels, every, strict=True)
    figures = [Cell(value, column, strong=at == 0, note=note) for at, (value, note) in enumerate(pairs)]
    return Cell(None, column), *figures, Cell(difference, headline_col(entry, signed=True))


def headline_figure(entry: Headline, value: Number, money: MoneyFormat) -> float | None:
    """A headline value in the unit on screen: M€, days or percent."""
    if value is None or entry.unit == "currency":
        return money.value(value)
    return value if entry.unit == "days" else value * 100


def worst_text(entry: Headline, worst: Worst | None) -> str:
    """Who stands behind a headline measure worst: 'Trucks, Jun 2027', 'worst: Trucks 12.5%'; empty for nobody."""
    if worst is None:
        return ""
    return f"{worst.family}, {period_name(worst.month)}" if worst.month else worst_family_text(worst)


def worst_family_text(worst: Worst) -> str:
    """The family with the lowest share: 'worst: Trucks 12.5%'."""
    return f"worst: {worst.family} {percent(worst.value, 1)}"


def headline_unit(entry: Headline, money: MoneyFormat) -> str:
    """The unit behind a value: 'M€ low', 'days peak', '%'."""
    return unit_text(headline_col(entry), money)


def headline_text(entry: Headline, value: Number, money: MoneyFormat) -> str:
    """A headline value without its unit; an en dash where it is missing."""
    return figure_text(value, headline_col(entry), money)


def headline_difference(entry: Headline, value: Number, money: MoneyFormat) -> str:
    """A signed difference of a headline measure without its unit."""
    return figure_text(value, headline_col(entry, signed=True), money)

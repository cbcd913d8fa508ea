"""Twelve planned months against the last twelve: a sentence where they stand apart, and the table that adds up."""

from __future__ import annotations

from collections.abc import Sequence

from sop.analysis.jump import Jump, JumpPart
from sop.core.calendar import worded
from sop.core.format import MINUS, money_format, percent
from sop.core.present import Cell, Col, Declared, Form, PlanTable
from sop.core.words import Words, units_text

_NAMED, _FAMILIES = 4, 3
"""Parts and families that a sentence names."""
_MATTERS = 0.03
"""Share of the difference below which a part is not named."""


def jump_of(jumps: Sequence[Jump], family: str | None) -> Jump | None:
    """The one of a family, None: of the company."""
    return next((jump for jump in jumps if jump.family == (family or "")), None)


def jump_sentence(jumps: Sequence[Jump], family: str | None, currency: str) -> str:
    """What carries the difference of twelve planned months to the last twelve; empty where it needs no word."""
    jump = jump_of(jumps, family)
    if jump is None or not jump.told:
        return ""
    money = money_format(currency, jump.last_revenue, jump.next_revenue)
    amount: Words = money.labelled if jump.in_money else units_text
    gap = jump.next - jump.last
    size = percent(abs(gap / jump.last)) if jump.last > 0 else amount(abs(gap))
    what, span = ("Revenue" if jump.in_money else "Demand"), worded("12 months")
    width = "beyond" if abs(gap) > jump.range else "within"
    text = (
        f"{what} of the next {span} is {size} {'more' if gap > 0 else 'less'} than in the last {span} "
        f"({amount(jump.last)}), {width} the range of its forecasts: "
        f"{_changes(jump.carriers, gap, amount)}."
    )
    families = [(each.family, jump.difference_of(each)) for each in jumps if each.family]
    if family or len(families) < 2:
        return text
    largest = sorted(families, key=lambda each: -abs(each[1]))[:_FAMILIES]
    return f"{text} By family: {_changes(largest, gap, amount)}."


def _changes(carriers: Sequence[tuple[str, float]], gap: float, amount: Words) -> str:
    """The carriers that matter with their sign, then the others together where there are more than those."""

    def change(name: str, value: float) -> str:
        return f"{name} {'+' if value > 0 else MINUS}{amount(abs(value))}"

    named = [each for each in carriers if abs(each[1]) >= _MATTERS * abs(gap)][:_NAMED]
    left = gap - sum(value for _, value in named)
    return ", ".join(
        change(*each) for each in [*named, *([("other", left)] if abs(left) >= _MATTERS * abs(gap) else [])]
    )


def jump_table(jumps: Sequence[Jump], family: str | None, in_money: bool = False) -> PlanTable:
    """The last twelve months, every part of the difference, and the next twelve, which they add up to.

    `in_money`: without demand, which is that of several families.
    """
    jump = jump_of(jumps, family)
    rows = () if jump is None else (
        (JumpPart(worded("Last 12 months"), jump.last_units, jump.last_revenue), False),
        *((JumpPart(part.name[0].upper() + part.name[1:], part.units, part.revenue), True) for part in jump.parts),
        (JumpPart(worded("Next 12 months"), jump.next_units, jump.next_revenue), False),
    )  # fmt: skip

    def figure(value: float | None, form: Form, adds: bool) -> Cell:
        return Cell(value, Col("", form, signed=adds), strong=not adds)

    return Declared[tuple[JumpPart, bool]](
        worded("From the last twelve months to the next"),
        (
            Col("Carried by", "text", lambda row: Cell(row[0].name, strong=not row[1])),
            *(() if in_money else (Col("Demand", "units", lambda row: figure(row[0].units, "units", row[1])),)),
            Col("Revenue", "money", lambda row: figure(row[0].revenue, "money", row[1])),
        ),
        worded("Less than twelve months are known or planned."),
    ).of(rows)

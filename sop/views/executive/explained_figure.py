"""What a figure follows from, in words and tables: its place, its parts, and the assumptions behind it."""

from __future__ import annotations

from sop.analysis.decisions.levers import scope_title
from sop.analysis.explain.explain import ExplainedFigure, Explanation
from sop.core.calendar import period_name
from sop.core.format import MISSING, MoneyFormat, day_text, how_many, number, percent
from sop.core.inputs import Inputs
from sop.core.plan import Plan
from sop.core.present import Cell, Col, PlanTable, TableRow, texts
from sop.core.words import in_sentence
from sop.views.assumption_words import source_words, value_text

WHOLE = "Whole company"


def full_text(value: float | None, unit: str, money: MoneyFormat) -> str:
    """A figure in full: money to the cent, units whole, hours and days with one decimal."""
    if value is None:
        return MISSING
    if unit == "currency":
        return money.full(value, 2)
    if unit == "fraction":
        return percent(value, 2)
    return how_many(number(value, 1 if unit in ("hours", "days", "people") else 0), unit)


def place_words(explanation: Explanation, plan: Plan) -> str:
    """Where and when: 'Cargo, DACH, Dec 2026 to Nov 2027'."""
    place = explanation.place
    first, last = period_name(plan.months[place.first]), period_name(plan.months[place.last])
    names = [name for name in (place.family, place.region, place.resource) if name] or ["whole company"]
    return ", ".join([*names, first if first == last else f"{first} to {last}"])


def sum_words(explanation: Explanation) -> str:
    """Whether the parts add up exactly."""
    if explanation.exact:
        return "The parts add up to the cent." if explanation.unit == "currency" else "The parts add up exactly."
    unknown = any(part.value is None for part in explanation.parts)
    return "A part is not known here." if unknown else "It follows from these figures; they are not a plain sum."


def parts_table(explanation: Explanation, money: MoneyFormat) -> PlanTable:
    """What the figure follows from, with the figure itself as the last row."""
    total = full_text(explanation.value, explanation.unit, money)
    rows: list[TableRow] = [
        (part.label, part.sign, full_text(part.value, part.unit, money)) for part in explanation.parts
    ]
    rows.append((Cell(explanation.label, strong=True), "=", Cell(total, strong=True)))
    heads = Col[object]("It follows from", "text", width="55%"), Col[object]("", "text", width="2rem")
    return PlanTable(f"What {in_sentence(explanation.label)} follows from", (*heads, Col("Value")), tuple(rows))


def assumptions_table(found: ExplainedFigure, inputs: Inputs, money: MoneyFormat) -> PlanTable:
    """The assumptions that act on a figure: for whom, what, whose, why, and who set them."""
    rows: list[TableRow] = []
    for each in found.explanation.assumptions:
        setter = found.setters.get((each.entry.key, each.scope))
        by = f"{setter.by}, {day_text(setter.at)}" if setter and each.is_set else ""
        default = f"default: {source_words(each.entry, money.symbol)}"
        reason = each.reason or ("no reason given" if each.is_set else default)
        rows.append(
            (
                Cell(each.entry.label, strong=each.is_set),
                scope_title(inputs, each.entry, each.scope) or WHOLE,
                value_text(each.entry, each.value, money.symbol),
                each.entry.owner.title,
                Cell(reason, note=by),
            )
        )
    columns = (*texts("Assumption", "For"), Col("Value"), *texts("Owner", "Why"))
    return PlanTable("Assumptions behind it", columns, tuple(rows), "No assumption acts on it.")

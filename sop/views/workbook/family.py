"""The family sheets of the workbook, in the layout of the screens: closed months, planned months, and the year.

Differences, running differences and the year are formulas wherever they come to the plan's figure exactly.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sop.core.calendar import period_short
from sop.core.format import unit_decimals
from sop.core.inputs import Floats
from sop.core.spreadsheet import (
    EACH_FAMILY,
    Sheet,
    SheetCell,
    SheetChart,
    WorkbookRow,
    clean_text,
    column_letters,
    family_sheet_names,
    live,
    place,
)
from sop.views.family_sheet import FamilySheet, SheetLine, SheetPart, build_sheet
from sop.views.sheet_blocks import (
    backlog_part,
    inventory_part,
    money_part,
    production_part,
    sales_part,
    service_part,
)
from sop.views.timeline import PlanContext

LABELS = 2
"""Columns of words before the months: the row's name and its unit."""
FORMS = {"currency": "money", "fraction": "share", "days": "days"}
_DECIMALS = {"currency": 2, "fraction": 6}
UNITS = {"fraction": "%", "working_days": "days"}
_CHARTED = ("Sales", "Inventory", "Inventory at standard cost")


def family_sheets(context: PlanContext, heading: str) -> tuple[Sheet, ...]:
    """All families together, then each on a sheet of its own, or all under each other where they are many."""
    families = context.inputs.families.names
    _, everyone, *names = family_sheet_names(families)
    sheets = [_sheet(context, everyone, None, heading)]
    if names == [EACH_FAMILY]:
        return *sheets, _stacked(context, families, heading)
    return *sheets, *(_sheet(context, name, family, heading) for name, family in zip(names, families, strict=True))


def parts_of(context: PlanContext, family: str | None) -> tuple[SheetPart, ...]:
    """The blocks of the classic sheet: sales, production, inventory, backlog, service, money.

    Of several families in money, as far as it is known: screws are not added to bicycles.
    """
    if context.several(family):
        at_cost = (production_part, inventory_part) if context.costs_known else ()
        return (
            sales_part(context, family, in_money=True),
            *(part(context, family, in_money=True) for part in at_cost),
            backlog_part(context, family, in_money=True),
            service_part(context, family),
            money_part(context, family),
        )
    return (
        sales_part(context, family),
        production_part(context, family),
        inventory_part(context, family),
        backlog_part(context, family),
        service_part(context, family),
        SheetPart("Revenue", sales_part(context, family, in_money=True).lines),
        money_part(context, family),
    )


def _sheet(context: PlanContext, name: str, family: str | None, heading: str) -> Sheet:
    sheet = build_sheet(context, parts_of(context, family))
    title = clean_text(f"{family or 'All families'} — {heading}")
    top = [WorkbookRow("title", (title,)), WorkbookRow("note", (compared_note(context),)), header_row(sheet)]
    rows, charted = sheet_rows(sheet, len(top), context.plan.currency)
    first, last = LABELS, LABELS + sheet.monthly.stop - 1
    charts = tuple(
        SheetChart(f"{part}: agreed, and actual or new plan", "column", 2, found, (first, last), (at, LABELS))
        for (part, found), at in zip(charted.items(), range(len(top) + len(rows) + 1, 10_000, 15), strict=False)
    )
    return Sheet(name, (*top, *rows), fixed_columns=LABELS, filters=True, charts=charts)


def _stacked(context: PlanContext, families: Sequence[str], heading: str) -> Sheet:
    """Every family under the other, to be filtered by name."""
    rows = [WorkbookRow("title", (clean_text(f"Each family — {heading}"),))]
    rows.append(WorkbookRow("note", (compared_note(context),)))
    for family in families:
        sheet = build_sheet(context, parts_of(context, family))
        if len(rows) == 2:
            rows.append(header_row(sheet))
        rows.append(WorkbookRow("block", (clean_text(family),)))
        rows += sheet_rows(sheet, len(rows), context.plan.currency)[0]
    return Sheet(EACH_FAMILY, tuple(rows), fixed_columns=LABELS, filters=True)


def compared_note(context: PlanContext) -> str:
    """What the plans of a sheet are, in a line."""
    if context.base is None:
        return "No plan has been agreed yet, so there is no difference to show. A blank cell is not known."
    return (
        f"Agreed plan: the plan in force at the time, then {context.base_name}; difference: actual or new plan "
        "minus agreed. A blank cell is not known."
    )


def header_row(sheet: FamilySheet) -> WorkbookRow:
    """Months, then the year with its budget and the difference to it."""
    months = [period_short(month) for month in sheet.months]
    year = [period_short(month) for month in sheet.months[sheet.year]]
    titles = (f"{year[0]} – {year[-1]}", "Budget", "To budget") if year else ()
    return WorkbookRow("header", ("Row", "Unit", *months, *titles))


def sheet_rows(
    sheet: FamilySheet, above: int, currency: str
) -> tuple[list[WorkbookRow], dict[str, tuple[int, ...]]]:
    """The rows of a sheet that begin under `above` others, and by block the rows that its chart draws."""
    rows: list[WorkbookRow] = []
    charted: dict[str, tuple[int, ...]] = {}
    for part in sheet.parts:
        rows.append(WorkbookRow("block", (clean_text(part.title),)))
        found = {line.compared: (above + len(rows) + at, line) for at, line in enumerate(part.lines)}
        pair = (found["new"], found["agreed"]) if {"new", "agreed"} <= found.keys() else None
        for line in part.lines:
            rows.append(line_row(sheet, line, above + len(rows), currency, pair))
        if part.title in _CHARTED and "new" in found:
            charted[part.title] = tuple(found[of][0] for of in ("new", "agreed") if of in found)
    return rows, charted


Pair = tuple[tuple[int, SheetLine], tuple[int, SheetLine]]
"""The new and the agreed plan that a difference is taken of, each with the row it stands in."""


def line_row(sheet: FamilySheet, line: SheetLine, at: int, currency: str, pair: Pair | None = None) -> WorkbookRow:
    """A line with its unit, its months, its year, the budget of the year and the difference to it."""
    scale = 100.0 if line.unit == "currency" else 1.0
    decimals = _DECIMALS.get(line.unit, 3)
    values = np.round(line.values / scale, decimals)
    if line.style == "difference" and pair is not None:
        months = _differences(line, values, at, pair, scale, decimals)
    else:
        months = [_figure(value) for value in values]
    first, last = LABELS + sheet.year.start, LABELS + sheet.year.stop - 1
    year, span = _round(line.over(sheet.year) / scale, decimals), values[sheet.year]
    total: SheetCell = None
    if sheet.year.stop > sheet.year.start and line.kind != "ratio":
        text, worth = {
            "flow": (f"=SUM({place(at, first)}:{place(at, last)})", span.sum()),
            "peak": (f"=MAX({place(at, first)}:{place(at, last)})", span.max()),
            "stock": (f"={place(at, last)}", span[-1]),
        }[line.kind]
        total = live(text, year, float(worth), decimals)
    elif year == year:
        total = year
    end = LABELS + len(sheet.months)
    budget = _round(sheet.year_budget(line) / scale, decimals)
    gap = live(f"={place(at, end)}-{place(at, end + 1)}", _round(year - budget, decimals), year - budget, decimals)
    # As on screen: a limit of 7 228 units needs no thousandths.
    whole = all(unit_decimals(value) == 0 for value in values[np.isfinite(values)].tolist())
    form = FORMS.get(line.unit, "whole" if whole else "exact")
    form = f"{form} change" if line.style == "difference" else form
    unit = currency if line.unit == "currency" else UNITS.get(line.unit, line.unit.replace("_", " "))
    cells = (clean_text(line.name), unit, *months, total, _figure(budget), gap)
    return WorkbookRow("strong" if line.style == "strong" else "body", cells, form)


def _differences(
    line: SheetLine, values: Floats, at: int, pair: Pair, scale: float, decimals: int
) -> list[SheetCell]:
    """New minus agreed, or what ran up of it, month by month as formulas."""
    (new, _), (agreed, _) = pair
    now, then = (np.round(each.values / scale, decimals) for _, each in pair)
    difference = np.round(now - then, decimals)
    cells: list[SheetCell] = []
    for month, value in enumerate(values.tolist()):
        letters = column_letters(LABELS + month)
        apart = f"{letters}{new + 1}-{letters}{agreed + 1}"
        if line.compared == "difference":
            cells.append(live(f"={apart}", value, float(difference[month]), decimals))
        elif line.compared == "running":
            begins = month == 0 or values[month - 1] != values[month - 1]
            before = 0.0 if begins else float(values[month - 1])
            text = f"={apart}" if begins else f"={place(at, LABELS + month - 1)}+{apart}"
            cells.append(live(text, value, before + float(difference[month]), decimals))
        else:
            cells.append(_figure(value))
    return cells


def _figure(value: float) -> SheetCell:
    """A figure as a cell: whole ones as whole numbers, what is not known blank."""
    if not np.isfinite(value):
        return None
    return int(value) if value == int(value) and abs(value) < 2**53 else float(value)


def _round(value: float, decimals: int) -> float:
    return round(float(value), decimals)

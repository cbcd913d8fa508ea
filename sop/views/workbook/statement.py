"""Profit and loss, working capital and cash on one sheet of the workbook: the plan, agreed, budget and prior year.

Gross margin, EBIT, cash, sums of the year and every variance are formulas wherever they come to the plan's figure
to the cent; where the books do not add up, as a closed month of a ledger may not, the figure itself stands there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from sop.core.calendar import period_short
from sop.core.inputs import Floats
from sop.core.measures import CASH_BALANCES, CASH_FLOWS
from sop.core.spreadsheet import (
    STATEMENT as NAME,
)
from sop.core.spreadsheet import (
    Kind,
    Sheet,
    SheetCell,
    SheetChart,
    WorkbookRow,
    clean_text,
    column_letters,
    live,
    place,
)
from sop.views.executive.plan_message import unknown_sentence
from sop.views.financial.statement import statement_series
from sop.views.series import PlanSeries, over
from sop.views.timeline import PlanContext
from sop.views.workbook.family import LABELS, compared_note

BLOCKS: tuple[tuple[str, Callable[[PlanSeries], Floats]], ...] = (
    ("Actual, then plan", lambda item: item.now),
    ("Agreed plan", lambda item: item.agreed),
    ("Budget", lambda item: item.budget),
    ("Prior year", lambda item: item.prior_year),
)
SUMS: Mapping[str, Mapping[str, int]] = {
    "gross_margin": {
        "total_revenue": 1, "not_in_sales": 1, "cost_of_sales": -1, "period_variance": -1, "revaluation": 1,
    },
    "ebit": {
        "gross_margin": 1, "launch_spend": -1, "initiative_cost": -1, "operating_cost": -1, "depreciation": -1,
    },
}  # fmt: skip
"""What a line of the statement is the sum of, with signs."""


def statement_sheet(context: PlanContext, heading: str) -> Sheet:
    """The sheet: four blocks by month with the year, then the variances of the plan to each of the others."""
    items = statement_series(context)
    keys = list(items)
    months = [period_short(month) for month in context.months]
    year = slice(context.past, min(context.past + context.year, len(context.months)))
    rows = [
        WorkbookRow("title", (clean_text(f"{NAME} — {heading}"),)),
        WorkbookRow("note", (compared_note(context),)),
        *(WorkbookRow("note", (text,)) for text in (_not_known(context),) if text),
        WorkbookRow("header", ("Line", "Unit", *months, f"{months[year.start]} – {months[year.stop - 1]}")),
    ]
    start: dict[str, int] = {}
    for title, read in BLOCKS:
        values = {key: np.round(read(item) / 100.0, 2) for key, item in items.items()}
        if not any(np.isfinite(row).any() for row in values.values()):
            continue
        rows.append(WorkbookRow("block", (title,)))
        start[title] = len(rows)
        at = {key: len(rows) + place for place, key in enumerate(keys)}
        rows += [_line(context, items[key], values, at, key, year) for key in keys]
    first = BLOCKS[0][0]
    for title in [title for title, _ in BLOCKS[1:] if title in start and first in start]:
        rows.append(WorkbookRow("block", (f"Variance of the plan to {title[0].lower()}{title[1:]}",)))
        read = dict(BLOCKS)[title]
        for place_of, key in enumerate(keys):
            one, other = start[first] + place_of, start[title] + place_of
            rows.append(_variance(context, items[key], read(items[key]), one, other, year))
    charted = tuple(start[first] + keys.index(key) for key in ("total_revenue", "ebit") if key in keys and start)
    span = (LABELS, LABELS + len(months) - 1)
    named = " and ".join(str(rows[at].cells[0]) for at in charted)
    charts = (SheetChart(f"{named} by {context.word}", "column", 2, charted, span, (len(rows) + 1, LABELS)),)
    return Sheet(NAME, tuple(rows), fixed_columns=LABELS, filters=True, charts=charts if charted else ())


def _not_known(context: PlanContext) -> str:
    """What of the statement the plan does not know, and why."""
    plan = context.plan
    lines = {
        entry.key: entry.label for entry in plan.headline_measures if entry.key in ("gross_margin", "ebit", "cash")
    }
    return clean_text(
        unknown_sentence({key: name for key, name in lines.items() if plan.headline[key] is None}, plan)
    )


def _line(
    context: PlanContext,
    item: PlanSeries,
    values: Mapping[str, Floats],
    at: Mapping[str, int],
    key: str,
    year: slice,
) -> WorkbookRow:
    months = [_cell(context, values, at, key, month) for month in range(len(context.months))]
    kind: Kind = "strong" if key in ("gross_margin", "ebit", "cash") else "body"
    total = _year(item, values[key], at[key], year)
    return WorkbookRow(kind, (clean_text(item.name), context.plan.currency, *months, total), "money")


def _year(item: PlanSeries, values: Floats, row: int, year: slice) -> SheetCell:
    first, last = LABELS + year.start, LABELS + year.stop - 1
    worth = over(values, year, item.kind)
    text = f"=SUM({place(row, first)}:{place(row, last)})" if item.kind == "flow" else f"={place(row, last)}"
    return live(text, round(worth, 2), worth)


def _cell(
    context: PlanContext, values: Mapping[str, Floats], at: Mapping[str, int], key: str, month: int
) -> SheetCell:
    """A month of a line: a formula where it is made of others, else its figure."""
    value = float(values[key][month])
    if value != value:
        return None
    parts = _parts(values, at, key, month)
    if parts:
        worth = sum(sign * float(values[name][m]) for sign, name, m in parts)
        text = "".join(
            f"{'+' if sign > 0 else '-'}{column_letters(LABELS + m)}{at[name] + 1}" for sign, name, m in parts
        )
        return live(f"={text.removeprefix('+')}", value, worth)
    return value


def _parts(
    values: Mapping[str, Floats], at: Mapping[str, int], key: str, month: int
) -> list[tuple[int, str, int]]:
    """What a month of a line is made of: (sign, line, month); nothing for a line that is given."""
    if key in SUMS:
        return [
            (sign, name, month) for name, sign in SUMS[key].items() if name in at and _known(values, name, month)
        ]
    if key != "cash" or month == 0 or not _known(values, "cash", month - 1):
        return []
    parts = [(1, "cash", month - 1)]
    parts += [
        (sign, name, month) for name, sign in CASH_FLOWS.items() if name in at and _known(values, name, month)
    ]
    for name, sign in CASH_BALANCES.items():
        if name in at:
            parts += [(sign, name, month), (-sign, name, month - 1)]
    return parts


def _known(values: Mapping[str, Floats], name: str, month: int) -> bool:
    return bool(np.isfinite(values[name][month]))


def _variance(
    context: PlanContext, item: PlanSeries, other: Floats, one_row: int, other_row: int, year: slice
) -> WorkbookRow:
    now, then = np.round(item.now / 100.0, 2), np.round(other / 100.0, 2)
    cells: list[SheetCell] = []
    for month in range(len(context.months)):
        apart, letters = float(now[month] - then[month]), column_letters(LABELS + month)
        cells.append(live(f"={letters}{one_row + 1}-{letters}{other_row + 1}", round(apart, 2), apart))
    end = column_letters(LABELS + len(context.months))
    gap = over(now, year, item.kind) - over(then, year, item.kind)
    cells.append(live(f"={end}{one_row + 1}-{end}{other_row + 1}", round(gap, 2), gap))
    return WorkbookRow("body", (clean_text(item.name), context.plan.currency, *cells), "money change")

"""The family sheet on screen and for a download: past and planned months, quarters, totals, in blocks of rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

import pandas as pd

from sop.core.calendar import bucket_of, period_short
from sop.core.format import (
    MoneyFormat,
    Number,
    effect,
    is_missing,
    number,
    percent_number,
    points_signed,
    signed,
    unit_decimals,
)
from sop.core.present import GOOD
from sop.ui.kit.glossary import explained
from sop.views.family_sheet import FamilySheet, SheetLine, SheetPart

Write = Callable[[Number], str]
_LONGEST = 60
"""Characters of a row's name that the sheet shows."""
_JOINED = "–\u2060"
"""A dash at which no line breaks: 'Dec–Feb' stays whole over its year."""

_EACH = {"month": "monthly", "week": "weekly", "period": "by period", "quarter": "quarterly"}
"""How periods of their own are called above their columns."""


def sheet_html(sheet: FamilySheet, money: MoneyFormat, label: str, unit: str = "Units") -> str:
    """The sheet as HTML, scrolling in its own frame; `label` is for a screen reader, `unit` heads its rows."""
    kinds = sheet_kinds(sheet)
    upper = "".join(
        f'<th scope=colgroup colspan={count} class="{kind}">{escape(title)}</th>'
        for title, count, kind in sheet_groups(sheet)
    )
    lower = "".join(
        f'<th scope=col class="n {kind}">{escape(title).replace("–", _JOINED)}</th>'
        for title, kind in zip(sheet_titles(sheet), kinds, strict=True)
    )
    body = "".join(_part(sheet, part, kinds, money) for part in sheet.parts)
    return (
        f'<div class="sop-scroll framed" tabindex="0" role="region" aria-label="{escape(label)}">'
        f'<table class="sop-sheet"><thead><tr><td></td>{upper}</tr>'
        f"<tr><th scope=col>{escape(unit)}</th>{lower}</tr></thead>{body}</table></div>"
    )


def sheet_frame(sheet: FamilySheet) -> pd.DataFrame:
    """The sheet for a download: every month of every row, money in currency, ratios as fractions."""
    rows = [
        {"Block": part.title, "Row": line.name, "Unit": line.unit}
        | dict(zip(sheet.months, (_plain(value, line.unit) for value in line.values), strict=True))
        for part in sheet.parts
        for line in part.lines
    ]
    return pd.DataFrame(rows)


def _plain(value: float, unit: str) -> float | None:
    if is_missing(value):
        return None
    return round(value / 100, 2) if unit == "currency" else round(float(value), 4)


# -- columns


def sheet_kinds(sheet: FamilySheet) -> list[str]:
    """One CSS class list per column: past, now, quarter, group start, diff."""
    planned = sheet.monthly.stop - sheet.past
    months = ["past"] * sheet.past + ["now", *[""] * planned][:planned]
    return [*months, *["q"] * len(sheet.summed), "q", *(["", " diff"] if sheet.has_budget else [])]


def sheet_titles(sheet: FamilySheet) -> list[str]:
    """One header per column, the year only where it is new to the eye."""
    single = sheet.monthly.stop
    months, summed = sheet.titles[:single], sheet.titles[single:]
    return [*_short(months[: sheet.past]), *_short(months[sheet.past :]), *summed, *_totals(sheet)]


def _totals(sheet: FamilySheet) -> list[str]:
    return ["total", "budget", "diff."] if sheet.has_budget else ["total"]


def sheet_groups(sheet: FamilySheet) -> list[tuple[str, int, str]]:
    """The upper header: (title, columns, CSS class)."""
    year = [period_short(month) for month in sheet.months[sheet.year]]
    groups = [
        ("actual", sheet.past, "past"),
        (f"plan, {_EACH[bucket_of(sheet.months[0]).word]}", sheet.monthly.stop - sheet.past, "now"),
        ("plan, months", len(sheet.by_month), "q"),
        ("plan, quarters", len(sheet.quarters), "q"),
        (f"{year[0]} – {year[-1]}", len(_totals(sheet)), "q"),
    ]
    return [group for group in groups if group[1]]


def _short(labels: Sequence[str]) -> list[str]:
    """'Dec 26', 'Jan 27', 'Feb 27' → 'Dec 26', 'Jan 27', 'Feb'."""
    names = [label.split(" ") for label in labels]
    return [
        label if place == 0 or names[place][-1] != names[place - 1][-1] else names[place][0]
        for place, label in enumerate(labels)
    ]


# -- rows


def _part(sheet: FamilySheet, part: SheetPart, kinds: Sequence[str], money: MoneyFormat) -> str:
    heading = f"<tr class=block><th scope=rowgroup>{explained(part.title)}</th><td colspan={len(kinds)}></td></tr>"
    texts = part_texts(sheet, part, money)
    rows = "".join(_row(line, cells, kinds) for line, cells in zip(part.lines, texts, strict=True))
    return f"<tbody>{heading}{rows}</tbody>"


def part_texts(sheet: FamilySheet, part: SheetPart, money: MoneyFormat) -> list[list[str]]:
    """What the cells of a block say, a list for each row, as many texts as the sheet has titles."""
    decimals = money_decimals(part, money)
    return [_texts(sheet, line, money, decimals) for line in part.lines]


def _texts(sheet: FamilySheet, line: SheetLine, money: MoneyFormat, decimals: int) -> list[str]:
    """The cells of a row; missing ones stay blank, because a sheet full of dashes hides its numbers."""
    # What a row plans in whole units was whole before too: weeks of a month's table have parts.
    planned = [value for value in line.values[sheet.past :] if not is_missing(value)]
    whole = bool(planned) and all(value == round(value) for value in planned)
    unit = "whole units" if whole and line.unit == "units" else line.unit
    write = figure_form(unit, money, decimals, line.style == "difference")
    spans = [slice(at, at + 1) for at in range(sheet.monthly.stop)]
    texts = [_figure(line, span, write) for span in (*spans, *sheet.summed, sheet.year)]
    if sheet.has_budget:
        budget = sheet.year_budget(line)
        gap = line.over(sheet.year) - budget
        texts += [
            "" if is_missing(budget) else write(budget),
            "" if is_missing(gap) else figure_form(unit, money, decimals, True)(gap),
        ]
    return texts


def _row(line: SheetLine, texts: Sequence[str], kinds: Sequence[str]) -> str:
    cells = "".join(
        f'<td class="{kind}{_colour(line, text, kind)}">{escape(text)}</td>'
        for text, kind in zip(texts, kinds, strict=True)
    )
    strong = " class=strong" if line.style == "strong" else ""
    return f"<tr{strong}><th scope=row>{_row_name(line.name)}</th>{cells}</tr>"


def _row_name(name: str) -> str:
    """A row's name; a very long one ends in an ellipsis and stands in full under the pointer, so rows stay low."""
    if len(name) <= _LONGEST:
        return explained(name)
    return f'<span title="{escape(name)}">{escape(name[: _LONGEST - 1].rstrip())}…</span>'


def _colour(line: SheetLine, text: str, kind: str) -> str:
    return f" sop-{effect(text, GOOD[line.better])}" if line.style == "difference" or "diff" in kind else ""


def _figure(line: SheetLine, span: slice, write: Write) -> str:
    """The figure of some months, short, because one long cell widens its column and the sheet scrolls.

    One that reaches beyond the horizon is a minimum, '>38', and says nothing of zero; one that rounds to nothing
    is '<0.01', on other pages 'under 0.01'.
    """
    value = line.over(span)
    if is_missing(value):
        return ""
    text = write(value)
    if line.is_beyond(span):
        return f">{text}" if text != number(0) else ""
    return text.replace("under ", "<")


def money_decimals(part: SheetPart, money: MoneyFormat) -> int:
    """One decimal where a month of the plan itself reaches ten millions, else two, for small figures."""
    in_money = [line for line in part.lines if line.unit == "currency"]
    lines = [line for line in in_money if line.style == "strong"] or in_money
    figures = [value for line in lines for value in line.values]
    largest = max((abs(value) for value in figures if not is_missing(value)), default=0.0)
    return 1 if largest >= 10 * money.minor_per_scale else 2


def figure_form(unit: str, money: MoneyFormat, decimals: int, is_difference: bool) -> Write:
    """How a figure of a unit is written; differences carry their sign."""
    if unit == "currency":
        return lambda v: money.signed(v, decimals) if is_difference else money.text(v, decimals)
    if unit == "fraction":
        return lambda v: points_signed(v, 0) if is_difference else percent_number(v)
    return lambda v: (signed if is_difference else number)(v, unit_decimals(v) if unit == "units" else 0)

"""The board pack as PDF: typeset by Typst from the slides as data, with charts as lines and text.

Nothing of the pack is markup: texts travel as JSON, so a name can neither break the page nor run anything.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import typst

from sop.core.calendar import worded
from sop.core.format import MoneyFormat, current_style, number
from sop.core.paper import BoardPack, PaperBridge, PaperChart, Slide, folded
from sop.core.present import CellText, PlanTable, table_texts
from sop.core.terms import PlanName
from sop.files.paper_style import COLOURS, EFFECTS, LINE_LOOK, column_shares, digest_text, footer_text, shortened

_TEMPLATE = Path(__file__).with_name("board_pack.typ")
_FONTS = {"font_source_sans_pro": "files", "matplotlib": "mpl-data/fonts/ttf"}
"""Packages that bring fonts, and where: Source Sans, and DejaVu for the letters that it has not."""
SUMMARY_ROWS = {"decisions": 5, "risks": 5, "sign-off": 7}
_LONGEST_WORD = 26


def write_pdf(pack: BoardPack, *, long: bool = True) -> bytes:
    """The pack on A4: two pages of summary and, where `long`, a page for each slide.

    The same pack gives the same bytes.
    """
    data = json.dumps(_fields(pack, long), ensure_ascii=False)
    made = typst.compile(
        str(_TEMPLATE), format="pdf", sys_inputs={"pack": data}, font_paths=_font_paths(), timestamp=0
    )
    return bytes(made)


def _font_paths() -> list[str]:
    found = []
    for package, folder in _FONTS.items():
        spec = importlib.util.find_spec(package)
        if spec is not None and spec.submodule_search_locations:
            found.append(str(Path(spec.submodule_search_locations[0]) / folder))
    return found


def _fields(pack: BoardPack, long: bool) -> dict[str, Any]:
    style = current_style()
    return {
        "company": _fit(pack.company, 80),
        "cycle": pack.cycle,
        "footer": _fit(footer_text(pack), 160),
        "digest_short": digest_text(pack),
        "signs": {"thousands": style.thousands, "decimal": style.decimal},
        "colours": dict(COLOURS),
        "looks": {role: {"colour": c, "points": p, "dash": d} for role, (c, p, d) in LINE_LOOK.items()},
        "plans": [name.value for name in PlanName],
        "slides": [_slide(slide, pack.money) for slide in pack.slides],
        "pages": [_slide(slide, pack.money) for slide in folded(pack.slides)] if long else [],
    }


def _slide(slide: Slide, money: MoneyFormat) -> dict[str, Any]:
    most = SUMMARY_ROWS.get(slide.key, 0)
    summary = [
        replace(table, rows=table.rows[:most], row_better=table.row_better[:most]) for table in slide.tables[:1]
    ]
    return {
        "key": slide.key,
        "name": slide.name,
        "message": _fit(slide.message, 900),
        "cards": [
            {
                "label": card.label,
                "value": card.value,
                "unit": card.unit,
                "note": _fit(card.note, 46),
                "changes": [
                    {"text": text, "against": against, "tone": EFFECTS[effect]}
                    for text, against, effect in card.changes
                ],
            }
            for card in slide.cards
        ],
        "chart": _chart(slide.chart),
        "tables": [_table(table, money) for table in slide.tables],
        "summary": [_table(table, money) for table in summary] if most else [],
        "notes": [_fit(note, 600) for note in slide.notes],
    }


def _chart(chart: PaperChart | PaperBridge | None) -> dict[str, Any] | None:
    if chart is None:
        return None
    told = {"title": _fit(chart.title, 120), "unit": chart.unit}
    if isinstance(chart, PaperBridge):
        steps = [
            {
                "name": _fit(step.name, 46),
                "low": step.low,
                "high": step.high,
                "text": step.text,
                "tone": "ink" if step.effect == "neutral" else EFFECTS[step.effect],
                "fill": "mute" if step.reference else EFFECTS[step.effect],
            }
            for step in chart.steps
        ]
        return {**told, "form": "bridge", "steps": steps}
    lines = [
        {
            "name": _fit(line.name, 40),
            "role": line.role,
            "values": list(chart.drawn(line)),
            "end": number(line.values[-1], chart.decimals) if line.values else "",
        }
        for line in chart.lines
    ]
    return {**told, "form": chart.form, "categories": list(chart.categories), "lines": lines}


def _table(table: PlanTable, money: MoneyFormat) -> dict[str, Any]:
    shown = table if money.known else table.without_money()
    headers, rows = table_texts(table, money)
    return {
        "name": worded(table.name),
        "empty": worded(table.empty),
        "headers": [_fit(title, 60) for title in headers],
        "numeric": [column.form != "text" for column in shown.columns],
        "shares": column_shares(headers, rows) if headers else [],
        "rows": [[_cell(told) for told in row] for row in rows],
    }


def _cell(told: CellText) -> dict[str, Any]:
    return {
        "text": _fit(told.text, 160),
        "note": _fit(told.note, 220),
        "beside": told.beside,
        "strong": told.strong,
        "tone": "ink" if told.effect == "neutral" else EFFECTS[told.effect],
    }


def _fit(text: str, most: int) -> str:
    """A text that breaks anywhere in words that are longer than a narrow column."""
    words: Sequence[str] = shortened(text, most).split(" ")
    return " ".join(word if len(word) <= _LONGEST_WORD else _breakable(word) for word in words)


def _breakable(word: str) -> str:
    size = _LONGEST_WORD // 2
    return "\u200b".join(word[at : at + size] for at in range(0, len(word), size))

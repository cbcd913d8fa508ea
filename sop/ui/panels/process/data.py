"""The Data page's tables: what is loaded, what is missing and would unlock what, and findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from sop.core.calendar import period_short
from sop.core.findings import Finding
from sop.ui.kit.format import MISSING, number
from sop.ui.kit.html_tables import Cell, HtmlColumn, html_table
from sop.views.loaded_tables import DataState, LoadedTable

SHOWN_FINDINGS = 50


def loaded_table(state: DataState) -> str:
    """What is loaded: rows, months, freshness, columns that nobody fills, and where it came from."""
    columns = [
        HtmlColumn("Table"),
        HtmlColumn("Rows", True),
        HtmlColumn("Months"),
        HtmlColumn("State"),
        HtmlColumn("Empty columns"),
    ]
    columns += [HtmlColumn("From"), HtmlColumn("Warnings", True)]
    rows: list[list[str | Cell]] = [_loaded_row(entry) for entry in state.loaded]
    return html_table(columns, rows, caption="Tables that are loaded")


def _loaded_row(entry: LoadedTable) -> list[str | Cell]:
    state, version = entry.state, entry.version
    span = (
        MISSING
        if not state.first_month
        else f"{period_short(state.first_month)} – {period_short(state.last_month)}"
    )
    wanting = state.status not in ("up to date", "loaded")
    warnings = sum(finding.count for finding in entry.findings if finding.level == "warning")
    return [
        Cell(state.table, note=state.meaning),
        number(state.rows),
        span,
        Cell(state.status, effect="bad" if wanting else "neutral"),
        ", ".join(state.empty_columns) or MISSING,
        Cell(version.file_name, note=f"{version.imported_at[:10]}, {entry.imported_by}") if version else MISSING,
        number(warnings) if warnings else "",
    ]


def missing_table(state: DataState) -> str:
    """What is not loaded and what each table would unlock."""
    rows: list[list[str | Cell]] = [
        [
            Cell(entry.state.table, note=entry.state.meaning),
            Cell("every plan: needed", effect="bad") if entry.state.needed else entry.state.unlocks,
        ]
        for entry in state.missing
    ]
    return html_table(
        [HtmlColumn("Table"), HtmlColumn("Would unlock")], rows, caption="Tables that are not loaded"
    )


def show_findings(state: DataState) -> None:
    """The findings of each table's last import, folded away until somebody looks."""
    for entry in state.loaded:
        if entry.findings:
            with st.expander(f"{entry.state.table}: {count_findings(entry.findings)}"):
                st.html(findings_table(entry.findings))


def count_findings(findings: Sequence[Finding]) -> str:
    """How many of each level, the worst first: '274 warnings, 9,310 notes'."""
    counts = Counter(dict.fromkeys(("error", "question", "warning", "note"), 0))
    for finding in findings:
        counts[finding.level] += finding.count
    return ", ".join(f"{n:,} {level}{'' if n == 1 else 's'}" for level, n in counts.items() if n)


def findings_table(findings: Sequence[Finding]) -> str:
    """Findings with where, what, value and remedy; at most fifty, the worst first as they come."""
    columns = [
        HtmlColumn("Level"),
        HtmlColumn("Line", True),
        HtmlColumn("Column"),
        HtmlColumn("What"),
        HtmlColumn("Value"),
    ]
    columns.append(HtmlColumn("How to mend it"))
    rows: list[list[str | Cell]] = [
        [
            Cell(finding.level, effect="bad" if finding.level in ("error", "question") else "neutral"),
            MISSING if finding.line is None or finding.count > 1 else number(finding.line),
            finding.column,
            finding.what,
            finding.value,
            finding.remedy,
        ]
        for finding in findings[:SHOWN_FINDINGS]
    ]
    more = len(findings) - SHOWN_FINDINGS
    rows += [["", "", "", f"… and {more} more", "", ""]] if more > 0 else []
    return html_table(columns, rows, caption="Findings")

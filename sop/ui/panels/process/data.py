"""The Data page's findings: how many there are, and each with its remedy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from sop.core.findings import Finding
from sop.core.format import how_many, number
from sop.ui.kit.tables import show_table
from sop.views.loaded_tables import DataState, kinds_table


def show_findings(state: DataState) -> None:
    """The findings of each table's last import, folded away until somebody looks."""
    for entry in state.loaded:
        if entry.findings:
            with st.expander(f"{entry.state.table}: {count_findings(entry.findings)}"):
                show_table(kinds_table(entry.kinds))


def count_findings(findings: Sequence[Finding]) -> str:
    """How many of each level, the worst first: '274 warnings, 9,310 notes'."""
    counts = Counter(dict.fromkeys(("error", "question", "warning", "note"), 0))
    for finding in findings:
        counts[finding.level] += finding.count
    return ", ".join(how_many(number(n), f"{level}s") for level, n in counts.items() if n)

"""The cadence adviser on screen: in what buckets, how often, how far and with what fences to plan a family."""

from __future__ import annotations

import streamlit as st

from sop.analysis.cadence import Cadence
from sop.services.analysis.performance import read_cadences
from sop.ui.frame.page import Visit
from sop.ui.kit.html_tables import Cell, HtmlColumn, html_table
from sop.ui.kit.panel import (
    panel,
)

_COLUMNS = (
    HtmlColumn("Family"),
    HtmlColumn("Bucket"),
    HtmlColumn("Review"),
    HtmlColumn("Horizon, months", True),
    HtmlColumn("Frozen, months", True),
    HtmlColumn("Slushy to, months", True),
    HtmlColumn("Demand"),
    HtmlColumn("Why"),
)


def show_cadences(visit: Visit, family: str | None = None) -> None:
    """What is proposed for a family (None: each), beside what the whole company uses now."""
    visit.inputs  # noqa: B018 - shows the forecast being made, where it is not there yet
    rows = [row for row in read_cadences(visit.room, visit.person.id) if family in (None, row.family)]
    company = visit.company
    note = (
        f"Proposed from volatility, life cycle, lead time and the value of the forecast; the company plans "
        f"{company.horizon} months, {company.frozen} frozen, slushy to month {company.slushy}"
    )
    with panel("Cadence", note, "cadence"):
        st.html(html_table(_COLUMNS, [_row(row) for row in rows], caption="Cadence by family"))


def _row(row: Cadence) -> list[str | Cell]:
    return [
        Cell(row.family, strong=True),
        row.bucket,
        row.cycle,
        str(row.horizon_months),
        str(row.frozen_months),
        str(row.slushy_months),
        f"{row.demand_class}, {row.life_cycle}",
        row.reason,
    ]

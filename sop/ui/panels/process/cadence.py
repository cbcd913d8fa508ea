"""The cadence adviser on screen: in what buckets, how often, how far and with what fences to plan a family."""

from __future__ import annotations

from sop.analysis.cadence import Cadence
from sop.core.present import Cell, Col, Declared
from sop.services.analysis.performance import read_cadences
from sop.ui.frame.page import Visit
from sop.ui.kit.panel import panel
from sop.ui.kit.tables import show_table

CADENCES = Declared[Cadence](
    "Cadence by family",
    (
        Col("Family", "text", lambda row: Cell(row.family, strong=True)),
        Col("Bucket", "text", lambda row: row.bucket),
        Col("Review", "text", lambda row: row.cycle),
        Col("Horizon", "months", lambda row: row.horizon_months),
        Col("Frozen", "months", lambda row: row.frozen_months),
        Col("Slushy to", "months", lambda row: row.slushy_months),
        Col("Demand", "text", lambda row: f"{row.demand_class}, {row.life_cycle}"),
        Col("Why", "text", lambda row: row.reason),
    ),
)
"""What is proposed for each family."""


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
        show_table(CADENCES.of(rows))

"""The cadence adviser on screen: in what buckets, how often, how far and with what fences to plan a family."""

from __future__ import annotations

from functools import partial

import streamlit as st

from sop.analysis.cadence import Cadence
from sop.core.calendar import FREQUENCIES
from sop.core.format import how_many
from sop.core.present import Cell, Col, Declared
from sop.services.analysis.performance import read_cadences
from sop.services.company.adopt_cadence import adopt_cadence, read_company_cadence
from sop.services.company.settings import read_settings_page
from sop.services.company.start import CALENDARS
from sop.ui.frame.page import Visit
from sop.ui.kit.acts import act_button
from sop.ui.kit.cards import grey_line
from sop.ui.kit.panel import panel
from sop.ui.kit.tables import show_table

CADENCES = Declared[Cadence](
    "Cadence by family",
    (
        Col("Family", "text", lambda row: Cell(row.family, strong=True)),
        Col("Bucket", "text", lambda row: row.bucket),
        Col("Review", "text", lambda row: row.cycle),
        Col("Horizon", "units", suffix="months", get=lambda row: row.horizon_months),
        Col("Frozen", "units", suffix="months", get=lambda row: row.frozen_months),
        Col("Approval to", "units", suffix="months", get=lambda row: row.slushy_months),
        Col("Demand", "text", lambda row: f"{row.demand_class}, {row.life_cycle}"),
        Col("Why", "text", lambda row: row.reason),
    ),
)
"""What is proposed for each family."""


def show_cadences(visit: Visit, family: str | None = None) -> None:
    """What is proposed for a family (None: each), beside what the whole company uses now."""
    visit.inputs  # noqa: B018 - shows the forecast being made, where it is not there yet
    rows = [row for row in read_cadences(visit.room, visit.person.id) if family in (None, row.family)]
    company, calendar = visit.company, visit.inputs.inputs.calendar
    note = (
        f"Proposed from volatility, life cycle, lead time and the value of the forecast; the company plans "
        f"{calendar.count(company.horizon)}, {company.frozen} frozen, approval to {calendar.word} {company.slushy}"
    )
    with panel("Cadence", note, "cadence"):
        show_table(CADENCES.of(rows))
        if family is None and rows:
            _show_company(visit)


def _show_company(visit: Visit) -> None:
    """What is proposed for all of them together, and the CEO's yes to it."""
    found = read_company_cadence(visit.room, visit.person.id)
    every = FREQUENCIES[found.every]
    st.html(
        grey_line(
            f"The whole company: {CALENDARS[found.bucket]}, a cycle {every}, "
            f"{how_many(found.horizon_months, 'months')} ahead, "
            f"{found.frozen_months} of them frozen, approval to month {found.slushy_months}; {found.reason}."
        )
    )
    if visit.may("set_ground_rules"):
        version = read_settings_page(visit.room.store, visit.person.id).versions.get("company", 0)
        act = partial(adopt_cadence, visit.room, visit.person.id, version)
        act_button("Take it from the next cycle on", act, "The company's cadence is set.", key="adopt_cadence")

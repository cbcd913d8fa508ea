"""A walk from one amount to another on screen: the bridge, and under it the same figures as a table."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from sop.core.format import MoneyFormat, signed
from sop.ui.charts import Chart, chart_bridge, show_chart
from sop.ui.frame.page import Visit
from sop.ui.kit.cards import grey_line
from sop.ui.kit.panel import download, panel
from sop.ui.kit.tables import show_table
from sop.ui.panels.plans.layout import show_table_panel
from sop.views.financial.walks import GapExplained, Walk, walk_table


def show_explained(visit: Visit, explained: Sequence[GapExplained], key: str, note: str) -> None:
    """Gaps: what is not known of them, their walks side by side, and the items behind each."""
    for sentence in (note for found in explained for note in found.notes):
        st.html(grey_line(sentence))
    show_walks(visit, [walk for found in explained for walk in found.walks], key)
    for place, found in enumerate(explained):
        if found.items is not None:
            show_table_panel(visit, found.items, note, f"{key}-items-{place}")


def show_walks(visit: Visit, walks: Sequence[Walk], key: str) -> None:
    """Bridges side by side, each with its table."""
    with st.grid(2, min_column_width=360):
        for place, walk in enumerate(walks):
            _show_walk(visit, walk, f"{key}-{place}")


def _show_walk(visit: Visit, walk: Walk, key: str) -> None:
    money = visit.money
    with panel(walk.name, f"{money.unit}; the steps add up to the cent", key):
        if walk.steps:
            show_chart(_bridge(walk, money), f"bridge-{key}")
        else:
            st.html(grey_line(f"{walk.end} and {walk.start[0]} are the same."))
        table = walk_table(walk)
        show_table(table.without_empty_columns(), money)
        download(visit, table, key)


def _bridge(walk: Walk, money: MoneyFormat) -> Chart:
    steps = [(name, amount / money.minor_per_scale) for name, amount in walk.steps]
    said = "; ".join(f"{name} {signed(amount, money.places(2))}" for name, amount in steps)
    alt = f"{walk.name} from {walk.start[0]} to {walk.end}, {money.unit}: {said}."
    start = (walk.start[0], walk.start[1] / money.minor_per_scale)
    return chart_bridge(start, steps, walk.end, decimals=money.places(2), alt=alt)

"""What each slider is worth: one step of it down and up, planned when somebody asks."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from sop.analysis.decisions.levers import Lever
from sop.core.format import MoneyFormat
from sop.core.measures import Headline
from sop.core.terms import Function
from sop.services.scenarios.bench import Bench, worth_of_levers
from sop.ui import charts
from sop.ui.frame.page import Visit
from sop.ui.kit.cards import grey_line
from sop.views.assumption_words import (
    lever_name,
    value_text,
)
from sop.views.executive.scenario_compare import LeverWorth
from sop.views.measure_columns import headline_unit
from sop.views.price_words import PRICE_KEYS, elasticity_words

_PLANNING = "planning one step of each slider down and up"


def show_worth(visit: Visit, bench: Bench, levers: Mapping[Function, tuple[Lever, ...]]) -> None:
    """An expander with the tornado; nothing is planned before it is opened."""
    entries = {
        entry.key: entry
        for entry in bench.plan.headline_measures
        if bench.plan.headline.get(entry.key) is not None
    }
    expander = st.expander("What each slider is worth", key="worth", on_change="rerun")
    if not expander.open or not entries:
        return
    with expander:
        usual = list(entries).index("ebit") if "ebit" in entries else 0
        measure = st.selectbox(
            "Measured in",
            list(entries),
            index=usual,
            format_func=lambda key: entries[key].label,
            key="worth_in",
            width=175,
        )
        bar = st.progress(0.0, _PLANNING)
        worth = worth_of_levers(visit.room, visit.inputs, bench, levers, measure, partial(_show_progress, bar))
        bar.empty()
        unit = headline_unit(entries[measure], visit.money)
        note = f"{entries[measure].label}, {unit} · one step of each slider down and up, the others as they stand"
        if any(lever.entry.key == "capacity_pct" for each in levers.values() for lever in each):
            note += " · line capacity without what more hours cost; hours bought are paid for"
        if any(lever.entry.key in PRICE_KEYS for each in levers.values() for lever in each):
            note += f" · {elasticity_words(visit.inputs.inputs, bench.assumptions)}"
        st.html(grey_line(note if worth else f"No slider moves {entries[measure].label} by one step."))
        if worth:
            charts.show_chart(tornado(worth, entries[measure], visit.money), "chart_worth")


def _show_progress(bar: DeltaGenerator, share: float) -> None:
    bar.progress(share, _PLANNING)


def tornado(worth: tuple[LeverWorth, ...], entry: Headline, money: MoneyFormat) -> charts.Chart:
    """The largest first, each end with the value that the slider would have."""
    drawn = [
        charts.TornadoBar(
            lever_name(found.lever),
            _measured(entry, found.down, money),
            _measured(entry, found.up, money),
            value_text(found.lever.entry, found.lever.step_down),
            value_text(found.lever.entry, found.lever.step_up),
        )
        for found in worth
    ]
    words = f"What one step of each slider changes in {entry.label}"
    return charts.chart_tornado(
        drawn,
        more_is_good=entry.better > 0,
        decimals=money.places(2) if entry.unit == "currency" else 2,
        alt=words,
    )


def _measured(entry: Headline, value: float, money: MoneyFormat) -> float:
    return {"fraction": value * 100, "days": value / 7}.get(entry.unit, money.value(value) or 0.0)

"""The Plan changes page's pieces: the bridge of a headline measure, changes by plan, family and month, fences."""

from __future__ import annotations

import streamlit as st

from sop.analysis.comparison.bridge import Bridge
from sop.core.calendar import worded
from sop.core.format import (
    MoneyFormat,
    signed,
)
from sop.core.measures import Headline, Measure
from sop.core.plan import Plan
from sop.ui.charts import chart_bridge, show_chart
from sop.ui.frame.text import literal
from sop.ui.kit.cards import grey_line

PER = {"fraction": 0.01, "days": 1.0}


def show_measure_bridge(bridge: Bridge | None, key: str, why: str, plan: Plan, money: MoneyFormat) -> None:
    """The bridge of one headline measure: causes, or where they are not known revenue by family."""
    if bridge is None:
        st.caption(literal(why) or worded("The plans have too few months in common."))
        return
    entries = {entry.key: entry for entry in plan.headline_measures}
    shown = entries[key if bridge.causes else "revenue"]
    st.html(grey_line(f"{worded(shown.definition)}, {_unit(shown, money)} · {bridge.note}"))
    per = money.minor_per_scale if shown.unit == "currency" else PER[shown.unit]
    decimals = money.places(2) if shown.unit == "currency" else 2
    steps = [(name, value / per) for name, value in bridge.steps]
    said = "; ".join(f"{name} {signed(value, decimals)}" for name, value in steps) or "no difference"
    alt = f"{shown.label} from {bridge.start[0]} to {bridge.end}: {said}."
    start = (bridge.start[0], bridge.start[1] / per)
    chart = chart_bridge(start, steps, bridge.end, more_is_good=shown.better > 0, decimals=decimals, alt=alt)
    show_chart(chart, "bridge")


def _unit(entry: Headline, money: MoneyFormat) -> str:
    return {"currency": money.unit, "days": "days", "fraction": "%"}[entry.unit]


def measure_unit(entry: Measure, money: MoneyFormat) -> str:
    """A measure's unit on screen."""
    return {"currency": money.unit, "fraction": "%"}.get(entry.unit, entry.unit)

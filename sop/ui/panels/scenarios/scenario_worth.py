"""What each slider is worth, plausibly lower and higher, and where it breaks even; planned when somebody asks."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import streamlit as st

from sop.analysis.decisions.levers import Lever
from sop.analysis.decisions.targets import GapTarget
from sop.core.format import MoneyFormat
from sop.core.measures import Headline
from sop.core.terms import Function
from sop.services.background import BackgroundJob
from sop.services.scenarios.bench import Bench, worth_job
from sop.ui import charts
from sop.ui.frame.page import Visit
from sop.ui.kit.cards import grey_line
from sop.ui.kit.jobs import follow_job
from sop.ui.kit.tables import show_table
from sop.views.assumption_words import (
    lever_name,
    value_text,
)
from sop.views.executive.gap_words import break_even_table
from sop.views.executive.scenario_compare import LeverWorth
from sop.views.measure_columns import headline_text, headline_unit
from sop.views.price_words import PRICE_KEYS, elasticity_words


def show_worth(visit: Visit, bench: Bench, levers: Mapping[Function, tuple[Lever, ...]]) -> None:
    """An expander with the tornado; nothing is planned before it is opened."""
    entries = known_headlines(bench)
    expander = st.expander("What each slider is worth", key="worth", on_change="rerun")
    if not expander.open or not entries:
        return
    with expander:
        measure = choose_headline("Measured in", entries, "worth_in")
        target = target_of(bench, measure)
        worth = worth_job(visit.room, visit.inputs, bench, levers, measure, target)
        if isinstance(worth, BackgroundJob):
            ask = partial(worth_job, visit.room, visit.inputs, bench, levers, measure, target)
            follow_job(ask, "Planning each slider lower and higher")
            return
        entry, unit = entries[measure], headline_unit(entries[measure], visit.money)
        note = (
            f"{entry.label}, {unit} · each slider lower and higher by as much as is plausible, the others as they"
        )
        note += " stand: one standard deviation where one is known, else what its owner calls plausible"
        if any(lever.entry.key == "capacity_pct" for each in levers.values() for lever in each):
            note += " · line capacity without what more hours cost; hours bought are paid for"
        if any(lever.entry.key in PRICE_KEYS for each in levers.values() for lever in each):
            note += f" · {elasticity_words(visit.inputs.inputs, bench.assumptions)}"
        st.html(grey_line(note if worth else f"No slider moves {entry.label} noticeably."))
        if not worth:
            return
        charts.show_chart(tornado(worth, entry, visit.money), "chart_worth")
        if target is not None:
            told = headline_text(entry, target.value, visit.money)
            st.html(grey_line(f"Break-even: where {entry.label} crosses {told} {unit}, the agreed plan's"))
            show_table(break_even_table(worth, visit.money.currency))


def known_headlines(bench: Bench) -> dict[str, Headline]:
    """The headline measures that the plan has, by key."""
    measures = bench.plan.headline_measures
    return {entry.key: entry for entry in measures if bench.plan.headline.get(entry.key) is not None}


def choose_headline(label: str, entries: Mapping[str, Headline], key: str) -> str:
    """The key of the headline measure that somebody chooses: EBIT at first, where it is known."""
    usual = list(entries).index("ebit") if "ebit" in entries else 0
    chosen: str = st.selectbox(
        label, list(entries), index=usual, format_func=lambda each: entries[each].label, key=key, width=175
    )
    return chosen


def target_of(bench: Bench, measure: str) -> GapTarget | None:
    """The agreed plan's figure, which the plan is to keep; None where there is none."""
    agreed = bench.agreed.get(measure)
    return None if agreed is None else GapTarget(measure, float(agreed))


def tornado(worth: tuple[LeverWorth, ...], entry: Headline, money: MoneyFormat) -> charts.Chart:
    """The largest first, each end with the value that the slider would have."""
    drawn = [
        charts.TornadoBar(
            lever_name(found.lever),
            _measured(entry, found.down, money),
            _measured(entry, found.up, money),
            value_text(found.lever.entry, found.low),
            value_text(found.lever.entry, found.high),
        )
        for found in worth
    ]
    words = f"What each slider changes in {entry.label}, plausibly lower and higher"
    return charts.chart_tornado(
        drawn,
        more_is_good=entry.better > 0,
        decimals=money.places(2) if entry.unit == "currency" else 2,
        alt=words,
    )


def _measured(entry: Headline, value: float, money: MoneyFormat) -> float:
    return {"fraction": value * 100, "days": value / 7}.get(entry.unit, money.value(value) or 0.0)

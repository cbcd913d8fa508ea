"""The Performance page's pieces: indicators as cards, tracks as charts and tables, accuracy, vintages, bridges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from sop.analysis.performance.indicators import TREND, Indicator
from sop.analysis.performance.tracks import Track, TrackLine
from sop.core.calendar import period_short, worded
from sop.core.format import MoneyFormat, effect, number, percent, percent_number, points_signed, signed
from sop.core.inputs import Floats
from sop.core.scores import CONSENSUS, NAIVE, StepAccuracy
from sop.core.words import in_sentence
from sop.facts.closed import OnTime
from sop.finance.gap import Gap
from sop.ui.charts import (
    Chart,
    chart_bridge,
    chart_categories,
    chart_kpi_line,
    chart_plan,
    chart_variance,
    show_chart,
)
from sop.ui.charts.heard import course_text
from sop.ui.frame.text import literal
from sop.ui.kit.cards import Change, kpi_card
from sop.views.measure_columns import worst_family_text


@dataclass(frozen=True)
class Scale:
    """How one track's figures are shown: unit in headers, decimals, and inside values per shown unit."""

    unit: str
    per: float
    decimals: int

    def values(self, figures: Floats) -> list[float | None]:
        """Figures for a chart, None where not known."""
        return [None if not np.isfinite(value) else float(value) / self.per for value in figures]

    def text(self, value: float) -> str:
        """A figure as text."""
        return number(value / self.per, self.decimals)

    def signed(self, value: float) -> str:
        """A difference as text."""
        return signed(value / self.per, self.decimals)


def scale_of(track: Track, money: MoneyFormat) -> Scale:
    """The scale of a track: units whole, money in the company's unit, a fraction in percent."""
    if track.unit == "currency":
        return Scale(money.unit, money.minor_per_scale, money.places(2))
    return Scale("%", 0.01, 1) if track.unit == "fraction" else Scale("units", 1.0, 0)


def more_is_good(track: Track) -> bool | None:
    """Whether more is good for the business; None where neither is."""
    return None if track.better == 0 else track.better > 0


def show_indicators(indicators: Sequence[Indicator], months: Sequence[str]) -> None:
    """One card for each indicator: value, trend, target or the reason why it is blank."""
    labels = [period_short(month) for month in months]
    with st.grid(8, min_column_width=112, gap="xsmall"):
        for entry in indicators:
            with st.container(border=True, height="stretch", key=f"kpi_{entry.key}"):
                _card(entry, labels)


def _card(entry: Indicator, labels: Sequence[str]) -> None:
    turns = entry.unit == "turns"
    value = number(entry.value, 1) if turns else percent_number(entry.value)
    worst = entry.beside if entry.worst is None else worst_family_text(entry.worst)
    st.html(kpi_card(entry.label, value, "a year" if turns else "%", _changes(entry), worst))
    if entry.value is None and entry.why:
        st.caption(literal(entry.why))
    elif len(entry.values) == len(labels) and sum(v is not None for v in entry.values) > 1:
        shown = [v if turns or v is None else v * 100 for v in entry.values]
        alt = f"{entry.label}, {worded(entry.definition)}: {value} in {labels[-1]}."
        nothing = [None] * len(labels)
        show_chart(chart_kpi_line(labels, shown, nothing, nothing, alt=alt), f"spark_{entry.key}")


def _changes(entry: Indicator) -> list[Change]:
    changes = []
    if entry.trend is not None:
        text = signed(entry.trend, 1) if entry.unit == "turns" else points_signed(entry.trend)
        changes.append(Change(text, worded(f"{TREND} months", counted=True), effect(text, entry.more_is_good)))
    if entry.target is not None and entry.value is not None:
        text = points_signed(entry.value - entry.target)
        changes.append(Change(text, "target", effect(text, entry.more_is_good)))
    return changes


def charts_of(track: Track, line: TrackLine, money: MoneyFormat) -> list[Chart]:
    """Actual against the plan of the time by month, and the difference below it where a plan covers a month."""
    scale, months = scale_of(track, money), [period_short(month) for month in track.months]
    last = f"{months[-1]}: {scale.text(line.actual[-1])} {scale.unit}"
    plan = f"plan {scale.text(line.plan[-1])}, difference {scale.signed(line.difference[-1])}"
    alt = f"{track.label}, {line.name}, {last}; {plan}."
    actual, agreed = scale.values(line.actual), scale.values(line.plan)
    above = chart_plan(months, actual, [None] * len(months), agreed, decimals=scale.decimals, alt=alt)
    if not np.isfinite(line.difference).any():
        return [above]
    difference = scale.values(line.difference)
    about = f"Difference of {in_sentence(track.label)} to the plan of the time"
    below = chart_variance(
        months,
        difference,
        more_is_good=more_is_good(track),
        decimals=scale.decimals,
        alt=course_text(about, months, difference, scale.unit, scale.decimals, signed),
    )
    return [above, below]


def chart_accuracy(rows: Sequence[StepAccuracy]) -> Chart:
    """Error of the consensus forecast by lag, with the seasonal naive forecast's at lag 1 as reference."""
    consensus = [row for row in rows if row.step == CONSENSUS]
    naive = next((row.wape.value for row in rows if row.step == NAIVE and row.lag == 1), None)
    return chart_categories(
        [f"lag {row.lag}" for row in consensus],
        [row.wape.value * 100 for row in consensus],
        measure="WAPE, %",
        reference=None if naive is None else naive * 100,
        reference_name="naive",
        decimals=1,
        alt="; ".join(f"lag {row.lag}: {percent(row.wape.value, 1)}" for row in consensus)
        or "No lag can be measured.",
    )


def chart_vintages(
    month: str, found: Sequence[tuple[str, float]], actual: float | None, money: MoneyFormat | None = None
) -> Chart:
    """Consensus demand for one month as each cycle's agreed plan had it, with what was asked for in the end.

    Units, or minor units written as `money`.
    """
    scale = 1.0 if money is None else money.minor_per_scale
    told = [(period_short(c), number(v) if money is None else money.labelled(v, 2)) for c, v in found]
    return chart_categories(
        [cycle for cycle, _ in told],
        [value / scale for _, value in found],
        measure="Units" if money is None else money.unit,
        reference=None if actual is None else actual / scale,
        reference_name="actual demand",
        decimals=0 if money is None else money.places(2),
        alt=f"Demand for {period_short(month)}: {', '.join(' '.join(each) for each in told)}.",
    )


def chart_otif(otif: OnTime) -> Chart:
    """The share of the value due that was on time in full, by month, percent; of all families."""
    share = [None if not np.isfinite(value) else float(value) * 100 for value in otif.share]
    labels = [period_short(month) for month in otif.months]
    return chart_categories(
        labels,
        share,
        measure="On time in full, %",
        alt=f"{labels[-1]}: {percent_number((share[-1] or 0) / 100)}%.",
    )


def chart_year_gap(found: Gap, money: MoneyFormat) -> Chart:
    """Revenue of the last twelve months against the twelve before, step by step."""
    steps = [(name, (minor / money.minor_per_scale)) for name, minor in found.steps.items() if minor]
    gap = money.signed(found.now - found.base, 2)
    return chart_bridge(
        ("Year before", found.base / money.minor_per_scale),
        steps,
        worded("Last 12 months"),
        decimals=money.places(2),
        alt=f"Revenue {money.labelled(found.now, 2)}, {gap} against the year before.",
    )

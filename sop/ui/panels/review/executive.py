"""The executive review on screen: cards, the bridge, the outlook, and the numbers behind them as tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import streamlit as st

from sop.analysis.comparison.bridge import Bridge
from sop.analysis.performance.kpis import Kpi
from sop.analysis.ranges.claims import TrackRecord
from sop.analysis.ranges.outlook import Outlook
from sop.core.calendar import period_short, worded
from sop.core.format import MoneyFormat
from sop.core.measures import measure
from sop.core.plan import Plan
from sop.ui.charts import (
    Bands,
    chart_bridge,
    chart_fan,
    chart_kpi_columns,
    chart_kpi_line,
    show_chart,
)
from sop.ui.frame.text import literal
from sop.ui.kit.cards import grey_line, headline_change, kpi_card
from sop.views.executive.claim_words import bias_note
from sop.views.measure_columns import (
    headline_difference,
    headline_figure,
    headline_text,
    headline_unit,
    worst_text,
)

# -- cards


def show_kpis(
    kpis: Sequence[Kpi],
    money: MoneyFormat,
    against: str,
    explain: Callable[[Kpi], None] | None = None,
    record: TrackRecord | None = None,
) -> None:
    """The row of cards; a measure that cannot be known has no card (`missing_sentence` says why).

    `explain` draws what opens a card's figure; a figure that signed plans had wrong one way says so (`record`).
    """
    known = [kpi for kpi in kpis if kpi.value is not None]
    with st.grid(max(len(known), 4), min_column_width=118, gap="xsmall"):
        for kpi in known:
            with st.container(border=True, height="stretch", key=f"kpi_{kpi.key}"):
                _card(kpi, money, against)
                bias = None if record is None else record.bias_of(kpi.key)
                if bias is not None:
                    st.html(grey_line(bias_note(bias)))
                if explain is not None:
                    explain(kpi)


def _card(kpi: Kpi, money: MoneyFormat, against: str) -> None:
    pairs = ((kpi.against_base, against), (kpi.against_budget, "budget"))
    changes = [headline_change(kpi.headline, value, name, money) for value, name in pairs if value is not None]
    value = headline_text(kpi.headline, kpi.value, money)
    unit = headline_unit(kpi.headline, money)
    worst = worst_text(kpi.headline, kpi.worst)
    page = kpi.headline.page or measure(kpi.headline.line).plan
    st.html(kpi_card(kpi.headline.label, value, unit, changes, worst, page or ""))
    draw = chart_kpi_columns if kpi.headline.read == "sum" else chart_kpi_line
    actual, plan, agreed = (
        [headline_figure(kpi.headline, value, money) for value in values]
        for values in (kpi.actual, kpi.plan, kpi.agreed)
    )
    months = [period_short(month) for month in kpi.months]
    said = ", ".join(filter(None, (worst, *(f"{change.text} against {change.against}" for change in changes))))
    alt = f"{kpi.headline.label} {value} {unit}; {said}"
    show_chart(draw(months, actual, plan, agreed, alt=alt), key=f"spark_{kpi.key}")


def show_grey(*lines: str) -> None:
    """Grey lines that take no more room than they need; empty ones take none."""
    told = "".join(map(grey_line, filter(None, lines)))
    if told:
        st.html(told)


# -- what changed and what will happen


@contextmanager
def explaining() -> Iterator[Callable[[float], None]]:
    """A progress bar that shows itself only when told of progress, and goes when it is done."""
    place = st.empty()

    def tell(share: float) -> None:
        place.progress(share, "Explaining what changed since the agreed plan")

    yield tell
    place.empty()


def show_bridge(bridge: Bridge | None, kpis: Sequence[Kpi], plan: Plan, money: MoneyFormat) -> None:
    """The bridge with its title, for a measure of choice where causes are known; else what is missing."""
    if bridge is None:
        st.header("What changed", anchor=False)
        if not plan.has_revenue:
            st.html(grey_line(f"What moved revenue is not known: {plan.why_unknown('revenue')}."))
            return
        st.html(grey_line("No agreed plan, no budget and less than a year of sales: nothing to compare with yet."))
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header(literal(bridge.title), anchor=False, width="stretch")
        kpi = _choose_measure(bridge, kpis)
    entry, bridge = kpi.headline, bridge.of(kpi.key)
    unit = headline_unit(entry, money)
    st.html(grey_line(f"{entry.label}, next {plan.near_text}, {unit} · {bridge.note}"))
    words = [(name, headline_difference(entry, value, money)) for name, value in bridge.steps]
    said = "; ".join(f"{name} {text}" for name, text in words) or "no difference"
    texts = [headline_text(entry, value, money) for value in (bridge.start[1], bridge.total)]
    chart = chart_bridge(
        (bridge.start[0], headline_figure(entry, bridge.start[1], money) or 0.0),
        [(name, headline_figure(entry, value, money) or 0.0) for name, value in bridge.steps],
        bridge.end,
        budget=None if bridge.reference == "budget" else headline_figure(entry, kpi.budget, money),
        more_is_good=entry.better > 0,
        decimals=money.decimals if entry.unit == "currency" else 1,
        alt=f"{entry.label} from {bridge.start[0]} {texts[0]} to {texts[1]} {unit}: {said}",
    )
    show_chart(chart, key="bridge")


def _choose_measure(bridge: Bridge, kpis: Sequence[Kpi]) -> Kpi:
    """The headline measure to explain: any whose causes are known, revenue otherwise."""
    by_label = {kpi.headline.label: kpi for kpi in kpis if kpi.key in bridge.starts}
    if not by_label:
        return kpis[0]
    label = st.selectbox(
        "Measure to explain",
        list(by_label),
        key="bridge_measure",
        label_visibility="collapsed",
        width=160,
        persist_state="session",
    )
    return by_label[label]


def show_outlook(
    outlook: Outlook | None,
    plan: Plan,
    plan_name: str,
    money: MoneyFormat,
    caption: str,
    *,
    stale: bool = False,
    beside: Callable[[], None] | None = None,
) -> None:
    """The fan of rolling revenue with its chances, else why none is known.

    `stale`: bands of another plan. `beside` draws what stands beside the title, where it pushes nothing down.
    """
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header("What will happen", anchor=False, width="stretch")
        if beside is not None:
            beside()
    if outlook is None:
        st.html(grey_line(f"Ranges and chances of revenue are not known: {plan.why_unknown('revenue')}."))
        return
    if not any(value is not None and value == value for value in (*outlook.actual, *outlook.plan)):
        st.html(grey_line("Revenue of twelve months in a row is not known yet: fewer are closed and planned."))
        return
    st.html(grey_line(worded(f"Revenue, rolling 12 months, {money.unit} · {caption}")))
    bands = None
    if outlook.draws:
        bands = Bands(
            p10=money.values(outlook.p10),
            p25=money.values(outlook.p25),
            p75=money.values(outlook.p75),
            p90=money.values(outlook.p90),
            chance_agreed=outlook.chance_agreed,
            chance_budget=outlook.chance_budget,
        )
    middle = money.labelled(outlook.plan[-1])
    low, high = (money.labelled(row[-1]) for row in (outlook.p10, outlook.p90))
    between = f", between {low} and {high} in eight of ten cases" if outlook.span else ""
    chart = chart_fan(
        [period_short(month) for month in outlook.months],
        money.values(outlook.actual),
        money.values(outlook.plan),
        money.values(outlook.agreed),
        money.values(outlook.budget),
        bands,
        plan_name=plan_name.lower(),
        decimals=money.decimals,
        muted=stale,
        alt=f"Rolling revenue reaches {middle}{between}",
    )
    show_chart(chart, key="outlook")

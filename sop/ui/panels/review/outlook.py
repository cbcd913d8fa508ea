"""The Outlook page on screen: where the year may end, ranges by horizon, targets, events, indicators, claims."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from sop.analysis.ranges.claims import SAID, TrackRecord
from sop.analysis.ranges.outlook import Outlook
from sop.analysis.ranges.projections import Spread, Targets
from sop.core.calendar import period_short, worded
from sop.core.format import MoneyFormat, number, percent, percent_signed
from sop.core.inputs import LeadingIndicator
from sop.core.plan import Plan
from sop.core.terms import PlanName, owner_title
from sop.portfolio.outside_in import EventStake, IndicatorItem
from sop.ui.charts import chart_categories, chart_indicator, show_chart
from sop.ui.frame.page import Visit
from sop.ui.frame.text import literal
from sop.ui.kit.cards import grey_line, small_heading
from sop.ui.kit.edit_form import show_edit_form
from sop.ui.kit.panel import download, panel
from sop.ui.kit.tables import show_table
from sop.views.executive.claim_words import (
    CORRECTIONS,
    bias_sentence,
    claims_table,
    evidence_sentence,
    missed_sentence,
    record_sentence,
)
from sop.views.executive.outlook_page import OutlookPage, OutsideIn, outside_sentence
from sop.views.executive.outlook_tables import events_table, projections_table, targets_table
from sop.views.executive.outside_in import (
    lead_words,
    profit_name,
    threshold_words,
)
from sop.views.executive.range_words import bad_tenth_sentence, held_words, horizon_words
from sop.views.measure_columns import headline_text, headline_unit

RANGE_SIZES = (
    "price_spread", "output_spread", "supplier_delay_days", "launch_volume_spread", "delay_spread_months",
    "initiative_spread", "operating_cost_spread", "dso_spread_days",
)  # fmt: skip
"""The assumptions that say how far what is planned may differ."""
STALE = "Of the plan before its last change"
_RANGE_NOTE = "Low to high: eight of ten cases"
_RECORD_NOTE = f"past ranges held: how often, where we said {percent(SAID)}"
_MONTHS = 24
"""Published months that an indicator's chart shows."""


def page_message(visit: Visit, outside: OutsideIn, outlook: Outlook | None = None) -> str:
    """What hurts most from outside and, with an outlook, the chance of the budget or where revenue may end."""
    return outside_sentence(visit.view.plan, visit.money, outside, outlook)


def say_unknown(plan: Plan) -> None:
    """That nothing outside can be told in money, and why."""
    with panel("From outside", "", "events"):
        why = plan.why_unknown("revenue")
        st.html(grey_line(f"What events put at stake, targets and ranges are told in money, and {why}."))


def show_outside_first(visit: Visit, outside: OutsideIn) -> None:
    """The first line of an agenda: what hurts most from outside, as a way to the Outlook page."""
    if outside.stakes or outside.items:
        text = literal(page_message(visit, outside))
        st.page_link("pages/outlook.py", label=text, icon=":material/public:")


# -- where the year may end


def show_spread(
    spreads: Sequence[Spread], money: MoneyFormat, near: str, record: TrackRecord, *, stale: bool = False
) -> None:
    """How likely the next twelve months are to end in each range of a headline measure; what the worst tenth is.

    `stale`: the ranges are those of the plan before its last change.
    """
    with panel(f"Where the next {near} may end", STALE if stale else "", "spread"):
        if not spreads:
            st.html(grey_line("Nothing is uncertain yet: there is no forecast with a range and no event."))
            return
        names = {spread.headline.label: spread for spread in spreads}
        chosen = st.segmented_control(
            "Measure", list(names), default=next(iter(names)), required=True, key="outlook_spread",
            label_visibility="collapsed", persist_state="session",
        )  # fmt: skip
        _spread_chart(names.get(chosen or "", spreads[0]), money, record)


def _spread_chart(spread: Spread, money: MoneyFormat, record: TrackRecord) -> None:
    entry = spread.headline
    unit = headline_unit(entry, money)
    low, high = (headline_text(entry, value, money) for value in spread.held)
    st.html(grey_line(f"{entry.label}, {unit}: chance in % to end around each figure, at both ends beyond it too"))
    middles = [(low + high) / 2 for low, high in zip(spread.edges, spread.edges[1:], strict=False)]
    close = entry.unit == "currency" and spread.edges[1] - spread.edges[0] < 0.15 * money.minor_per_scale
    chart = chart_categories(
        [money.text(middle, 2) if close else headline_text(entry, middle, money) for middle in middles],
        [chance * 100 for chance in spread.chance],
        measure="Chance, %",
        alt=f"{entry.label} ends between {low} and {high} {unit} in eight of ten cases",
    )
    show_chart(chart, key="outlook_spread_chart")
    past = held_words(record, entry)
    st.html(grey_line(f"Between {low} and {high} {unit} in eight of ten cases{past and '; ' + past}."))
    st.html(grey_line(f"{bad_tenth_sentence(spread, money)}."))


# -- events


def show_register(visit: Visit, stakes: Sequence[EventStake]) -> None:
    """Outside events, most expected of them first, with where each counts and what can be done about it."""
    profit = profit_name(visit.view.plan)
    note = (
        f"{profit} of the next {visit.view.plan.near_text} if the event is certain against that it never "
        "comes, each found by "
        "planning again · + opportunity"
    )
    table = events_table(stakes, profit, visit.inputs.inputs.calendar, visit.money)
    with panel("From outside, ranked by what is expected", note if stakes else "", "events"):
        show_table(table, visit.money)
        if stakes:
            download(visit, table, "outside-events")


def show_event_form(visit: Visit) -> None:
    """The owner's form for an event's chance and for where it counts."""
    note = (
        "In the plan: expected effect in every plan · in the range: only in the bands · watched: in neither · "
        "sales decides for every event; the owner in the register answers for its mitigation and tells sales"
    )
    show_edit_form(visit, PlanName.SALES, ("event_probability", "event_use"), "Change an event", note=note)


# -- targets and horizons


def show_targets(visit: Visit, targets: Targets, near: str) -> None:
    """The chance of each target, and of all of a kind at once."""
    note = f"Next {near} · lead time and stock: at the target or below"
    with panel("Chance of each target", note, "targets"):
        show_table(targets_table(targets, visit.view.plan.worst), visit.money)


def show_projections(visit: Visit, page: OutlookPage, *, stale: bool = False) -> None:
    """Every headline measure over a span of choice with its range; `stale`: the plan's before its last change."""
    told = STALE if stale else " · ".join([_RANGE_NOTE, *([_RECORD_NOTE] if page.record.rows else [])])
    with panel("What it leads to", told, "projections"):
        names = {horizon_words(span, visit.view.plan.months): span for span in page.spans}
        chosen = st.segmented_control(
            worded("Months"), list(names), default=next(iter(names)), required=True, key="outlook_span",
            label_visibility="collapsed", persist_state="session",
        )  # fmt: skip
        span = names.get(chosen or "", page.spans[0])
        # Who is worst is told of the next twelve months, and of this plan.
        told_of_year = not stale and (span.first, span.last) == (page.spans[0].first, page.spans[0].last)
        worst = visit.view.plan.worst if told_of_year else {}
        table = projections_table(page.projections, span, visit.money, worst, page.record)
        show_table(table, visit.money)
        download(visit, table, "outlook")


# -- leading indicators and past claims


def show_indicators(indicators: Sequence[LeadingIndicator], outside: OutsideIn) -> None:
    """Each leading indicator with its thresholds, its last value, the item that it opens, and what it leads."""
    with panel(
        "Leading indicators", "As published so far; dotted: the threshold beyond which an item opens", "leading"
    ):
        if not indicators:
            st.html(
                grey_line(
                    "No leading indicators are loaded. Load indicators on the Data page, with what is too low and "
                    "too high: a value beyond opens an item by itself."
                )
            )
            return
        with st.grid(3, min_column_width=260):
            for place, indicator in enumerate(indicators):
                with st.container():
                    items = [item for item in outside.items if item.indicator == indicator.name]
                    _indicator(indicator, items, lead_words(indicator.name, outside.drivers), place)


def _indicator(indicator: LeadingIndicator, items: Sequence[IndicatorItem], leads: str, place: int) -> None:
    last, month = float(indicator.values[-1]), period_short(indicator.months[-1])
    st.html(small_heading(f"{indicator.name}: {number(last, 1)} in {month}"))
    below, above = (value if value == value else None for value in (indicator.alert_below, indicator.alert_above))
    state = items[0].sentence if items else threshold_words(indicator)
    chart = chart_indicator(
        [period_short(each) for each in indicator.months[-_MONTHS:]],
        indicator.values[-_MONTHS:].tolist(),
        below=below,
        above=above,
        alt=f"{indicator.name}: {number(last, 1)} in {month}; {state}",
    )
    show_chart(chart, key=f"indicator_{place}")
    if items:
        owner = f" · {owner_title(items[0].owner)}" if items[0].owner else " · no owner"
        st.caption(f":red[▲] {literal('Item open: ' + items[0].sentence + owner)}")
        warned = (
            f"Warns of {indicator.event}: what can be done about it stands among the decisions above."
            if indicator.event
            else "It warns of no outside event, so nothing is proposed; column event of its table names one."
        )
        st.html(grey_line(warned))
    else:
        st.html(grey_line(threshold_words(indicator)))
    if leads:
        st.html(grey_line(leads))


def show_claims(record: TrackRecord) -> None:
    """How often the ranges of signed plans came true, by measure and how far ahead, and what is biased."""
    note = (
        f"% of ranges that held, by how far ahead they were said, where we said {percent(SAID)} · of how many, "
        "and how far plans were off"
    )
    with panel("What our claims were worth", note, "claims"):
        for sentence in filter(
            None, (record_sentence(record), missed_sentence(record), evidence_sentence(record))
        ):
            st.html(grey_line(sentence))
        show_table(claims_table(record))


def show_corrections(visit: Visit, record: TrackRecord, stock_above: float | None) -> None:
    """Proven biases as corrections that their owners may take."""
    offered = [bias for bias in record.biases if bias.headline.key in CORRECTIONS]
    if not offered:
        return
    keys = [CORRECTIONS[bias.headline.key] for bias in offered]
    told = [bias_sentence(bias) for bias in offered]
    if stock_above is not None and "stock_above_safety" in keys:
        told.append(f"stock was {percent_signed(stock_above)} against safety stock")
    show_edit_form(visit, PlanName.INVENTORY, keys, "Take a bias as a correction", note=" · ".join(told))


def show_sizes(visit: Visit) -> None:
    """The owners' form for how far what is planned may differ."""
    note = "About two in three cases fall within it (one standard deviation) · from the tables where they say"
    show_edit_form(visit, PlanName.FINANCIAL, RANGE_SIZES, "Change how far things may differ", note=note)

"""The Outlook page on screen: where the year may end, ranges by horizon, targets, events, indicators, claims."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import pandas as pd
import streamlit as st

from sop.analysis.ranges.claims import TrackRecord
from sop.analysis.ranges.outlook import Outlook
from sop.analysis.ranges.projections import Horizon, Projection, Spread, Targets, horizons_of
from sop.core.calendar import period_short
from sop.core.inputs import LeadingIndicator
from sop.core.plan import Plan
from sop.core.terms import PlanName
from sop.core.words import plain_chance
from sop.portfolio.outside_in import EventStake, IndicatorItem
from sop.ui.charts import chart_categories, chart_indicator, show_chart
from sop.ui.frame.page import Visit, literal
from sop.ui.kit.cards import grey_line, small_heading
from sop.ui.kit.edit_form import show_edit_form
from sop.ui.kit.format import MISSING, MoneyFormat, effect, number, percent
from sop.ui.kit.headline_text import headline_text, headline_unit
from sop.ui.kit.html_tables import Bar, Cell, Content, HtmlColumn, html_table
from sop.ui.kit.panel import (
    download,
    panel,
)
from sop.views.executive.outlook_page import OutsideIn
from sop.views.executive.outside_in import (
    USE_WORDS,
    Hurt,
    event_effect,
    event_window,
    lead_words,
    outside_message,
    threshold_words,
)

_MONTHS = 24
"""Published months that an indicator's chart shows."""


def profit_name(visit: Visit) -> str:
    """What profit at stake is called: EBIT, or gross margin where the plan ends there."""
    return "gross margin" if visit.view.plan.headline["ebit"] is None else "EBIT"


def page_message(visit: Visit, outside: OutsideIn, outlook: Outlook | None = None) -> str:
    """What hurts most from outside and, with an outlook, the chance of the budget or where revenue may end."""
    worst = next((stake for stake in outside.stakes if stake.is_risk), None)
    hurt = None
    if worst is not None:
        event = worst.event
        title = event.title or event.name
        hurt = Hurt(title, event.source, worst.probability, worst.use, worst.profit, profit_name(visit))
    alerts = len({item.indicator for item in outside.items})
    chance = None if outlook is None else outlook.chance_budget
    span = None if outlook is None else outlook.span
    return outside_message(hurt, chance, alerts, lambda value: _money_words(value, visit.money), span)


def say_unknown(plan: Plan) -> None:
    """That nothing outside can be told in money, and why."""
    with panel("From outside", "", "events"):
        why = plan.why_unknown("revenue")
        st.html(grey_line(f"What events put at stake, targets and ranges are told in money, and {why}."))


def _money_words(value: float, money: MoneyFormat) -> str:
    """Money with its unit: in millions, or in full where that would be nothing."""
    return money.labelled(value, 2) if abs(value) >= money.minor_per_scale / 100 else money.full(value)


def show_outside_first(visit: Visit, outside: OutsideIn) -> None:
    """The first line of an agenda: what hurts most from outside, as a way to the Outlook page."""
    if outside.stakes or outside.items:
        text = literal(page_message(visit, outside))
        st.page_link("pages/outlook.py", label=text, icon=":material/public:")


# -- where the year may end


def show_spread(spreads: Sequence[Spread], money: MoneyFormat) -> None:
    """How likely the next twelve months are to end in each range of revenue or profit."""
    with panel("Where the next 12 months may end", "", "spread"):
        if not spreads:
            st.html(grey_line("Nothing is uncertain yet: there is no forecast with a range and no event."))
            return
        names = {spread.headline.label: spread for spread in spreads}
        chosen = st.segmented_control(
            "Measure", list(names), default=next(iter(names)), required=True, key="outlook_spread",
            label_visibility="collapsed", persist_state="session",
        )  # fmt: skip
        spread = names.get(chosen or "", spreads[0])
        _spread_chart(spread, money)


def _spread_chart(spread: Spread, money: MoneyFormat) -> None:
    held, without = ([money.text(value) for value in pair] for pair in (spread.held, spread.held_without))
    alone = f"; by forecast error alone {without[0]} to {without[1]}" if spread.held != spread.held_without else ""
    st.html(
        grey_line(
            f"{spread.headline.label}, {money.unit}: chance in % to end around each figure · eight in ten cases "
            f"{held[0]} to {held[1]}{alone}"
        )
    )
    middles = [(low + high) / 2 for low, high in zip(spread.edges, spread.edges[1:], strict=False)]
    close = spread.edges[1] - spread.edges[0] < 0.15 * money.minor_per_scale
    chart = chart_categories(
        [money.text(middle, 2 if close else 1) for middle in middles],
        [chance * 100 for chance in spread.chance],
        measure="Chance, %",
        alt=f"{spread.headline.label} ends between {held[0]} and {held[1]} {money.unit} in eight of ten cases",
    )
    show_chart(chart, key="outlook_spread_chart")


# -- events


def show_register(visit: Visit, stakes: Sequence[EventStake]) -> None:
    """Outside events, most money at stake first, with where each counts and what can be done about it."""
    profit = profit_name(visit)
    note = (
        f"{profit} of the next 12 months if the event is certain against that it never comes, each found by "
        "planning again · + opportunity"
    )
    with panel("From outside, ranked by money", note if stakes else "", "events"):
        if not stakes:
            st.html(
                grey_line(
                    "No outside events are loaded. Load events on the Data page: what customers, partners, "
                    "competitors and the market may do, with probability, months and effect; each is then worth "
                    "its money here, and in the range of every figure."
                )
            )
            return
        st.html(register_table(stakes, visit))
        download(visit, register_frame(stakes, visit), "outside-events", "Download")


def register_table(stakes: Sequence[EventStake], visit: Visit) -> str:
    """The register of events as HTML."""
    money, profit = visit.money, profit_name(visit)
    columns = [
        HtmlColumn("Event"),
        HtmlColumn("Counts"),
        HtmlColumn("Chance", True),
        HtmlColumn(f"At stake, {profit}, {money.unit}", width="11rem"),
        HtmlColumn(f"Expected, {money.unit}", True),
        HtmlColumn(f"Revenue, {money.unit}", True),
        HtmlColumn("Mitigation"),
        HtmlColumn("Owner"),
    ]
    largest = max(abs(stake.profit) for stake in stakes)
    return html_table(columns, [_event_row(s, largest, visit) for s in stakes], caption="Outside events")


def _event_row(stake: EventStake, largest: int, visit: Visit) -> list[Content]:
    event, money = stake.event, visit.money
    when = event_window(event, visit.inputs.inputs.calendar)
    expected = money.signed(stake.expected, 2)
    return [
        Cell(event.title or event.name, note=f"{event.name} · {event.source} · {event_effect(event)} · {when}"),
        USE_WORDS[stake.use].capitalize(),
        percent(stake.probability),
        Bar(abs(stake.profit), largest, money.signed(stake.profit, 2)),
        Cell(expected, effect=effect(expected, True)),
        money.signed(stake.revenue, 2),
        _mitigation(stake, money),
        event.owner,
    ]


def _mitigation(stake: EventStake, money: MoneyFormat) -> Content:
    event, pays = stake.event, stake.mitigation_pays
    if not event.mitigation:
        return MISSING
    cost = f"costs {money.full(event.mitigation_cost * 100)}" if event.mitigation_cost else "costs nothing"
    if pays is None:
        return Cell(event.mitigation, note=cost)
    return Cell(event.mitigation, note=f"{cost}: {'less' if pays else 'more'} than the loss expected")


def register_frame(stakes: Sequence[EventStake], visit: Visit) -> pd.DataFrame:
    """The register of events for a download; money in currency."""
    calendar = visit.inputs.inputs.calendar
    rows = [
        {
            "event": s.event.name, "title": s.event.title, "source": s.event.source, "use": s.use.value,
            "probability": s.probability, "months": event_window(s.event, calendar),
            "effect": event_effect(s.event),
            "profit_at_stake": s.profit / 100, "expected": s.expected / 100, "revenue_at_stake": s.revenue / 100,
            "owner": s.event.owner, "mitigation": s.event.mitigation, "mitigation_cost": s.event.mitigation_cost,
        }
        for s in stakes
    ]  # fmt: skip
    return pd.DataFrame(rows)


def show_event_form(visit: Visit) -> None:
    """The owner's form for an event's chance and for where it counts."""
    note = (
        "In the plan: expected effect in every plan · in the range: only in the bands · watched: in neither · "
        "sales decides for every event; the owner in the register answers for its mitigation and tells sales"
    )
    show_edit_form(visit, PlanName.SALES, ("event_probability", "event_use"), "Change an event", note=note)


# -- targets and horizons


def show_targets(targets: Targets, money: MoneyFormat) -> None:
    """The chance of each target, and of all of a kind at once."""
    note = "Next 12 months · lead time and stock: at the target or below"
    with panel("Chance of each target", note, "targets"):
        if not targets.rows:
            st.html(grey_line("No budget and no agreed plan to reach: load budget, or agree a plan."))
            return
        columns = [
            HtmlColumn("Target"),
            HtmlColumn("Measure"),
            HtmlColumn("Unit"),
            HtmlColumn("Target value", True),
        ]
        columns += [HtmlColumn("Plan", True), HtmlColumn("Chance", True)]
        rows: list[list[Content]] = [
            [
                row.kind, row.headline.label, headline_unit(row.headline, money),
                headline_text(row.headline, row.mark, money), headline_text(row.headline, row.plan, money),
                plain_chance(row.chance),
            ]
            for row in targets.rows
        ]  # fmt: skip
        at_once = "revenue, margin, EBIT and cash at once"
        rows += [
            [Cell(kind, strong=True), at_once, "", "", "", Cell(plain_chance(chance), strong=True)]
            for kind, chance in targets.joint.items()
        ]
        st.html(html_table(columns, rows, caption="Chance of each target"))


def show_projections(visit: Visit, projections: Sequence[Projection]) -> None:
    """Every headline measure over the short, medium and long horizon with its range."""
    horizons = horizons_of(visit.view.plan.calendar.horizon, visit.view.plan.calendar.year)
    note = " · ".join(_horizon_words(horizon, visit.view.plan.months) for horizon in horizons)
    with panel("What it leads to", f"{note} · P10 to P90: eight of ten cases", "projections"):
        columns = [HtmlColumn("Measure"), HtmlColumn("Unit")]
        for horizon in horizons:
            columns += [
                HtmlColumn(f"{horizon.name}: plan", True),
                *(HtmlColumn(p, True) for p in ("P10", "P50", "P90")),
            ]
        st.html(html_table(columns, _projection_rows(projections, horizons, visit.money), caption="Projections"))
        download(visit, projection_frame(projections, visit.view.plan.months), "outlook", "Download")


def _horizon_words(horizon: Horizon, months: Sequence[str]) -> str:
    return f"{horizon.name}: {period_short(months[horizon.first])} – {period_short(months[horizon.last])}"


def _projection_rows(
    projections: Sequence[Projection], horizons: Sequence[Horizon], money: MoneyFormat
) -> list[list[Content]]:
    found = {(row.headline.key, row.horizon.name): row for row in projections}
    rows: list[list[Content]] = []
    for entry in dict.fromkeys(row.headline for row in projections):
        row: list[Content] = [entry.label, headline_unit(entry, money)]
        for horizon in horizons:
            one = found.get((entry.key, horizon.name))
            if one is None:
                row += [MISSING] * 4
                continue
            row.append(Cell(headline_text(entry, one.plan, money), strong=True))
            row += [headline_text(entry, value, money) for value in (one.p10, one.p50, one.p90)]
        rows.append(row)
    return rows


def projection_frame(projections: Sequence[Projection], months: Sequence[str]) -> pd.DataFrame:
    """The projections for a download; money in currency."""
    rows = []
    for row in projections:
        scale = 100 if row.headline.unit == "currency" else 1
        figures = {"plan": row.plan, "p10": row.p10, "p50": row.p50, "p90": row.p90}
        span = {"from": months[row.horizon.first], "to": months[row.horizon.last]}
        rows.append(
            {"measure": row.headline.label, "unit": row.headline.unit, "horizon": row.horizon.name, **span}
            | {name: round(value / scale, 4) for name, value in figures.items()}
        )
    return pd.DataFrame(rows)


# -- leading indicators and past claims


def show_indicators(indicators: Sequence[LeadingIndicator], outside: OutsideIn) -> None:
    """Each leading indicator with its thresholds, its last value, the item that it opens, and what it leads."""
    with panel(
        "Leading indicators", "As published so far; dotted: the threshold beyond which an item opens", "leading"
    ):
        if not indicators:
            st.html(
                grey_line(
                    "No leading indicators are loaded. Load indicators on the Data page, with alert_below or "
                    "alert_above: a value beyond opens an item by itself."
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
        owner = f" · {items[0].owner}" if items[0].owner else " · no owner"
        st.caption(f":red[▲] {literal('Item open: ' + items[0].sentence + owner)}")
    else:
        st.html(grey_line(threshold_words(indicator)))
    if leads:
        st.html(grey_line(leads))


def show_claims(record: TrackRecord) -> None:
    """When we said 80%, how often it came true, by how far ahead it was said."""
    note = (
        "Intervals for a family, region and month in the forecasts of agreed plans, now that the month is closed"
    )
    with panel("What our claims were worth", note, "claims"):
        if not record.counts:
            st.html(grey_line("No month that an agreed plan made claims about has closed yet."))
            return
        columns = [
            HtmlColumn("We said"),
            HtmlColumn("For"),
            HtmlColumn("Came true", True),
            HtmlColumn("Claims", True),
        ]
        rows: list[list[Content]] = [
            [
                percent(c.claimed),
                c.ahead,
                Cell(percent(c.share), effect=_kept(c.share, c.claimed)),
                number(c.claims),
            ]
            for c in record.counts
        ]
        st.html(html_table(columns, rows, caption="Past claims"))
        if record.links.widen >= 1.005:
            st.html(
                grey_line(
                    f"Today's bands are {record.links.widen - 1:.0%} wider than stated, so that 80% means 80%."
                )
            )


def _kept(share: float, claimed: float) -> Literal["good", "bad"]:
    return "good" if share >= claimed - 0.02 else "bad"

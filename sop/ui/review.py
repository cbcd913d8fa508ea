"""The panels of the executive review: what its view models look like on screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date

import streamlit as st

from sop.core.measures import HEADLINES, Headline
from sop.core.plan import Plan
from sop.core.terms import PlanName
from sop.review.bridge import Bridge
from sop.review.decisions import Decision as ValuedDecision
from sop.review.exceptions import ReviewException
from sop.review.kpis import Kpi, Value
from sop.review.outlook import Outlook
from sop.review.strategy import Strand
from sop.services.decisions import Valuation
from sop.ui.cards import grey_line, kpi_card
from sop.ui.charts import (
    Bands,
    StripItem,
    chart_bridge,
    chart_fan,
    chart_kpi_columns,
    chart_kpi_line,
    chart_strip,
    show_chart,
)
from sop.ui.format import MINUS, MISSING, MoneyFormat, effect, signed
from sop.ui.frame import short_month
from sop.ui.headlines import headline_change, headline_difference, headline_text, headline_unit
from sop.ui.tables import Bar, Cell, Column, Content, Decision, decision_row, decisions_head, html_table

MOST_EXCEPTIONS = 6
NO_BREAK = "\u00a0"


# -- cards


def show_kpis(kpis: Sequence[Kpi], money: MoneyFormat, against: str) -> None:
    """The row of cards; a measure that cannot be known has no card (`missing_sentence` says why)."""
    known = [kpi for kpi in kpis if kpi.value is not None]
    with st.grid(max(len(known), 4), min_column_width=118, gap="xsmall"):
        for kpi in known:
            with st.container(border=True, height="stretch", key=f"kpi_{kpi.key}"):
                _card(kpi, money, against)


def _card(kpi: Kpi, money: MoneyFormat, against: str) -> None:
    pairs = ((kpi.against_base, against), (kpi.against_budget, "budget"))
    changes = [headline_change(kpi.headline, value, name, money) for value, name in pairs if value is not None]
    value = headline_text(kpi.headline, kpi.value, money)
    unit = headline_unit(kpi.headline, money)
    st.html(kpi_card(kpi.headline.label, value, unit, changes))
    draw = chart_kpi_columns if kpi.headline.read == "sum" else chart_kpi_line
    actual, plan, agreed = (
        [shown(kpi.headline, value, money) for value in values] for values in (kpi.actual, kpi.plan, kpi.agreed)
    )
    months = [short_month(month) for month in kpi.months]
    said = ", ".join(f"{change.text} against {change.against}" for change in changes)
    alt = f"{kpi.headline.label} {value} {unit}; {said}"
    show_chart(draw(months, actual, plan, agreed, alt=alt), key=f"spark_{kpi.key}")


def shown(entry: Headline, value: Value, money: MoneyFormat) -> float | None:
    """A headline value in the unit on screen: M€, weeks or percent."""
    if value is None or entry.unit == "currency":
        return money.value(value)
    return value / 7 if entry.unit == "days" else value * 100


_NEEDS = {
    "gross_margin": PlanName.FINANCIAL,
    "ebit": PlanName.FINANCIAL,
    "cash": PlanName.FINANCIAL,
    "inventory": PlanName.INVENTORY,
    "lead_time": PlanName.CUSTOMER_LEAD_TIME,
    "on_time": PlanName.CUSTOMER_LEAD_TIME,
}


def missing_sentence(kpis: Sequence[Kpi], plan: Plan) -> str:
    """What has no card, why, and which tables would unlock it; empty where all are known."""
    by_plan: dict[PlanName, list[str]] = {}
    for kpi in kpis:
        if kpi.value is None and kpi.key in _NEEDS:
            by_plan.setdefault(_NEEDS[kpi.key], []).append(kpi.headline.label)
    parts = []
    for name, labels in by_plan.items():
        found = plan.availability[name]
        tables = f" (import {', '.join(found.unlock)})" if found.unlock else ""
        parts.append(f"{', '.join(labels)}: {found.why or 'not in this plan'}{tables}")
    return f"Not shown: {'; '.join(parts)}." if parts else ""


# -- what changed and what will happen


@contextmanager
def explaining() -> Iterator[Callable[[float], None]]:
    """A progress bar that shows itself only when told of progress, and goes when it is done."""
    place = st.empty()

    def tell(share: float) -> None:
        place.progress(share, "Explaining what changed since the agreed plan")

    yield tell
    place.empty()


def show_bridge(bridge: Bridge | None, kpis: Sequence[Kpi], money: MoneyFormat) -> None:
    """The bridge with its title, for a measure of choice where causes are known; else what is missing."""
    if bridge is None:
        st.header("What changed", anchor=False)
        st.html(grey_line("No agreed plan, no budget and less than a year of sales: nothing to compare with yet."))
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header(bridge.title, anchor=False, width="stretch")
        kpi = _choose_measure(bridge, kpis)
    entry, bridge = kpi.headline, bridge.of(kpi.key)
    unit = headline_unit(entry, money)
    st.html(grey_line(f"{entry.label}, next 12 months, {unit} · {bridge.note}"))
    words = [(name, headline_difference(entry, value, money)) for name, value in bridge.steps]
    said = "; ".join(f"{name} {text}" for name, text in words) or "no difference"
    texts = [headline_text(entry, value, money) for value in (bridge.start[1], bridge.total)]
    chart = chart_bridge(
        (bridge.start[0], shown(entry, bridge.start[1], money) or 0.0),
        [(name, shown(entry, value, money) or 0.0) for name, value in bridge.steps],
        bridge.end,
        budget=None if bridge.reference == "budget" else shown(entry, kpi.budget, money),
        more_is_good=entry.better > 0,
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


def effects_table(bridge: Bridge, money: MoneyFormat) -> str:
    """What each cause does to every headline measure; the columns add up to the differences on the cards."""
    known = [entry for entry in HEADLINES if all(entry.key in found for _, found in bridge.effects)]
    columns = [Column("Change by cause")]
    columns += [Column(f"{entry.label}, {headline_unit(entry, money)}", True) for entry in known]
    rows: list[list[Content]] = [
        [name, *(_effect_cell(entry, found[entry.key], money) for entry in known)]
        for name, found in bridge.effects
    ]
    return html_table(columns, rows, caption="What each cause does to every headline measure")


def _effect_cell(entry: Headline, value: Value, money: MoneyFormat) -> Cell:
    change = headline_change(entry, value, "", money)
    return Cell(change.text, effect=change.effect)


def show_outlook(outlook: Outlook, plan_name: str, money: MoneyFormat) -> None:
    """The fan of rolling revenue with its chances and what the bands hold."""
    st.header("What will happen", anchor=False)
    share = outlook.record.share
    kept = "" if share is None else f" · our past 80% came true {share:.0%}"
    st.html(
        grey_line(
            f"Revenue, rolling 12 months, {money.unit} · bands P10–P90, P25–P75: forecast error only · "
            f"% chance to reach{kept}"
        )
    )
    bands = Bands(
        p10=money.values(outlook.p10),
        p25=money.values(outlook.p25),
        p75=money.values(outlook.p75),
        p90=money.values(outlook.p90),
        chance_agreed=outlook.chance_agreed,
        chance_budget=outlook.chance_budget,
    )
    low, middle, high = (money.labelled(row[-1]) for row in (outlook.p10, outlook.plan, outlook.p90))
    chart = chart_fan(
        [short_month(month) for month in outlook.months],
        money.values(outlook.actual),
        money.values(outlook.plan),
        money.values(outlook.agreed),
        money.values(outlook.budget),
        bands,
        plan_name=plan_name.lower(),
        alt=f"Rolling revenue reaches {middle}, between {low} and {high} in eight of ten cases",
    )
    show_chart(chart, key="outlook")
    st.html(grey_line(outlook_basis(outlook)))


def outlook_basis(outlook: Outlook) -> str:
    """What the bands rest on, in words with its numbers."""
    links, reach = outlook.record.links, outlook.reach
    return (
        f"Correlation of forecast errors: {links.between:.2f} between families and regions, {links.monthly:.2f} "
        f"from month to month ({links.basis}). Re-planned, {reach.up:.0%} of extra and {reach.down:.0%} of "
        "missing demand reaches revenue."
    )


# -- decisions


def show_decisions(
    valuation: Valuation, plan: Plan, money: MoneyFormat, may_decide: bool
) -> ValuedDecision | None:
    """The decisions wanted today with their money; returns the one whose button was pressed."""
    st.header("Decide today", anchor=False)
    if not valuation.decisions:
        st.html(grey_line("No limit binds and nothing slips that a decision of today would change noticeably."))
        return None
    st.html(
        grey_line(
            "Effects on the next 12 months, each found by planning again as if in force from the first month · "
            "pays off: cases of low (P10), planned and high (P90) demand in which EBIT rises"
        )
    )
    chosen = None
    with st.container(gap="xsmall"):
        _decision_columns(decisions_head(money.unit), may_decide)
        for place, decision in enumerate(valuation.decisions):
            row = decision_row(decision_cells(place + 1, decision, money))
            button = _decision_columns(row, may_decide)
            urgent = decision.recommended and decision.last_month == plan.months[0]
            if button is not None and button.button(
                "Decide",
                key=f"decide_{place}",
                type="primary" if urgent else "secondary",
                width="stretch",
                help="Opens Scenarios with this change in your own draft",
            ):
                chosen = decision
    stand_in = (
        " EBIT is not known in this plan: gross margin stands in for it." if plan.headline["ebit"] is None else ""
    )
    st.html(grey_line(together_sentence(valuation, money) + stand_in))
    return chosen


def _decision_columns(html: str, may_decide: bool) -> st.delta_generator.DeltaGenerator | None:
    if not may_decide:
        st.html(html)
        return None
    left, right = st.columns([10, 1], vertical_alignment="center")
    left.html(html)
    return right


def decision_cells(number: int, decision: ValuedDecision, money: MoneyFormat) -> Decision:
    """One decision as the texts of its row."""
    pays = decision.pays_off
    return Decision(
        number=number,
        title=decision.move.title,
        recommendation=recommendation(decision, money),
        ebit=money.signed(decision.ebit, 2),
        revenue=money.signed(decision.revenue, 2),
        waiting=money.signed(decision.waiting, 2),
        last_month=short_month(decision.last_month),
        pays_off=MISSING if pays is None else f"{pays[0]} of {pays[1]}",
        owner=decision.move.owner,
    )


def recommendation(decision: ValuedDecision, money: MoneyFormat) -> str:
    """Yes or no with what goes along: lead time, stock, and what the valuation takes for granted."""
    parts = []
    if abs(decision.lead_time) >= 1:
        parts.append(f"lead time {signed(decision.lead_time)} days")
    if effect(money.signed(decision.inventory, 2), False) == "good" and decision.move.kind == "stock":
        parts.append(f"stock {money.signed(decision.inventory, 2)} {money.unit}")
    if decision.move.condition == "cost" and decision.recommended:
        parts.append(f"if it costs under {money.text(decision.ebit, 2)}{NO_BREAK}{money.unit}")
    elif decision.move.condition == "success":
        parts.append("if it works fully")
    return ", ".join(["Yes" if decision.recommended else "No", *parts])


def together_sentence(valuation: Valuation, money: MoneyFormat) -> str:
    """What all recommended decisions bring at once: less than their sum where they share a limit."""
    if valuation.together is None:
        return ""
    ebit, revenue = (money.signed(value, 2) for value in valuation.together)
    return f"All recommended together, re-planned: EBIT {ebit} {money.unit}, revenue {revenue} {money.unit}."


# -- exceptions and strategy


def show_exceptions(exceptions: Sequence[ReviewException], money: MoneyFormat) -> None:
    """The exceptions with the most money at stake."""
    st.header("Exceptions, ranked by money at stake", anchor=False)
    if not exceptions:
        st.html(grey_line("Nothing is late, lost, short, in excess or slipping."))
        return
    st.html(
        grey_line("Late, lost: revenue · slips, events: EBIT · short: margin · excess: carrying cost · 12 months")
    )
    largest = max(exception.at_stake for exception in exceptions)
    rows: list[list[Content]] = [
        [Cell(e.sentence, note=e.detail), e.owner, Bar(e.at_stake, largest, money.text(e.at_stake, 2))]
        for e in exceptions[:MOST_EXCEPTIONS]
    ]
    columns = [Column("Exception"), Column("Owner", width="7rem"), Column(f"At stake, {money.unit}", width="9rem")]
    st.html(html_table(columns, rows, caption="Exceptions"))
    if len(exceptions) > MOST_EXCEPTIONS:
        st.html(grey_line(f"{len(exceptions) - MOST_EXCEPTIONS} smaller ones are in the download."))


def show_strategy(strands: Sequence[Strand], today: str, money: MoneyFormat) -> None:
    """Launches and initiatives on one strip."""
    st.header("Strategy: initiatives and launches", anchor=False)
    if not strands:
        st.html(grey_line("No launch or initiative is open. Import launches or initiatives to see them here."))
        return
    st.html(
        grey_line(
            f"Agreed span outlined, done solid, expected end ◆ · slip · EBIT it costs in 12 months, {money.unit}"
        )
    )
    items = [strip_item(strand, money) for strand in strands]
    alt = "; ".join(f"{item.name} {item.text}" for item in items)
    show_chart(chart_strip(items, today=_day(today), alt=alt), key="strategy")


def strip_item(strand: Strand, money: MoneyFormat) -> StripItem:
    """A strand as the strip draws it: '+3 months · −0.10' in red, 'on date' in green."""
    cost = money.signed(-(strand.slip_cost or 0), 2)
    cost = f" · {cost}" if cost.startswith((MINUS, "+")) else ""
    months = "month" if abs(strand.late) == 1 else "months"
    return StripItem(
        name=strand.name,
        baseline_start=_day(strand.baseline_start),
        baseline_end=_day(strand.baseline_end),
        start=_day(strand.start),
        forecast_end=_day(strand.forecast_end),
        text=f"{signed(strand.late)} {months}{cost}" if strand.late else "on date",
        effect="bad" if strand.late > 0 else "good",
    )


def _day(month: str) -> date:
    return date.fromisoformat(f"{month}-01")


# -- the numbers behind the cards


def kpi_table(kpis: Sequence[Kpi], money: MoneyFormat, against: str) -> str:
    """Every headline measure with its comparisons and its definition."""
    columns = [Column("Measure"), Column("Plan", True), Column(against, True), Column("Difference", True)]
    columns += [Column("Budget", True), Column("Difference", True), Column("Unit"), Column("How it is read")]
    rows = [_kpi_row(kpi, money) for kpi in kpis]
    return html_table(columns, rows, caption="Headline measures")


def _kpi_row(kpi: Kpi, money: MoneyFormat) -> list[Content]:
    entry = kpi.headline
    texts = [headline_text(entry, value, money) for value in (kpi.value, kpi.base, kpi.budget)]
    return [
        entry.label,
        texts[0],
        texts[1],
        _effect_cell(entry, kpi.against_base, money),
        texts[2],
        _effect_cell(entry, kpi.against_budget, money),
        headline_unit(entry, money),
        entry.definition,
    ]

"""The right side of the Scenarios page: cards, small multiples and the table of scenarios."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from sop.core.calendar import period_short, worded
from sop.core.format import MoneyFormat, number
from sop.core.present import Cell, Col, PlanTable, TableRow, texts
from sop.services.planning.plan_context import single_periods
from sop.services.scenarios.bench import MOST_BESIDE, Bench
from sop.ui.charts import Chart, chart_small_columns, chart_small_line, nice_domain, show_chart
from sop.ui.frame.page import Visit
from sop.ui.frame.text import literal
from sop.ui.kit.cards import grey_line, headline_change, heard, kpi_card, kpi_row, legend, small_heading
from sop.ui.kit.panel import download
from sop.ui.kit.tables import show_table
from sop.ui.panels.scenarios.scenario_promotion import show_promotion
from sop.views.assumption_words import (
    value_text,
)
from sop.views.executive.scenario_compare import Panel, differences, missing_panels
from sop.views.executive.scenario_months import months_table
from sop.views.measure_columns import headline_col, headline_text, headline_unit, worst_text

_ROWS = (("revenue", "gross_margin", "ebit", "load"), ("cash", "inventory", "lead_time", "on_time"))
_UNITS = {"fraction": "%", "days": "days"}
_ON_TIME_DOMAIN = (75.0, 100.0)
Shown = list[float | None]


def show_path(bench: Bench, money: MoneyFormat) -> None:
    """The path of the changes through the plans, in one grey line."""
    path, place = bench.path(money.labelled), st.empty()
    if path:
        place.html(grey_line(path))


def show_moved(bench: Bench) -> None:
    """What a saved scenario stood on that is another by now."""
    if bench.moved:
        st.warning(
            f"The {bench.moved} this scenario stood on moved since it was saved: its figures are those of now.",
            icon=":material/update:",
        )


def show_kpis(bench: Bench, money: MoneyFormat) -> None:
    """One card per headline measure: its value, and what it differs from the reference and the agreed plan.

    All are one element, with what is heard of the charts: each more is one more to send and to place.
    """
    now = bench.plan.headline
    against = [("working", bench.reference)] if not bench.is_working else []
    against += [("agreed", bench.agreed)] if bench.agreed else []
    cards: dict[str, str] = {}
    for entry in bench.plan.headline_measures:
        known = [] if now.get(entry.key) is None else against
        changes = [headline_change(entry, differences(now, base)[entry.key], name, money) for name, base in known]
        value, unit = headline_text(entry, now.get(entry.key), money), headline_unit(entry, money)
        cards[entry.key] = kpi_card(entry.label, value, unit, changes)
    st.html(kpi_row(cards) + heard(_last_words(bench, money)))


def show_frames(bench: Bench, money: MoneyFormat, draw: Callable[[str], None]) -> None:
    """The frames of the small multiples, which say the same whatever is moved; `draw` puts a panel's chart in."""
    months = [period_short(month) for month in bench.plan.months]
    keys = [("plan", "this scenario (hatched or dashed)")]
    keys += [("agreed", bench.agreed_name)] if bench.agreed_name else []
    note = worded(f"monthly, {months[0]} to {months[-1]} · the same scale for money within a row")
    st.html(legend(keys, note))
    with st.grid(4, min_column_width=165, gap="xsmall"):
        for panel in (panel for row in _rows(bench) for panel in row):
            with st.container(border=True, key=f"kpi_panel_{panel.key}"):
                st.html(small_heading(f"{panel.label}, {_UNITS.get(panel.unit, money.unit)}"))
                draw(panel.key)
    missing = missing_panels(bench.plan, bench.panels)
    if missing:
        st.html(grey_line(missing))
    if not bench.agreed_name:
        st.html(grey_line("No plan is agreed yet; once one is signed, every scenario is compared with it."))


def panel_charts(bench: Bench, money: MoneyFormat) -> dict[str, Chart]:
    """The small multiples by panel, the scenario against the agreed plan, one scale for money within a row."""
    months = [period_short(month) for month in bench.plan.months]
    charts: dict[str, Chart] = {}
    for row in _rows(bench):
        domain = nice_domain(*(s for p in row if p.unit == "currency" for s in _series(p, money)))
        charts |= {panel.key: _panel_chart(panel, months, money, domain) for panel in row}
    return charts


def show_panel(chart: Chart, key: str) -> None:
    """The chart of one panel."""
    show_chart(chart, f"chart_{key}")


def _rows(bench: Bench) -> list[list[Panel]]:
    return [[panel for panel in bench.panels if panel.key in keys] for keys in _ROWS]


def _panel_chart(panel: Panel, months: list[str], money: MoneyFormat, domain: tuple[float, float]) -> Chart:
    scenario, agreed = _series(panel, money)
    decimals = _decimals(panel, money)
    # Its figures are heard beside the cards: a chart of another name is another chart to a browser, drawn anew.
    words = worded(f"{panel.label} by month")
    if panel.form == "flow":
        return chart_small_columns(months, scenario, agreed, domain=domain, decimals=decimals, alt=words)
    limit = None if panel.limit is None else _shown(panel, panel.limit, money)
    if panel.key == "on_time":
        lowest = min([value for value in (*scenario, *agreed) if value is not None], default=100.0)
        domain = _ON_TIME_DOMAIN if lowest >= _ON_TIME_DOMAIN[0] else nice_domain(scenario, agreed)
    elif panel.unit != "currency":
        domain = nice_domain(scenario, agreed, [limit], steps=8)
    return chart_small_line(months, scenario, agreed, domain=domain, limit=limit, decimals=decimals, alt=words)


def _last_words(bench: Bench, money: MoneyFormat) -> str:
    """Where the charts end, for whoever hears the page."""
    ends = []
    for panel in bench.panels:
        last = next((value for value in reversed(panel.scenario) if value is not None), None)
        shown = number(_shown(panel, last, money), _decimals(panel, money))
        ends.append(f"{panel.label} {shown} {_UNITS.get(panel.unit, money.unit)}")
    return worded(f"In the last month: {', '.join(ends)}")


def _decimals(panel: Panel, money: MoneyFormat) -> int:
    return {"fraction": 0, "days": 1}.get(panel.unit, money.decimals)


def _series(panel: Panel, money: MoneyFormat) -> tuple[Shown, Shown]:
    scenario, agreed = ([_shown(panel, v, money) for v in values] for values in (panel.scenario, panel.agreed))
    return scenario, agreed


def _shown(panel: Panel, value: float | None, money: MoneyFormat) -> float | None:
    """An inside value in the unit of its chart."""
    if value is None:
        return None
    return {"fraction": value * 100, "days": value}.get(panel.unit, money.value(value))


def show_rows(bench: Bench, money: MoneyFormat) -> None:
    """Scenarios side by side, with what each differs from the working plan."""
    measures = bench.plan.headline_measures
    columns = (*texts("Scenario"), *(headline_col(entry) for entry in measures))
    rows: list[TableRow] = [
        (
            f"{row.name} (now)" if row.current else row.name,
            *(
                Cell(
                    row.headline.get(e.key),
                    beside=row.differences.get(e.key),
                    note=worst_text(e, row.worst.get(e.key)),
                )
                for e in measures
            ),
        )
        for row in bench.rows
    ]
    with st.container(border=True, key="card_scenarios"):
        st.header("Scenarios side by side", anchor=False)
        span = bench.plan.near_span + (", also of the agreed plan" if bench.agreed_name else "")
        st.html(grey_line(f"{span}; coloured: difference to the {bench.reference_name.lower()}"))
        selected = next(place for place, row in enumerate(bench.rows) if row.current)
        show_table(PlanTable("Scenarios side by side", columns, tuple(rows)), money, selected=selected)


def show_beside(visit: Visit, bench: Bench) -> None:
    """Up to five scenarios beside the agreed plan and the budget, one measure by month; in the address bar."""
    if len(bench.beside) < 2 and not bench.agreed_name:
        return
    names = {each.key: each.name for each in bench.beside}
    labels = {panel.key: panel.label for panel in bench.panels}
    with st.container(border=True, key="card_beside"):
        st.header(f"Side by side, by {visit.word}", anchor=False)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            chosen = st.multiselect(
                "Scenarios",
                list(names),
                default=list(names)[:2],
                format_func=lambda key: names.get(key, key),
                max_selections=MOST_BESIDE,
                key="beside",
                bind="query-params",
            )
            measure = st.selectbox(
                "Measure",
                list(labels),
                format_func=lambda key: labels.get(key, key),
                key="beside_in",
                bind="query-params",
                width=200,
            )
        found = [(each.name, each.about, each.plan) for each in bench.beside if each.key in chosen]
        if not found:
            st.html(grey_line("Choose scenarios to see them beside the agreed plan and the budget."))
            return
        agreed = visit.inputs.agreed
        base = (bench.agreed_name, agreed.plan) if agreed else None
        inputs = visit.inputs.inputs
        table = months_table(measure, found, base, inputs, single_periods(inputs, visit.company))
        shown = next((panel.unit for panel in bench.panels if panel.key == measure), "currency")
        unit = _UNITS.get(shown, visit.money.unit)
        st.html(
            grey_line(f"{labels[measure]}, {unit} · this page's address opens the same for whoever may see it")
        )
        show_table(table, visit.money)
        if table.rows:
            # A sheet on screen tells far periods together; a file has each.
            each = inputs.calendar.year
            download(visit, lambda: months_table(measure, found, base, inputs, each), worded("scenarios-by-month"))


def show_changes(visit: Visit, bench: Bench) -> None:
    """Which values the scenario has that the working plan has not; its place is kept where there is none.

    What stands at a place of its own goes with a reset. A card that is only left out can stay on a busy screen.
    """
    place = st.empty()
    if not bench.changes:
        return
    rows = tuple(
        (
            f"{was.entry.label}: {was.name}" if was.name else was.entry.label,
            was.entry.owner.title,
            value_text(was.entry, was.value, visit.money.currency),
            Cell(value_text(now.entry, now.value, visit.money.currency), strong=True),
        )
        for was, now in bench.changes
    )
    columns = (*texts("Assumption", "Owner"), Col("Working plan"), Col("Here"))
    owners = dict.fromkeys(now.entry.owner.title for _, now in bench.changes)
    name = "What differs from the working plan"
    with place.container(border=True, key="card_changes"):
        st.header(literal(name), anchor=False)
        st.html(
            grey_line(f"To be the working plan it needs the consent of {', '.join(owners)}, each for their own")
        )
        show_table(PlanTable(name, columns, rows))
        show_promotion(visit, bench.scenario)

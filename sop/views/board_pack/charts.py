"""The charts of the board pack: the series that the screens draw, in the unit shown."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from sop.analysis.comparison.bridge import Bridge
from sop.analysis.performance.kpis import Kpi
from sop.analysis.ranges.outlook import Outlook
from sop.core.calendar import period_short, worded
from sop.core.format import MoneyFormat, effect
from sop.core.paper import PaperBridge, PaperCard, PaperChart, PaperLine, PaperStep
from sop.core.paper import Role as LineRole
from sop.core.present import GOOD
from sop.views.measure_columns import (
    headline_difference,
    headline_figure,
    headline_text,
    headline_unit,
    worst_text,
)
from sop.views.series import PlanSeries, display
from sop.views.timeline import PlanContext


def cards_of(kpis: Sequence[Kpi], money: MoneyFormat) -> tuple[PaperCard, ...]:
    """The headline measures that are known, each against the agreed plan and the budget."""
    return tuple(_card(kpi, money) for kpi in kpis if kpi.value is not None)


def _card(kpi: Kpi, money: MoneyFormat) -> PaperCard:
    entry = kpi.headline
    pairs = ((kpi.against_base, "agreed"), (kpi.against_budget, "budget"))
    told = [(headline_difference(entry, value, money), name) for value, name in pairs if value is not None]
    return PaperCard(
        label=entry.label,
        value=headline_text(entry, kpi.value, money),
        unit=headline_unit(entry, money),
        changes=tuple((text, name, effect(text, GOOD[entry.better])) for text, name in told),
        note=worst_text(entry, kpi.worst),
    )


def series_chart(item: PlanSeries, context: PlanContext, money: MoneyFormat, title: str, unit: str) -> PaperChart:
    """A measure by month to the end of the next twelve: columns of a flow, lines of anything else."""
    end = context.next_year.stop
    rows: tuple[tuple[str, LineRole, list[float | None]], ...] = (
        ("Actual", "actual", display(item.actual, item.unit, money)),
        ("Plan", "plan", display(item.plan, item.unit, money)),
        ("Agreed plan", "agreed", display(item.agreed, item.unit, money)),
        ("Budget", "budget", display(item.budget, item.unit, money)),
    )
    lines = tuple(
        PaperLine(name, role, tuple(values[:end]))
        for name, role, values in rows
        if any(value is not None for value in values[:end])
    )
    return PaperChart(
        form="columns" if item.kind == "flow" else "lines",
        title=title,
        unit=unit,
        categories=tuple(period_short(month) for month in context.months[:end]),
        lines=lines,
        decimals=money.places(2) if item.unit == "currency" else 0,
        alt=f"{title} by {context.word}, {unit}",
    )


def with_limit(chart: PaperChart, name: str, value: float | None) -> PaperChart:
    """A chart with a limit along all its months; as it is where the limit is not known."""
    if value is None or value != value:
        return chart
    limit = PaperLine(name, "limit", (value,) * len(chart.categories))
    return PaperChart(**{**vars(chart), "lines": (*chart.lines, limit)})


def bridge_chart(bridge: Bridge, kpi: Kpi, money: MoneyFormat) -> PaperBridge:
    """The bridge of a headline measure from what it is compared with over its causes to the plan and the budget.

    One true scale of differences to the start; the budget is the last row.
    """
    entry, found = kpi.headline, bridge.of(kpi.key)
    good = GOOD[entry.better]
    steps = [(name, headline_figure(entry, value, money) or 0.0, value) for name, value in found.steps]
    ends = list(accumulate((figure for _, figure, _ in steps), initial=0.0))
    start = PaperStep(found.start[0], 0.0, 0.0, headline_text(entry, found.start[1], money), "neutral")
    moved = [
        PaperStep(name, low, high, text := headline_difference(entry, value, money), effect(text, good))
        for (name, _, value), low, high in zip(steps, ends, ends[1:], strict=False)
    ]
    gap = headline_difference(entry, found.total - found.start[1], money)
    end = PaperStep(
        found.end, 0.0, ends[-1], f"{headline_text(entry, found.total, money)} ({gap})", effect(gap, None)
    )
    last = [start, *moved, end]
    if bridge.reference != "budget" and kpi.budget is not None:
        away = kpi.budget - found.start[1]
        behind = headline_difference(entry, found.total - kpi.budget, money)
        text = f"{headline_text(entry, kpi.budget, money)} (plan {behind})"
        end_of_budget = headline_figure(entry, away, money) or 0.0
        last.append(PaperStep("Budget", 0.0, end_of_budget, text, "neutral", reference=True))
    unit = headline_unit(entry, money)
    said = "; ".join(f"{step.name} {step.text}" for step in last)
    return PaperBridge(worded(f"{entry.label}, next 12 months: {found.note}"), unit, tuple(last), said)


def fan_chart(outlook: Outlook, plan_name: str, money: MoneyFormat) -> PaperChart:
    """Rolling revenue of twelve months: as it was, as planned, what it is compared with, and its bands."""
    rows: tuple[tuple[str, LineRole, list[float | None]], ...] = (
        ("P10", "band", outlook.p10),
        ("P25", "band", outlook.p25),
        ("P75", "band", outlook.p75),
        ("P90", "band", outlook.p90),
        ("Actual", "actual", outlook.actual),
        (plan_name, "plan", outlook.plan),
        ("Agreed plan", "agreed", outlook.agreed),
        ("Budget", "budget", outlook.budget),
    )
    lines = tuple(
        PaperLine(name, role, tuple(money.values(values)))
        for name, role, values in rows
        # One month alone, at which a line joins the actuals, is no line.
        if sum(value is not None for value in values) > 1
    )
    return PaperChart(
        form="fan",
        title=worded("Revenue, rolling 12 months"),
        unit=money.unit,
        categories=tuple(period_short(month) for month in outlook.months),
        lines=lines,
        decimals=money.decimals,
        alt=f"Rolling revenue, {money.unit}",
    )

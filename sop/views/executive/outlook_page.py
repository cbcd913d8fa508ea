"""What the Outlook page shows: ranges by horizon, targets, where the year may end, outside events, claims."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sop.analysis.performance.kpis import Kpi
from sop.analysis.ranges.claims import TrackRecord
from sop.analysis.ranges.draws import Draws
from sop.analysis.ranges.outlook import Outlook
from sop.analysis.ranges.projections import (
    Horizon,
    Projection,
    Spread,
    Targets,
    project_headlines,
    spans_of,
    spread_of,
    target_marks,
    value_targets,
)
from sop.core.format import MoneyFormat
from sop.core.plan import DriverProof, Plan
from sop.core.register import Assumptions
from sop.portfolio.outside_in import EventStake, IndicatorItem
from sop.views.executive.outside_in import Hurt, outside_message, profit_name


@dataclass(frozen=True)
class OutsideIn:
    """Events with what each puts at stake, most money first, and the items that leading indicators open.

    `drivers`: which indicators were proven to lead demand.
    """

    stakes: tuple[EventStake, ...]
    items: tuple[IndicatorItem, ...]
    drivers: tuple[DriverProof, ...] = ()


@dataclass(frozen=True)
class OutlookPage:
    """What the Outlook page shows beside the fan: ranges by horizon, targets, where the year may end, claims.

    `outlook`: None where the plan's revenue is not known.
    """

    outlook: Outlook | None
    spans: tuple[Horizon, ...]
    projections: tuple[Projection, ...]
    targets: Targets
    spreads: tuple[Spread, ...]
    outside: OutsideIn
    record: TrackRecord


def build_outlook_page(
    outlook: Outlook | None,
    draws: Draws | None,
    plan: Plan,
    kpis: Sequence[Kpi],
    assumptions: Assumptions,
    outside: OutsideIn,
    record: TrackRecord,
) -> OutlookPage:
    """The page of a plan: its outlook, what its draws say, and targets from its cards."""
    if draws is None:
        return OutlookPage(outlook, (), (), Targets((), ()), (), outside, record)
    spans, measures = spans_of(draws), plan.headline_measures
    spreads = (spread_of(draws, entry) for entry in measures)
    return OutlookPage(
        outlook=outlook,
        spans=spans,
        projections=project_headlines(draws, spans, measures),
        targets=value_targets(draws, target_marks(kpis, assumptions, cash=plan.cash_is_whole)),
        spreads=tuple(spread for spread in spreads if spread is not None),
        outside=outside,
        record=record,
    )


def outside_sentence(plan: Plan, money: MoneyFormat, outside: OutsideIn, outlook: Outlook | None = None) -> str:
    """What hurts most from outside and, with an outlook, the chance of the budget or where revenue may end."""
    worst = next((stake for stake in outside.stakes if stake.is_risk), None)
    hurt = None
    if worst is not None and worst.profit is not None:
        event = worst.event
        title, profit = event.title or event.name, profit_name(plan)
        hurt = Hurt(title, event.source, worst.probability, worst.use, worst.profit, profit)
    alerts = len({item.indicator for item in outside.items})
    chance = None if outlook is None else outlook.chance_budget
    span = None if outlook is None else outlook.span
    months = plan.calendar.rolling_text
    unknown = "" if plan.has_profit or not outside.stakes else plan.why_unknown("gross_margin")
    return outside_message(hurt, chance, alerts, lambda value: _money_words(value, money), months, span, unknown)


def _money_words(value: float, money: MoneyFormat) -> str:
    """Money with its unit as other sentences have it, or in full where that would be nothing."""
    return money.words(value) if abs(value) >= money.minor_per_scale / 100 else money.full(value)

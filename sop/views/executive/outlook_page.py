"""What the Outlook page shows: ranges by horizon, targets, where the year may end, outside events, claims."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sop.analysis.performance.kpis import Kpi
from sop.analysis.ranges.claims import TrackRecord
from sop.analysis.ranges.outlook import Outlook
from sop.analysis.ranges.projections import (
    Projection,
    Spread,
    Targets,
    project_headlines,
    spread_of,
    target_marks,
    value_targets,
)
from sop.analysis.ranges.surprises import Cases
from sop.core.measures import HEADLINES
from sop.core.plan import DriverProof, Plan
from sop.core.register import Assumptions
from sop.portfolio.outside_in import EventStake, IndicatorItem


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

    `outlook`: None where the plan's revenue is not known, and then no range and no chance is.
    """

    outlook: Outlook | None
    projections: tuple[Projection, ...]
    targets: Targets
    spreads: tuple[Spread, ...]
    outside: OutsideIn
    record: TrackRecord


def build_outlook_page(
    outlook: Outlook, cases: Cases, plan: Plan, kpis: Sequence[Kpi], assumptions: Assumptions, outside: OutsideIn
) -> OutlookPage:
    """The page of a plan: its outlook, what its cases say, and targets from its cards."""
    spreads = (spread_of(cases, entry) for entry in HEADLINES if entry.key in ("revenue", "ebit"))
    return OutlookPage(
        outlook=outlook,
        projections=project_headlines(cases, plan.headline_measures),
        targets=value_targets(cases, target_marks(kpis, assumptions, cash=plan.cash_is_whole)),
        spreads=tuple(spread for spread in spreads if spread is not None),
        outside=outside,
        record=outlook.record,
    )

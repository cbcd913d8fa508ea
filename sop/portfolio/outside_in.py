"""Outside-in: outside events ranked by what is expected of each, and what leading indicators open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sop.core.calendar import Calendar, period_name
from sop.core.inputs import Event, LeadingIndicator
from sop.core.money import MINOR
from sop.core.register import EVENT_USES, Assumptions, probability_of, use_of
from sop.core.terms import EventUse
from sop.portfolio.worth import PlanOf, headline_change, profit_key

MOST_EVENTS = 12
"""Events whose every combination is counted (4,096); of more, those with the smallest spread are left out."""
STALE_MONTHS = 3
"""Closed months without a value from which an indicator counts as stale."""


@dataclass(frozen=True)
class EventStake:
    """What happens to the next twelve months if an event is certain, against that it is ruled out.

    Money in minor units, None where it is not known: `profit` is EBIT, or gross margin where the plan ends there.
    `probability` and `use` as its owner sees it.
    """

    event: Event
    probability: float
    use: EventUse
    revenue: int | None
    profit: int | None
    cash_low: int | None

    @property
    def expected(self) -> int | None:
        """Probability × profit at stake; None where that is not known."""
        return None if self.profit is None else round(self.probability * self.profit)

    @property
    def is_risk(self) -> bool:
        """Whether it costs profit; an opportunity otherwise."""
        return self.profit is not None and self.profit < 0

    @property
    def mitigation_pays(self) -> bool | None:
        """Whether mitigation costs less than the profit expected to be lost; None where that is not known."""
        cost = self.event.mitigation_cost
        if self.expected is None or not self.is_risk or not self.event.mitigation or cost != cost:
            return None
        return cost * MINOR < -self.expected


@dataclass(frozen=True)
class EventStakes:
    """What every event puts at stake, ranked by what is expected of each: probability × profit, largest first."""

    stakes: tuple[EventStake, ...]

    def facts(self) -> dict[str, Any]:
        """What was found by planning, by the event's name, as plain data to be kept."""
        return {each.event.name: [each.revenue, each.profit, each.cash_low] for each in self.stakes}


def value_events(
    events: tuple[Event, ...],
    assumptions: Assumptions,
    plan_with: PlanOf,
    progress: Callable[[float], None] = lambda share: None,
) -> EventStakes:
    """Every event's stake, whatever its use: planned with it certain and with it ruled out.

    `progress` is told the share that is done after each.
    """
    found = []
    for event in events:
        found.append(_stake(event, assumptions, plan_with))
        progress(len(found) / len(events))
    return _ranked(found)


def stakes_of_facts(facts: Mapping[str, Any], events: Iterable[Event], assumptions: Assumptions) -> EventStakes:
    """What `EventStakes.facts` gave, read back for the events and assumptions that it was found for."""
    return _ranked(_stake_of(event, assumptions, *facts[event.name]) for event in events)


def _ranked(stakes: Iterable[EventStake]) -> EventStakes:
    return EventStakes(tuple(sorted(stakes, key=lambda stake: (-abs(stake.expected or 0), stake.event.name))))


def _stake(event: Event, assumptions: Assumptions, plan_with: PlanOf) -> EventStake:
    certain, ruled_out = plan_with(certainly(event, assumptions)), plan_with(never(event, assumptions))
    revenue, profit, cash = (
        headline_change(certain, ruled_out, key) for key in ("revenue", profit_key(ruled_out), "cash")
    )
    return _stake_of(event, assumptions, revenue, profit, cash)


def _stake_of(
    event: Event, assumptions: Assumptions, revenue: int | None, profit: int | None, cash: int | None
) -> EventStake:
    chance, use = probability_of(event, assumptions), use_of(event, assumptions)
    return EventStake(event, chance, use, revenue, profit, cash)


def certainly(event: Event, assumptions: Assumptions) -> Assumptions:
    """The assumptions under which an event is planned to come for sure."""
    planned = assumptions.set("event_use", event.name, EVENT_USES.index(EventUse.PLAN))
    return planned.set("event_probability", event.name, 1.0)


def never(event: Event, assumptions: Assumptions) -> Assumptions:
    """The assumptions under which the plan does not count with an event: as they are where it does not now."""
    if use_of(event, assumptions) is not EventUse.PLAN:
        return assumptions
    return assumptions.set("event_probability", event.name, 0.0)


# -- indicators


@dataclass(frozen=True)
class IndicatorItem:
    """An item that a leading indicator opens: its last value, the threshold it passed, and why in words."""

    indicator: str
    owner: str
    month: str
    value: float
    threshold: float | None
    sentence: str


def indicator_items(indicators: Iterable[LeadingIndicator], calendar: Calendar) -> tuple[IndicatorItem, ...]:
    """Items of indicators whose last value is beyond a threshold, or that have not been updated."""
    return tuple(item for indicator in indicators for item in _items(indicator, calendar))


def _items(indicator: LeadingIndicator, calendar: Calendar) -> Iterator[IndicatorItem]:
    name, month, value = indicator.name, indicator.months[-1], float(indicator.values[-1])
    told = period_name(month)

    def item(sentence: str, threshold: float | None = None) -> IndicatorItem:
        return IndicatorItem(name, indicator.owner, month, value, threshold, sentence)

    if value < indicator.alert_below:
        yield item(f"{name} is {value:g} in {told}, below {indicator.alert_below:g}", indicator.alert_below)
    if value > indicator.alert_above:
        yield item(f"{name} is {value:g} in {told}, above {indicator.alert_above:g}", indicator.alert_above)
    watched = indicator.alert_below == indicator.alert_below or indicator.alert_above == indicator.alert_above
    if watched and calendar.position(month) < -STALE_MONTHS:
        yield item(f"{name} was last updated for {told}")

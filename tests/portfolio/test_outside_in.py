"""Events ranked by the money at stake, in the range, and indicators that open items."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd

from sop.core.calendar import Calendar
from sop.core.inputs import Inputs, LeadingIndicator
from sop.core.terms import EventUse
from sop.portfolio.outside_in import EventStake, indicator_items, stakes_of_facts, value_events
from tests.integrated import cash_sales, company, planner_of, tables

PLAN, RANGE, WATCH = EventUse.PLAN, EventUse.RANGE, EventUse.WATCH


def stakes(inputs: Inputs) -> tuple[EventStake, ...]:
    return value_events(inputs.events or (), cash_sales(), planner_of(inputs).build).stakes


def test_an_event_is_worth_the_plan_with_it_certain_against_the_plan_with_it_ruled_out() -> None:
    (tender,) = stakes(company())
    # A fifth of 25 units in May: 5 units at 100; they cost 54 at standard, and 10 of labour is paid anyway.
    assert tender.revenue == -500_00
    assert tender.profit == -(500_00 - 5 * 54_00 + 5 * 10_00)
    assert tender.expected == round(tender.profit / 2) and tender.is_risk
    assert tender.mitigation_pays is None, "nothing can be done about it"


def test_stakes_are_kept_as_plain_data_and_every_event_tells_how_far_it_is() -> None:
    inputs, told = company(), list[float]()
    events, now = inputs.events or (), cash_sales()
    found = value_events(events, now, planner_of(inputs).build, told.append)
    assert stakes_of_facts(json.loads(json.dumps(found.facts())), events, now) == found
    assert told == [1.0]


def test_events_are_ranked_by_what_is_expected_of_them_whatever_their_use() -> None:
    events = tables()["events"]
    bigger = events.assign(event="Boom", use="range", impact=0.4, probability=0.1, mitigation="Hire")
    watched = events.assign(
        event="Rumour", use="watch", impact=-0.04, mitigation="Call them", mitigation_cost=500.0
    )
    found = stakes(company(events=pd.concat([watched, events, bigger])))
    assert [stake.event.name for stake in found] == ["Tender", "Boom", "Rumour"]
    assert [stake.is_risk for stake in found] == [True, False, True]
    assert [stake.mitigation_pays for stake in found] == [None, None, False], (
        "half of one unit is worth less than 500"
    )


# -- indicators

CALENDAR = Calendar("2026-01")


def indicator(*values: float, below: float = np.nan, above: float = np.nan) -> LeadingIndicator:
    months = CALENDAR.history(len(values))
    return LeadingIndicator("Registrations", months, np.array(values), below, above, "Head of sales")


def test_an_indicator_beyond_its_threshold_opens_an_item() -> None:
    (low,) = indicator_items([indicator(99.0, 94.0, below=95.0)], CALENDAR)
    assert low.sentence == "Registrations is 94 in Dec 2025, below 95" and low.owner == "Head of sales"
    (high,) = indicator_items([indicator(106.0, above=105.0)], CALENDAR)
    assert (high.value, high.threshold) == (106.0, 105.0)


def test_an_indicator_within_its_thresholds_or_without_opens_nothing() -> None:
    assert indicator_items([indicator(94.0, 95.0, below=95.0, above=95.0), indicator(1.0)], CALENDAR) == ()


def test_a_watched_indicator_that_nobody_updates_opens_an_item() -> None:
    old = replace(indicator(99.0, below=95.0), months=("2025-08",))
    (item,) = indicator_items([old], CALENDAR)
    assert item.sentence == "Registrations was last updated for Aug 2025"


def test_indicators_are_read_as_published_with_their_last_thresholds() -> None:
    frame = pd.DataFrame({
        "month": ["2025-10", "2025-11", "2025-12"], "indicator": "Registrations", "value": [99.0, 97.0, 90.0],
        "published_month": ["2025-11", "2026-01", "2026-02"], "alert_below": [95.0, np.nan, 80.0],
        "owner": ["Head of sales", None, None],
    })  # fmt: skip
    (found,) = company(indicators=frame).indicators or ()
    assert (found.months, found.values.tolist()) == (("2025-10", "2025-11"), [99.0, 97.0]), (
        "December is not out yet"
    )
    assert (found.alert_below, found.owner) == (95.0, "Head of sales")
    assert np.isnan(found.alert_above)
    assert company().indicators is None

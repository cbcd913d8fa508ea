"""Outside events and indicators in words."""

from __future__ import annotations

import numpy as np

from sop.core.calendar import Calendar
from sop.core.inputs import Event, LeadingIndicator
from sop.core.plan import DriverProof
from sop.core.terms import EventUse
from sop.views.executive.outside_in import (
    Hurt,
    event_effect,
    event_window,
    lead_words,
    outside_message,
    threshold_words,
)

CALENDAR = Calendar("2026-12")
FIRE = Event(
    "Fire", "A supplier burns", "partner", EventUse.PLAN, 0.8, 2, 3, "supply", -0.35, "Motor", "Buyer", "", 0.0
)


def test_an_event_says_what_it_does_and_when() -> None:
    assert event_window(FIRE, CALENDAR) == "Feb 2027 – Apr 2027"
    assert event_effect(FIRE) == "supply −35%, Motor"


def test_the_message_names_what_hurts_most_and_never_claims_certainty() -> None:
    hurt = Hurt("A supplier burns", "partner", 0.8, EventUse.RANGE, -5_000, "EBIT")
    text = outside_message(hurt, 0.003, 2, lambda value: f"{value:g} c", "12 months")
    assert text == (
        "What hurts most from outside: “A supplier burns” (partner), an expected loss of 4000 c of EBIT "
        "(5000 c at 80%, in the range). Two leading indicators ask for attention. "
        "Under 1% chance to reach the budget's revenue."
    )


def test_without_events_and_budget_the_message_says_so_alone() -> None:
    assert (
        outside_message(None, None, 0, str, "12 months") == "No outside event that could hurt is in the register."
    )


def test_where_nothing_outside_hurts_the_message_says_where_revenue_may_end() -> None:
    assert outside_message(None, None, 0, str, "next 12 months", ("5 c", "9 c")).startswith(
        "The next 12 months bring between 5 c and 9 c of revenue in eight of ten cases. No outside event"
    )


def test_thresholds_in_words() -> None:
    def words(below: float, above: float) -> str:
        return threshold_words(LeadingIndicator("Mood", ("2026-11",), np.array([1.0]), below, above, ""))

    assert words(95.0, 110.0) == "opens an item below 95, above 110"
    assert words(float("nan"), float("nan")) == "no threshold: nothing opens by itself"


def test_what_an_indicator_leads_is_said_only_where_it_is_proven() -> None:
    def proof(family: str, gain: float, proven: bool, used: bool = False) -> DriverProof:
        return DriverProof("Mood", family, 3, gain, gain - 0.05, gain + 0.05, "", proven, used)

    assert lead_words("Mood", [proof("Bikes", 0.01, False)]) == "not proven to lead demand (1 family tested)"
    found = lead_words("Mood", [proof("Bikes", 0.12, True), proof("Cargo", 0.2, True, used=True)])
    assert (
        found == "proven to lead Cargo and 1 more family by 3 months: saves 20% of the error; moves the forecast"
    )
    assert lead_words("Other", [proof("Bikes", 0.1, True)]) == ""

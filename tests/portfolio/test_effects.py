"""Expected effects of events and initiatives, and whom they touch."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sop.core.calendar import Calendar
from sop.core.inputs import Benefit, Event, Gate, Initiative
from sop.core.register import Assumptions, Start
from sop.core.terms import EventUse
from sop.portfolio.effects import (
    addition,
    benefit_share,
    event_effects,
    initiative_effects,
    initiative_spend,
    mitigations,
    multiplier,
)

CALENDAR = Calendar("2026-01", 4)
NAMES = [("Front box", "Front box"), ("Trike (MTO)", "Trike")]


def event(**changes: object) -> Event:
    known: dict = {
        "name": "Strike", "title": "t", "source": "partner", "use": EventUse.PLAN, "probability": 0.5, "start": 1,
        "duration": 2, "measure": "demand", "impact": -0.2, "scope": "Trike", "owner": "", "mitigation": "",
        "mitigation_cost": 0.0,
    }  # fmt: skip
    return Event(**{**known, **changes})


INITIATIVE = Initiative(
    "Robot", "ops", "promises", 90_000.0, 30_000.0, 0.8, (Gate("Order", -1, 0, -1), Gate("Cell", 2, 3)),
    (Benefit("capacity_hours", "Paint", 100.0, "abs", 1, 2.0), Benefit("unit_cost", "", -0.1, "pct", 1, 1.0)),
)  # fmt: skip


def test_an_event_counts_with_its_probability_in_its_window_and_scope() -> None:
    factors = multiplier(event_effects([event()], Assumptions(), CALENDAR), "demand", NAMES, 4)
    assert factors.tolist() == [[1, 1, 1, 1], [1, 0.9, 0.9, 1]]


def test_events_to_watch_or_for_the_range_change_nothing_in_the_plan() -> None:
    for use in (EventUse.RANGE, EventUse.WATCH):
        assert event_effects([event(use=use)], Assumptions(), CALENDAR) == ()


def test_an_owner_can_raise_a_probability() -> None:
    certain = event_effects([event()], Assumptions({("event_probability", "Strike"): 1.0}), CALENDAR)
    assert multiplier(certain, "demand", NAMES, 4)[1].tolist() == [1, 0.8, 0.8, 1]


def test_a_mitigation_takes_an_event_away_from_the_month_on_in_which_it_works() -> None:
    place = "event_probability", "Strike"
    for before, factor in ((None, 0.9), (1.0, 0.8)):
        mitigated = Assumptions({place: 0.0}, {place: Start("2026-03", before)})
        factors = multiplier(event_effects([event()], mitigated, CALENDAR), "demand", NAMES, 4)
        assert factors[1].tolist() == [1, factor, 1, 1]


def test_a_benefit_ramps_with_confidence_and_a_slip_moves_it() -> None:
    effects = initiative_effects([INITIATIVE], Assumptions(), 4)
    assert addition(effects, "capacity_hours", [("Paint",), ("Weld",)], np.ones(2)).tolist() == [
        [0, 40, 80, 80],
        [0, 0, 0, 0],
    ]
    later = initiative_effects([INITIATIVE], Assumptions({("initiative_slip_months", ""): 1.0}), 4)
    assert later[0].profile.tolist() == [0, 0, 40, 80]


def test_an_effect_without_scope_touches_all() -> None:
    effects = initiative_effects([INITIATIVE], Assumptions({("initiative_confidence", "Robot"): 1.0}), 3)
    assert multiplier(effects, "unit_cost", NAMES, 3).tolist() == [[1, 0.9, 0.9], [1, 0.9, 0.9]]


def test_what_is_left_of_the_budget_is_spent_to_the_last_milestone() -> None:
    assert initiative_spend((INITIATIVE,), Assumptions(), 6).tolist() == [[15_000.0] * 4 + [0, 0]]
    stopped = Assumptions({("initiative_confidence", ""): 0.0})
    assert not initiative_spend((INITIATIVE,), stopped, 6).any()
    assert not benefit_share((INITIATIVE,), stopped, 6).any()


def test_spend_is_in_whole_cents_that_add_up_to_what_is_left_of_the_budget() -> None:
    thirds = replace(INITIATIVE, budget=100.0, spent=0.0, milestones=(Gate("Cell", 2, 2),))
    (spend,) = initiative_spend((thirds,), Assumptions(), 4)
    assert spend.tolist() == [33.33, 33.34, 33.33, 0.0]


def test_a_mitigation_that_was_decided_is_paid_once_in_the_month_from_which_it_holds() -> None:
    place = "mitigation_cost", "Strike"
    for start, paid in ((None, [90, 0, 0, 0]), ("2026-02", [0, 90, 0, 0]), ("2025-12", [0, 0, 0, 0])):
        starts = {} if start is None else {place: Start(start)}
        names, cost = mitigations([event()], Assumptions({place: 90.0}, starts), CALENDAR)
        assert cost.sum(axis=0).tolist() == paid and names == (("Strike",) if any(paid) else ())
    assert mitigations([event()], Assumptions(), CALENDAR)[1].shape == (0, 4)

"""What the executive review reads from a workspace, before and after the first agreed plan."""

from __future__ import annotations

import csv
import io
import threading

import pytest

from sop.analysis.comparison.plan_change import FENCES
from sop.analysis.ranges.risks import BLOCK
from sop.services.agreement.plan_acts import propose_plan, sign
from sop.services.analysis import review_ahead
from sop.services.analysis.changes import last_month, read_bridge, read_kpis
from sop.services.analysis.decisions import kept_valuation, value_decisions
from sop.services.analysis.drawing import MOST, read_ranges
from sop.services.analysis.outlook import outside_job, read_outlook
from sop.services.analysis.review_ahead import ReviewAhead, keep_review
from sop.services.company.settings import list_people
from sop.services.data.exports import table_csv
from sop.services.planning.choices import list_bases, list_views, read_view
from sop.services.planning.room import PlanningRoom
from sop.services.scenarios.drafts import change_assumption, working_scenario
from sop.views.executive.outlook_page import OutsideIn
from sop.views.executive.review_table import review_table
from tests.companies import Shape
from tests.services.planned_company import FUNCTIONS, make_room

CEO = "executive"
A_YEAR = Shape(history=12, horizon=12, products=2, families=2, regions=1)
FIVE_MONTHS = Shape(history=5, horizon=12, products=3, families=2)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> PlanningRoom:
    return make_room(tmp_path_factory.mktemp("new"), A_YEAR)


@pytest.fixture(scope="module")
def signed_room(tmp_path_factory: pytest.TempPathFactory) -> PlanningRoom:
    """A company after its plan was signed by all and sales raised their demand."""
    room = make_room(tmp_path_factory.mktemp("signed"), FIVE_MONTHS)
    record = propose_plan(room, "coordinator")
    for person in list_people(room.store):
        if person.id in FUNCTIONS.values():
            sign(room.store, person.id, record.id, record.digest)
    working = working_scenario(room.store, "head_of_sales")
    change_assumption(room.store, "head_of_sales", working.id, "demand_pct", 0.05, scope="Family A")
    return room


def test_before_the_first_agreed_plan_the_last_twelve_months_are_the_reference(room: PlanningRoom) -> None:
    view = read_view(room, CEO, list_views(room, CEO)[0])
    bridge = read_bridge(room, room.input_set(), view, None)
    assert bridge is not None and bridge.reference == "last 12 months" and not bridge.causes
    assert round(bridge.total) == view.plan.headline["revenue"]
    assert "no agreed plan covers this month" in last_month(room, room.input_set())


def test_after_it_the_causes_add_up_to_the_difference_and_name_what_changed(signed_room: PlanningRoom) -> None:
    room, inputs = signed_room, signed_room.input_set()
    view = read_view(room, CEO, list_views(room, CEO)[0])
    base = read_view(room, CEO, list_bases(room, CEO)[0])
    bridge = read_bridge(room, inputs, view, base)
    assert bridge is not None and bridge.causes
    assert round(bridge.total) == view.plan.headline["revenue"]
    # The agreed plan keeps its limits in whole units, so that its own first months, now fixed, change nothing:
    # planned again it is itself, and its fences are no cause of anything.
    assert [name for name, _ in bridge.steps] == ["Sales: volume"]
    assert FENCES not in dict(bridge.effects)
    assert bridge.main_cause in bridge.steps


def test_the_causes_of_every_measure_add_up_to_the_differences_on_the_cards(signed_room: PlanningRoom) -> None:
    room, inputs = signed_room, signed_room.input_set()
    view = read_view(room, CEO, list_views(room, CEO)[0])
    base = read_view(room, CEO, list_bases(room, CEO)[0])
    bridge = read_bridge(room, inputs, view, base)
    assert bridge is not None
    compared = 0
    for kpi in read_kpis(room, inputs, view, base):
        if kpi.against_base is not None:
            told = sum(effects[kpi.key] for _, effects in bridge.effects)
            assert told == pytest.approx(kpi.against_base, abs=1e-3), kpi.key
            assert bridge.of(kpi.key).total == pytest.approx(kpi.value, abs=1e-3), kpi.key
            compared += 1
    assert compared == 7


def test_the_agreed_plan_looked_at_against_itself_has_no_steps(signed_room: PlanningRoom) -> None:
    room = signed_room
    agreed = read_view(room, CEO, list_bases(room, CEO)[0])
    bridge = read_bridge(room, room.input_set(), agreed, agreed)
    assert bridge is not None and bridge.steps == ()


def test_the_outlook_ends_at_the_plan_between_its_bands(signed_room: PlanningRoom) -> None:
    room, inputs = signed_room, signed_room.input_set()
    view = read_view(room, CEO, list_views(room, CEO)[0])
    base, ranges = read_view(room, CEO, list_bases(room, CEO)[0]), read_ranges(room, inputs, view.assumptions)
    outlook = read_outlook(inputs, view, base, ranges)
    low, middle, high = outlook.p10[-1], outlook.plan[-1], outlook.p90[-1]
    assert low is not None and middle is not None and high is not None
    assert low <= middle <= high and middle == pytest.approx(view.plan.headline["revenue"])
    assert outlook.chance_agreed is not None and 0 < outlook.chance_agreed < 1


def test_the_download_holds_every_card_and_every_decision_once(room: PlanningRoom) -> None:
    inputs = room.input_set()
    view = read_view(room, CEO, list_views(room, CEO)[0])
    kpis, valuation = read_kpis(room, inputs, view, None), value_decisions(room, inputs, view.assumptions)
    text = table_csv(room.store, CEO, review_table(kpis, None, valuation, (), (), "EUR", "12 months")).decode(
        "utf-8-sig"
    )
    rows = list(csv.DictReader(io.StringIO(text)))
    revenue = [row for row in rows if row["item"] == "Revenue" and row["measure"] == "plan"]
    assert len(revenue) == 1 and round(float(revenue[0]["value"]) * 100) == view.plan.headline["revenue"]
    titles = {row["item"] for row in rows if row["section"] == "decision"}
    assert titles == {decision.move.title for decision in valuation.decisions}


def test_what_the_review_waits_for_is_kept_ahead_of_its_first_page(
    signed_room: PlanningRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_review(signed_room, CEO)

    def again(*given: object, **options: object) -> None:
        raise AssertionError("worked out twice")

    for made in (
        "comparison.find_explainer",
        "drawing.demand_errors",
        "drawing.draw_now",
        "decisions.value_all",
        "outlook.value_events",
        "goals._of_signed",
    ):
        monkeypatch.setattr(f"sop.services.analysis.{made}", again)
    monkeypatch.setenv(MOST, str(BLOCK))
    fresh = PlanningRoom(signed_room.store)
    inputs = fresh.input_set()
    view = read_view(fresh, CEO, list_views(fresh, CEO)[0], inputs)
    bridge = read_bridge(fresh, inputs, view, read_view(fresh, CEO, list_bases(fresh, CEO)[0]))
    assert bridge is not None and bridge.causes
    assert read_ranges(fresh, inputs, view.assumptions).draws is not None
    assert value_decisions(fresh, inputs, view.assumptions).decisions
    assert isinstance(outside_job(fresh, inputs, view), OutsideIn)


def test_the_review_is_kept_once_after_a_spell_of_changes(
    signed_room: PlanningRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, keep = threading.Event(), review_ahead.keep_review
    rounds: list[PlanningRoom] = []

    def counted(room: PlanningRoom, person: str) -> None:
        keep(room, person)
        rounds.append(room)
        kept.set()

    monkeypatch.setattr(review_ahead, "QUIET_SECONDS", 0.3)
    monkeypatch.setattr(review_ahead, "keep_review", counted)
    ahead = ReviewAhead()
    ahead.serve(signed_room)
    for _ in range(5):
        ahead.moved()
    assert kept.wait(120)
    assert rounds == [signed_room]
    fresh = PlanningRoom(signed_room.store)
    inputs = fresh.input_set()
    assert kept_valuation(fresh, inputs, fresh.assumptions()) is not None

"""How customers wait in a plan, and which levers shorten the wait: against the plan's own lines."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sop.analysis.effects import PlanEffect
from sop.analysis.supply.gap_levers import TOGETHER, GapLever, GapLevers
from sop.analysis.supply.limits import why_in_words
from sop.analysis.supply.waiting import Waiting, late_because, waiting_of
from sop.core.plan import PlanDetail
from sop.core.register import Assumptions
from sop.services.planning.choices import Choice, View, list_views, read_view
from sop.services.planning.plan_context import plan_context
from sop.services.planning.room import PlanningRoom
from sop.services.planning.supply_questions import levers_on_gap
from sop.supply.what_if.trace import FENCE, NO_ROUTE, NOT_WORTH
from sop.supply.what_if.trace import TOGETHER as SEVERAL
from sop.views.lead_time.gap_levers import gap_sentence, gap_table
from tests.companies import Shape
from tests.services.planned_company import make_room

SHAPE = Shape(history=5, horizon=12, products=3, families=2)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> PlanningRoom:
    """Family A is made to stock, Family B to order."""
    return make_room(tmp_path_factory.mktemp("waits"), SHAPE)


def view(room: PlanningRoom, **assumed: float) -> View:
    """The plan under some assumptions; `short` halves every line, with half as much demand more."""
    found = read_view(room, "executive", list_views(room, "executive")[0])
    values = Assumptions({(key, ""): value for key, value in assumed.items()})
    return View(Choice("trial", "Trial"), room.plan(values), values, scenario=found.scenario)


def short(room: PlanningRoom) -> View:
    return view(room, capacity_pct=-0.5, demand_pct=0.5, people_pct=-0.3, overtime_share=0.0)


def waits(room: PlanningRoom, shown: View) -> dict[str, Waiting]:
    return waiting_of(plan_context(room, "executive", shown, None).plan)


def test_the_promise_is_the_standard_lead_time_and_nine_in_ten_lie_below_the_peak(room: PlanningRoom) -> None:
    shown = short(room)
    found, families = waits(room, shown), room.input_set().inputs.families
    for at, name in enumerate(families.names):
        standard = families.standard_lead_time_days[at] if families.made_to_order[at] else 0.0
        peak = shown.plan.by_family("customer_lead_time")[at].max()
        assert found[name].standard_days == pytest.approx(standard, abs=0.1)
        assert found[name].mean_days <= found[name].p90_days + 1e-6
        assert found[name].p90_beyond or found[name].p90_days <= peak + 31


def test_the_share_from_stock_is_what_the_plan_delivers_in_the_month_due(room: PlanningRoom) -> None:
    shown = short(room)
    keys = ("due", "due_on_time", "lost_sales")
    due, on_time, lost = (shown.plan.by_family(key)[:, :12].sum(axis=1) for key in keys)
    for at, waiting in enumerate(waits(room, shown).values()):
        assert waiting.served_share == pytest.approx(on_time[at] / due[at], abs=0.01)
        late = due[at] - on_time[at] - lost[at] >= 1
        # Units that fall due in the last month of the horizon wait beyond it: by how much, the plan does not say.
        assert (waiting.otherwise_days > 0 or waiting.otherwise_beyond) == late


def test_a_higher_promise_moves_every_wait_by_as_much(room: PlanningRoom) -> None:
    before = waits(room, view(room, standard_lead_time_days=30.0))["Family B"]
    after = waits(room, view(room, standard_lead_time_days=31.0))["Family B"]
    assert after.standard_days - before.standard_days == pytest.approx(1.0, abs=0.11)


def test_levers_are_valued_alone_and_together_and_none_makes_the_wait_longer(room: PlanningRoom) -> None:
    shown = short(room)
    found = levers_on_gap(room, room.input_set(), shown, "Family B")
    assert found is not None and found.levers
    peak = shown.plan.by_family("customer_lead_time")[1, :12].max()
    assert found.now.peak_days == pytest.approx(peak, abs=0.11)
    target = shown.plan.by_family("lead_time_target")[1, 0]
    assert found.now.over_days == pytest.approx(peak - target, abs=0.11)
    assert [lever.over_days for lever in found.levers] == sorted(lever.over_days for lever in found.levers)


def test_a_frozen_plan_has_no_levers_and_no_causes(room: PlanningRoom) -> None:
    shown = view(room)
    frozen = replace(shown, record=object(), plan=replace(shown.plan, detail=PlanDetail()))  # type: ignore[arg-type]
    assert levers_on_gap(room, room.input_set(), frozen, "Family B") is None
    assert late_because(frozen.plan) == {}
    assert waits(room, frozen).keys() == waits(room, shown).keys()


def test_a_plan_that_is_short_names_what_stops_its_late_units(room: PlanningRoom) -> None:
    shown = short(room)
    causes = late_because(shown.plan)
    late = sum(shown.plan.by_family(key).max(axis=1) for key in ("past_due", "lost_sales"))
    assert set(causes) == {name for name, units in zip(("Family A", "Family B"), late, strict=True) if units > 0}


def test_every_reason_reads_after_because_of() -> None:
    assert [why_in_words(reason) for reason in (NOT_WORTH, NO_ROUTE, FENCE, SEVERAL, "line Press")] == [
        "a cost of serving it above its worth",
        "no line or subcontractor for it",
        FENCE,
        SEVERAL,
        "line Press",
    ]


def money(minor: float) -> str:
    return f"{minor / 100:,.0f} EUR"


def test_the_sentence_names_the_best_lever_with_what_it_leaves_and_its_money() -> None:
    now = GapLever("As planned", "", 140.0, 80.0, 12)
    shift = GapLever("One more shift on line Press", "Jan 2027", 61.0, 1.2, 2, PlanEffect(5_000, 4_000, -90))
    both = GapLever(TOGETHER, "Jan 2027", 59.0, -1.0, 0, PlanEffect(-7_000, 1, 2), known=False)
    found = GapLevers("Cargo", now, (shift,), both)
    assert gap_sentence(found, money, "12 months") == (
        "One more shift on line Press in Jan 2027 helps Cargo most: it leaves 1 day over the target and brings "
        "50 EUR of EBIT in 12 months, net of its cost; all levers together close the gap."
    )
    assert gap_table(found, "12 months").figure(TOGETHER, "EBIT, 12 months") == -7_000.0
    assert gap_table(found, "12 months").figure("As planned", "EBIT, 12 months") is None
    kept = GapLevers("Cargo", replace(now, over_days=-2.0))
    assert gap_sentence(kept, money, "12 months") == "Cargo keeps its lead time target in the next 12 months."
    assert gap_sentence(GapLevers("Cargo", now), money, "12 months").startswith(
        "No limit that binds holds Cargo back"
    )

"""Scenarios: private drafts, saved ones, and the working plan in which everybody changes only what they own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from sop.analysis.comparison.data_changes import same
from sop.core.calendar import shift_period
from sop.core.errors import BadInput, Conflict, NotAllowed
from sop.files.snapshot import plan_digest
from sop.services.agreement import plan_acts
from sop.services.company.cycle import roll_forward
from sop.services.planning.room import PlanningRoom
from sop.services.scenarios import drafts as scenarios
from sop.services.scenarios.bench import list_choices, read_bench, why_locked
from sop.services.scenarios.live_changes import changes_since
from sop.store.data import add_table, read_current_tables
from sop.store.scenarios import carry_scenarios, read_scenarios
from sop.store.settings import read_person
from sop.views.executive.scenario_months import months_table
from tests.rerun import rerun_content
from tests.services.planned_company import SHORT, make_room


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlanningRoom]:
    room = make_room(tmp_path_factory.mktemp("scenarios"), replace(SHORT, history=8))
    yield room
    room.store.close()


def values(room: PlanningRoom, person: str, scenario: int) -> dict[tuple[str, str], float]:
    return {(entry.key, entry.scope): entry.value for entry in scenarios.entries(room.store, person, scenario)}


def test_a_draft_is_private_and_anything_in_it_may_change(room: PlanningRoom) -> None:
    draft = scenarios.own_draft(room.store, "head_of_sales")
    scenarios.change_assumption(room.store, "head_of_sales", draft.id, "dso_days", 60)
    assert values(room, "head_of_sales", draft.id) == {("dso_days", ""): 60}
    assert draft.id not in [s.id for s in scenarios.list_scenarios(room.store, "executive")]
    with pytest.raises(NotAllowed, match="private draft"):
        scenarios.entries(room.store, "executive", draft.id)
    with pytest.raises(NotAllowed, match="belongs to"):
        scenarios.change_assumption(room.store, "executive", draft.id, "dso_days", 30)


def test_a_draft_is_made_once_and_starts_from_the_working_plan(room: PlanningRoom) -> None:
    working = scenarios.working_scenario(room.store, "executive")
    scenarios.change_assumption(room.store, "head_of_sales", working.id, "demand_pct", 0.1)
    first = scenarios.own_draft(room.store, "executive")
    assert values(room, "executive", first.id) == {("demand_pct", ""): 0.1}
    assert scenarios.own_draft(room.store, "executive").id == first.id


@pytest.mark.parametrize(
    ("person", "key", "allowed"),
    [
        ("head_of_sales", "demand_pct", True),
        ("head_of_sales", "dso_days", False),
        ("head_of_operations", "capacity_pct", True),
        ("head_of_supply", "supply_pct", True),
        ("head_of_product", "launch_volume_pct", True),
        ("head_of_finance", "dso_days", True),
        ("executive", "initiative_confidence", True),
        ("executive", "demand_pct", False),
        ("coordinator", "demand_pct", False),
        ("viewer", "demand_pct", False),
        ("administrator", "demand_pct", False),
    ],
)
def test_in_the_working_plan_only_the_owner_changes_an_assumption(
    room: PlanningRoom, person: str, key: str, allowed: bool
) -> None:
    working = scenarios.working_scenario(room.store, "executive")
    if allowed:
        scenarios.change_assumption(room.store, person, working.id, key, 0.5 if key != "dso_days" else 50)
        assert values(room, "executive", working.id)
    else:
        with pytest.raises(NotAllowed):
            scenarios.change_assumption(room.store, person, working.id, key, 0.1)
        assert values(room, "executive", working.id) == {}


def test_the_screen_locks_what_the_service_refuses(room: PlanningRoom) -> None:
    working = scenarios.working_scenario(room.store, "executive")
    with room.store.read() as tx:
        sales, viewer = read_person(tx, "head_of_sales"), read_person(tx, "viewer")
    assert why_locked(sales, working, "demand_pct") == ""
    assert "belongs to Finance" in why_locked(sales, working, "dso_days")
    assert "may look, not change" in why_locked(viewer, working, "demand_pct")


def test_a_change_over_somebody_elses_is_refused_and_names_them(room: PlanningRoom) -> None:
    working = scenarios.working_scenario(room.store, "executive")
    seen = scenarios.change_assumption(room.store, "head_of_sales", working.id, "demand_pct", 0.1).version
    scenarios.change_assumption(room.store, "head_of_sales", working.id, "demand_pct", 0.2)
    with pytest.raises(Conflict, match="head_of_sales changed demand_pct"):
        scenarios.change_assumption(
            room.store, "head_of_sales", working.id, "demand_pct", 0.3, expected_version=seen
        )
    with pytest.raises(Conflict):
        scenarios.reset_assumption(room.store, "head_of_sales", working.id, "demand_pct", expected_version=seen)
    assert values(room, "executive", working.id) == {("demand_pct", ""): 0.2}


def test_others_are_told_a_choice_by_its_name(room: PlanningRoom) -> None:
    working = scenarios.working_scenario(room.store, "executive")
    scenarios.change_assumption(room.store, "head_of_operations", working.id, "supply_strategy", 1)
    told = changes_since(room.store, "executive", 0)
    assert told[-1].endswith("set Supply strategy to “Level”.")


def test_a_value_outside_the_registers_range_is_refused(room: PlanningRoom) -> None:
    draft = scenarios.own_draft(room.store, "executive")
    with pytest.raises(BadInput, match="outside"):
        scenarios.change_assumption(room.store, "executive", draft.id, "demand_pct", 9)
    with pytest.raises(BadInput, match="expiry"):
        scenarios.change_assumption(room.store, "executive", draft.id, "demand_pct", 0.1, expiry="soon")
    assert values(room, "executive", draft.id) == {}


def test_resetting_a_draft_brings_back_the_working_plans_values(room: PlanningRoom) -> None:
    working = scenarios.working_scenario(room.store, "executive")
    scenarios.change_assumption(room.store, "head_of_sales", working.id, "demand_pct", 0.1)
    draft = scenarios.own_draft(room.store, "executive")
    scenarios.change_assumption(room.store, "executive", draft.id, "demand_pct", 0.3)
    scenarios.change_assumption(room.store, "executive", draft.id, "dso_days", 60)
    scenarios.reset_draft(room.store, "executive")
    assert values(room, "executive", draft.id) == {("demand_pct", ""): 0.1}


def test_a_saved_scenario_is_a_copy_that_all_see_and_its_owner_changes(room: PlanningRoom) -> None:
    draft = scenarios.own_draft(room.store, "executive")
    scenarios.change_assumption(room.store, "executive", draft.id, "dso_days", 60)
    saved = scenarios.save_as(room.store, "executive", draft.id, "  Slow payers ", "what if")
    scenarios.change_assumption(room.store, "executive", draft.id, "dso_days", 70)
    assert values(room, "viewer", saved.id) == {("dso_days", ""): 60}
    assert saved.name == "Slow payers"
    with pytest.raises(NotAllowed, match="Save a copy"):
        scenarios.change_assumption(room.store, "head_of_finance", saved.id, "dso_days", 50)
    with pytest.raises(Conflict, match="Choose another name"):
        scenarios.save_as(room.store, "executive", draft.id, "Slow payers")
    with pytest.raises(BadInput, match="needs a name"):
        scenarios.save_as(room.store, "executive", draft.id, " ")


def test_adopting_brings_ones_own_values_and_resets_and_nothing_else(room: PlanningRoom) -> None:
    working = scenarios.working_scenario(room.store, "executive")
    scenarios.change_assumption(room.store, "head_of_sales", working.id, "price_pct", 0.02)
    scenarios.change_assumption(room.store, "head_of_finance", working.id, "dpo_days", 40)
    draft = scenarios.own_draft(room.store, "head_of_sales")
    scenarios.reset_assumption(room.store, "head_of_sales", draft.id, "price_pct")
    scenarios.change_assumption(room.store, "head_of_sales", draft.id, "demand_pct", 0.1)
    scenarios.change_assumption(room.store, "head_of_sales", draft.id, "dpo_days", 90)
    changed = scenarios.adopt_values(room.store, "head_of_sales", draft.id, "tender won")
    assert values(room, "executive", working.id) == {("demand_pct", ""): 0.1, ("dpo_days", ""): 40}
    assert changed == 2
    reasons = {entry.key: entry.reason for entry in scenarios.entries(room.store, "executive", working.id)}
    assert reasons["demand_pct"] == "tender won"
    with pytest.raises(BadInput, match="nothing that you own"):
        scenarios.adopt_values(room.store, "head_of_sales", draft.id, "again")


def since_the_last_months(room: PlanningRoom) -> str:
    """The scope of a decision to train a family's forecast on its last three months."""
    inputs = room.input_set().inputs
    return f"{inputs.families.names[0]}|{inputs.regions[0]}|{inputs.history.months[-3]}"


def test_a_draft_that_decides_otherwise_about_history_has_a_forecast_of_its_own(room: PlanningRoom) -> None:
    before = room.input_set()
    draft, scope = scenarios.own_draft(room.store, "executive"), since_the_last_months(room)
    scenarios.change_assumption(room.store, "executive", draft.id, "history_train_since", 1, scope=scope)
    decided = room.decided(before, room.assumptions(draft.id))
    assert decided.inputs is before.inputs and decided.key != before.key
    changed = (decided.forecast.mean != before.forecast.mean).any(axis=-1)
    assert changed[0, 0] and not changed[1:].any()
    assert room.scenario_plan(draft.id).headline["revenue"] != room.scenario_plan().headline["revenue"]
    assert room.input_set() is before
    saved = scenarios.save_as(room.store, "executive", draft.id, "Since November")
    record = plan_acts.propose_plan(room, "coordinator", saved.id)
    content = rerun_content(room, record.id)
    assert plan_digest(content) == record.digest
    with room.store.read() as tx:
        assert room.frozen(tx, record).forecast.mean.tolist() == decided.forecast.mean.tolist()


def test_a_decision_that_is_taken_back_brings_back_the_forecast_that_was_kept(room: PlanningRoom) -> None:
    before, scope = room.input_set(), since_the_last_months(room)
    working = scenarios.working_scenario(room.store, "head_of_sales").id
    change = ("head_of_sales", working, "history_train_since")
    scenarios.change_assumption(room.store, *change, 1, scope=scope)
    assert room.input_set() is not before
    scenarios.change_assumption(room.store, *change, 0, scope=scope)
    assert room.input_set() is before


def test_whoever_owns_nothing_cannot_adopt(room: PlanningRoom) -> None:
    draft = scenarios.own_draft(room.store, "coordinator")
    scenarios.change_assumption(room.store, "coordinator", draft.id, "demand_pct", 0.1)
    with pytest.raises(NotAllowed):
        scenarios.adopt_values(room.store, "coordinator", draft.id, "please")


def test_the_bench_measures_a_scenario_against_the_working_plan(room: PlanningRoom) -> None:
    inputs = room.input_set()
    draft = scenarios.own_draft(room.store, "executive")
    scenarios.change_assumption(room.store, "executive", draft.id, "price_pct", 0.1)
    bench = read_bench(room, "executive", inputs, draft.id)
    more = bench.plan.headline["revenue"] - bench.reference["revenue"]  # type: ignore[operator]
    assert more == pytest.approx(0.1 * bench.reference["revenue"], rel=0.001)  # type: ignore[operator]
    row = next(row for row in bench.rows if row.current)
    assert row.differences["revenue"] == more
    assert f"adds {more / 100:.0f} revenue" in bench.message(lambda cents: f"{cents / 100:.0f}")


def test_a_viewer_sees_shared_scenarios_and_has_no_draft(room: PlanningRoom) -> None:
    scenarios.own_draft(room.store, "executive")
    with room.store.read() as tx:
        viewer = read_person(tx, "viewer")
    assert [scenario.kind for scenario in list_choices(room, viewer)] == ["working"]


def test_a_kept_forecast_is_read_back_number_for_number(room: PlanningRoom) -> None:
    first, again = room.input_set().forecast, PlanningRoom(room.store).input_set().forecast
    assert first is not again and same(first, again)
    assert len(again.wape) == len(again.method)


def test_a_saved_scenario_says_what_it_stood_on_and_what_moved_since(room: PlanningRoom) -> None:
    draft = scenarios.own_draft(room.store, "executive")
    saved = scenarios.save_as(room.store, "executive", draft.id, "Slow payers", "Can we wait for the money?")
    with room.store.read() as tx:
        assert scenarios.what_moved(tx, saved) == "" and scenarios.what_moved(tx, draft) == ""
    with room.store.write(by="coordinator", role="coordinator") as tx:
        stored = read_current_tables(tx)["products"]
        dearer = stored.assign(price=stored["price"] * 2)
        add_table(tx, "products", dearer, file_name="products.csv", file_sha256="1" * 64)
    with room.store.read() as tx:
        assert scenarios.what_moved(tx, saved) == "data"
        older = replace(saved, stands_on=f"0.0.0 {(saved.stands_on or '').split()[1]}")
        assert scenarios.what_moved(tx, older) == "code and data"
    bench = read_bench(room, "executive", room.input_set(), saved.id)
    assert bench.moved == "data"
    about = next(each.about for each in bench.beside if each.name == "Slow payers")
    assert "Can we wait for the money?" in about and "the data it stood on moved" in about


def test_a_scenario_that_is_kept_longer_is_there_in_the_next_cycle_and_its_owners(room: PlanningRoom) -> None:
    draft = scenarios.own_draft(room.store, "head_of_sales")
    scenarios.change_assumption(room.store, "head_of_sales", draft.id, "price_pct", 0.02)
    now = draft.cycle
    following = shift_period(now, 1)
    scenarios.save_as(room.store, "head_of_sales", draft.id, "Only now")
    scenarios.save_as(room.store, "head_of_sales", draft.id, "Longer", "Dearer?", following)
    for until in ("next year", shift_period(now, -1)):
        with pytest.raises(BadInput, match="kept until"):
            scenarios.save_as(room.store, "head_of_sales", draft.id, "Never", expiry=until)
    with room.store.write(by="coordinator", role="coordinator") as tx:
        roll_forward(tx)
    found = {each.name: each for each in scenarios.list_scenarios(room.store, "executive") if each.kind == "saved"}
    assert set(found) == {"Longer"} and found["Longer"].owner == "head_of_sales"
    assert found["Longer"].cycle == following and found["Longer"].description == "Dearer?"
    (entry,) = scenarios.entries(room.store, "executive", found["Longer"].id)
    assert (entry.key, entry.value) == ("price_pct", 0.02)
    with room.store.write(by="coordinator", role="coordinator") as tx:
        carry_scenarios(tx, following, shift_period(following, 1))
        assert read_scenarios(tx, shift_period(following, 1)) == (), "it was kept until then, and no longer"


def test_scenarios_stand_side_by_side_by_month_with_the_totals_of_their_headline(room: PlanningRoom) -> None:
    inputs, plan = room.input_set(), room.plan(room.assumptions())
    dearer = room.plan(room.assumptions().set("price_pct", "", 0.1))
    table = months_table("revenue", [("Now", "", plan), ("Dearer", "why", dearer)], None, inputs.inputs)
    year = plan.calendar.year
    assert len(table.columns) == len(plan.months[:year]) + 2
    assert table.figure("Now", plan.near_text) == plan.headline["revenue"]
    assert table.figure("Dearer", plan.near_text) == dearer.headline["revenue"]
    assert not months_table("nothing", [("Now", "", plan)], None, inputs.inputs).rows

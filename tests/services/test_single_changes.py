"""A difference opened to the single change, in whole companies: exact at every level, and named by whose it is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from sop.analysis.comparison.data_changes import ACTUALS, FORECAST, LISTS
from sop.analysis.comparison.plan_change import COUNTED, FENCES, HORIZON, PARTS, REPLANNED, SAFETY, PlanChange
from sop.cli.plan_changes import changes_fields
from sop.core.errors import NotFound
from sop.core.format import MoneyFormat
from sop.finance.financial_plan import Books
from sop.services.agreement import plan_acts
from sop.services.analysis.changes import read_bridge, read_changes, read_group
from sop.services.analysis.comparison import explain_change, explain_group, read_signed
from sop.services.company.cycle import close_and_roll
from sop.services.planning.choices import View, list_bases, list_views, read_view
from sop.services.planning.room import PlanningRoom
from sop.services.scenarios import drafts
from sop.store import open_store
from sop.store.data import add_table, read_current_tables
from sop.views.executive.change_tables import singles_note, singles_table
from tests.companies import FIRST_OPEN, Shape
from tests.golden.workspaces import open_company
from tests.residuals import residual_of
from tests.services.planned_company import FUNCTIONS, make_room

SHAPE = Shape(history=5, horizon=15, products=3, families=2, seed=3)
CEO = "executive"
EURO = MoneyFormat("EUR")


def load(room: PlanningRoom, **tables: pd.DataFrame) -> None:
    with room.store.write(by="coordinator", role="coordinator") as tx:
        for name, frame in tables.items():
            add_table(tx, name, frame, file_name=f"new {name}.csv", file_sha256="2" * 64)


def tables_of(room: PlanningRoom) -> dict[str, pd.DataFrame]:
    with room.store.read() as tx:
        return read_current_tables(tx)


def set_value(room: PlanningRoom, person: str, key: str, value: float, reason: str, scope: str = "") -> None:
    scenario = drafts.working_scenario(room.store, person)
    drafts.change_assumption(
        room.store, person, scenario.id, key, value, reason=reason, scope=scope, expected_version=0
    )


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> PlanningRoom:
    """The cycle after an agreed plan: a month closed, a new family without sales, an initiative, two values set
    and one taken back."""
    room = make_room(tmp_path_factory.mktemp("why"), SHAPE)
    set_value(room, "head_of_finance", "carrying_rate", 0.2, "bank")
    plan = plan_acts.propose_plan(room, "coordinator")
    for person in FUNCTIONS.values():
        plan_acts.sign(room.store, person, plan.id, plan.digest)
    tables = tables_of(room)
    closed = {}
    for name in ("sales_actuals", "inventory", "order_book"):
        frame = tables[name]
        new = frame[frame["month"] == frame["month"].max()].assign(month=FIRST_OPEN)
        if name == "sales_actuals":
            new = new.assign(quantity=new["quantity"] + 3, revenue=new["revenue"] + 100)
        closed[name] = pd.concat([frame, new], ignore_index=True)
    products = tables["products"]
    row = products.iloc[:1].assign(product="Z1", name="Z one", family="Family Z")
    initiatives = tables["initiatives"]
    load(
        room,
        **closed,
        products=pd.concat([products, row], ignore_index=True),
        initiatives=initiatives.assign(owner="operations", spent=initiatives["spent"] + 1000),
    )
    close_and_roll(room.store, "coordinator")
    set_value(room, "head_of_sales", "demand_pct", 0.04, "tender")
    set_value(room, "head_of_sales", "price_pct", 0.01, "list price")
    finance = "head_of_finance"
    scenario = drafts.working_scenario(room.store, finance)
    (rate,) = (e for e in drafts.entries(room.store, finance, scenario.id) if e.key == "carrying_rate")
    drafts.reset_assumption(room.store, finance, scenario.id, rate.key, expected_version=rate.version)
    return room


@pytest.fixture(scope="module")
def view(room: PlanningRoom) -> View:
    return read_view(room, CEO, list_views(room, CEO)[0])


@pytest.fixture(scope="module")
def change(room: PlanningRoom, view: View) -> PlanChange:
    found = explain_change(room, room.input_set(), view.assumptions)
    assert found is not None
    return found


def test_a_new_family_without_sales_is_a_cause_of_its_own_and_hides_none(change: PlanChange) -> None:
    assert {ACTUALS, FORECAST, LISTS, "Sales"} <= set(change.steps)
    assert change.steps[ACTUALS]["revenue"] and change.steps[FORECAST]["revenue"]
    assert change.called(LISTS) == "New families and regions: Family Z"
    assert "families or regions" not in change.taken_new
    assert all(residual_of(change, measure) == 0 for measure in change.base)


def test_an_initiative_of_operations_is_operations_and_capacity_that_became_history_nobodys(
    room: PlanningRoom, view: View, change: PlanChange
) -> None:
    opened = read_group(room, CEO, view, change, "Operations")
    assert {worth.single.tables[0] for worth, _ in opened.singles} == {"initiatives"}
    assert "CEO" not in change.steps
    assert all(note.reason == "loaded from new initiatives.csv" for _, note in opened.singles)


def test_singles_sum_to_their_group_and_groups_to_the_difference_in_every_measure(
    room: PlanningRoom, view: View, change: PlanChange
) -> None:
    for measure, parts in PARTS.items():
        if measure not in change.base:
            continue
        total = 0
        for group, effects in change.effects:
            if group not in change.groups:
                assert not any(effects.values())
                continue
            opened = read_group(room, CEO, view, change, group)
            singles = sum(round(worth.effects[measure] * parts) for worth, _ in opened.singles)
            assert singles == round(effects[measure] * parts), (group, measure)
            total += singles
        assert total == round(change.now[measure] * parts) - round(change.base[measure] * parts), measure


def test_what_nobody_set_opens_too_and_says_why_it_came(
    room: PlanningRoom, view: View, change: PlanChange
) -> None:
    """The agreed plan counted from the new first month, then its supply planned again where months are free."""
    opened = read_group(room, CEO, view, change, HORIZON)
    assert [worth.single.label for worth, _ in opened.singles] == [COUNTED, REPLANNED]
    assert all(note.reason and not note.by for _, note in opened.singles)
    assert not opened.owner and "Nobody set or loaded anything" in singles_note(opened, change, EURO)


def test_without_fences_the_agreed_plan_is_only_counted_again(change: PlanChange) -> None:
    counted = replace(change, moved={COUNTED: change.horizon, REPLANNED: dict.fromkeys(change.horizon, 0)})
    opened = counted.opened(HORIZON)
    assert opened is not None and [worth.single.label for worth in opened.worths] == [COUNTED]


def test_a_list_that_is_taken_as_it_is_today_is_named(change: PlanChange) -> None:
    opened = replace(change, taken_new=("products",)).opened(HORIZON)
    assert opened is not None and "the list of products is today's" in opened.worths[0].single.reason


def test_the_books_as_signed_go_on_until_the_ledger_brings_another_month(
    room: PlanningRoom, change: PlanChange
) -> None:
    """What the same ledger says is not read anew because a month has passed: that comes with the new ledger."""
    inputs = room.input_set()
    assert inputs.agreed is not None
    signed = read_signed(room.store, inputs, inputs.agreed)
    was, now = signed.books, Books(signed.inputs, signed.books)
    assert was.operating is not None and now.operating == was.operating.later(1)
    assert (now.dso, now.dpo, now.below_ebit.tax_rate) == (was.dso, was.dpo, was.below_ebit.tax_rate)


def test_a_value_taken_back_is_told_with_who_took_it_back(
    room: PlanningRoom, view: View, change: PlanChange
) -> None:
    ((worth, note),) = read_group(room, CEO, view, change, "Finance").singles
    assert (worth.single.label, note.reason) == ("Cost of carrying stock, a year", "taken back")
    assert note.by and note.at


def test_each_value_says_who_set_it_when_and_why(room: PlanningRoom, view: View, change: PlanChange) -> None:
    sales = {w.single.label: n for w, n in read_group(room, CEO, view, change, "Sales").singles if w.single.places}
    assert {label: note.reason for label, note in sales.items()} == {
        "Demand against forecast": "tender",
        "Net price": "list price",
    }
    assert all(note.by and note.at for note in sales.values())


def test_page_command_line_and_executive_review_tell_the_same_causes(
    room: PlanningRoom, view: View, change: PlanChange
) -> None:
    base = read_view(room, CEO, list_bases(room, CEO)[0])
    page, told = read_changes(room, CEO, view, base), changes_fields(room)
    bridge = read_bridge(room, room.input_set(), view, base)
    assert page is not None and page.change is not None and bridge is not None
    command = {row["name"]: row["effects"] for row in told["groups"]}
    assert set(command) == {page.change.called(step) for step, _ in page.change.effects}
    for step, effects in page.change.effects:
        row = command[page.change.called(step)]
        assert float(row["revenue"]) * 100 == pytest.approx(effects["revenue"])
        assert float(row["lead_time"]) == pytest.approx(effects["lead_time"])
    assert [(n, v) for n, v in bridge.steps] == [
        (page.change.called(step), value) for step, value in page.change.bridge("revenue")
    ]
    for group in told["groups"]:
        for measure, value in group["effects"].items():
            singles = sum(round(float(s["effects"][measure]) * 1e6) for s in group["singles"])
            assert singles == round(float(value) * 1e6), (group["name"], measure)


def test_a_group_that_did_not_change_cannot_be_opened(room: PlanningRoom, view: View, change: PlanChange) -> None:
    with pytest.raises(NotFound, match="no group of changes 'Supply'"):
        explain_group(room, room.input_set(), view.assumptions, change, "Supply")


def test_the_table_of_a_group_says_whether_orders_were_drawn(
    room: PlanningRoom, view: View, change: PlanChange
) -> None:
    for group in change.groups:
        opened = read_group(room, CEO, view, change, group)
        names = [row[0] for row in singles_table(opened, EURO).rows]
        note = singles_note(opened, change, EURO)
        assert ("drawn orders" in note) is opened.drawn
        assert ("Standard error, at most" in names) is ("their standard error below" in note)
        assert opened.drawn or "Standard error, at most" not in names


def test_before_the_first_agreed_plan_the_command_line_says_why_there_are_no_causes(tmp_path: Path) -> None:
    told = changes_fields(make_room(tmp_path, SHAPE))
    assert told["groups"] is None and told["against"] is None
    assert told["why"]


def test_in_its_own_cycle_the_agreed_plans_fences_are_called_so(tmp_path: Path) -> None:
    room = make_room(tmp_path, SHAPE)
    plan = plan_acts.propose_plan(room, "coordinator")
    for person in FUNCTIONS.values():
        plan_acts.sign(room.store, person, plan.id, plan.digest)
    change = explain_change(room, room.input_set(), room.assumptions())
    assert change is not None and change.called(HORIZON) == FENCES
    assert not any(change.safety.values())


def test_the_frozen_demo_names_its_causes_by_who_owns_what_changed(tmp_path: Path) -> None:
    """'CEO: new data' was four heads' initiatives; part of the horizon's stock is the policy's."""
    store = open_store(open_company("demo", tmp_path / "demo"))
    room = PlanningRoom(store)
    change = explain_change(room, room.input_set(), room.assumptions())
    store.close()
    assert change is not None
    owned = (ACTUALS, FORECAST, "Sales", "Operations", "Product", "Finance")
    assert change.groups == (HORIZON, SAFETY, *owned)
    assert [change.called(group) for group in owned[3:]] == [
        "Operations: overtime limit and Second welding robot",
        "Product: Front box design to cost",
        "Finance: Stock turns 6 to 8",
    ]
    # Most of what the policy's part is comes from the rule that sizes safety stock, which has changed since.
    stock = change.horizon["inventory"], change.safety["inventory"]
    assert stock == (77_686_40, -628_374_61)
    assert residual_of(change, "inventory") == 0

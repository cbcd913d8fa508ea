"""Closing the demo's month: what was said about it is judged by its actuals, and nothing of a user's is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sop.agreement.records import PlanRecord
from sop.core.errors import Conflict
from sop.core.register import Assumptions, as_assumptions
from sop.core.scores import SALES, StepAccuracy
from sop.facts.unit_worth import net_price_today
from sop.intake.incoming import ImportRequest
from sop.services.agreement.frozen_plans import agreed_plans, read_sign_off
from sop.services.agreement.plan_acts import propose_plan, sign
from sop.services.analysis.performance import read_performance, read_value_added
from sop.services.company.cycle import CompanySettings, close_and_roll, current_cycle, read_company, save_company
from sop.services.data.imports import import_table, undo_import
from sop.services.demo import advance as demo_advance
from sop.services.demo.advance import Advance, advance_demo
from sop.services.demo.build import build_demo
from sop.services.demo.demo_tables import read_demo
from sop.services.demo.personas import sign_by_all, waive_red
from sop.services.planning.room import PlanningRoom, read_entries
from sop.services.scenarios.drafts import change_assumption, working_scenario
from sop.store import Store, open_store
from sop.store.data import read_current_tables, read_heads
from sop.store.plans import read_agreed_plans, read_plans
from sop.ui.panels.process import demo_month
from tests.pages.screens import open_page
from tests.pages.workspaces import copy_of
from tests.personas import personas_in_session_state
from tests.services.quick_demo import quick_forecasts

FIRST_OPEN, NEXT = "2026-11", "2026-12"
CHANGED, STAYS = "Longtail|DACH|2026-11", "Longtail|DACH|2026-12"


@pytest.fixture(autouse=True)
def personas() -> Iterator[None]:
    """A page is told in session state who looks."""
    with personas_in_session_state():
        yield


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    """Advancing is tested here, not forecasting."""
    with quick_forecasts():
        yield


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo with one past cycle, in which sales has overridden a family and region for two months."""
    folder = tmp_path_factory.mktemp("opened")
    store = open_store(folder)
    build_demo(store, FIRST_OPEN, past_cycles=1)
    working = working_scenario(store, "head_of_sales")
    for scope, units in ((CHANGED, 9.0), (STAYS, -4.0)):
        reason = "A dealer chain opens"
        change_assumption(store, "head_of_sales", working.id, "demand_units", units, scope=scope, reason=reason)
    store.close()
    return folder


@pytest.fixture(scope="module")
def advanced(opened: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Advance]:
    """The same a month later, and what was said about closing the month."""
    folder = copy_of(opened, tmp_path_factory.mktemp("advanced"))
    store = open_store(folder)
    done = advance_demo(store)
    store.close()
    return folder, done


@pytest.fixture
def store(opened: Path, tmp_path: Path) -> Iterator[Store]:
    """A copy of the demo before its month is closed."""
    found = open_store(copy_of(opened, tmp_path))
    yield found
    found.close()


def replace_table(store: Store, table: str, content: bytes) -> None:
    """Make a file of one's own the whole table, having said how many rows that deletes."""
    request = ImportRequest(table, content, "own.csv", mode="replace")
    asked = import_table(store, "coordinator", request)
    (question,) = (found for found in asked.findings if found.rule == "removed_rows")
    assert not asked.imported
    confirmed = replace(request, answers={"removed_rows": str(question.count)})
    assert import_table(store, "coordinator", confirmed).imported


def propose(store: Store) -> PlanRecord:
    """Propose the working plan, once the CEO has waived that its cash breaks the covenant."""
    room = PlanningRoom(store)
    waive_red(room, FIRST_OPEN)
    return propose_plan(room, "coordinator")


@pytest.fixture(scope="module")
def room(advanced: tuple[Path, Advance]) -> Iterator[PlanningRoom]:
    """The planning room a month later."""
    store = open_store(advanced[0])
    yield PlanningRoom(store)
    store.close()


def tables(store: Store) -> Mapping[str, pd.DataFrame]:
    with store.read() as tx:
        return read_current_tables(tx)


def test_the_month_is_signed_closed_and_its_actuals_are_there(
    room: PlanningRoom, advanced: tuple[Path, Advance]
) -> None:
    done = advanced[1]
    assert (done.closed, done.opened, done.kept) == (FIRST_OPEN, NEXT, ())
    assert done.signing == "the working plan was proposed and signed by every function"
    assert {"sales_actuals", "inventory", "financials"} <= set(done.loaded)
    assert current_cycle(room.store, "coordinator").first_open == NEXT
    with room.store.read() as tx:
        agreed = read_agreed_plans(tx)[-1]
    assert agreed.cycle == FIRST_OPEN
    assert len(read_sign_off(room.store, "coordinator", agreed.id).signatures) == 6
    assert tables(room.store)["sales_actuals"]["month"].max() == FIRST_OPEN


def test_the_next_month_is_forecast_before_it_opens(room: PlanningRoom) -> None:
    assert PlanningRoom(room.store).missing_forecast() is None


def test_what_was_sold_before_is_the_same_to_the_unit(room: PlanningRoom, opened: Path) -> None:
    before = open_store(opened)
    old, new = tables(before)["sales_actuals"], tables(room.store)["sales_actuals"]
    before.close()
    same = new[new["month"] < FIRST_OPEN].reset_index(drop=True)
    pd.testing.assert_frame_equal(same, old.reset_index(drop=True))


def judged(room: PlanningRoom, step: str, family: str = "") -> StepAccuracy:
    """A step of the forecast a month ahead, over all regions."""
    rows = read_value_added(room, "head_of_sales")
    return next(r for r in rows if (r.step, r.family, r.region, r.lag) == (step, family, "", 1))


def test_the_override_of_sales_is_judged_by_the_month_that_came(room: PlanningRoom) -> None:
    inputs, plans = room.input_set().inputs, agreed_plans(room)
    assert list(plans) == ["2026-10", FIRST_OPEN]
    actual = inputs.ordered_by_family[..., -2:]
    baseline, overrides = (
        np.stack([plan[name][..., 0] for plan in plans.values()], axis=-1)
        for name in ("baseline_forecast", "overrides")
    )
    family, region = inputs.families.names.index("Longtail"), inputs.regions.index("DACH")
    assert overrides[family, region].tolist() == [0, 9]

    before, after = np.abs(baseline - actual), np.abs(baseline + overrides - actual)
    row = judged(room, SALES, "Longtail")
    assert row.months == 2 and row.added is not None and row.added.value != 0
    assert row.added.value == pytest.approx((before - after)[family].sum() / actual[family].sum())
    everything = judged(room, SALES)
    assert everything.added is not None
    # Families are added up at what a unit of each sells for: an error of one trike is not one of a spare part.
    price = net_price_today(inputs)[:, None, None]
    assert everything.added.value == pytest.approx(((before - after) * price).sum() / (actual * price).sum())
    assert everything in read_performance(room, "executive").accuracy


def test_an_override_of_a_closed_month_changes_nothing_and_a_later_one_still_does(room: PlanningRoom) -> None:
    with room.store.read() as tx:
        entries = as_assumptions(read_entries(tx))
    assert {("demand_units", CHANGED), ("demand_units", STAYS)} <= set(entries)
    plan = room.plan(entries)
    without = {
        scope: room.plan(Assumptions({place: units for place, units in entries.items() if place[1] != scope}))
        for scope in (CHANGED, STAYS)
    }
    assert np.array_equal(plan["consensus_demand"], without[CHANGED]["consensus_demand"])
    change = plan["consensus_demand"] - without[STAYS]["consensus_demand"]
    assert change.sum() == change[..., 0].sum() == -4


@pytest.mark.parametrize("name", ["performance", "sales", "executive_review"])
def test_pages_open_on_the_month_that_follows(
    name: str, advanced: tuple[Path, Advance], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOP_WORKSPACE", str(advanced[0]))
    app = open_page(name, "head_of_sales")
    assert not app.exception and not app.error and app.title[0].value and app.header


def test_the_coordinator_closes_the_month_from_the_data_page(
    advanced: tuple[Path, Advance], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Path] = []

    def aside(folder: Path, progress: Callable[[float, str], None]) -> None:
        progress(0.5, "forecasting")
        asked.append(folder)
        raise Conflict("a function dissents")

    monkeypatch.setenv("SOP_WORKSPACE", str(advanced[0]))
    monkeypatch.setattr(demo_month, "advance_demo_aside", aside)
    assert "Close the month" not in [header.value for header in open_page("data", "head_of_sales").header]
    app = open_page("data", "coordinator")
    assert app.button(key="close_month").label == "Close Dec 2026 and roll forward"
    app.button(key="close_month").click().run()
    assert asked == [advanced[0]]
    assert not app.exception and app.error[0].value == "A function dissents."


def test_what_somebody_imported_stays_and_an_agreed_plan_is_not_signed_again(store: Store) -> None:
    table = b"indicator,month,value\nWeather,2026-09,3\n"
    replace_table(store, "indicators", table)
    sign_by_all(store, propose(store).id)
    done = advance_demo(store)
    assert done.signing == "the plan was agreed already"
    assert done.kept == ("indicators",) and "indicators" not in done.loaded
    assert list(tables(store)["indicators"]["indicator"]) == ["Weather"]


def test_imported_sales_that_end_too_early_stop_it_and_once_undone_the_open_proposal_is_signed(
    store: Store,
) -> None:
    file = tables(store)["sales_actuals"].drop(columns=["_file", "_line"], errors="ignore").tail(5_000)
    replace_table(store, "sales_actuals", file.to_csv(index=False).encode())
    with store.read() as tx:
        before = read_heads(tx)
    with pytest.raises(Conflict, match="sales_actuals was imported and ends before 2026-11"):
        advance_demo(store)
    with store.read() as tx:
        assert read_heads(tx) == before and read_plans(tx, FIRST_OPEN) == ()
    assert current_cycle(store, "coordinator").first_open == FIRST_OPEN
    undo_import(store, "coordinator", "sales_actuals")
    propose(store)
    assert advance_demo(store).signing == "revision 1 was signed by every function"


def test_a_month_that_was_closed_by_hand_gets_its_actuals_first(store: Store) -> None:
    close_and_roll(store, "coordinator")
    done = advance_demo(store)
    assert (done.closed, done.opened) == (NEXT, "2027-01")
    assert tables(store)["sales_actuals"]["month"].max() == NEXT


def test_a_dissent_is_not_signed_over(store: Store) -> None:
    record = propose(store)
    sign(store, "head_of_finance", record.id, record.digest, meaning="dissent", comment="Too much stock")
    with pytest.raises(Conflict, match="a function dissents"):
        advance_demo(store)
    assert len(read_sign_off(store, "coordinator", record.id).signatures) == 1


def test_people_who_sign_in_sign_for_themselves(store: Store) -> None:
    with store.write(by="coordinator", role="coordinator") as tx:
        known = read_company(tx)
        save_company(tx, CompanySettings(**{**vars(known), "access": "password"}))
    with pytest.raises(Conflict, match="sign for themselves"):
        advance_demo(store)


def test_a_workspace_that_is_not_the_demo_is_left_alone(store: Store) -> None:
    with store.write(by="coordinator", role="coordinator") as tx:
        save_company(tx, CompanySettings(**{**vars(read_company(tx)), "fictional": False}))
    with pytest.raises(Conflict, match="not the demo company"):
        advance_demo(store)


def test_a_demo_whose_history_the_files_do_not_go_on_with_is_not_advanced(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo_advance, "read_demo", lambda: replace(read_demo(), history_from="2022-11"))
    with pytest.raises(Conflict, match="earlier version of the demo company"):
        advance_demo(store)


def test_a_table_that_is_imported_while_the_next_month_is_forecast_stops_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    assemble = demo_advance.assemble

    def meanwhile(*arguments: object, **options: object) -> object:
        replace_table(store, "indicators", b"indicator,month,value\nWeather,2026-09,3\n")
        return assemble(*arguments, **options)

    monkeypatch.setattr(demo_advance, "assemble", meanwhile)
    with pytest.raises(Conflict, match="tables were imported meanwhile"):
        advance_demo(store)
    assert current_cycle(store, "coordinator").first_open == FIRST_OPEN
    assert tables(store)["sales_actuals"]["month"].max() < FIRST_OPEN


def test_in_another_year_the_months_are_told_by_whole_years_and_go_on(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    build_demo(store, "2029-02", past_cycles=0)
    assert tables(store)["sales_actuals"]["month"].agg(["min", "max"]).tolist() == ["2024-12", "2029-01"]
    with store.read() as tx:
        assert all(version.file_sha256 and version.mode == "add" for version in read_heads(tx).values())
    done = advance_demo(store)
    assert (done.closed, done.opened, done.kept) == ("2029-02", "2029-03", ())
    assert tables(store)["sales_actuals"]["month"].max() == "2029-02"
    store.close()

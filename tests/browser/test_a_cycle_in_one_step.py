"""A cycle of a company that uses no steps, under a chair and then in a coalition: what differs.

Five people in five browsers; `test_a_cycle` goes the whole way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from sop.services.demo.personas import waive_red
from sop.services.planning.room import PlanningRoom
from sop.services.process import agenda, meeting, steps
from sop.store import open_store
from tests.browser.conftest import Open
from tests.browser.cycle import (
    CEO,
    COORDINATOR,
    DISSENT,
    DISSENTS,
    OPERATIONS,
    SALES,
    VIEWER,
    add_item,
    end,
    keep,
    next_month,
    propose,
    rule,
    sign,
    snapshot,
    wrong,
)

pytestmark = pytest.mark.browser


@pytest.fixture
def room(demo_folder: Path) -> Iterator[PlanningRoom]:
    """The demo at whatever month it stands, with its steps switched off, nothing on the agenda, no meeting on."""
    store = open_store(demo_folder)
    steps.set_cycle_plan(store, "coordinator", {}, None, steps.read_cycle_run(store, "coordinator").version)
    found = meeting.current_meeting(store, "coordinator")
    if found is not None and found.is_on:
        meeting.end_meeting(store, "coordinator")
    for item in agenda.list_agenda(store, "coordinator"):
        agenda.take_off(store, "coordinator", item.id)
    yield PlanningRoom(store)
    store.close()


def test_without_steps_a_company_meets_signs_and_closes_its_month(
    open_as: Open, demo_folder: Path, room: PlanningRoom
) -> None:
    rule(room.store, "ceo", 0)
    five = _meet(open_as, room)
    coordinator, sales, operations, chair, _ = five
    digest = propose(coordinator, 3)
    for page, function in ((sales, "Sales"), (operations, "Operations"), (chair, "CEO")):
        sign(page, function, "I approve", digest)
    for page in (chair, sales):
        expect(page.locator("h1")).to_contain_text("is agreed and in force")
    next_month(demo_folder)
    for page in five:
        expect(page.locator(".st-key-context")).to_contain_text("Cycle Jan 2027")
        assert not page.get_by_text(re.compile("^step ")).count() and wrong(page) == 0


def test_in_a_coalition_the_quorum_agrees_and_the_dissent_stays_on_record(
    open_as: Open, room: PlanningRoom, tmp_path: Path
) -> None:
    rule(room.store, "coalition", 2)
    five = _meet(open_as, room)
    coordinator, sales, operations, chair, _ = five
    digest = propose(coordinator, 2)
    sign(sales, "Sales", "I dissent", digest, DISSENT)
    sign(operations, "Operations", "I approve", digest, seen=DISSENTS)
    sign(chair, "CEO", "I approve", digest, seen=DISSENTS)
    for page in (chair, sales):
        expect(page.locator("h1")).to_contain_text("is agreed and in force")
    assert not chair.get_by_role("button", name="Decide as chair").count(), "nobody rules in a coalition"
    told, minutes = snapshot(chair, tmp_path / "plan.zip", digest)
    assert f"DISSENTS: “{DISSENT}”" in told and "outcome: We bid" in minutes and "DISSENTS" in minutes
    for page in five:
        assert wrong(page) == 0


def _meet(open_as: Open, room: PlanningRoom) -> tuple[Page, ...]:
    """A meeting about one item that was put on the agenda by hand; nothing speaks of steps."""
    coordinator, sales = open_as(COORDINATOR, "Cycle"), open_as(SALES, "Meeting")
    operations, chair = open_as(OPERATIONS, "Meeting"), open_as(CEO, "Meeting")
    viewer = open_as(VIEWER, "Meeting")
    expect(coordinator.get_by_text("plans and signs in one step")).to_be_visible()
    assert not coordinator.get_by_text(re.compile("^step ")).count()
    add_item(coordinator, "The tender")
    expect(chair.locator("tr", has_text="The tender")).to_be_visible()
    chair.get_by_role("button", name=re.compile("^Begin")).click()
    for page in (sales, operations, chair, viewer):
        expect(page.locator(".sop-meeting")).to_contain_text("Item 1 of 1")
    keep(chair, "We bid")
    end(chair, (sales, operations, viewer))
    waive_red(room, room.input_set().cycle.first_open)
    return coordinator, sales, operations, chair, viewer

"""A whole cycle by five people in five browsers, with steps, under a chair.

From the refresh over submissions, steps, agenda, meeting, the smallest changes that close a gap, signatures and
the snapshot to the next month, and what a past decision has brought. `test_a_cycle_in_one_step` goes short ways.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from sop.intake.sources import DataSource
from sop.services.data.sources import add_source
from sop.services.demo.personas import waive_red
from sop.services.planning.room import PlanningRoom
from sop.services.process import agenda, steps, tasks
from sop.services.scenarios import promotion
from sop.store import open_store
from sop.store.data import read_table
from tests.browser.conftest import Open, go_to, settled
from tests.browser.cycle import (
    CEO,
    COORDINATOR,
    DISSENT,
    DISSENTS,
    OPERATIONS,
    SALES,
    VIEWER,
    add_item,
    choose,
    end,
    keep,
    next_month,
    popover,
    propose,
    rule,
    sign,
    snapshot,
    wrong,
)

pytestmark = pytest.mark.browser

CONDITION, RULING = "A second source of motors", "The tender decides it"
GAP, CLOSED = "The gap in EBIT", "Closed by the fewest moves"


@pytest.fixture(scope="module")
def demo_folder(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The demo's workspace with one source, in which one figure of the budget is another by now."""
    exports = tmp_path_factory.mktemp("exports")
    store = open_store(demo_folder)
    with store.read() as tx:
        budget = read_table(tx, "budget")
    assert budget is not None
    budget = budget.drop(columns=["_file", "_line"], errors="ignore")
    budget.iloc[-1, budget.columns.get_loc("revenue")] += 1_000
    budget.to_csv(exports / "budget.csv", index=False)
    allowed = exports / "sources.toml"
    allowed.write_text(f'[folders]\nexports = "{exports}"\n')
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOP_SOURCES", str(allowed))
        add_source(store, "coordinator", DataSource("Budget", "budget", "file", "exports", "budget.csv", ""))
        store.close()
        yield demo_folder


def test_five_people_run_a_whole_cycle(open_as: Open, demo_folder: Path, tmp_path: Path) -> None:
    store = open_store(demo_folder)
    room = PlanningRoom(store)
    rule(store, "ceo", 0)
    coordinator = open_as(COORDINATOR, "Data")
    sales, operations = open_as(SALES, "Cycle"), open_as(OPERATIONS, "Cycle")
    chair, viewer = open_as(CEO, "Cycle"), open_as(VIEWER, "Cycle")
    everybody = (coordinator, sales, operations, chair, viewer)
    expect(sales.locator(".sop-here")).to_contain_text(f"{CEO}")
    _refresh(coordinator)
    _switch_steps_on(coordinator, (sales, operations, chair, viewer))
    _delegate_and_contribute(
        sales, viewer, operations, lambda: len(steps.read_cycle_run(store, "viewer").submissions)
    )
    _move_on(coordinator, "Supply", (sales, chair))
    _submit(operations, "supply")
    _move_on(coordinator, "Executive", (sales, chair))
    _make_agenda_of_five(coordinator, room)
    _meet(chair, (coordinator, sales, operations, viewer), room)
    waive_red(room, "2026-12")
    digest = propose(coordinator, 3)
    sign(sales, "Sales", "I dissent", digest, DISSENT)
    sign(operations, "Operations", "I approve on a condition", digest, CONDITION, seen=DISSENTS)
    sign(chair, "CEO", "I approve", digest, seen=DISSENTS)
    chair.get_by_label("Why the plan holds in spite of the dissent").fill(RULING)
    chair.get_by_role("button", name="Decide as chair").click()
    expect(chair.locator("[data-testid=stAlert]").first).to_contain_text("What comes next")
    told, minutes = snapshot(chair, tmp_path / "plan.zip", digest)
    for part in ("sales dissents", f"DISSENTS: “{DISSENT}”", f"on a condition: “{CONDITION}”", RULING):
        assert part in told, told
    assert "Outcome 1" in minutes and f"outcome: {CLOSED}" in minutes and "DISSENTS" in minutes
    assert minutes.count(f": accepted by {CEO}") == 2 and minutes.count(f": refused by {CEO}") == 1
    (condition,) = (task for task in tasks.list_tasks(store, "viewer") if task.kind == "condition")
    next_month(demo_folder)
    go_to(coordinator, "Cycle")
    expect(coordinator.locator("h1")).to_contain_text("Jan 2027 stands at Demand")
    expect(coordinator.locator("tr", has_text=condition.title)).to_contain_text("carried from Dec 2026")
    go_to(chair, "Decisions")
    past = chair.locator("tr", has_text="Let the partner build Fleet").first
    expect(past).to_contain_text("estimate, 95%", timeout=180_000)
    for page in everybody:
        assert wrong(page) == 0
    store.close()


def _refresh(page: Page) -> None:
    section = page.locator(".st-key-card_sources")
    section.get_by_role("button", name="Bring all up to date").click()
    expect(section.get_by_test_id("stAlert")).to_contain_text("1 source is brought up to date")
    go_to(page, "Cycle")


def _switch_steps_on(page: Page, others: tuple[Page, ...]) -> None:
    shown = popover(page, "Steps and calendar")
    for step, day in (("Demand", 5), ("Supply", 8), ("Executive", 12)):
        shown.get_by_label(step, exact=True).fill(str(day))
    shown.get_by_role("button", name="Set", exact=True).click()
    settled(page)
    shown = popover(page, "Move to another step")
    choose(shown, page, "Step", "Demand")
    shown.get_by_role("button", name="Move", exact=True).click()
    for other in (page, *others):
        expect(other.get_by_text("step demand", exact=True)).to_be_visible()
        expect(other.locator("tr", has_text="Demand").first).to_contain_text("7 Dec 2026")


def _delegate_and_contribute(sales: Page, viewer: Page, operations: Page, count: Callable[[], int]) -> None:
    for person, family in ((VIEWER, "Longtail"), (OPERATIONS, "Front box")):
        shown = popover(sales, "Delegate overrides")
        choose(shown, sales, "To", person)
        choose(shown, sales, "Family", family)
        shown.get_by_role("button", name="Delegate", exact=True).click()
        expect(sales.locator(".st-key-card_contributors tr", has_text=person)).to_contain_text(family)
        settled(sales)
    _override(viewer, "Front box", "40", "A dealer")
    refused = viewer.locator("[data-testid=stAlertContentError]").first
    expect(refused).to_contain_text("Front box was not delegated to you, because you enter overrides for Longtail")
    _override(viewer, "Longtail", "40", "A dealer")
    _override(operations, "Front box", "-12", "A recall")
    for page in (viewer, operations):
        expect(page.locator(".st-key-card_overrides")).to_contain_text(
            "A dealer" if page is viewer else "A recall"
        )
        _submit(page, "demand")
    _submit(sales, "demand")
    assert count() == 3
    expect(sales.locator("h1")).to_contain_text("stands at Demand, with nothing in its way")


def _override(page: Page, family: str, units: str, reason: str) -> None:
    go_to(page, "Sales")
    page.get_by_role("tab", name="Overrides").click()
    settled(page)
    choose(page, page, "For family", family)
    page.get_by_label("Units, with sign").fill(units)
    page.get_by_label("Units, with sign").press("Enter")
    settled(page)
    page.get_by_placeholder("What does the forecast not know?").fill(reason)
    page.get_by_placeholder("What does the forecast not know?").press("Tab")
    settled(page)
    page.get_by_role("button", name="Enter override").click()
    settled(page)


def _submit(page: Page, step: str) -> None:
    go_to(page, "Cycle")
    shown = popover(page, f"Submit {step}")
    shown.get_by_role("button", name="Submit", exact=True).click()
    expect(page.get_by_role("button", name=f"Take {step} back")).to_be_visible()
    settled(page)


def _move_on(page: Page, step: str, others: tuple[Page, ...]) -> None:
    page.get_by_role("button", name=f"Move on to {step}").click()
    for other in (page, *others):
        expect(other.get_by_text(f"step {step.lower()}", exact=True)).to_be_visible()
    settled(page)


def _make_agenda_of_five(page: Page, room: PlanningRoom) -> None:
    """The agenda makes itself, and one item is added by hand; what would take longer than a test is taken off: one
    of the outside, three decisions and the gap stay."""
    page.get_by_role("button", name="Make the agenda").click()
    expect(page.locator(".st-key-card_agenda tr", has_text="decision").first).to_be_visible(timeout=240_000)
    items = agenda.list_agenda(room.store, "coordinator")
    assert items[0].kind == "outside", "the outside comes first"
    wanted = [items[0].id, *[item.id for item in items if item.kind == "decision"][:3]]
    for item in items:
        if item.id not in wanted:
            agenda.take_off(room.store, "coordinator", item.id)
    add_item(page, GAP)
    expect(page.locator(".st-key-card_agenda tbody tr")).to_have_count(5)


def _meet(chair: Page, others: tuple[Page, ...], room: PlanningRoom) -> None:
    """Led by the CEO: an outcome, one decision refused, two accepted, a gap closed, on every screen at once."""
    for page in (chair, *others):
        go_to(page, "Meeting")
    chair.get_by_role("button", name="Begin the meeting").click()
    for page in (chair, *others):
        expect(page.locator(".sop-meeting")).to_contain_text("Item 1 of 5")
    for name in (SALES, OPERATIONS, COORDINATOR, VIEWER):
        expect(chair.locator(".sop-meeting")).to_contain_text(name)
    for place in range(5):
        expect(others[1].locator(".sop-meeting")).to_contain_text(f"Item {place + 1} of 5")
        settled(chair)
        if place == 0:
            keep(chair, "Outcome 1")
        elif place < 4:
            _decide(chair, others, "Refuse" if place == 1 else "Accept")
        else:
            _close_the_gap(others[2], chair, room)
            keep(chair, CLOSED)
        if place < 4:
            chair.locator("h1").click()
            chair.keyboard.press("ArrowRight")
            expect(chair.locator(".sop-meeting")).to_contain_text(f"Item {place + 2} of 5")
    end(chair, others)


def _decide(chair: Page, others: tuple[Page, ...], say: str) -> None:
    """The CEO rules; the form comes as soon as the decision is valued for the plan as it stands now."""
    expect(chair.get_by_role("button", name="Decide", exact=True)).to_be_visible(timeout=300_000)
    settled(chair)
    shown = popover(chair, "Decide")
    shown.get_by_text(say, exact=True).click()
    shown.get_by_role("textbox", name="Reason").fill("We want it")
    shown.get_by_role("button", name="Record").click()
    told = {"Accept": "Accepted", "Refuse": "Refused"}[say]
    for page in (chair, *others):
        expect(page.locator("[data-testid=stAlert]").first).to_contain_text(f"{told} by {CEO}: We want it")
    settled(chair)


def _close_the_gap(page: Page, chair: Page, room: PlanningRoom) -> None:
    """Operations finds the smallest changes and asks their owners; the CEO rules for who is open."""
    before = room.assumptions().texts
    page.get_by_role("link", name="Leave meeting mode").click()
    settled(page)
    go_to(page, "Scenarios")
    page.get_by_text("Smallest changes that close a gap").click()
    page.get_by_role("button", name="Find the smallest changes").click()
    way = page.get_by_role("button", name=re.compile("^Open as my scenario: fewest moves"))
    expect(way).to_be_visible(timeout=240_000)
    settled(page)
    way.click()
    expect(page.locator(".st-key-card_changes")).to_contain_text("it needs the consent of")
    settled(page)
    shown = popover(page, "Ask the owners")
    shown.get_by_label("Name", exact=True).fill("Close the gap")
    shown.get_by_label("What it is for").fill("EBIT as agreed")
    shown.get_by_role("button", name="Ask for consent").click()
    expect(page.locator(".st-key-card_scenarios")).to_contain_text("Close the gap")
    settled(page)
    waiting = promotion.list_promotions(room.store, "executive")
    for scenario, _ in waiting:
        promotion.rule_over_owners(room.store, "executive", scenario.id, "We want it")
    assert room.assumptions().texts != before, "the gap's moves are in the working plan"
    go_to(page, "Meeting")
    expect(page.locator(".sop-meeting")).to_contain_text("Item 5 of 5")
    expect(chair.locator(".sop-meeting")).to_contain_text("Item 5 of 5")
    settled(chair)

"""A cycle by five people in five browsers, from the first step over the meeting to the proposal.

How it is signed is tried in test_agreement and test_main_job, the rest in tests/services/test_process_signed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from sop.agreement.ground_rules import GroundRules
from sop.services.company.settings import read_settings_page, set_ground_rules
from sop.services.demo.personas import waive_red
from sop.services.planning.room import PlanningRoom
from sop.services.process import agenda, steps
from sop.store import open_store
from tests.browser.conftest import Open, go_to, settled

pytestmark = pytest.mark.browser

COORDINATOR, SALES, OPERATIONS, CEO, VIEWER = (
    "Saskia Lindqvist", "Bram Verhoeven", "Tomáš Dvořák", "Ingrid Halvorsen", "Jonas Petersen",
)  # fmt: skip


def popover(page: Page, name: str) -> Locator:
    """What a popover shows, opened; one that a form left open is closed first."""
    page.keyboard.press("Escape")
    page.wait_for_timeout(300)
    page.get_by_role("button", name=name).first.click()
    shown = page.locator("[data-testid=stPopoverBody]").last
    expect(shown).to_be_visible()
    return shown


def choose(place: Page | Locator, page: Page, label: str, option: str) -> None:
    place.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=re.compile(option)).first.click()
    settled(page)


def wrong(page: Page) -> int:
    return page.locator("[data-testid=stException], [data-testid=stAlertContentError]").count()


def test_five_people_run_a_cycle_to_its_proposal(open_as: Open, demo_folder: Path) -> None:
    store = open_store(demo_folder)
    room = PlanningRoom(store)
    version = read_settings_page(store, "executive").versions.get("ground_rules", 0)
    set_ground_rules(store, "executive", GroundRules("ceo", ("sales", "operations", "ceo")), version)

    coordinator = open_as(COORDINATOR, "Cycle")
    sales, operations = open_as(SALES, "Cycle"), open_as(OPERATIONS, "Cycle")
    chair, viewer = open_as(CEO, "Cycle"), open_as(VIEWER, "Cycle")
    expect(sales.locator(".sop-here")).to_contain_text(f"{CEO}")
    _switch_steps_on(coordinator, (sales, operations, chair, viewer))
    _delegate_and_contribute(
        sales, viewer, operations, lambda: len(steps.read_cycle_run(store, "viewer").submissions)
    )
    _move_on(coordinator, "Supply", (sales, chair))
    _submit(operations, "supply")
    _move_on(coordinator, "Executive", (sales, chair))
    refs = _make_agenda_of_five(coordinator, room)
    _meet(chair, (coordinator, sales, operations, viewer), refs, store)
    waive_red(room, "2026-12")
    _propose(coordinator)
    for page in (coordinator, sales, operations, chair, viewer):
        assert wrong(page) == 0
    store.close()


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


def _make_agenda_of_five(page: Page, room: PlanningRoom) -> list[int]:
    """The agenda makes itself; what would take longer than a test is taken off: one outside, one exception, and
    three decisions stay."""
    page.get_by_role("button", name="Make the agenda").click()
    expect(page.locator(".st-key-card_agenda tr", has_text="decision").first).to_be_visible(timeout=240_000)
    items = agenda.list_agenda(room.store, "coordinator")
    assert items[0].kind == "outside", "the outside comes first"
    wanted = [next(i.id for i in items if i.kind == kind) for kind in ("outside", "exception")]
    wanted += [item.id for item in items if item.kind == "decision"][:3]
    for item in items:
        if item.id not in wanted:
            agenda.take_off(room.store, "coordinator", item.id)
    expect(page.locator(".st-key-card_agenda tbody tr")).to_have_count(5)
    return wanted


def _meet(chair: Page, others: tuple[Page, ...], items: list[int], store: object) -> None:
    """Led by the CEO: outcomes of two items, two decisions accepted and one refused, on every screen at once."""
    for page in (chair, *others):
        go_to(page, "Meeting")
    chair.get_by_role("button", name="Begin the meeting").click()
    for page in (chair, *others):
        expect(page.locator(".sop-meeting")).to_contain_text("Item 1 of 5")
    expect(chair.locator(".sop-meeting")).to_contain_text(SALES)
    for place in range(5):
        expect(others[1].locator(".sop-meeting")).to_contain_text(f"Item {place + 1} of 5")
        settled(chair)
        if place < 2:
            chair.get_by_label("Outcome").fill(f"Outcome {place + 1}")
            chair.get_by_role("button", name="Keep the outcome").click()
            settled(chair)
        else:
            _decide(chair, others, "Accept" if place < 4 else "Refuse")
        if place < 4:
            chair.locator("h1").click()
            chair.keyboard.press("ArrowRight")
            expect(chair.locator(".sop-meeting")).to_contain_text(f"Item {place + 2} of 5")
    shown = popover(chair, "End the meeting")
    shown.get_by_role("button", name="End and keep the minutes").click()
    for page in (chair, *others):
        expect(page.get_by_text("The meeting has ended")).to_be_visible()


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


def _propose(page: Page) -> None:
    go_to(page, "Sign-off")
    page.get_by_role("button", name="Freeze and propose").click()
    expect(page.locator("h1")).to_contain_text("is up for signing: 0 of 3 signatures", timeout=300_000)

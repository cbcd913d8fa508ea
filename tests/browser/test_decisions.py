"""A decision's life in real browsers: tried, accepted, seen on another screen, signed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from sop.services.agreement.plan_acts import propose_plan
from sop.services.demo.personas import sign_by_all, waive_red
from sop.services.planning.room import PlanningRoom
from sop.store import open_store
from tests.browser.conftest import Open, go_to, settled

pytestmark = pytest.mark.browser


def first_decision(page: Page) -> str:
    """The title of the first decision wanted today."""
    return page.locator(".sop-decision:not(.head) b").first.inner_text()


def test_a_decision_is_tried_accepted_seen_elsewhere_and_signed(open_as: Open, demo_folder: Path) -> None:
    looking = open_as("Willem de Groot", "Decisions")
    expect(looking.locator("h1")).to_contain_text("nothing is decided yet")
    deciding = open_as("Ingrid Halvorsen", "Executive review")
    expect(deciding.locator(".sop-decision").first).to_be_visible()
    wanted = first_decision(deciding)

    deciding.get_by_role("button", name="Try", exact=True).first.click()
    settled(deciding)
    expect(deciding.locator(".st-key-card_changes")).to_be_visible()
    expect(looking.locator("h1")).to_contain_text("nothing is decided yet")

    go_to(deciding, "Executive review")
    expect(deciding.locator(".sop-decision").first).to_be_visible()
    deciding.get_by_role("button", name="Decide").first.click()
    deciding.get_by_role("textbox", name="Reason").first.fill("Customers wait too long")
    deciding.get_by_role("button", name="Record").first.click()
    expect(deciding.locator("[data-testid=stToast]").first).to_contain_text("accepted")
    expect(looking.locator("h1")).to_contain_text("1 accepted")
    row = looking.locator("tr", has_text=re.compile(re.escape(wanted)))
    expect(row).to_contain_text("Customers wait too long")

    store = open_store(demo_folder)
    room = PlanningRoom(store)
    waive_red(room, room.input_set().cycle.first_open)
    plan = propose_plan(room, "coordinator")
    sign_by_all(store, plan.id)
    store.close()
    go_to(looking, "Sign-off")
    expect(looking.locator("h1")).to_contain_text("is agreed and in force")
    go_to(looking, "Decisions")
    expect(looking.locator("tr", has_text=re.compile(re.escape(wanted)))).to_contain_text("accepted")

"""In a real browser: the CEO opens a figure, and sales raises an event's chance and sees the plans follow."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from sop.core.format import money_format
from sop.services.planning.room import PlanningRoom
from sop.store import open_store
from tests.browser.conftest import Open, go_to
from tests.pages.workspaces import RICH, make_workspace

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def demo_folder(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A generated company with every table: quicker to make than the demo; people are named as their roles."""
    return make_workspace(tmp_path_factory.mktemp("generated"), RICH)


def headline(folder: Path, key: str) -> float:
    """A headline measure of the working plan, planned here."""
    room = PlanningRoom(open_store(folder))
    value = room.scenario_plan().headline[key]
    room.store.close()
    return float(value or 0.0)


def test_the_ceo_opens_a_card_to_its_parts_rows_and_assumptions(open_as: Open, demo_folder: Path) -> None:
    page = open_as("CEO", "Sign-off")
    go_to(page, "Executive review")
    page.get_by_role("button", name="Explain EBIT").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("The parts add up to the cent.")).to_be_visible()
    figure = dialog.locator(".sop-kpi .value").inner_text()
    shown = round(float(re.sub(r"[^\d.−]", "", figure).replace("−", "-")) * 100)
    assert shown == headline(demo_folder, "ebit")
    expect(dialog.get_by_role("region", name="Rows of financials")).to_contain_text("financials.csv")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_sales_raises_the_chance_of_an_event_and_demand_and_revenue_follow(
    open_as: Open, demo_folder: Path
) -> None:
    page = open_as("Head of sales", "Sign-off")
    go_to(page, "Outlook")
    register = page.get_by_role("region", name="Outside events")
    event = register.get_by_role("row").filter(has_text="Tender lost")
    expect(event.get_by_role("cell", name="50", exact=True)).to_be_visible()
    was = headline(demo_folder, "revenue")
    heading = page.get_by_role("heading", name="Change an event", exact=True)
    form = page.locator("[class*=st-key-card_]").filter(has=heading)
    chance = form.get_by_label("Event probability, %")
    chance.fill("100")
    chance.press("Tab")
    form.get_by_label("Reason", exact=True).fill("The customer signed with another")
    form.get_by_role("button", name="Change working plan").click()
    expect(event.get_by_role("cell", name="100", exact=True)).to_be_visible()
    now = headline(demo_folder, "revenue")
    assert now < was, "a tender that is lost for sure costs more than one that may be"
    go_to(page, "Executive review")
    expect(page.locator("h1")).to_contain_text(f"revenue {money_format('EUR', now).labelled(now)}")
    page.get_by_role("button", name="Explain Revenue").click()
    behind = page.get_by_role("dialog").get_by_role("region", name="Assumptions behind it").get_by_role("row")
    expect(behind.filter(has_text="Event probability")).to_contain_text("The customer signed with another")

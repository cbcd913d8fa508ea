"""The executive review in one screen, and the keyboard's way to its first decision and from page to page."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from sop.services.company.settings import read_settings_page, set_look
from sop.store import open_store
from tests.browser.conftest import open_review, settled

pytestmark = pytest.mark.browser

PANELS = ("h1", ".st-key-kpi_revenue", ".st-key-card_bridge")


def bottom(page: Page, selector: str, place: int = 0) -> float:
    box = page.locator(selector).nth(place).bounding_box()
    assert box is not None, selector
    return box["y"] + box["height"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_review_is_decided_without_scrolling(chromium: Browser, address: str, theme: str) -> None:
    page = open_review(chromium, address, 1440, 900, theme)
    ends = {panel: bottom(page, panel) for panel in (*PANELS, ".st-key-card_outlook")}
    ends["third decision"] = bottom(page, ".sop-decision", 3)
    assert max(ends.values()) <= 900, ends
    expect(page.get_by_role("button", name="Open sign-off")).to_be_in_viewport()
    page.context.close()


def test_on_a_small_screen_all_but_the_range_is_in_sight(chromium: Browser, address: str) -> None:
    page = open_review(chromium, address, 1280, 720)
    ends = {panel: bottom(page, panel) for panel in PANELS} | {"third decision": bottom(page, ".sop-decision", 3)}
    assert max(ends.values()) <= 720, ends
    page.context.close()


def test_the_keyboard_leads_to_the_first_decision_and_from_page_to_page(chromium: Browser, address: str) -> None:
    page = open_review(chromium, address, 1440, 900)
    company = page.title().split(" · ")[1]
    page.reload()
    page.locator(".sop-decision").nth(3).wait_for()
    # What is worked out in the background draws its part again when it is there.
    expect(page.get_by_test_id("stProgress")).to_have_count(0)
    settled(page)
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the first decision or entry")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-card_decisions").get_by_role("button", name="Decide").first).to_be_focused()
    page.evaluate("document.activeElement.blur()")
    for letter, title in (("f", "Financial"), ("c", "Plan changes"), ("e", "Executive review")):
        page.keyboard.press("g")
        page.keyboard.press(letter)
        expect(page).to_have_title(f"{title} · {company}")
        settled(page)
        # The group that holds the open page says so; a tab does by itself.
        plans = page.get_by_test_id("stTopNavSection").filter(has_text="The seven plans")
        expect(plans).to_have_css("font-weight", "600" if title == "Financial" else "400")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_contain_text("Customer lead time")
    page.keyboard.press("Escape")
    page.locator("a.sop-go", has_text="Inventory").click()
    expect(page).to_have_title(f"Inventory · {company}")
    page.context.close()


def test_a_setting_makes_type_larger_on_the_screen_of_a_meeting_room_alone(
    chromium: Browser, address: str, demo_folder: Path
) -> None:
    store = open_store(demo_folder)
    version = read_settings_page(store, "executive").versions.get("company", 0)
    set_look(store, "executive", number_style="iso", large_type=True, expected_version=version)
    zoom = {}
    for width in (1440, 1920):
        page = open_review(chromium, address, width, 1080)
        zoom[width] = page.locator(".stApp").evaluate("app => getComputedStyle(app).zoom")
        over = page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollWidth - innerWidth")
        assert over <= 1
        page.context.close()
    assert zoom == {1440: "1", 1920: "1.25"}
    store.close()

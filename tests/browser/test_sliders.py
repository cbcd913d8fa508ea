"""Sliders that leave the screen and come back stand where the plan stands, and write nothing by themselves."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from sop.store import open_store
from sop.store.audit import AuditEntry, read_audit
from tests.browser.conftest import Open, settled
from tests.browser.test_main_job import choose_scenario

pytestmark = pytest.mark.browser


def trail(folder: Path) -> tuple[AuditEntry, ...]:
    """What anybody did in the workspace, the newest first."""
    store = open_store(folder)
    with store.read() as tx:
        found = read_audit(tx)
    store.close()
    return found


def apply_to(page: Page, place: int) -> None:
    """Let the sliders of Sales apply to the whole company, which is offered first, or to a family."""
    page.get_by_role("combobox", name="Sales sliders apply to").click()
    page.get_by_role("option").nth(place).click()
    settled(page)


def values(page: Page) -> list[str]:
    """Where every slider stands."""
    return [slider.input_value() for slider in page.get_by_role("slider").all()]


def test_sliders_that_come_back_write_nothing_and_stand_where_they_stood(open_as: Open, demo_folder: Path) -> None:
    page = open_as("Bram Verhoeven", "Scenarios")
    page.get_by_role("slider", name="Net price").press("ArrowRight")
    expect(page.locator("h1")).to_contain_text("adds")
    settled(page)
    stood, before = values(page), trail(demo_folder)
    for place in (1, 0, 1, 0):
        apply_to(page, place)
    for scenario in ("Working plan", "My scenario", "Working plan", "My scenario"):
        choose_scenario(page, scenario)
    assert trail(demo_folder) == before
    assert values(page) == stood

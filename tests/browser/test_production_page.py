"""Operations give a line more hours on the Production page, and customers are promised earlier dates."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, settled

pytestmark = pytest.mark.browser

OPERATIONS = "Tomáš Dvořák"


def go_to_plan(page: Page, title: str) -> None:
    """Open one of the seven plans from the navigation on top."""
    page.get_by_test_id("stTopNavSection").filter(has_text="The seven plans").click()
    page.get_by_role("menuitem", name=title, exact=True).click()
    settled(page)


def headline_wait(page: Page) -> list[float]:
    """Lead time in days of the family that the headline names: its row of the sheet, months first."""
    row = page.locator("table.sop-sheet tr", has_text=re.compile(r"^\s*Lead time of .+, days"))
    cells = row.locator("td").all_inner_texts()
    return [float(re.sub(r"[^\d.]", "", cell)) for cell in cells if re.search(r"\d", cell)]


def ask_quote(page: Page, units: int, family: str) -> str:
    """The quote's answer in words for an order of a family."""
    page.get_by_label("Units", exact=True).fill(str(units))
    page.get_by_role("combobox", name="Of family").click()
    page.get_by_role("option", name=family, exact=True).click()
    page.get_by_role("button", name="Quote", exact=True).click()
    return quoted(page)


def quoted(page: Page) -> str:
    answer = page.locator(".st-key-quote_answer p").first
    answer.wait_for()
    settled(page)
    return answer.inner_text()


def test_more_hours_of_the_bottleneck_bring_earlier_promises(open_as: Open) -> None:
    page = open_as(OPERATIONS, "Assumptions")
    go_to_plan(page, "Customer lead time")
    waited, promised = headline_wait(page), ask_quote(page, 60, "Heavy duty")
    go_to_plan(page, "Production")
    expect(page.locator("h1")).to_contain_text("the bottleneck is Gdansk welding line")
    bound = page.locator("h1").inner_text()
    hours = page.get_by_label("Line capacity, %")
    hours.fill("40")
    hours.press("Tab")
    page.get_by_label("Reason", exact=True).fill("A second welding shift")
    page.get_by_role("button", name="Change working plan").click()
    expect(page.locator("[data-testid=stToast]").first).to_contain_text("Gdansk welding line hours")
    settled(page)
    expect(page.locator("h1")).not_to_have_text(bound)
    expect(page.locator("tr", has_text="A second welding shift")).to_contain_text("+40%")
    go_to_plan(page, "Customer lead time")
    assert quoted(page) != promised
    assert sum(headline_wait(page)) < sum(waited)

"""A quote follows the plan: with less capacity at the bottleneck the promise on another screen moves later."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, settled

pytestmark = pytest.mark.browser

SALES, OPERATIONS = "Bram Verhoeven", "Tomáš Dvořák"


def open_plan(open_as: Open, person: str, title: str) -> Page:
    """One of the seven plans as somebody, opened from the navigation on top."""
    page = open_as(person, "Scenarios")
    page.get_by_test_id("stTopNavSection").filter(has_text="The seven plans").click()
    page.get_by_role("menuitem", name=title, exact=True).click()
    settled(page)
    return page


def ask(page: Page, units: str, family: str) -> None:
    """Fill in the form of a quote and send it."""
    page.get_by_label("Units", exact=True).fill(units)
    page.get_by_role("combobox", name="Of family").click()
    page.get_by_role("option", name=family, exact=True).click()
    page.get_by_role("button", name="Quote", exact=True).click()
    settled(page)


def promised(page: Page) -> datetime:
    """The day by which the order is promised."""
    answer = page.locator(".st-key-quote_answer p").first
    expect(answer).to_contain_text("promised by")
    found = re.search(r"promised by (\d+ \w+ \d{4})", answer.inner_text())
    assert found
    return datetime.strptime(found[1], "%d %b %Y")


def test_less_capacity_at_the_bottleneck_moves_a_promise_on_another_screen_later(open_as: Open) -> None:
    sales = open_plan(open_as, SALES, "Customer lead time")
    ask(sales, "", "Fleet")
    expect(sales.get_by_text("A quote needs a quantity in whole units above 0")).to_be_visible()
    ask(sales, "200", "Fleet")
    before = promised(sales)

    operations = open_plan(open_as, OPERATIONS, "Production")
    expect(operations.locator("h1")).to_contain_text("the bottleneck is")
    limit = re.search(r"the bottleneck is ([\w ]+),", operations.locator("h1").inner_text())
    assert limit
    hours = operations.get_by_label("Line capacity, %")
    hours.fill("-30")
    hours.press("Tab")
    operations.get_by_label("Reason", exact=True).fill("A welding robot is out for repair")
    operations.get_by_role("button", name="Change working plan").click()
    expect(operations.locator("[data-testid=stToast]").first).to_contain_text(limit[1])

    expect(sales.locator(".st-key-quote_answer p").first).not_to_contain_text(f"{before:%b %Y}")
    settled(sales)
    assert promised(sales) > before
    assert sales.locator("[data-testid=stException]").count() == 0

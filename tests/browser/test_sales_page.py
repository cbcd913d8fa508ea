"""The Sales page in a real browser: sales enters an override for a family's quarter, sees demand and revenue move,
takes it back; leaves a corrected month as booked; and whoever may only look finds the form closed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Open, settled

pytestmark = pytest.mark.browser

SALES, VIEWER = "Bram Verhoeven", "Jonas Petersen"
FAMILY, ADDED, REASON = "Front box", 90, "A courier fleet orders in spring"


def open_sales(open_as: Open, person: str, tab: str) -> Page:
    """The Sales page as a person, at one of its tabs."""
    page = open_as(person, "Assumptions")
    page.get_by_test_id("stTopNavSection").filter(has_text="The seven plans").click()
    page.get_by_role("menuitem", name="Sales", exact=True).click()
    settled(page)
    show(page, tab)
    return page


def show(page: Page, tab: str) -> None:
    page.get_by_role("tab", name=tab, exact=True).click()
    settled(page)


def choose(page: Page, field: str, option: str) -> None:
    """Pick an option of a select box."""
    page.get_by_role("combobox", name=field, exact=True).click()
    page.get_by_role("option", name=option, exact=True).click()
    settled(page)


def demand_and_revenue(page: Page) -> tuple[int, float]:
    """Units and M€ of the next twelve months, as the page's message says."""
    said = page.locator("h1").inner_text()
    units = re.search(r"demand of ([\d\u202f]+) units", said)
    money = re.search(r"revenue of ([\d.]+) M€", said)
    assert units and money, said
    return int(units[1].replace("\u202f", "")), float(money[1])


def demand_moves_to(page: Page, units: int) -> None:
    shown = f"{units:,}".replace(",", "\u202f")
    expect(page.locator("h1")).to_contain_text(f"demand of {shown} units")
    settled(page)


def fill(form: Locator, field: str, value: str) -> None:
    entry = form.get_by_label(field, exact=True)
    entry.fill(value)
    entry.press("Tab")
    settled(form.page)


def test_sales_enters_an_override_for_a_quarter_and_takes_it_back(open_as: Open) -> None:
    page = open_sales(open_as, SALES, "Overrides")
    choose(page, "Family", FAMILY)
    units, revenue = demand_and_revenue(page)
    form, listed = page.locator(".st-key-card_override-form"), page.locator(".st-key-card_overrides")
    fill(form, "Units, with sign", str(ADDED))
    expect(form).to_contain_text("Demand goes from")
    fill(form, "Reason", REASON)
    form.get_by_role("button", name="Enter override").click()
    demand_moves_to(page, units + ADDED)
    assert demand_and_revenue(page)[1] > revenue
    expect(listed).to_contain_text(f"{FAMILY}, Jan–Mar 27: +{ADDED} units")
    expect(listed).to_contain_text(f"{REASON} · {SALES} for Sales")
    show(page, "Streams")
    sales = page.locator(".st-key-card_streams-table tr", has_text="Sales").first
    expect(sales).not_to_contain_text("±0")
    show(page, "Overrides")
    listed.get_by_role("button", name="Take back").click()
    demand_moves_to(page, units)
    assert demand_and_revenue(page) == (units, revenue)
    expect(listed).to_contain_text("Nobody has entered one")


def test_sales_leaves_a_corrected_month_as_booked_and_takes_that_back(open_as: Open) -> None:
    page = open_sales(open_as, SALES, "History")
    rows = page.locator(".st-key-card_history")
    act = rows.locator("[data-testid=stPopover] button").first
    act.click()
    page.get_by_label("Reason", exact=True).last.fill("A real order, asked the dealer")
    page.keyboard.press("Tab")
    page.locator("[data-testid=stPopoverBody] [data-testid=stBaseButton-primary]").click()
    expect(rows).to_contain_text("A real order, asked the dealer")
    settled(page)
    decided = rows.locator("[data-testid=stHorizontalBlock]", has_text="A real order").last
    (decided if decided.count() else rows).get_by_role("button").first.click()
    expect(rows).to_be_visible()
    expect(rows).not_to_contain_text("A real order, asked the dealer")


def test_whoever_may_only_look_finds_the_forms_closed(open_as: Open) -> None:
    page = open_sales(open_as, VIEWER, "Overrides")
    form = page.locator(".st-key-card_override-form")
    expect(form).to_contain_text("may look, not change")
    expect(form.get_by_role("button", name="Enter override")).to_be_disabled()
    expect(form.get_by_label("Reason", exact=True)).to_be_disabled()


def test_streams_accuracy_methods_and_cadence_are_told_on_their_tabs(open_as: Open) -> None:
    page = open_sales(open_as, VIEWER, "Streams")
    streams = page.locator(".st-key-card_streams-table")
    for stream in ("Statistical", "Sales", "Marketing", "Finance", "Agreed plan", "Consensus"):
        expect(streams).to_contain_text(stream)
    expect(page.locator(".st-key-card_streams-apart")).to_contain_text(FAMILY)
    show(page, "Accuracy")
    steps = page.locator(".st-key-card_accuracy-steps")
    for step in ("Seasonal naive", "Statistical forecast", "Sales override", "Marketing override", "Consensus"):
        expect(steps).to_contain_text(step)
    expect(page.locator(".st-key-card_vintages")).to_contain_text("Agreed plan of")
    show(page, "History")
    expect(page.get_by_text("Method and why of 24 series")).to_be_visible()
    expect(page.locator(".st-key-card_cadence tr", has_text=FAMILY)).to_contain_text("cumulative lead time")

"""A company of weeks, and one of 4-4-5 periods, in a real browser: from nothing over a signed plan to the next."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from sop.core.calendar import first_day, period_name, shift_period
from sop.services.company.workspace import open_workspace
from sop.services.demo.personas import waive_red
from sop.services.planning.room import PlanningRoom
from tests.browser.conftest import SLOW, go_to, settled
from tests.browser.cycle import popover, propose, wrong
from tests.browser.test_first_plan import PASSWORDS, PRODUCTS, choose, drop, press_import, served
from tests.signers import PASSWORD, SIGNERS, add_signers

pytestmark = pytest.mark.browser
__all__ = ["served"]


def order_lines(until: date) -> bytes:
    """An order line of each product on every working day of two years."""
    days = (until - timedelta(days=back) for back in range(2 * 364, 0, -1))
    lines = [
        f"{day},{product},North,{units},{9 * units}"
        for day in days if day.weekday() < 5
        for product, units in (("00017", 3), ("00018", 5))
    ]  # fmt: skip
    return "\n".join(["month,product,region,quantity,revenue", *lines, ""]).encode()


@pytest.mark.parametrize(("bucket", "first"), [("week", "2026-W27"), ("4-4-5", "2026-P07")])
def test_order_lines_by_day_become_a_signed_plan_and_the_next_cycle(
    chromium: Browser, served: tuple[str, str], tmp_path: Path, bucket: str, first: str
) -> None:
    address, link = served
    following = shift_period(first, 1)

    def opened(where: str) -> Page:
        page = chromium.new_context(viewport={"width": 1280, "height": 1000}).new_page()
        page.set_default_timeout(SLOW)
        page.goto(where)
        return page

    page = opened(link)
    company = {"name": "Ours", "currency": "EUR", "month": first, "coordinator": "Mira Sol"}
    for field, value in {**company, **PASSWORDS}.items():
        page.locator(f"#{field}").fill(value)
    page.locator("#calendar").select_option(bucket)
    page.get_by_role("button", name="Begin").click()
    expect(page.locator("h1")).to_contain_text("Nothing is loaded yet")
    drop(page, "products.csv", PRODUCTS.encode())
    press_import(page, "products")
    drop(page, "lines.csv", order_lines(first_day(first)))
    choose(page, "Add them up if they are separate", "added up")
    press_import(page, "sales_actuals")
    page.get_by_role("link", name="Open the first plan").click()
    expect(page.locator("h1")).to_contain_text("Next 12 months: revenue", timeout=3 * SLOW)

    store = open_workspace(tmp_path / "ours")
    add_signers(store)
    waive_red(PlanningRoom(store), first)
    digest = propose(page, 2)
    for person, function in zip(SIGNERS, ("Sales", "CEO"), strict=True):
        signer = opened(address)
        signer.locator("input[name=account]").fill(person)
        signer.locator("input[type=password]").fill(PASSWORD)
        signer.get_by_role("button", name="Sign in").click()
        settled(signer)
        go_to(signer, "Sign-off")
        expect(signer.locator("[data-testid=stCode]").first).to_have_text(digest)
        signer.locator("label", has_text=re.compile("^I approve$")).first.click()
        signer.get_by_label("Your password", exact=True).fill(PASSWORD)
        signer.get_by_role("button", name=f"Sign for {function}").click()
        expect(signer.locator(".st-key-card_signatures tr", has_text=function).first).not_to_contain_text("open")
        signer.context.close()

    go_to(page, "Cycle")
    expect(page.locator(".st-key-card_closing")).to_contain_text("Its plan is agreed")
    shown = popover(page, f"Close {period_name(first)}")
    shown.get_by_role("button", name=f"Close {period_name(first)}").click()
    expect(page.locator("h1")).to_contain_text(re.compile(re.escape(period_name(following))))
    settled(page)
    go_to(page, "Data")
    choose(page, "Table", "sales_actuals")
    drop(page, "lines.csv", order_lines(first_day(following)))  # That lines are added up is remembered.
    press_import(page, "sales_actuals")
    go_to(page, "Executive review")
    expect(page.locator("h1")).to_contain_text("Next 12 months: revenue", timeout=3 * SLOW)
    assert wrong(page) == 0
    page.context.close()
    store.close()

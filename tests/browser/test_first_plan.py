"""From an empty folder to the first plan in a real browser, with no command line but the one that serves."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from sop.core.calendar import shift_period
from tests.browser.conftest import SLOW, settled
from tests.servers import ROOT, free_port, once_it_answers
from tests.workbooks import workbook_of

pytestmark = pytest.mark.browser

MONTHS = [shift_period("2026-11", -back) for back in range(24, 0, -1)]
"""Closed months but for the last, of which there are order lines."""
PRODUCTS = "product,name,family,price\n00017,Box,Boxes,9.50\n00018,Crate,Crates,20\n"
LINES = "order,month,product,region,quantity,revenue\n" + "".join(
    f"SO{n},2026-11-{n:02},{product},North,{n},{n * 9}\n" for n in range(1, 6) for product in ("00017", "00018")
)
BUDGET = "Fiscal year,Period,revenue\n" + "".join(f"2027,P{n:02},900\n" for n in range(1, 13))
PASSWORDS = {"password": "correct horse battery staple", "administrator_password": "another four words here"}


def planning_sheet() -> bytes:
    """The classic sheet: a title, then months side by side."""
    sold = (
        [product, "North", *(units + at % 3 for at in range(len(MONTHS)))]
        for product, units in (("00017", 40), ("00018", 25))
    )
    return workbook_of([["Units sold"], ["product", "region", *MONTHS], *sold])


ADVENTUREWORKS = Path(os.environ.get("SOP_SHARED_DATA", ROOT.parent / "shared" / "data")) / "adventureworks"
ACCOUNTS = ROOT / "scripts" / "adventureworks_accounts.csv"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The address of a server on nothing, and the link that it printed."""
    port = free_port()
    command = [sys.executable, "-m", "sop", "--workspace", str(tmp_path / "ours"), "serve", "--port", str(port)]
    surroundings = {k: v for k, v in os.environ.items() if not k.startswith("SOP_")}
    server = subprocess.Popen(command, cwd=ROOT, env=surroundings, stderr=subprocess.PIPE, text=True)
    address = once_it_answers(f"http://127.0.0.1:{port}", server)
    assert server.stderr is not None
    link = next(found[0] for line in server.stderr if (found := re.search(r"http\S+/start\?key=\S+", line)))
    yield address, link
    server.terminate()
    server.wait(30)
    server.stderr.close()


def drop(page: Page, name: str, content: bytes) -> None:
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text(re.compile(f"{re.escape(name)}: "))).to_have_count(1)
    settled(page)


def choose(page: Page, question: str, answer: str) -> None:
    page.get_by_role("combobox", name=re.compile(question)).click()
    page.get_by_role("option", name=re.compile(answer)).click()
    settled(page)


def press_import(page: Page, table: str) -> None:
    page.get_by_role("button", name=f"Import {table}", exact=True).click()
    expect(page.get_by_test_id("stToast").first).to_contain_text(f"{table} is imported")
    settled(page)


def begin(page: Page, link: str, *, name: str, currency: str, month: str, fiscal_year_from: str) -> None:
    """Fill in the start page, as its coordinator Mira Sol, and begin."""
    page.goto(link)
    company = {"name": name, "currency": currency, "month": month, "coordinator": "Mira Sol"}
    for field, value in {**company, **PASSWORDS}.items():
        page.locator(f"#{field}").fill(value)
    page.locator("#fiscal_start").select_option(fiscal_year_from)
    page.get_by_role("button", name="Begin").click()
    expect(page.locator("h1")).to_contain_text("Nothing is loaded yet")


def open_import(page: Page, address: str, table: str) -> None:
    """The Data page with a table chosen, as links from empty pages open it."""
    page.goto(f"{address}/data?table={table}")
    expect(page.get_by_role("combobox", name="Table", exact=True)).to_have_value(table)
    settled(page)


def test_from_an_empty_folder_to_the_first_plan(chromium: Browser, served: tuple[str, str]) -> None:
    address, link = served
    context = chromium.new_context(viewport={"width": 1280, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(SLOW)
    try:
        page.goto(f"{address}/inventory")
        expect(page).to_have_url(f"{address}/start")
        expect(page.get_by_role("button", name="Begin")).to_have_count(0)
        begin(page, link, name="Ours", currency="EUR", month="2026-12", fiscal_year_from="4")

        drop(page, "products.csv", PRODUCTS.encode())
        press_import(page, "products")
        # The next table that is needed is chosen; the sheet's months become rows, and say so.
        drop(page, "units.xlsx", planning_sheet())
        expect(page.get_by_text("columns are months")).to_be_visible()
        press_import(page, "sales_actuals")
        drop(page, "orders.csv", LINES.encode())
        choose(page, "Add them up if they are separate", "added up")
        expect(page.get_by_text("2 rows would be imported (2 added")).to_be_visible()
        press_import(page, "sales_actuals")

        page.get_by_role("link", name="Open the first plan").click()
        expect(page.locator("h1")).to_contain_text("Next 12 months: revenue")
        page.goto(f"{address}/production")
        page.get_by_role("link", name="Import inventory").click()
        expect(page.get_by_role("combobox", name="Table")).to_have_value("inventory")

        # A budget of one figure a period: which month a period is by the company's year is asked, and only that.
        page.goto(page.url.replace("inventory", "budget"))
        drop(page, "budget.csv", BUDGET.encode())
        page.get_by_role("combobox", name=re.compile("periods of a fiscal year")).click()
        expect(page.get_by_role("option")).to_have_count(4)
        page.get_by_role("option", name=re.compile("called by the year in which it ends")).click()
        settled(page)
        expect(page.get_by_text("12 rows would be imported (12 added")).to_be_visible()
        press_import(page, "budget")
    finally:
        context.close()


@pytest.mark.slow
@pytest.mark.skipif(
    not ADVENTUREWORKS.is_dir(),
    reason=f"no AdventureWorks data in {ADVENTUREWORKS}: set SOP_SHARED_DATA to the folder that holds it",
)
def test_adventureworks_comes_to_its_plan_by_the_browser_alone(chromium: Browser, served: tuple[str, str]) -> None:
    """What scripts/adventureworks.sh says by options, the page proposes or asks."""
    address, link = served
    context = chromium.new_context(viewport={"width": 1280, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(2 * SLOW)
    try:
        begin(page, link, name="AdventureWorks", currency="USD", month="2013-12", fiscal_year_from="1")
        drop(page, "products.csv", (ADVENTUREWORKS / "products.csv").read_bytes())
        press_import(page, "products")
        # Sales and stock run on into open months: the page proposes to set those aside, and says how many.
        drop(page, "sales_actuals.csv", (ADVENTUREWORKS / "sales_actuals.csv").read_bytes())
        expect(
            page.get_by_text(re.compile("11.489 rows would be imported .*; 419 rows after 2013-11"))
        ).to_be_visible()
        press_import(page, "sales_actuals")

        open_import(page, address, "inventory")
        drop(page, "inventory_movements.csv", (ADVENTUREWORKS / "inventory_movements.csv").read_bytes())
        choose(page, "'receipts' as production, 'issues' as shipments", "yes")
        expect(
            page.get_by_text(re.compile("9.576 rows would be imported .*; 1.862 rows after 2013-11"))
        ).to_be_visible()
        press_import(page, "inventory")

        open_import(page, address, "financials")
        drop(page, "financials.csv", (ADVENTUREWORKS / "financials.csv").read_bytes())
        choose(page, "No row at all in 3 month", "nothing is known of them")
        expect(page.get_by_text(re.compile("5 rows of actuals after 2013-11 set aside"))).to_be_visible()
        press_import(page, "financials")
        open_import(page, address, "account_map")
        drop(page, "accounts.csv", ACCOUNTS.read_bytes())
        press_import(page, "account_map")
        expect(page.get_by_text("Each of the 71 accounts of the ledger has its line")).to_be_visible()

        page.get_by_role("link", name="Open the first plan").click()
        expect(page.locator("h1")).to_contain_text("Next 12 months: revenue 62.6 M$", timeout=4 * SLOW)
        expect(page.get_by_role("link", name="Choose which cost counts, on Financial")).to_be_visible()
    finally:
        context.close()

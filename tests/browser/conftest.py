"""The app as people meet it: a server on a free port over a small demo workspace, and browsers that open it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from sop.core.terms import PlanName
from tests.demos import copy_of_demo
from tests.servers import streamlit_on

CHROMIUM = Path(os.environ.get("SOP_CHROMIUM", "/usr/bin/chromium"))
CHROMIUM_OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
SLOW = 60_000
"""How long a page may take on a busy machine, in milliseconds; what is there earlier is taken at once."""
expect.set_options(timeout=SLOW)

Open = Callable[[str, str], Page]
PLAN_PAGES = tuple(plan.title for plan in PlanName)
IN_GROUPS = (*PLAN_PAGES, "Cycle", "Meeting", "Data", "Assumptions", "Settings")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser without a window."""
    if not CHROMIUM.exists():
        pytest.skip(f"no browser at {CHROMIUM}: install Debian's package chromium, or name one by SOP_CHROMIUM")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_OPTIONS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def demo_folder(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a module's own demo workspace; not built where there is no browser to look at it."""
    return copy_of_demo(tmp_path_factory.mktemp("demo"), tmp_path_factory)


@pytest.fixture(scope="module")
def address(demo_folder: Path) -> Iterator[str]:
    """The address of the app's server on that workspace."""
    with streamlit_on("app.py", SOP_WORKSPACE=str(demo_folder)) as found:
        yield found


@pytest.fixture
def open_as(chromium: Browser, address: str) -> Iterator[Open]:
    """Opens the app in a browser of its own: `open_as("Saskia Lindqvist", "Sign-off")` clicks the persona, then
    the page in the navigation, as a person would."""
    contexts = []

    def open_page(person: str, title: str) -> Page:
        context = chromium.new_context(viewport={"width": 1440, "height": 1100}, accept_downloads=True)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(SLOW)
        page.goto(address)
        page.get_by_role("button", name=person).first.click()
        settled(page)
        go_to(page, title)
        return page

    yield open_page
    for context in contexts:
        context.close()


def go_to(page: Page, title: str) -> None:
    """Open a page from the navigation on top."""
    if title in IN_GROUPS:
        group = "The seven plans" if title in PLAN_PAGES else "Run the process"
        page.get_by_test_id("stTopNavSection").filter(has_text=group).click()
        page.get_by_role("menuitem", name=title, exact=True).click()
    else:
        page.get_by_test_id("stHeader").get_by_role("link", name=title, exact=True).click()
    settled(page)


def open_review(chromium: Browser, address: str, width: int, height: int, theme: str = "light") -> Page:
    """The review as the CEO sees it, its decisions valued."""
    page = chromium.new_context(viewport={"width": width, "height": height}, color_scheme=theme).new_page()
    page.set_default_timeout(2 * SLOW)
    page.goto(address)
    page.get_by_role("button", name="Ingrid Halvorsen").first.click()
    settled(page)
    page.locator(".sop-decision").nth(3).wait_for()
    settled(page)
    return page


def settled(page: Page) -> None:
    """Wait until the app has run and nothing more is being drawn."""
    page.wait_for_timeout(300)
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    page.wait_for_timeout(300)

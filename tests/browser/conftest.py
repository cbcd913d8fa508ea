"""The app as people meet it: a server on a free port over a small demo workspace, and browsers that open it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from sop.core.terms import PlanName
from sop.services.demo.build import build_demo
from sop.services.demo.demo_tables import read_demo
from sop.store import open_store
from tests.copies import copy_database
from tests.servers import once_it_answers

ROOT = Path(__file__).parents[2]
CHROMIUM = Path(os.environ.get("SOP_CHROMIUM", "/usr/bin/chromium"))
CHROMIUM_OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
SLOW = 60_000
"""How long a page may take on a busy machine, in milliseconds; what is there earlier is taken at once."""
expect.set_options(timeout=SLOW)

Open = Callable[[str, str], Page]
T = TypeVar("T", bound=Any)
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


@pytest.fixture(scope="session")
def built_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo workspace with two past cycles, built once; every module works on a copy.

    What the demo decides eight cycles ago it decides in the first of these, so that it has a past decision.
    """
    folder, demo = tmp_path_factory.mktemp("built"), read_demo()
    decided = {each.assumption: each.cycle for each in demo.decisions}
    changes = (_moved(each) if decided.get(each.assumption) == each.cycle else each for each in demo.changes)
    moved = replace(demo, changes=tuple(changes), decisions=tuple(map(_moved, demo.decisions)))
    store = open_store(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sop.services.demo.build.read_demo", lambda: moved)
        build_demo(store, "2026-12", past_cycles=2)
    store.close()
    return folder


def _moved(told: T) -> T:
    """What the demo tells of an early cycle, told of the first of two past ones."""
    return replace(told, cycle="2026-10")


@pytest.fixture(scope="module")
def demo_folder(
    chromium: Browser, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The folder of a module's own demo workspace; not built where there is no browser to look at it."""
    folder = tmp_path_factory.mktemp("demo")
    store = open_store(request.getfixturevalue("built_demo"))
    copy_database(store, folder / "accord.sqlite")
    store.close()
    return folder


@pytest.fixture(scope="module")
def address(demo_folder: Path) -> Iterator[str]:
    """The address of the app's server on that workspace."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--server.headless=true", "--server.address=127.0.0.1", "--server.fileWatcherType=none"]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}", *options]
    environment = os.environ | {"SOP_WORKSPACE": str(demo_folder)}
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    yield once_it_answers(f"http://127.0.0.1:{port}", server)
    server.terminate()
    server.wait(10)


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


def settled(page: Page) -> None:
    """Wait until the app has run and nothing more is being drawn."""
    page.wait_for_timeout(300)
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    page.wait_for_timeout(300)

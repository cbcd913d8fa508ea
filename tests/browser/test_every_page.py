"""Every page in both themes as the CEO sees it: no accessibility finding of ours, and nothing cut at the sides.

What is Streamlit's own is listed here, by rule and part of the page.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.conftest import open_review, settled
from tests.servers import ROOT

pytestmark = pytest.mark.browser

PAGES = ("", *sorted(file.stem for file in (ROOT / "pages").glob("*.py") if file.stem != "executive_review"))
STREAMLITS_OWN: set[tuple[str, str]] = set()
"""Findings on Streamlit's own elements, as rule and selector: none that the CEO meets on 2026-11-30."""
BACKGROUND = "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
MOST_TABS = 12
WIDEST_OVERHANG = 1
PAPER_PAGES = 2


@pytest.fixture(scope="module")
def page(chromium: Browser, address: str) -> Page:
    """The app as the CEO has opened it, light."""
    return open_review(chromium, address, 1440, 900)


def background(page: Page) -> str:
    """The colour behind a page, as it is drawn."""
    return str(page.evaluate(BACKGROUND))


def own_findings(found: dict[str, Any]) -> list[str]:
    """Findings on what is ours, one line each."""
    return [
        f"{rule['id']}: {node['html'][:160]}"
        for rule in found["violations"]
        for node in rule["nodes"]
        if (rule["id"], node["target"][0]) not in STREAMLITS_OWN
    ]


def test_every_page_is_accessible_and_fits_its_width(page: Page, address: str) -> None:
    axe, wrong = Axe(), {}
    for name in PAGES:
        page.goto(f"{address}/{name}")
        settled(page)
        page.locator("h1").first.wait_for()
        settled(page)
        found = own_findings(axe.run(page).response)
        light = background(page)
        page.emulate_media(color_scheme="dark")
        page.wait_for_function(f"{BACKGROUND} !== {light!r}")
        settled(page)
        # Only colours differ in the other theme.
        found += own_findings(axe.run(page, options={"runOnly": ["color-contrast"]}).response)
        page.emulate_media(color_scheme="light")
        over = page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollWidth - innerWidth")
        if over > WIDEST_OVERHANG:
            found.append(f"{over} px beyond the right edge")
        if found:
            wrong[name or "executive_review"] = found
    assert wrong == {}


def test_a_dozen_tab_presses_reach_the_first_decision_and_paper_is_two_light_pages(
    page: Page, address: str, tmp_path: Path
) -> None:
    page.goto(address)
    settled(page)
    page.locator(".sop-decision").nth(3).wait_for()
    settled(page)
    presses = 0
    while presses <= MOST_TABS:
        page.keyboard.press("Tab")
        presses += 1
        if page.evaluate("() => document.activeElement.textContent").startswith("Skip to the first decision"):
            page.keyboard.press("Enter")
        if page.evaluate("() => !!document.activeElement.closest('.st-key-card_decisions')"):
            break
    assert presses <= MOST_TABS
    page.emulate_media(color_scheme="dark")
    page.goto(address)
    settled(page)
    page.locator(".sop-decision").nth(3).wait_for()
    settled(page)
    paper = tmp_path / "review.pdf"
    page.pdf(path=paper, prefer_css_page_size=True, print_background=True)
    sheets = list(pypdfium2.PdfDocument(paper))
    assert len(sheets) == PAPER_PAGES
    for sheet in sheets:
        picture = sheet.render(scale=0.3).to_pil().convert("L")
        shades = picture.histogram()
        assert sum(shades[200:]) > 0.8 * sum(shades), "paper is light, whatever the screen is"

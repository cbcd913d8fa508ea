"""Every page, dialog and role's view in both themes: no accessibility finding of ours, nothing cut at the sides.

The CEO sees every page whole. Of the others one looks for each set of acts that `PERMISSIONS` allows, and only at
what nobody before met: a page on which it finds a control of its own, a popover or dialog of another name. What is
Streamlit's own is listed here, by rule and part of the page.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from sop.access import PERMISSIONS
from sop.core.terms import Role
from tests.browser.conftest import SLOW, open_review, settled
from tests.servers import ROOT

pytestmark = pytest.mark.browser

PAGES = ("", *sorted(file.stem for file in (ROOT / "pages").glob("*.py") if file.stem != "executive_review"))
STREAMLITS_OWN = ("[data-testid=stWidgetLabel][disabled]", "[data-testid=stFileUploaderDropzone]")
"""Streamlit's own elements that axe finds fault with: the label of a closed field is paler than text should be;
where files are dropped is called a presentation and can be focused all the same."""
ALIKE = (".sop-table tbody tr:nth-child(n+9)", ".sop-sheet tr:nth-child(n+9)", ".sop-sheet tr > :nth-child(n+9)")
"""Rows and columns of a long table: they are drawn as the eight before them, and looking at each takes minutes."""
BACKGROUND = "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
NOTHING_PALE = "() => !document.querySelector('[data-stale=true]')"
"""What is worked out anew is drawn pale until it is there."""
FAULTS_ALONE = {"resultTypes": ["violations"]}
MOST_TABS = 12
THOROUGH = bool(os.environ.get("SOAK"))
"""Every role, and each tab in the dark as well: `make soak`."""
WHOLE = ("", "financial")
"""Pages that every run sees in the dark too, with tabs, popovers and dialogs; those of others take minutes."""
NARROW = 1024
CUT = """() => {
    const main = document.querySelector('[data-testid=stMain]'), found = [];
    for (const at of main.querySelectorAll('.sop-kpi *, .sop-scroll :is(td, th), :is(h1, h2, h3), button p'))
        if (at.clientWidth > 1 && at.scrollWidth > at.clientWidth && getComputedStyle(at).overflowX === 'hidden')
            found.push('cut: ' + at.textContent);
    for (const table of main.querySelectorAll('.sop-scroll:not(.framed)'))
        if (table.scrollWidth > table.clientWidth + 1) found.push('scrolls: ' + table.getAttribute('aria-label'));
    for (const chart of main.querySelectorAll('.vega-embed svg')) {
        const frame = chart.getBoundingClientRect();
        // What does not fit on an axis is there and not seen.
        const texts = [...chart.querySelectorAll('text')]
            .filter((text) => text.textContent.trim() && getComputedStyle(text).opacity !== '0')
            .map((text) => [text.textContent, text.getBoundingClientRect()]).filter(([, box]) => box.width);
        for (const [name, box] of texts)
            if (Math.max(frame.left - box.left, box.right - frame.right) > 2) found.push('outside: ' + name);
        texts.forEach(([name, one], place) => texts.slice(place + 1).forEach(([other, two]) => {
            const wide = Math.min(one.right, two.right) - Math.max(one.left, two.left);
            const high = Math.min(one.bottom, two.bottom) - Math.max(one.top, two.top);
            // A text is drawn twice where it has a halo.
            if (wide > 2 && high > 5 && name !== other) found.push(`one over the other: ${name}, ${other}`);
        }));
    }
    return found;
}"""
"""Texts that are cut, tables that need their scroll bar, and labels of charts outside them or over each other. A
family sheet, in its frame, may scroll."""
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
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found["violations"] for node in rule["nodes"]]


def checked(page: Page, part: str, dark: bool) -> list[str]:
    """Findings on a part of the page; in the dark theme only of colours, in which alone it differs."""
    page.wait_for_function(NOTHING_PALE)
    options = FAULTS_ALONE | ({"runOnly": ["color-contrast"]} if dark else {})
    context = {"include": [[part]], "exclude": [[at] for at in (*STREAMLITS_OWN, *ALIKE)]}
    return own_findings(Axe().run(page, context=context, options=options).response)


def roles_with_acts_of_their_own() -> list[str]:
    """The first role of each set of acts, the CEO before all; alone where it is not looked at whole."""
    found: dict[frozenset[str], str] = {}
    for role in sorted(Role, key=lambda each: each is not Role.EXECUTIVE):
        found.setdefault(frozenset(entry.act for entry in PERMISSIONS if role in entry.roles), role.value)
    roles = list(found.values())
    return roles if THOROUGH else roles[:1]


CONTROLS = """() => [...document.querySelectorAll(
    '[data-testid=stMain] button, [data-testid=stMain] input, [data-testid=stMain] textarea')].map(
    (at) => [at.tagName, at.type, (at.ariaLabel || at.textContent).trim().replace(/[0-9]/g, '')].join(' '))"""
POPOVER, DIALOG, KEYS = (
    "[data-testid=stPopoverBody]",
    "[role=dialog]:not([data-testid=stPopoverBody])",
    "dialog.sop-keys",
)
ON_EVERY_PAGE = ("who looks", "Changes", "Comments", "Fictional", "Explain a figure")
"""Popovers and dialogs that are the same wherever they are opened."""


def look_as(chromium: Browser, address: str, role: str) -> Page:
    """The app as the persona of a role has opened it, light."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, color_scheme="light")
    page = context.new_page()
    page.set_default_timeout(2 * SLOW)
    page.goto(address)
    page.locator(f"[class*=st-key-persona-{role}] button").first.click()
    settled(page)
    return page


def in_theme(page: Page, dark: bool) -> None:
    """Look at the page in a theme."""
    before = background(page)
    page.emulate_media(color_scheme="dark" if dark else "light")
    page.wait_for_function(f"{BACKGROUND} !== {before!r}")
    settled(page)


def behind_tabs(page: Page) -> Iterator[str]:
    """The page's parts one after the other: the page with all that folds open, then what is behind each tab."""
    page.evaluate("document.querySelectorAll('[data-testid=stExpander] details:not([open]) > summary')"
                  ".forEach((each) => each.click())")  # fmt: skip
    # What is opened may be worked out only now; until it is there, all else is drawn pale.
    settled(page)
    settled(page)
    yield "body"
    for name in page.locator("[data-testid=stMain] [role=tab][aria-selected=false]").all_inner_texts():
        tab = page.locator("[data-testid=stMain] [role=tab]").filter(has_text=name).first
        tab.click()
        settled(page)
        yield f"[id='{tab.get_attribute('aria-controls')}']"


def openers(page: Page, name: str, seen: set[str]) -> Iterator[tuple[str, str]]:
    """Each popover and dialog that nobody opened before, opened: its label and where it is drawn."""
    for kind, part in (("[data-testid=stPopover] button", POPOVER), ("[class*=st-key-explain_] button", DIALOG)):
        for button in page.locator(f"[data-testid=stMain] {kind}:visible:enabled").all():
            named = button.get_attribute("aria-label") or button.locator("p").first.inner_text()
            words = named.split()
            label = "Explain a card" if words[:1] == ["Explain"] and words[1:2] != ["a"] else " ".join(words)
            label = "who looks" if "persona" in label else label
            label = label if label in ON_EVERY_PAGE else f"{name}: {label}"
            if label in seen:
                continue
            seen.add(label)
            button.click()
            page.locator(part).first.wait_for()
            settled(page)
            yield label, part
            page.keyboard.press("Escape")
            page.locator(part).first.wait_for(state="hidden")


def test_every_page_and_dialog_is_accessible_in_every_roles_view(chromium: Browser, address: str) -> None:
    wrong: dict[str, list[str]] = {}
    met: dict[str, set[str]] = {name: set() for name in PAGES}
    opened: dict[bool, set[str]] = {False: set(), True: set()}
    for role in roles_with_acts_of_their_own():
        page = look_as(chromium, address, role)
        for name in PAGES:
            page.goto(f"{address}/{name}")
            settled(page)
            page.locator("h1").first.wait_for()
            settled(page)
            controls = set(page.evaluate(CONTROLS))
            new, met[name] = controls - met[name], met[name] | controls
            if role != Role.EXECUTIVE.value and not new:
                continue
            found = []
            whole = THOROUGH or name in WHOLE
            for dark in (False, True) if whole else (False,):
                if dark:
                    in_theme(page, dark=True)
                parts = behind_tabs(page) if whole and (THOROUGH or not dark) else ["body"]
                found += [line for part in parts for line in checked(page, part, dark)]
                for label, part in openers(page, name, opened[dark]) if whole else ():
                    found += [f"{label}: {line}" for line in checked(page, part, dark)]
            if whole:
                in_theme(page, dark=False)
            over = page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollWidth - innerWidth")
            if over > WIDEST_OVERHANG:
                found.append(f"{over} px beyond the right edge")
            if found:
                wrong[f"{role}: {name or 'executive_review'}"] = found
        if not opened[True] & {"keys"}:
            opened[True].add("keys")
            page.keyboard.press("?")
            page.locator(KEYS).wait_for()
            wrong |= {f"{role}: keys": keys} if (keys := checked(page, KEYS, dark=False)) else {}
        page.context.close()
    assert wrong == {}
    assert opened[True] >= opened[False] >= {*ON_EVERY_PAGE, ": Explain a card", ": Board pack", ": Decide"}


def test_no_text_is_cut_on_a_narrow_screen(page: Page, address: str) -> None:
    page.set_viewport_size({"width": NARROW, "height": 768})
    wrong = {}
    for name in PAGES:
        page.goto(f"{address}/{name}")
        settled(page)
        page.locator("h1").first.wait_for()
        page.wait_for_function(NOTHING_PALE)
        settled(page)
        if found := page.evaluate(CUT):
            wrong[name or "executive_review"] = found
    page.set_viewport_size({"width": 1440, "height": 900})
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

"""What five people do in a cycle, in their browsers: the steps that tests of whole cycles are made of."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from sop.agreement.ground_rules import GroundRules
from sop.files.snapshot import verify_snapshot
from sop.services.company.settings import read_settings_page, set_ground_rules
from sop.store import Store
from tests.browser.conftest import go_to, settled
from tests.servers import ROOT

COORDINATOR, SALES, OPERATIONS, CEO, VIEWER = (
    "Saskia Lindqvist", "Bram Verhoeven", "Tomáš Dvořák", "Ingrid Halvorsen", "Jonas Petersen",
)  # fmt: skip
DISSENT = "Germany will not buy that much"
"""Why sales dissents; `DISSENTS`: as those read it who sign after."""
DISSENTS = f"Sales dissents: “{DISSENT}”"


def popover(page: Page, name: str) -> Locator:
    """What a popover shows, opened."""
    page.get_by_role("button", name=name).first.click()
    shown = page.locator("[data-testid=stPopoverBody]").last
    expect(shown).to_be_visible()
    return shown


def choose(place: Page | Locator, page: Page, label: str, option: str) -> None:
    """Choose an option of a list."""
    place.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=re.compile(option)).first.click()
    settled(page)


def wrong(page: Page) -> int:
    """How many refusals and faults a page shows."""
    return page.locator("[data-testid=stException], [data-testid=stAlertContentError]").count()


def rule(store: Store, mode: str, quorum: int) -> None:
    """Who signs: sales, operations and the CEO."""
    version = read_settings_page(store, "executive").versions.get("ground_rules", 0)
    set_ground_rules(store, "executive", GroundRules(mode, ("sales", "operations", "ceo"), quorum), version)


def add_item(page: Page, title: str) -> None:
    """Put an item on the agenda, on the Cycle page."""
    shown = popover(page, "Add an item")
    shown.get_by_label("Title").fill(title)
    shown.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".st-key-card_agenda tr", has_text=title)).to_be_visible()
    settled(page)


def keep(page: Page, outcome: str) -> None:
    """Keep the outcome of the item at which the meeting is."""
    page.get_by_label("Outcome").fill(outcome)
    page.get_by_role("button", name="Keep the outcome").click()
    settled(page)


def end(chair: Page, others: tuple[Page, ...]) -> None:
    """End the meeting, on every screen."""
    shown = popover(chair, "End the meeting")
    shown.get_by_role("button", name="End and keep the minutes").click()
    for page in (chair, *others):
        expect(page.get_by_text("The meeting has ended")).to_be_visible()


def propose(page: Page, needed: int) -> str:
    """Freeze the working plan and propose it; its digest."""
    go_to(page, "Sign-off")
    page.get_by_role("button", name="Freeze and propose").click()
    expect(page.locator("h1")).to_contain_text(f"is up for signing: 0 of {needed} signatures", timeout=300_000)
    settled(page)
    return page.locator("[data-testid=stCode]").first.inner_text().strip()


def sign(page: Page, function: str, position: str, digest: str, words: str = "", seen: str = "") -> None:
    """Take a position, with `words` where it needs some; `seen`: what stands before whoever signs."""
    go_to(page, "Sign-off")
    expect(page).to_have_title(re.compile("^Sign-off"))
    expect(page.locator("[data-testid=stCode]").first).to_have_text(digest)
    assert page.get_by_role("button", name=f"Sign for {function}").count() == 0, (
        "no position is chosen for anybody"
    )
    page.locator("label", has_text=re.compile(f"^{position}$")).first.click()
    card = page.locator(".st-key-card_signatures")
    expect(card).to_contain_text("You commit the company, over the next 12 months")
    expect(card).to_contain_text(seen)
    if words:
        page.get_by_label("The condition" if "condition" in position else "Why you dissent").fill(words)
    page.get_by_role("button", name=f"Sign for {function}").click()
    expect(card.locator("tr", has_text=function).first).not_to_contain_text("open")
    settled(page)
    assert wrong(page) == 0


def snapshot(page: Page, to: Path, digest: str) -> tuple[str, str]:
    """What verification says of the snapshot that is downloaded, and the minutes in it."""
    with page.expect_download(timeout=300_000) as started:
        page.get_by_role("button", name="Snapshot (zip)").click()
    started.value.save_as(to)
    report = verify_snapshot(to)
    assert report.valid and report.plan_digest == digest
    with zipfile.ZipFile(to) as archive:
        minutes = archive.read("minutes.txt").decode()
    assert digest in minutes
    return report.text(), minutes


def next_month(folder: Path) -> None:
    """Close the month as the command line does."""
    done = subprocess.run(
        [sys.executable, "-m", "sop", "--workspace", str(folder), "demo", "--advance"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr

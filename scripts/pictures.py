"""Take the pictures of the docs anew from a demo that is served: `python scripts/pictures.py http://127.0.0.1:8501`.

Serve the demo in another terminal (`python -m sop demo`, then `python -m sop serve`). Chromium must be installed;
SOP_CHROMIUM names it where it is not Debian's.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "images"
CHROMIUM = os.environ.get("SOP_CHROMIUM", "/usr/bin/chromium")
WIDTH, HEIGHT = 1440, 900
LONGEST = 180_000
PICTURES = (
    ("executive-review", "Ingrid Halvorsen", ""),
    ("plan-changes", "Ingrid Halvorsen", "plan_changes"),
    ("scenarios", "Willem de Groot", "scenarios"),
    ("sign-off", "Ingrid Halvorsen", "sign_off"),
    ("sales", "Bram Verhoeven", "sales"),
    ("production", "Tomáš Dvořák", "production"),
    ("data", "Saskia Lindqvist", "data"),
)
"""Each picture: its name, who looks, and at which page."""


def settle(page: Page) -> None:
    """Wait until the page has run and nothing more is drawn."""
    page.wait_for_timeout(1_500)
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    page.wait_for_timeout(2_500)


def main(address: str) -> int:
    """Take every picture."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for person in dict.fromkeys(who for _, who, _ in PICTURES):
            page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
            page.set_default_timeout(LONGEST)
            page.goto(address)
            page.get_by_role("button", name=person).first.click()
            settle(page)
            for name, who, path in PICTURES:
                if who == person:
                    page.goto(f"{address}/{path}")
                    page.locator("h1").first.wait_for()
                    settle(page)
                    page.screenshot(path=FOLDER / f"{name}.png")
                    print(f"docs/images/{name}.png")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1].rstrip("/") if len(sys.argv) > 1 else "http://127.0.0.1:8501"))

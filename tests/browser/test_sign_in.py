"""A company's own workspace in a real browser: the one-time link, a password, and what a wrong one brings."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.servers import ROOT, streamlit_on

PASSWORD = "correct horse battery staple"


def accord(folder: Path, *words: str) -> str:
    """What a command says."""
    command = [sys.executable, "-m", "sop", "--workspace", str(folder), *words]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def test_the_first_administrator_sets_a_password_by_the_link_and_signs_in(
    chromium: Browser, tmp_path: Path
) -> None:
    told = accord(tmp_path, "init", "--cycle", "2026-12", "--name", "Ours", "--currency", "EUR")
    link = re.search(r"/invitation\S+", told)
    assert link is not None, told
    with streamlit_on("app.py", SOP_WORKSPACE=str(tmp_path)) as address, chromium.new_context() as context:
        page = context.new_page()
        page.goto(f"{address}{link.group()}")
        for field in page.locator("input[type=password]").all():
            field.fill(PASSWORD)
        page.locator("button").first.click()
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        for password, inside in (("wrong password entirely", False), (PASSWORD, True)):
            page.locator("input:not([type=password]):not([type=hidden])").first.fill("administrator")
            page.locator("input[type=password]").fill(password)
            page.locator("button").first.click()
            expect(page.get_by_test_id("stApp") if inside else page.get_by_role("alert")).to_be_visible()

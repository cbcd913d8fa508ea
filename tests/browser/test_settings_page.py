"""The Settings page, opened by its address before anybody is signed in."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import SLOW, settled

pytestmark = pytest.mark.browser


def test_the_administrator_opens_settings_by_its_address(chromium: Browser, address: str) -> None:
    page = chromium.new_page()
    page.set_default_timeout(SLOW)
    page.goto(f"{address}/settings")
    page.get_by_role("button", name="Eva Marková").click()
    settled(page)
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_visible()
    assert page.locator("[data-testid=stException]").count() == 0
    page.close()

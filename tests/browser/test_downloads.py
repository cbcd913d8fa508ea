"""Downloads reach browsers that take their time, however many screens are open meanwhile."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Open

pytestmark = pytest.mark.browser

SLOW_BROWSER = 5_000
"""How long the browser waits between hearing of the file and fetching it, in milliseconds."""


def test_a_file_can_be_fetched_long_after_it_was_made(open_as: Open) -> None:
    # Each open screen asks every second what others changed, and each time Streamlit throws files away.
    page, _ = open_as("Willem de Groot", "Sign-off"), open_as("Jonas Petersen", "Data")
    for name in ("Lines (csv)", "Workbook (xlsx)"):
        with page.expect_download() as started:
            page.get_by_role("button", name=name).click()
        page.wait_for_timeout(SLOW_BROWSER)
        assert page.request.get(started.value.url).status == 200

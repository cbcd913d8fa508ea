"""The meeting's timer: one clock, that of the item which is on, however often items change."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from sop.ui.frame import timer

pytestmark = pytest.mark.browser

# Three items are shown one after the other; 2.2 seconds later every clock that still runs has told its time.
_SHOWN = """async ([js, minutes]) => {
  const { default: show } = await import("data:text/javascript," + encodeURIComponent(js));
  const told = new Set(), place = document.querySelector("span");
  let leave;
  for (const each of minutes) {
    leave = show({ data: { since: new Date().toISOString(), minutes: each }, parentElement: document.body });
    await new Promise((done) => setTimeout(done, 300));
  }
  const until = Date.now() + 2200;
  while (Date.now() < until) {
    told.add(place.textContent.split(" of ")[1]);
    await new Promise((done) => setTimeout(done, 20));
  }
  leave();
  const last = place.textContent;
  await new Promise((done) => setTimeout(done, 1500));
  return [[...told], place.textContent === last];
}"""


def test_the_clock_is_that_of_the_item_that_is_on_and_stops_with_it(chromium: Browser) -> None:
    page = chromium.new_page()
    page.set_content(timer._HTML)
    told, stopped = page.evaluate(_SHOWN, [timer._JS, [10, 5, 7]])
    page.close()
    assert told == ["7 min"] and stopped

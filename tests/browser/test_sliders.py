"""Sliders that leave the screen and come back stand where the plan stands, and write nothing by themselves."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from sop.services.scenarios.drafts import own_draft, save_as
from sop.store import open_store
from sop.store.audit import AuditEntry, read_audit
from tests.browser.conftest import Open, settled
from tests.browser.cycle import wrong
from tests.browser.test_main_job import card, choose_scenario

pytestmark = pytest.mark.browser


def trail(folder: Path) -> tuple[AuditEntry, ...]:
    """What anybody did in the workspace, the newest first."""
    store = open_store(folder)
    with store.read() as tx:
        found = read_audit(tx)
    store.close()
    return found


def apply_to(page: Page, place: int) -> None:
    """Let the sliders of Sales apply to the whole company, which is offered first, or to a family."""
    page.get_by_role("combobox", name="Sales sliders apply to").click()
    page.get_by_role("option").nth(place).click()
    settled(page)


def values(page: Page) -> list[str]:
    """Where every slider stands."""
    return [slider.input_value() for slider in page.get_by_role("slider").all()]


def test_sliders_that_come_back_write_nothing_and_stand_where_they_stood(open_as: Open, demo_folder: Path) -> None:
    page = open_as("Bram Verhoeven", "Scenarios")
    page.get_by_role("slider", name="Net price").press("ArrowRight")
    expect(page.locator("h1")).to_contain_text("adds")
    settled(page)
    stood, before = values(page), trail(demo_folder)
    for place in (1, 0, 1, 0):
        apply_to(page, place)
    for scenario in ("Working plan", "My scenario", "Working plan", "My scenario"):
        choose_scenario(page, scenario)
    assert trail(demo_folder) == before
    assert values(page) == stood


def test_a_move_sends_that_slider_and_no_other_and_changes_the_charts_where_they_stand(open_as: Open) -> None:
    page = open_as("Ingrid Halvorsen", "Scenarios")
    heard: list[bytes] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: heard.append(bytes_of(frame))))
    page.reload()
    page.get_by_role("slider", name="Demand against forecast").wait_for()
    settled(page)
    charts = page.locator("[data-testid=stVegaLiteChart] svg")
    stood = charts.evaluate_all("all => all.map(each => (each.dataset.stood = '1', each.innerHTML))")
    before, _ = card(page, "revenue"), heard.clear()
    page.get_by_role("slider", name="Demand against forecast").press("ArrowRight")
    expect(page.locator("[data-measure=revenue]")).not_to_have_text(before)
    settled(page)
    assert b"demand_pct" in b"".join(heard)
    assert not [
        other
        for other in (b"capacity_pct", b"price_pct", b"scenario_acts", b"kpi_panel")
        if other in b"".join(heard)
    ]
    assert charts.evaluate_all("all => all.every(each => each.dataset.stood)"), "a chart was built anew"
    assert charts.evaluate_all("all => all.map(each => each.innerHTML)") != stood
    moved = page.get_by_role("slider", name="Demand against forecast").input_value()
    typed = page.get_by_role("spinbutton", name="Demand against forecast").input_value()
    assert float(typed) == float(moved)


def bytes_of(frame: str | bytes) -> bytes:
    return frame if isinstance(frame, bytes) else frame.encode()


def test_charts_stay_in_sight_while_sliders_scroll_and_a_link_opens_five_at_most(
    open_as: Open, demo_folder: Path
) -> None:
    page = open_as("Ingrid Halvorsen", "Scenarios")
    page.set_viewport_size({"width": 1280, "height": 800})
    charts = page.locator("[class*=st-key-kpi_panel_]")
    expect(charts).to_have_count(8)
    last = page.get_by_test_id("stSlider").last
    expect(last).not_to_be_in_viewport()
    page.mouse.move(150, 400)
    for _ in range(20):
        page.mouse.wheel(0, 400)
        page.wait_for_timeout(100)
    expect(last).to_be_in_viewport(ratio=0.99)
    for chart in charts.all():
        expect(chart).to_be_in_viewport(ratio=0.99)
    store = open_store(demo_folder)
    for name in ("One", "Two", "Three", "Four"):
        save_as(store, "executive", own_draft(store, "executive").id, name)
    store.close()
    names = ("Working plan", "My scenario", "One", "Two", "Three", "Four")
    page.goto(f"{page.url.split('?')[0]}?{urlencode({'beside': names}, doseq=True)}")
    expect(page.locator(".st-key-card_beside tbody tr")).to_have_count(7)
    assert wrong(page) == 0

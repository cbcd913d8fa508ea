"""One plan in a real browser: a launch slips, an initiative stops, an event grows likely, and every plan follows.

What the screen shows is held against the plan that this process computes from the same database.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from sop.core.format import MoneyFormat
from sop.core.measures import CASH_BALANCES, CASH_FLOWS, HEADLINES
from sop.core.plan import Plan
from sop.core.register import Assumptions
from sop.services.planning.room import PlanningRoom
from sop.services.scenarios.bench import Bench, list_choices, read_bench
from sop.store import open_store
from sop.store.settings import read_person
from sop.views.measure_columns import headline_text
from tests.browser.conftest import Open, go_to, settled

pytestmark = pytest.mark.browser

CEO, PERSON = "Ingrid Halvorsen", "executive"
LAUNCH, INITIATIVE, EVENT = "Compact Urban", "Second welding robot", "Discounter enters Longtail"
MONEY = MoneyFormat("EUR")

BenchOf = Callable[[], Bench]


@pytest.fixture
def bench(demo_folder: Path) -> BenchOf:
    """Reads the CEO's draft from the database and plans it here."""
    room = PlanningRoom(open_store(demo_folder))

    def read() -> Bench:
        with room.store.read() as tx:
            person = read_person(tx, PERSON)
        return read_bench(room, person.id, room.input_set(), list_choices(room, person)[0].id)

    return read


def total(plan: Plan, key: str) -> float:
    """A line added up over families, lines and the horizon."""
    return float(plan[key].sum())


def slider(page: Page, group: str, name: str) -> Locator:
    """A slider of the Scenarios page; its function's card is opened first."""
    found = page.get_by_role("slider", name=name)
    if not found.is_visible():
        page.get_by_test_id("stExpander").filter(has_text=group).first.locator("summary").click()
    found.wait_for()
    return found


def press(page: Page, target: Locator, *keys: str) -> None:
    """Move a slider by keys, as somebody without a mouse does."""
    for key in keys:
        target.focus()
        target.press(key)
        # A slider that has moved is drawn anew where it stands now.
        settled(page)


def screen_agrees(page: Page, found: Bench) -> None:
    """The path in words and every headline card are those of the plan computed here."""
    expect(page.get_by_text(found.path(MONEY.labelled), exact=True)).to_be_visible()
    for entry in HEADLINES:
        card = page.locator(f"[data-measure={entry.key}]")
        expect(card).to_contain_text(headline_text(entry, found.plan.headline[entry.key], MONEY))


def test_a_launch_an_initiative_and_an_event_move_every_plan_alike(open_as: Open, bench: BenchOf) -> None:
    page = open_as(CEO, "Scenarios")
    before = bench().plan

    press(page, slider(page, "Product", f"{LAUNCH} slips"), "ArrowRight", "ArrowRight")
    expect(page.get_by_text(f"{LAUNCH}: launch slips 2 months")).to_be_visible()
    slipped = bench()
    assert slipped.assumptions["launch_slip_months", LAUNCH] == 2
    screen_agrees(page, slipped)
    for key in ("consensus_demand", "load_hours", "total_revenue", "ebit"):
        assert total(slipped.plan, key) < total(before, key), f"{key} falls when a launch slips"

    press(page, slider(page, "CEO", f"{INITIATIVE}, benefit"), "Home")
    expect(page.get_by_text(f"{INITIATIVE}: initiative benefit 0%")).to_be_visible()
    stopped = bench()
    screen_agrees(page, stopped)
    assert total(stopped.plan, "capacity_hours") < total(slipped.plan, "capacity_hours")
    assert total(stopped.plan, "initiative_cost") < total(slipped.plan, "initiative_cost")
    assert total(stopped.plan, "customer_lead_time") > total(slipped.plan, "customer_lead_time")

    press(page, slider(page, "Sales", f"{EVENT}, chance"), "End")
    expect(page.get_by_text(f"{EVENT}: event probability 100%")).to_be_visible()
    certain = bench()
    screen_agrees(page, certain)
    assert certain.plan.headline["ebit"] < stopped.plan.headline["ebit"]  # type: ignore[operator]
    for key in ("consensus_demand", "load_hours", "total_revenue"):
        assert total(certain.plan, key) < total(stopped.plan, key), (
            f"{key} falls when a competitor comes for certain"
        )
    assert total(certain.plan, "cash") != total(stopped.plan, "cash")
    money_follows(certain)


def money_follows(found: Bench) -> None:
    """EBIT and cash follow from the volumes to the cent, in the plan that the screen shows."""
    plan = found.plan
    spend = plan["launch_spend"] + plan["initiative_cost"] + plan["operating_cost"] + plan["depreciation"]
    assert (plan.total("revenue") == plan["total_revenue"]).all()
    assert (plan["gross_margin"] - spend == plan["ebit"]).all()
    flow = sum(sign * plan[key] for key, sign in CASH_FLOWS.items() if key in plan)
    balances = sum(sign * plan[key] for key, sign in CASH_BALANCES.items() if key in plan)
    assert (np.diff(plan["cash"]) == flow[1:] + np.diff(balances)).all()


def test_a_slip_is_tried_on_the_page_of_launches_and_kept_by_its_owner(open_as: Open, demo_folder: Path) -> None:
    page = open_as("Lena Brandt", "Scenarios")
    go_to(page, "New products")
    press(page, page.get_by_role("slider", name="Launch slips, months"), "ArrowRight")
    expect(page.get_by_text(f"{LAUNCH}: launch slips 1 month")).to_be_visible()
    page.get_by_label("Reason").first.fill("The tool comes late")
    page.get_by_role("button", name="Keep in Working plan").click()
    expect(page.locator("h1")).to_contain_text(f"{LAUNCH} slips 4 months against its baseline")
    room = PlanningRoom(open_store(demo_folder))
    working: Assumptions = room.assumptions()
    assert working["launch_slip_months", LAUNCH] == 1

"""People in whole numbers, computed by hand: one plant, ten hours a month each, an hour a unit, 30 an hour.

Ten made-to-order units fall due each month (six in the first), the line is long enough, so one person is enough.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sop.analysis.commitments import build_commitments
from sop.analysis.decisions.releases import propose_releases
from sop.analysis.people import people_moves, people_not_known, people_of, total
from sop.core.calendar import Calendar, periods_between
from sop.core.inputs import Inputs
from sop.core.plan import Plan, StoredForecast
from sop.core.register import Assumptions
from sop.engine import build_plan
from sop.intake.assemble import assemble
from sop.views.executive.plan_message import with_people
from sop.views.people_words import count_words, people_headline, people_message
from tests.test_golden_company import tables as golden_tables

HORIZON = 12
MONTHS = periods_between("2026-01", "2026-12")
NO_DAYS = {("dso_days", ""): 0.0, ("dpo_days", ""): 0.0}


def company(
    people: float, most: float, units: float = 10.0, hours: float = 100.0, **plant: float
) -> tuple[Inputs, StoredForecast]:
    """The company by hand with other people, and what its `plants` table says beside the wage."""
    tables = golden_tables()
    tables["capacity"] = pd.DataFrame({"month": MONTHS, "resource": "Cell", "capacity_hours": hours})
    tables["workforce"] = pd.DataFrame(
        {"month": ["2025-12", *MONTHS], "plant": "Works", "people": people, "hours_per_person": 10.0,
         "max_people": most}
    )  # fmt: skip
    tables["plants"] = tables["plants"].assign(**plant)
    inputs = assemble(tables, Calendar("2026-01", horizon=HORIZON), company="By hand")
    level = np.full((1, 1, HORIZON), float(units))
    return inputs, StoredForecast("2026-01", level, level, level, level, level, level, ("by hand",))


def plan_with(people: float, most: float, values: dict | None = None, **more: float) -> tuple[Inputs, Plan]:
    inputs, forecast = company(people, most, **more)
    return inputs, build_plan(inputs, Assumptions({**NO_DAYS, **(values or {})}), forecast)


def one(plan: Plan, key: str) -> list[float]:
    return plan[key].reshape(HORIZON).tolist()


def rules(plan: Plan) -> list[str]:
    return [finding.rule for finding in plan.findings if finding.table in ("plants", "workforce")]


def money(minor: float) -> str:
    return f"{minor / 100:,.0f} EUR"


def test_without_an_allowance_everybody_stays_and_the_plan_says_what_that_costs() -> None:
    inputs, plan = plan_with(4, 4)
    assert one(plan, "people") == [4] * 12 and one(plan, "people_opening") == [4] * 12
    assert not plan["hires"].any() and not plan["releases"].any()
    assert one(plan, "idle_hours") == [34] + [30] * 11, "forty hours paid, six or ten worked"
    assert one(plan, "idle_cost") == [102_000] + [90_000] * 11, "at 30 an hour"
    variance = one(plan, "period_variance")
    assert variance == one(plan, "idle_cost"), "idle hours are all that labour costs beyond standard"
    assert people_headline(plan) == ""
    assert people_message(plan, money, released_nowhere=True) == (
        "4 people are employed now, 4 in 12 months; 364 paid hours are not worked, which costs 10,920 EUR: "
        "everybody is kept, because no releases are allowed."
    )
    move = next(iter(propose_releases(inputs, Assumptions(), plan)))
    assert (move.key, move.scope, move.value) == ("releases_allowed", "Works", 4)


def test_releases_wait_for_notice_keep_to_the_allowance_and_cost_severance() -> None:
    inputs, plan = plan_with(4, 4, releases_allowed=2, notice_months=2, release_cost=100)
    assert one(plan, "people") == [4, 4, 2, 1] + [1] * 8
    assert one(plan, "people_opening") == [4, 4, 4, 2] + [1] * 8
    assert one(plan, "releases") == [0, 0, 2, 1] + [0] * 8
    # Wages of 10 hours each less standard labour of what is made, and 100 for each who leaves.
    assert one(plan, "period_variance") == [102_000, 90_000, 30_000 + 20_000, 10_000] + [0] * 8
    assert people_headline(plan) == "Three people would go."
    assert with_people("Revenue 1.", plan) == "Revenue 1. Three people would go."
    assert people_message(plan, money).startswith(
        "4 people are employed now, 1 in 12 months: 3 go (Works 2 in Mar 2026, Works 1 in Apr 2026)"
    )
    moves = people_moves(plan, inputs, Assumptions())
    assert [(m.kind, m.people, m.month, m.decide_by, m.cost) for m in moves] == [
        ("release", 2, "2026-03", "2026-01", 20_000),
        ("release", 1, "2026-04", "2026-02", 10_000),
    ]
    lines = {line.label: line for line in build_commitments(plan)}
    assert lines["Releases"].months[:4] == (0, 0, 2, 1) and lines["Releases"].total == 3
    assert lines["Hires"].total == 0
    assert list(propose_releases(inputs, Assumptions(), plan)) == [], "they are allowed already"


def test_a_scenario_allows_releases_and_the_fewest_people_stay() -> None:
    allowed = {("releases_allowed", "Works"): 5.0, ("notice_months", ""): 0.0}
    _, plan = plan_with(4, 4, allowed, min_people=2, release_cost=100)
    assert one(plan, "people") == [2] * 12 and one(plan, "releases") == [2] + [0] * 11
    assert rules(plan) == ["releases_above_people"]


def test_nobody_leaves_when_severance_costs_more_than_the_wages_that_are_left() -> None:
    _, plan = plan_with(4, 4, releases_allowed=4, notice_months=6, release_cost=1801)
    assert one(plan, "people") == [4] * 12, "from July on a person costs 6 x 300 = 1,800"
    _, plan = plan_with(4, 4, releases_allowed=4, notice_months=6, release_cost=1799)
    assert one(plan, "people") == [4] * 6 + [1] * 6


def test_hires_start_after_their_lead_time_and_never_beyond_the_most() -> None:
    _, plan = plan_with(1, 2.9, units=30, hire_lead_months=3, hire_cost=1)
    assert one(plan, "people") == [1, 1, 1] + [2] * 9, "2.9 people are two"
    assert one(plan, "hires") == [0, 0, 0, 1] + [0] * 8
    assert people_headline(plan) == "One person would be hired."


def test_a_person_and_a_half_is_one_with_overtime_or_two() -> None:
    # Fifteen hours a month: a second person costs 300, five hours of overtime at 30 x 1.5 only 225.
    _, plan = plan_with(1, 4, units=15, hire_lead_months=0, hire_cost=0, overtime_limit_pct=0.5)
    assert one(plan, "people") == [1] * 12 and one(plan, "overtime_hours")[1:] == [5] * 11
    _, plan = plan_with(1, 4, units=15, hire_lead_months=0, hire_cost=0, overtime_limit_pct=0.4)
    assert one(plan, "people")[1:] == [2] * 11, "four hours of overtime are not enough"
    assert not plan["overtime_hours"].any() and one(plan, "idle_hours")[1:] == [5] * 11


@pytest.mark.parametrize(
    ("people", "most", "plant", "found"),
    [
        (3, 9, {"min_people": 5, "hire_lead_months": 2}, ["people_below_minimum", "assumed"]),
        (3, 3, {"min_people": 5}, ["people_bounds", "people_below_minimum"]),
        (3, 3, {"releases_allowed": 50, "notice_months": 1, "release_cost": 900}, ["releases_above_people"]),
        (3, 3, {"releases_allowed": 1, "notice_months": 40, "release_cost": 900}, ["notice_beyond_horizon"]),
        (3, 3, {"releases_allowed": 0.5, "notice_months": 1}, ["releases_below_one"]),
        (3, 1, {"releases_allowed": 0}, ["people_above_most"]),
        (3, 9, {"hire_lead_months": 99}, ["hire_lead_beyond_horizon"]),
        (2.6, 3, {}, ["people_not_whole"]),
        (3, 9, {}, ["assumed"]),
    ],
)
def test_what_the_tables_say_badly_is_named_and_planned_around(
    people: float, most: float, plant: dict[str, float], found: list[str]
) -> None:
    _, plan = plan_with(people, most, **plant)
    assert rules(plan) == found
    opening = one(plan, "people_opening")
    assert opening[0] == 3
    assert (plan["people"] == plan["people_opening"] + plan["hires"] - plan["releases"]).all()
    assert opening[1:] == one(plan, "people")[:-1]


def test_a_plant_below_its_fewest_is_filled_when_somebody_can_start() -> None:
    _, plan = plan_with(3, 9, min_people=5, hire_lead_months=2)
    assert one(plan, "people") == [3, 3] + [5] * 10


def test_a_plant_whose_people_are_not_known_has_no_people_at_all() -> None:
    inputs, forecast = company(4, 4)
    assert inputs.capacity is not None and inputs.position.people is not None
    unknown = replace(inputs, position=replace(inputs.position, people=np.array([np.nan])))
    plan = build_plan(unknown, Assumptions(NO_DAYS), forecast)
    assert "people" not in plan and people_of(plan) == () and rules(plan) == ["people_not_known"]
    assert people_not_known(plan, unknown)[0].fields(plan.months) == {
        "plant": "Works", "opening": None, "periods": list(MONTHS), "planned": None, "hires": None,
        "releases": None, "why": "no people with hours up to the last planned month are loaded for it",
    }  # fmt: skip
    assert people_message(plan, money) == "" and people_headline(plan) == ""


def test_the_command_line_gives_people_by_period() -> None:
    _, plan = plan_with(4, 4, releases_allowed=2, notice_months=2, release_cost=100)
    row = people_of(plan)[0].fields(plan.months)
    assert row == {
        "plant": "Works", "opening": 4, "periods": list(MONTHS), "planned": [4, 4, 2] + [1] * 9,
        "hires": [0] * 12, "releases": [0, 0, 2, 1] + [0] * 8,
    }  # fmt: skip


def test_a_plan_signed_before_hires_were_kept_does_not_know_those_of_its_first_month() -> None:
    _, plan = plan_with(4, 4, releases_allowed=2, notice_months=2, release_cost=100)
    kept = {key: block for key, block in plan.blocks.items() if key not in ("hires", "releases", "people_opening")}
    old = replace(plan, blocks=kept)
    row = people_of(old)[0]
    assert row.opening is None and row.releases[:4] == (None, 0, 2, 1)
    lines = {line.label: line for line in build_commitments(old)}
    assert lines["Releases"].months[:4] == (None, 0, 2, 1) and lines["Releases"].total is None
    known = {line.label: line for line in build_commitments(old, np.array([5.0]))}
    assert known["Releases"].total == 4
    assert people_headline(old) == "How many people would go or be hired is not known."


def test_a_total_with_a_part_that_is_not_known_is_not_known() -> None:
    assert total([1.0, None, 2.0]) is None and total([1.0, 2.0]) == 3.0 and total([]) == 0.0
    assert [count_words(n) for n in (1, 12, 13)] == ["one", "twelve", "13"]

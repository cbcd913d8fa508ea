"""One change and its path: every link with its figure, in the order of cause and effect."""

from __future__ import annotations

import pytest

from sop.analysis.comparison.impact import PathStep, assumption_words, impact_sentence, trace_impact
from sop.core.plan import Plan
from sop.core.register import Assumptions
from tests.integrated import AHEAD, company, plan_of, tables
from tests.tiny import tiny_plan


def money(minor: float) -> str:
    return f"{minor / 100:,.0f} EUR"


def effects(base: Plan, now: Plan) -> dict[tuple[str, str], PathStep]:
    return {(e.key, e.name): e for e in reversed(trace_impact(base, now, money))}


def test_a_slip_is_told_from_the_launch_to_cash() -> None:
    inputs = company()
    found = trace_impact(plan_of(inputs), plan_of(inputs, launch_slip_months=2.0), money)
    # Ten units less at 100; 5 × 60 + 5 × 54 less to make, but ten hours of labour are paid all the same.
    assert impact_sentence(found) == (
        "Sport slips 2 months → −10 units of demand → frees 10 h at Cell → revenue −1,000 EUR → EBIT −530 EUR → "
        "cash at the end −530 EUR"
    )


def test_each_link_carries_its_figures() -> None:
    inputs = company()
    base, now = plan_of(inputs), plan_of(inputs, launch_slip_months=2.0)
    found = effects(base, now)
    assert found["launch_slip", "Sport"].change == 2
    assert found["launches", ""].change == found["consensus_demand", ""].change == -10
    assert found["production", ""].change == -10
    assert found["load_hours", "Cell"].change == -10
    assert found["material_need", "Motor"].words == "−10 Motor"
    revenue = found["total_revenue", ""]
    assert (revenue.before, revenue.after) == (base["total_revenue"].sum(), now["total_revenue"].sum())


def test_units_of_several_families_are_told_by_family_and_never_added_up() -> None:
    """Three bikes more and one cargo bike less are not two of anything."""
    base, now = (
        tiny_plan(12, consensus_demand=[[[b]], [[c]]], past_due=[[b], [c]]) for b, c in ((10, 2), (13, 1))
    )
    found = {(e.key, e.name): e.words for e in trace_impact(base, now)}
    assert found["consensus_demand", "Bikes"] == "Bikes: +36 units of demand"
    assert found["consensus_demand", "Cargo"] == "Cargo: −12 units of demand"
    assert found["past_due", "Bikes"] == "Bikes: +3 units past due at the peak"
    assert not {key for key, name in found if not name}


def test_causes_come_before_what_they_cause() -> None:
    inputs = company()
    keys = [e.key for e in trace_impact(plan_of(inputs), plan_of(inputs, launch_slip_months=2.0), money)]
    wanted = [
        "launch_slip",
        "launches",
        "consensus_demand",
        "production",
        "load_hours",
        "shipments",
        "ebit",
        "cash",
    ]
    assert [key for key in dict.fromkeys(keys) if key in wanted] == wanted


def test_a_launch_that_comes_earlier_needs_hours() -> None:
    inputs = company()
    # Half of 55 units in each region are rounded to 27 each, of 50 to 25: four more.
    found = trace_impact(plan_of(inputs), plan_of(inputs, launch_slip_months=-1.0), money)
    assert [e.words for e in found if e.key in ("launch_slip", "load_hours")] == [
        "Sport comes earlier by 1 month", "needs 4 h more at Cell",
    ]  # fmt: skip


def test_an_initiative_that_stops_moves_money_alone() -> None:
    inputs = company()
    found = trace_impact(plan_of(inputs), plan_of(inputs, initiative_confidence=0.0), money)
    assert found[0].words == "Lean stops"
    assert {e.key for e in found} == {"initiative_effect", "gross_margin", "ebit", "cash"}
    half = trace_impact(plan_of(inputs), plan_of(inputs, initiative_confidence=0.5), money)
    assert half[0].words == "Lean: 75% to 38% of its benefit planned", "from April, nine of twelve months"


def test_an_event_is_told_by_its_term_and_opened_by_what_was_changed() -> None:
    inputs = company()
    found = trace_impact(plan_of(inputs), plan_of(inputs, event_probability=1.0), money)
    assert ("events", "−2 units from events") in [(e.key, e.words) for e in found]
    sentence = impact_sentence(found, "Tender: event probability 100%")
    assert sentence.startswith("Tender: event probability 100% → −3 units of demand → frees 3 h at Cell → ")


def test_a_short_line_shows_in_what_customers_wait_for_or_lose() -> None:
    inputs = company(capacity=tables()["capacity"].assign(capacity_hours=20.0))
    found = effects(plan_of(inputs), plan_of(inputs, demand_pct=0.2))
    assert found["lost_sales", ""].change > 0
    assert found["lost_sales", ""].words.endswith("units lost")


def test_the_same_plan_twice_changes_nothing() -> None:
    plan = plan_of(company())
    assert trace_impact(plan, plan, money) == ()
    assert impact_sentence(()) == "Nothing changes"


def test_a_plan_without_a_ledger_tells_the_chain_down_to_gross_margin() -> None:
    inputs = company(financials=tables()["financials"].iloc[:0])
    found = trace_impact(plan_of(inputs), plan_of(inputs, launch_slip_months=2.0), money)
    assert impact_sentence(found).endswith("revenue −1,000 EUR → gross margin −530 EUR")


def test_plans_are_compared_on_the_months_that_both_cover() -> None:
    plan = plan_of(company())
    read_back = Plan(plan.calendar, "", "EUR", {}, {}, {})
    assert trace_impact(read_back, plan, money) == (), "nothing that both plans have"
    assert len(plan.months) == len(AHEAD)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ({}, {("launch_slip_months", "Sport"): 2.0}, "Sport: launch slips 2 months"),
        ({("demand_pct", ""): 0.02}, {("demand_pct", ""): -0.05}, "Demand against forecast +2.0% to \u22125.0%"),
        ({("event_probability", "Tender"): 0.5}, {}, "Tender: event probability as in the tables again"),
        ({}, {("dso_days", ""): 40.0}, "Customers pay after 40 days"),
        ({("dso_days", ""): 40.0}, {("dso_days", ""): 40.0}, ""),
    ],
)
def test_what_somebody_changed_is_said_in_words(before: dict, after: dict, words: str) -> None:
    assert assumption_words(Assumptions(before), Assumptions(after)) == words

"""What the plan pages show, checked by hand on a tiny company of bikes (to stock) and cargo bikes (to order)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sop.analysis.effects import PlanEffect
from sop.analysis.supply.limits import LimitWorth, Margin
from sop.analysis.supply.waiting import Waiting
from sop.core.calendar import Calendar
from sop.core.inputs import Benefit, Budget, Capacity, Gate, Initiative, Launch, Ledger, Materials, Plants
from sop.core.plan import Availability, Block
from sop.core.present import Cell, Col, PlanTable
from sop.core.register import REGISTER, Assumptions
from sop.core.terms import PlanName
from sop.facts.actuals import budget_of
from sop.facts.closed import ClosedFacts, OnTime
from sop.views.assumption_notes import KEYS, OF_RANGES, assumptions_behind
from sop.views.financial.statement import financial_message, money_series, statement_table
from sop.views.inventory.stock_plan import inventory_message, stock_table
from sop.views.lead_time.waiting import (
    lead_time_message,
    little_table,
    made_to_order_table,
    made_to_stock_table,
    waited_days,
)
from sop.views.plan_lines import plan_lines_table
from sop.views.portfolio.gates import open_gates_table, slip_text
from sop.views.portfolio.initiatives import initiatives_message, initiatives_table
from sop.views.portfolio.launches import launches_message, launches_table, ramp_series
from sop.views.production.limits import (
    bottleneck_of,
    bottleneck_text,
    effect_text,
    limits_table,
    margin_sentence,
    margins_table,
)
from sop.views.production.production_plan import materials_table, production_message
from sop.views.production.resources import build_resources, resources_of
from sop.views.sales.sales_plan import channels_table, demand_terms, regions_table, sales_message, terms_table
from sop.views.sheet_blocks import lead_time, on_time_in_full
from sop.views.timeline import PlanContext
from tests.tiny import FIRST, tiny_inputs, tiny_plan

NAN = float("nan")
PAST = ("2026-07", "2026-08", "2026-09", "2026-10", "2026-11", "2026-12")


def money(minor: float) -> str:
    return f"{minor / 100:,.0f} EUR"


def capacity(months: int = 12) -> Capacity:
    """One line of 100 hours a month in one plant; a bike takes 5 hours, a cargo bike 20."""
    one = np.ones(1)
    return Capacity(
        plants=Plants(("Works",), *(one for _ in range(10))),
        lines=("Line 1",),
        line_names=("The line",),
        line_plant=np.zeros(1, dtype=np.int64),
        line_hours=np.full((1, months), 100.0),
        hours_per_unit=np.array([[5.0], [20.0]]),
        labour_hours_per_unit=np.zeros((2, 1)),
        variable_cost=np.zeros((2, 1)),
        shared=(),
        shared_names=(),
        shared_hours=np.zeros((0, months)),
        shared_hours_per_unit=np.zeros((2, 0)),
        history_months=PAST,
        line_hours_history=np.full((1, 6), 120.0),
    )


def context_of(plan: object = None, agreed: object = None, **changes: object) -> PlanContext:
    facts = changes.pop("facts", ClosedFacts())
    base = {} if agreed is None else {"base": agreed, "base_name": "agreed Dec 2026, rev 1"}
    return PlanContext(inputs=tiny_inputs(**changes), plan=plan or tiny_plan(), facts=facts, **base)


# -- sales


def test_the_sales_message_states_demand_against_agreed_and_the_revenue() -> None:
    context = context_of(agreed=tiny_plan(12, consensus_demand=[[[11]], [[2]]]))
    expected = (
        "Bikes: revenue of 12,000 EUR in the next 12 months, as agreed; demand of 120 units, 12 fewer than agreed."
    )
    assert sales_message(context, "Bikes", money) == expected


def test_without_an_agreed_plan_the_sales_message_leaves_the_comparison_out() -> None:
    assert sales_message(context_of(), None, money).startswith(
        "All families: revenue of 36,000 EUR in the next 12 months"
    )


def test_terms_of_demand_are_joined_and_add_up_to_the_consensus() -> None:
    terms = {
        "baseline_forecast": [[[8]], [[2]]],
        "overrides": [[[3]], [[0]]],
        "launches": [[[2]], [[0]]],
        "cannibalisation": [[[-1]], [[0]]],
        "events": [[[-2]], [[0]]],
    }
    context = context_of(tiny_plan(12, **terms))
    found = demand_terms(context, "Bikes")
    assert {name: values[0] for name, values in found.items()} == {
        "Baseline forecast": 8,
        "Overrides": 3,
        "Launches less cannibalisation": 1,
        "Events and initiatives": -2,
        "Price effect and floor": 0,
    }
    np.testing.assert_array_equal(sum(found.values()), np.full(12, 10))
    assert terms_table(context, "Bikes").figure("Overrides", "Units") == 36


def test_regions_show_growth_against_the_last_year_and_the_difference_to_agreed() -> None:
    context = context_of(tiny_plan(12, consensus_demand=[[[11]], [[2]]]), tiny_plan(12))
    table = regions_table(context, "Bikes")
    assert table.figure("North", "Demand") == 132
    assert table.figure("North", "To agreed") == 12
    assert table.figure("North", "To last year") == pytest.approx(0.1)


def test_a_channel_that_is_new_has_no_growth() -> None:
    table = channels_table([("Dealer", 10, 0, 3_000, 0), ("Direct", 5, 5, 1_000, 800)], "12 months")
    assert table.figure("Dealer", "Share") == 0.75
    assert table.figure("Dealer", "To year before") is None
    assert table.figure("Direct", "To year before") == pytest.approx(0.25)


# -- production


def made(months: int = 12, bikes: int = 10, cargo: int = 2) -> object:
    """A plan that makes bikes and cargo bikes on the line: 10 × 5 + 2 × 20 = 90 of 100 hours."""
    hours = bikes * 5.0 + cargo * 20.0
    return tiny_plan(
        months,
        production=[[[bikes]], [[cargo]]],
        load_hours=[[hours]],
        capacity_hours=[[100.0]],
        utilisation=[[hours / 100]],
        past_due=[[0], [3]],
        due=[[[10]], [[2]]],
        lost_sales=[[[0]], [[0]]],
    )


def test_a_line_shows_its_planned_load_and_what_past_production_needed() -> None:
    facts = ClosedFacts(plant_months=PAST, made_at={"Works": np.array([[10.0] * 6, [1.0] * 6])})
    context = context_of(made(), capacity=capacity(), facts=facts)
    (line,) = build_resources(context)
    assert line.load.tolist() == [70.0] * 6 + [90.0] * 12
    assert line.capacity.tolist() == [120.0] * 6 + [100.0] * 12
    assert line.utilisation_next_year == 0.9
    assert line.families == ("Bikes", "Cargo")
    # Three units become late in the first month and stay so: 3 × 20 hours found no room then.
    assert line.not_made[6:8].tolist() == [60.0, 0.0]


def test_past_load_is_not_known_where_a_family_runs_on_several_lines_of_the_plant() -> None:
    two = replace(
        capacity(),
        lines=("Line 1", "Line 2"),
        line_names=("The line", "The other"),
        line_plant=np.zeros(2, dtype=np.int64),
        line_hours=np.full((2, 12), 100.0),
        hours_per_unit=np.array([[5.0, 6.0], [20.0, NAN]]),
        line_hours_history=np.full((2, 6), 120.0),
    )
    facts = ClosedFacts(plant_months=PAST, made_at={"Works": np.array([[10.0] * 6, [1.0] * 6])})
    first = next(r for r in build_resources(context_of(made(), capacity=two, facts=facts)) if r.key == "Line 1")
    assert first.past_unknown == "Bikes"
    assert np.isnan(first.load[:6]).all()


def test_a_family_is_shown_only_the_lines_it_runs_on() -> None:
    only_bikes = replace(capacity(), hours_per_unit=np.array([[5.0], [NAN]]))
    resources = build_resources(context_of(made(), capacity=only_bikes))
    assert resources_of(resources, "Bikes") == resources
    assert resources_of(resources, "Cargo") == ()


def test_the_production_message_names_the_fullest_line_and_the_late_units() -> None:
    context = context_of(made(bikes=12), capacity=capacity())
    (line,) = build_resources(context)
    expected = (
        "All families: production of 25,440 EUR at standard cost in the next 12 months; The line is full in 12 "
        "months, at 100% of its capacity; up to 3 units of Cargo are late."
    )
    assert production_message(context, None, line, None, money) == expected
    assert production_message(context, "Bikes", line, None, money).startswith(
        "Bikes: 144 units to make in the next"
    )


def test_without_costs_no_message_adds_units_of_different_families() -> None:
    context = context_of(made(bikes=12))
    context.__dict__["unit_cost"] = context.unit_cost * NAN
    assert production_message(context, None, None, None, money).startswith(
        "All families: production of the next 12 months is shown by family, as no cost of its units counts; "
    )
    table = PlanTable("By family", (Col("Family", "text"), Col("Plan")), (("Bikes", Cell(NAN, Col("", "units"))),))
    assert [column.title for column in table.without_empty_columns().columns] == ["Family"]


def test_without_capacity_the_production_message_says_unconstrained() -> None:
    assert production_message(context_of(made()), None, None).endswith(
        "unconstrained, because no capacity is loaded."
    )


GAIN = PlanEffect(300_000, 200_000, -50_000, -1_200, -90_000)
PRESS = LimitWorth("Press", "line", "hour", 4, "Jan 2027", GAIN, units=3.0, order=5_000.0)
PRESS_MARGIN = Margin(8.0, PlanEffect(400, -700, 0, -30, 0), PlanEffect(-300, -200, 0, 20, 0), known=True)
WITHOUT = "EBIT would be 3,000 EUR higher in 12 months"


def test_the_message_names_the_bottleneck_with_what_the_plan_would_gain_without_it() -> None:
    context = context_of(made(bikes=12), capacity=capacity())
    (line,) = build_resources(context)
    expected = (
        "All families: production of 25,440 EUR at standard cost in the next 12 months; the bottleneck is Press, "
        f"which binds in 4 of 12 months: without that limit {WITHOUT}; up to 3 units of Cargo are late."
    )
    assert production_message(context, None, line, PRESS, money) == expected
    assert effect_text(GAIN, 24, money, "12 months") == (
        f"{WITHOUT} and 2,000 EUR higher in 24, the lowest cash 500 EUR lower, "
        "and customers would wait 1\u202f200 unit-days less"
    )


def test_an_effect_that_is_not_known_is_said_to_be() -> None:
    assert effect_text(PlanEffect(unit_days=40), 12, money, "12 months") == (
        "EBIT is not known, and customers would wait 40 unit-days more"
    )


def test_limits_come_as_they_hold_the_plan_back_and_the_sentence_takes_a_step_of_the_first() -> None:
    people = LimitWorth("Works", "people", "person", 9)
    assert bottleneck_of((PRESS, people)) is PRESS and bottleneck_of((people,)) is None
    assert (people.label, people.phrase) == ("Works, people", "the people of Works")
    assert limits_table((PRESS, people), "12 months").rows == (
        ("Press", 4, 300_000, 200_000, -50_000, -1_200), ("Works, people", 9, None, None, None, None),
    )  # fmt: skip
    sentence = margin_sentence((replace(PRESS, margin=PRESS_MARGIN), people), 24, money, "12 months")
    assert sentence == (
        "With 8 h more of Press in each month where it binds, net of its price, EBIT would be 4 EUR higher in 12 "
        "months and 7 EUR lower in 24, the lowest cash 0 EUR higher, and customers would wait 30 unit-days less."
    )
    unknown = replace(PRESS, margin=replace(PRESS_MARGIN, known=False))
    assert "before its cost, which is not known" in margin_sentence((unknown,), 12, money, "12 months")
    assert margin_sentence((), 12, money, "12 months") == "Nothing that is loaded limits this plan."


def test_a_step_more_and_a_step_less_stand_side_by_side() -> None:
    limits = (replace(PRESS, margin=PRESS_MARGIN), LimitWorth("Works", "people", "person", 9))
    (row,) = margins_table(limits, "12 months").rows
    assert row == ("Press", "Jan 2027", "8 h", 400, -700, 0, -30, "is in it", -200)


def test_no_money_is_told_of_the_optimisers_price() -> None:
    """Its price ranks limits; 5 000 of it, and nothing gained, is no gain."""
    idle = replace(PRESS, effect=PlanEffect(0, 0, 0, 0, 0))
    assert "5" not in " ".join(map(str, limits_table((idle,), "12 months").rows[0][2:]))
    assert "EBIT would be 0 EUR higher" in bottleneck_text(idle, 12, money, "12 months")


def test_materials_name_the_month_in_which_the_need_comes_nearest_to_the_limit() -> None:
    need = np.array([[10, 10, 40] + [10] * 9])
    plan = made()
    plan = replace(plan, blocks={**plan.blocks, "material_need": Block(need, (("Steel",),))})
    materials = Materials(
        ("Steel",), ("",), np.ones(1), np.ones(1), np.ones((2, 1)), np.full((1, 12), 50.0), np.zeros(1)
    )
    table = materials_table(context_of(plan, materials=materials))
    assert table.rows == (("Steel", 150.0, 600.0, 0.8, "Mar 2027"),)
    assert materials_table(context_of(plan)).rows == (("Steel", 150.0, None, None, "no limit loaded"),)


# -- inventory


def test_stock_is_told_in_money_with_the_worst_excess_and_shortage() -> None:
    plan = tiny_plan(
        12,
        inventory=[[40] * 12, [0] * 12],
        inventory_value=[[240_000] * 12, [0] * 12],
        excess_units=[[0, 15] + [0] * 10, [0] * 12],
        shortage_units=[[0] * 12, [0] * 12],
        safety_stock=[[20], [0]],
    )
    message = inventory_message(context_of(plan), "Bikes", money)
    assert message == (
        "Bikes: 2,400 EUR of stock in Dec 2027; at worst 900 EUR above the cover limit and nothing below "
        "safety stock."
    )
    table = stock_table(context_of(plan))
    assert table.figure("Bikes", "Worst excess") == 90_000
    assert table.figure("Bikes", "Stock in 12 months") == 40
    assert table.figure("Bikes", "Stock today") is None


# -- customer lead time


def waiting(**changes: object) -> PlanContext:
    """Cargo bikes wait 30 days, 45 in March; their target is 30; 3 of the 12 units due wait in March."""
    days = [30.0, 30.0, 45.0] + [30.0] * 9
    plan = tiny_plan(
        12,
        customer_lead_time=[[0.0] * 12, days],
        lead_time_target=[[0.0], [30.0]],
        due=[[[10]], [[2]]],
        due_on_time=[[9] * 12, [2] * 12],
        past_due=[[0] * 12, [0, 0, 3] + [0] * 9],
        lost_sales=[[[0]], [[0]]],
    )
    return context_of(plan, **changes)


def test_the_lead_time_of_all_is_that_of_families_made_to_order() -> None:
    assert lead_time(waiting(), None)[6:9].tolist() == [30.0, 30.0, 45.0]


def test_the_lead_time_message_tells_the_most_past_due_where_that_is_another_month() -> None:
    """79 units stood in the headline, and 119 of the same family among the exceptions."""
    late = waiting()
    cell = late.plan.blocks["past_due"]
    later = replace(cell, values=np.array([[0.0] * 12, [0, 0, 3, 0, 8] + [0.0] * 7]))
    late = replace(late, plan=replace(late.plan, blocks={**late.plan.blocks, "past_due": later}))
    assert lead_time_message(late, None, {}).endswith("; 3 units are past due then, up to 8 in May 2027.")


def test_the_lead_time_message_names_the_peak_its_month_and_what_is_late_then() -> None:
    assert lead_time_message(waiting(), None, {"Cargo": "line Press"}) == (
        "Cargo: customers wait up to 45 days in Mar 2027, 15 days over the target because of line Press; 3 units "
        "are past due then."
    )
    assert lead_time_message(waiting(), "Bikes", {}) == (
        "Bikes is served from stock: nobody waits in the next 12 months."
    )


def test_where_every_family_keeps_its_target_the_closest_is_named() -> None:
    plan = tiny_plan(
        12,
        customer_lead_time=[[0.0] * 12, [28.0, 29.0] + [25.0] * 10],
        lead_time_target=[[0.0], [30.0]],
        due=[[[10]], [[2]]],
        past_due=[[0] * 12, [0] * 12],
    )
    assert lead_time_message(context_of(plan), None, {}) == (
        "Every family keeps its lead time target in the next 12 months; Cargo comes closest: 29 days in Feb 2027 "
        "against 30."
    )


def test_families_to_order_are_told_by_lead_time_and_those_to_stock_by_service() -> None:
    waits = {
        "Cargo": Waiting(30.0, 44.0, True, 33.0, 36.5, 1.0, 0.0),
        "Bikes": Waiting(0.0, 0.0, False, 0.0, 0.0, 0.9, 6.0),
    }
    to_order = made_to_order_table(waiting(), waits, {"Cargo": "line Press"})
    to_stock = made_to_stock_table(waiting(), waits)
    assert [row[0] for row in to_order.rows] == ["Cargo"]
    assert to_order.figure("Cargo", "Peak") == 45
    assert to_order.figure("Cargo", "Over target") == 15
    assert to_order.figure("Cargo", "Over it") == 1
    assert (to_order.figure("Cargo", "Promise"), to_order.figure("Cargo", "9 in 10")) == (30.0, ">44")
    assert to_order.figure("Cargo", "Limited by") == "line Press"
    assert to_order.figure("Cargo", "at peak") == 3
    assert [row[0] for row in to_stock.rows] == ["Bikes"]
    assert to_stock.figure("Bikes", "Served from stock") == 0.9
    assert to_stock.figure("Bikes", "The rest waits") == 6.0
    beyond = {"Bikes": replace(waits["Bikes"], otherwise_days=0.0, otherwise_beyond=True)}
    assert made_to_stock_table(waiting(), beyond).figure("Bikes", "The rest waits") == ">0"
    assert little_table(waiting(), waits).rows == (("Cargo", 33.0, 36.5, 3.5),)


def test_actual_waits_and_service_come_from_delivered_lines() -> None:
    due = np.array([[10.0] * 6, [NAN] * 5 + [4.0]])
    facts = ClosedFacts(
        promised=OnTime(PAST, due, np.array([[9.0] * 6, [NAN] * 5 + [1.0]])),
        requested=OnTime(PAST, due, np.array([[6.0] * 6, [NAN] * 5 + [1.0]])),
        wait_months=PAST,
        units_delivered=np.array([[10.0] * 6, [NAN] * 5 + [3.0]]),
        unit_days=np.array([[20.0] * 6, [NAN] * 5 + [120.0]]),
    )
    context = waiting(facts=facts)
    assert waited_days(context, None)[5] == 40.0
    assert np.isnan(waited_days(context, None)[4])
    months, share = on_time_in_full(context, None)
    assert months == PAST and share[-1] == 10 / 14
    assert on_time_in_full(context, None, by_request=True)[1][-1] == 7 / 14
    assert on_time_in_full(waiting(), None)[0] == ()


# -- new products and initiatives


def launch(slip: int = 2) -> Launch:
    gates = (Gate("1 Concept", -6, -6, -6), Gate("2 Market", 3, 3 + slip))
    return Launch("Cargo two", 1, "", (0,), 0.5, 10.0, 3.0, "linear", None, 0.0, 5_000.0, gates)


def launched(slip: int = 2) -> PlanContext:
    plan = tiny_plan(12)
    volume = np.array([[0] * 5 + [4] * 7])
    names = (("Cargo two",),)
    blocks = {
        "launch_volume": Block(volume, names),
        "launch_cost": Block(np.array([[0] * 5 + [250_000] + [0] * 6]), names),
        "launch_slip": Block(np.full((1, 12), float(slip)), names),
    }
    return context_of(replace(plan, blocks={**plan.blocks, **blocks}), launches=(launch(slip),))


def test_a_launch_is_valued_at_the_net_price_of_its_family() -> None:
    table = launches_table(launched(), Assumptions())
    assert table.figure("Cargo two", "Units, 12 months") == 28
    assert table.figure("Cargo two", "Revenue, 12 months") == 28 * 1000 * 100
    assert table.figure("Cargo two", "Launch cost, 12 months") == 250_000
    assert table.figure("Cargo two", "Planned") == "Jun 2027"
    assert table.figure("Cargo two", "Slip") == "+2 months"


def test_the_launch_message_names_the_largest_slip_against_the_baseline() -> None:
    assert launches_message(launched(), Assumptions(), money) == (
        "1 launch sells 28 units and 28,000 EUR in the next 12 months; Cargo two slips 2 months against its "
        "baseline to Jun 2027."
    )
    assert launches_message(launched(0), Assumptions(), money).endswith("; none slips against its baseline.")


def test_the_launch_message_counts_launches_that_sell_in_these_months() -> None:
    now = launched()
    later = replace(launch(2), name="Later")
    names, blocks = (("Cargo two", "Later"),), dict(now.plan.blocks)
    blocks |= {
        key: Block(np.vstack([blocks[key].values, 0 * blocks[key].values]), names)
        for key in ("launch_volume", "launch_cost", "launch_slip")
    }
    both = context_of(replace(now.plan, blocks=blocks), launches=(launch(2), later))
    assert launches_message(both, Assumptions(), money).startswith("1 of 2 launches sells 28")


def test_the_ramp_shows_planned_months_only() -> None:
    ramp = ramp_series(launched(), "Cargo two")
    assert np.isnan(ramp.now[:6]).all()
    assert ramp.plan[11:].tolist() == [4.0] * 7


def test_open_gates_come_in_the_order_of_their_dates() -> None:
    table = open_gates_table(
        [("B", (Gate("late", 1, 5),)), ("A", (Gate("soon", 2, 2), Gate("done", 0, 0, 0)))],
        Calendar(FIRST, 12),
        "x",
    )
    assert [row[:2] for row in table.rows] == [("A", "soon"), ("B", "late")]
    assert table.rows[1][4] == "+4 months"
    assert [slip_text(months) for months in (-1, 0, 1)] == ["−1 month", "on date", "+1 month"]


def initiatives() -> PlanContext:
    item = Initiative(
        name="Robot",
        owner="Operations",
        goal="Keep promises",
        budget=1000.0,
        spent=400.0,
        confidence=0.8,
        milestones=(Gate("Ordered", -2, -2, -2), Gate("Running", 4, 7)),
        benefits=(Benefit("capacity_hours", "Line 1", 0.2, "pct", 6, 3.0),),
    )
    plan = tiny_plan(12)
    names = (("Robot",),)
    blocks = {
        "initiative_spend": Block(np.full((1, 12), 5_000), names),
        "initiative_effect": Block(np.array([[0.0] * 11 + [0.8]]), names),
    }
    return context_of(replace(plan, blocks={**plan.blocks, **blocks}), initiatives=(item,))


def test_initiatives_are_told_with_health_by_rule_and_money() -> None:
    table = initiatives_table(initiatives(), Assumptions())
    assert table.figure("Robot", "Planned, 12 months") == 60_000
    assert table.figure("Robot", "Health") == "late: 3 months behind its baseline"
    assert initiatives_message(initiatives(), Assumptions(), money) == (
        "1 initiative: 1 late; 400 EUR of 1,000 EUR is spent and 600 EUR is planned for the next 12 months."
    )


# -- financial


def ledger() -> Ledger:
    """Two years from January 2026: revenue 3 000, cost 2 000, operating cost 500 a month; the budget 10% above."""
    months = tuple(f"{year}-{month:02d}" for year in (2026, 2027) for month in range(1, 13))
    lines = {"revenue": 3000.0, "cost_of_sales": 2000.0, "operating_cost": 500.0}
    closed = np.arange(24) < 12
    return Ledger(
        months,
        {name: np.where(closed, value, NAN) for name, value in lines.items()},
        {name: np.full(24, value * 1.1) for name, value in lines.items()},
    )


def financial(first: str = FIRST, **changes: object) -> PlanContext:
    plan = tiny_plan(12, first, gross_margin=[110_000] * 12, ebit=[60_000] * 12, cash=[500, 300] + [700] * 10)
    return context_of(plan, **changes)


def test_profit_of_closed_months_follows_from_the_ledger() -> None:
    ebit = money_series(financial(ledger=ledger()), "ebit")
    assert ebit.actual[:6].tolist() == [50_000.0] * 6
    assert ebit.plan[6] == 60_000
    assert ebit.budget[6] == pytest.approx(55_000)
    assert ebit.prior_year[6] == 50_000


def test_without_a_ledger_margin_comes_from_the_cost_in_the_sales_tables() -> None:
    history = tiny_inputs().history
    context = financial(history=replace(history, cost=history.revenue * 0.6))
    margin = money_series(context, "gross_margin")
    # Ten bikes of 100 and two cargo bikes of 1 000: 3 000 of revenue, 40% of it margin.
    assert margin.actual[0] == 120_000
    assert np.isnan(money_series(financial(), "gross_margin").actual[0])


def test_the_statement_sets_the_year_beside_what_it_is_held_against() -> None:
    table = statement_table(financial(ledger=ledger()))
    # EBIT 600 a month in the plan, 550 budgeted, 500 in the ledger of a year before.
    assert table.figure("EBIT", "Plan") == 12 * 60_000
    assert table.figure("EBIT", "To budget") == pytest.approx(12 * 5_000)
    assert table.figure("EBIT", "To prior year") == 12 * 10_000
    assert table.figure("Operating cash, at the end", "Plan") == 700
    assert len(table.row_better) == len(table.rows)


def test_a_prior_year_adds_up_where_the_ledger_has_other_revenue_than_the_sales_tables() -> None:
    """Revenue less cost of sales was not the margin, which is the ledger's: nothing said what lay between."""
    books = ledger()
    books = replace(books, actual={**books.actual, "revenue": books.actual["revenue"] - 20.0})
    table = statement_table(financial(ledger=books))
    rows = ("Revenue", "Ledger revenue not in sales tables", "Gross margin")
    sold, between, margin = (table.figure(row, "Prior year") for row in rows)
    assert (sold, between) == (12 * 300_000, -12 * 2_000)
    assert margin == sold + between - 12 * 200_000
    assert table.figure(rows[1], "Plan") == 0
    assert rows[1] not in [row[0].figure for row in statement_table(financial(ledger=ledger())).rows]


def test_a_budget_table_gives_cost_of_sales_and_the_margin_that_ebit_follows_from() -> None:
    months = tuple(f"2027-{at + 1:02d}" for at in range(12))
    cells = np.ones((1, 1, 12))
    context = financial(ledger=ledger(), budget=Budget(months, cells, cells * 4000.0, cells * 1300.0))
    assert money_series(context, "gross_margin").budget[6] == 130_000
    assert budget_of(context.inputs, "cost_of_sales", months)[0] == 270_000
    # The ledger budgets 1 100 of margin and 550 of operating cost; the table's margin of 1 300 makes EBIT 750.
    assert money_series(context, "ebit").budget[6] == pytest.approx(75_000)


def test_the_financial_message_goes_as_far_as_the_plan_and_says_why_it_stops() -> None:
    assert financial_message(financial(), money) == (
        "Next 12 months: revenue 36,000 EUR; EBIT 7,200 EUR; cash is lowest in Feb 2027 with 3 EUR."
    )
    whole = financial()
    taxed = replace(
        whole, plan=replace(whole.plan, blocks={**whole.plan.blocks, "tax": whole.plan.blocks["ebit"]})
    )
    assert financial_message(taxed, money, 4.0).endswith("with 3 EUR, below the minimum of 4 EUR.")
    assert financial_message(taxed, money, 3.0).endswith("with 3 EUR."), "at the minimum"
    assert financial_message(whole, money, 4.0).endswith("with 3 EUR."), "operating cash claims nothing"
    plan = tiny_plan(12, gross_margin=[110_000] * 12)
    why = Availability(True, "the plan ends at gross margin: no operating cost loaded", ("financials",))
    stopped = replace(plan, availability={**plan.availability, PlanName.FINANCIAL: why})
    assert financial_message(context_of(stopped), money) == (
        "Next 12 months: revenue 36,000 EUR; gross margin 13,200 EUR; it stops there: no operating cost loaded."
    )


# -- notes


def test_every_assumption_of_the_register_stands_behind_exactly_one_plan_or_sizes_ranges() -> None:
    behind = [key for keys in KEYS.values() for key in keys]
    assert sorted([*behind, *OF_RANGES]) == sorted(entry.key for entry in REGISTER)


def test_a_family_shows_what_is_set_for_it_and_for_all() -> None:
    values = {("demand_pct", "Bikes"): 0.1, ("demand_pct", ""): 0.2, ("demand_units", "Cargo|North|2027-01"): 3.0}
    found = assumptions_behind(Assumptions(values), PlanName.SALES, "Bikes")
    assert set(found) == {("demand_pct", "Bikes"), ("demand_pct", "")}
    assert len(assumptions_behind(Assumptions(values), PlanName.SALES, None)) == 3
    assert assumptions_behind(Assumptions(values), PlanName.FINANCIAL, None) == ()


# -- tables


def test_columns_without_any_figure_are_left_out_of_a_table() -> None:
    table = PlanTable(
        "Regions",
        (Col("Region", "text"), Col("Demand"), Col("To agreed", signed=True)),
        (("North", 5, None), ("South", None, None)),
    )
    shown = table.without_empty_columns()
    assert [column.title for column in shown.columns] == ["Region", "Demand"]
    assert shown.rows == (("North", 5), ("South", None))


def test_the_long_table_has_a_row_per_line_and_a_column_per_month() -> None:
    frame = plan_lines_table(made(), PlanName.PRODUCTION, "Bikes")
    row = frame[frame["Measure"] == "Production"].iloc[0]
    assert row["Resource"] == "Line 1"
    assert row[FIRST] == 10
    assert set(frame["Family"]) == {"Bikes", ""}
    assert plan_lines_table(made(), PlanName.FINANCIAL, None)["Measure"].tolist() == ["Revenue"]

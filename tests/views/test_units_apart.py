"""Units of different families are added up nowhere that money is known: screws are not added to bicycles."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sop.analysis.commitments import build_commitments
from sop.analysis.comparison.bridge import SMALLER
from sop.analysis.comparison.plan_change import PlanChange
from sop.analysis.gate.plan_lines import commitment_lines
from sop.analysis.jump import Jump, JumpPart
from sop.core.format import MoneyFormat
from sop.core.measures import HEADLINES
from sop.core.present import plain
from sop.core.register import Assumptions
from sop.portfolio.worth import SlipCost
from sop.views import series
from sop.views.board_pack.plans import PlanWords, plan_slides
from sop.views.executive.change_tables import causes_table
from sop.views.executive.plan_changes import Changes, Reference
from sop.views.executive.plan_message import units_message
from sop.views.inventory.cover import with_cover
from sop.views.jump_words import jump_table
from sop.views.portfolio.gates import slip_table
from sop.views.sales.sales_plan import channels_table, demand_terms, regions_table, sales_message, terms_table
from sop.views.sheet_blocks import backlog_part
from sop.views.timeline import PlanContext
from sop.views.workbook.family import parts_of
from tests.tiny import tiny_inputs, tiny_plan

SHIPPED = {"shipments": [[[10]], [[2]]]}
TERMS = {
    **SHIPPED,
    "baseline_forecast": [[[8]], [[2]]],
    "overrides": [[[3]], [[0]]],
    "launches": [[[2]], [[0]]],
    "cannibalisation": [[[-1]], [[0]]],
    "events": [[[-2]], [[0]]],
}
WORDS = PlanWords(Assumptions(), {}, None)
BIKE, CARGO = 100_00, 1000_00
"""What the two families sell for, minor units."""


@pytest.fixture
def shown() -> PlanContext:
    """Ten bikes and two cargo bikes a month, a bike more and a cargo bike less than agreed."""
    agreed = tiny_plan(12, **(TERMS | {"baseline_forecast": [[[7]], [[3]]], "consensus_demand": [[[9]], [[3]]]}))
    return PlanContext(inputs=tiny_inputs(), plan=tiny_plan(12, **TERMS), base=agreed, base_name="agreed")


def test_a_family_sells_at_its_revenue_over_its_shipments_also_where_it_ships_nothing(
    shown: PlanContext,
) -> None:
    assert (shown.net_price[0] == BIKE).all() and (shown.net_price[1] == CARGO).all()
    shipped = shown.plan.blocks["shipments"].values.copy()
    shipped[0, 0, 3] = 0
    blocks = {**shown.plan.blocks, "shipments": replace(shown.plan.blocks["shipments"], values=shipped)}
    without = PlanContext(inputs=shown.inputs, plan=replace(shown.plan, blocks=blocks))
    assert without.net_price[0, shown.past + 3] == pytest.approx(BIKE)


def test_terms_of_all_families_add_up_to_demand_at_net_price(shown: PlanContext) -> None:
    terms = demand_terms(shown, None, in_money=True)
    assert terms["Baseline forecast"].tolist() == [8 * BIKE + 2 * CARGO] * 12
    assert sum(terms.values()).tolist() == [10 * BIKE + 2 * CARGO] * 12
    table = terms_table(shown, None, in_money=True)
    assert table.figure("Consensus demand", "At net price") == 12 * (10 * BIKE + 2 * CARGO)
    assert table.figure("Consensus demand", "To agreed") == 12 * (BIKE - CARGO)
    assert terms_table(shown, None).figure("Consensus demand", "Units") == 144, "asked for, they are there"


def test_tables_of_all_families_on_sales_hold_no_units(shown: PlanContext) -> None:
    jump = Jump("", 10.0, 12.0, 1.0, 1000, 1200, 100.0, (JumpPart("growth", 2.0, 200),))
    tables = (
        regions_table(shown, None, in_money=True),
        channels_table([("Dealer", 10, 5, 1000.0, 500.0)], "12 months", in_money=True),
        terms_table(shown, None, in_money=True),
        jump_table([jump], None, in_money=True),
    )
    for table in tables:
        assert not {"Units", "Demand"} & {column.title for column in table.columns}, table.name
    region = tables[0].rows[0]
    assert region[1] == 12 * (10 * BIKE + 2 * CARGO) and region[2] == pytest.approx(0), "revenue, and to agreed"


def test_orders_of_all_families_are_told_at_net_price(shown: PlanContext) -> None:
    plan = tiny_plan(12, past_due=[[1], [2]], order_book=[[5], [4]], **SHIPPED)
    ours = PlanContext(inputs=tiny_inputs(), plan=plan)
    assert series.past_due(ours, None, in_money=True).plan[ours.past] == BIKE + 2 * CARGO
    assert series.order_book(ours, None, in_money=True).plan[ours.past] == 5 * BIKE + 4 * CARGO
    part = backlog_part(ours, None, in_money=True)
    assert part.title == "Order book at net price"
    assert {line.unit for line in part.lines if "day" not in line.name} == {"currency"}


def test_the_workbooks_sheet_of_all_families_holds_units_of_none(shown: PlanContext) -> None:
    assert shown.prices_known
    units = [line.name for part in parts_of(shown, None) for line in part.lines if line.unit == "units"]
    assert units == []
    assert any(line.unit == "units" for part in parts_of(shown, "Bikes") for line in part.lines)


def test_stock_of_all_covers_demand_of_all_at_standard_cost() -> None:
    """Fifty bikes are five months and one cargo bike is half of one; at 60 and 700 both are under two months."""
    plan = tiny_plan(12, inventory=[[50], [1]], **SHIPPED)
    found = with_cover(PlanContext(inputs=tiny_inputs(), plan=plan))
    days = {name: round(float(found.cover_days[name][found.past])) for name in ("Bikes", "Cargo", "")}
    assert days["Bikes"] > 140 and days["Cargo"] == 14
    assert days[""] == pytest.approx(30 * (50 * 60 + 700) / (10 * 60 + 2 * 700), abs=2), "and 127 days in units"


def test_causes_that_show_as_nothing_are_one_row_and_columns_still_add_up() -> None:
    keys = [entry.key for entry in HEADLINES]
    base = dict.fromkeys(keys, 0.0)
    effects = {"A": 5e7, "B": 3e5, "C": -2e5, "D": 1e5}
    steps = {name: base | {"revenue": value} for name, value in effects.items()}
    change = PlanChange(base=base, now=base | {"revenue": sum(effects.values())}, horizon=base, steps=steps)
    changes = Changes(Reference("agreed", "agreed", tiny_plan()), (), {}, change, "", (), (), (), (), {})
    table = causes_table(changes, MoneyFormat("EUR"))
    names = [plain(row[0]) for row in table.rows]
    assert names == ["Agreed", "A", SMALLER, "Plan shown"]
    assert table.rows[2][1] == 2e5
    assert len(causes_table(changes).rows) > 6, "whoever asks for each has each"


def test_signing_commits_to_units_of_each_family_and_the_gate_says_whose() -> None:
    plan = tiny_plan(12, subcontract=[[3], [2]], **SHIPPED)
    lines = {line.label: line.total for line in build_commitments(plan) if line.unit == "units"}
    assert lines == {"Subcontract of Bikes": 36, "Subcontract of Cargo": 24}
    (line,) = commitment_lines(plan, plan.money.labelled)
    assert "36 units of subcontract of Bikes, 24 units of subcontract of Cargo" in line.what
    assert "60" not in line.what
    none = tiny_plan(12, subcontract=[[3], [0]], **SHIPPED)
    assert [line.label for line in build_commitments(none) if line.unit == "units"] == ["Subcontract of Bikes"]


def test_a_slip_is_told_in_the_units_of_each_family() -> None:
    table = slip_table([SlipCost(1, {"Bikes": -9.0, "Cargo": 1.0}, -5, -3, None)], "Lounge", "ebit")
    assert [column.title for column in table.columns[1:3]] == ["Bikes, units", "Cargo, units"]
    assert [plain(cell) for cell in table.rows[0][1:3]] == [-9.0, 1.0]


def test_without_prices_each_family_is_told_by_itself() -> None:
    plan = tiny_plan(12, **SHIPPED)
    blocks = {key: block for key, block in plan.blocks.items() if key not in ("revenue", "total_revenue")}
    units = replace(plan, blocks=blocks)
    said = units_message(units, units)
    assert "120 units of Bikes shipped, as agreed; 24 units of Cargo shipped, as agreed" in said
    assert "144" not in said
    context = PlanContext(inputs=tiny_inputs(), plan=units)
    assert "shown by family" in sales_message(context, None, units.money.words)
    assert not [line.name for part in parts_of(context, None) for line in part.lines if line.unit == "units"]
    assert all(slide.chart is None for slide in plan_slides(context, WORDS) if slide.key == "sales")


def test_the_pack_adds_no_units_of_families_without_a_cost() -> None:
    made, stock = {"production": [[[9]], [[3]]]}, {"inventory": [[5], [1]]}
    books, unknown = tiny_inputs(), np.array([60.0, np.nan])
    books = replace(
        books,
        families=replace(books.families, unit_cost=unknown),
        products=replace(books.products, unit_cost=unknown),
        position=replace(books.position, unit_cost=unknown),
    )
    alone = PlanContext(inputs=books, plan=tiny_plan(12, **(TERMS | made | stock)))
    slides = {slide.key: slide for slide in plan_slides(alone, PlanWords(Assumptions({}), {}, None))}
    assert not alone.costs_known, "the case has no cost"
    production, inventory = slides["production"], slides["inventory"]
    assert production.chart is None and inventory.chart is None
    rows = {plain(row[0]): plain(row[1]) for row in production.tables[0].rows}
    assert list(rows.values()) == [9 * 12, 3 * 12]

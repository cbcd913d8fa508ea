"""The family sheet: how rows add up over months, quarters and the year, and over families."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.core.calendar import Calendar, shift_period
from sop.core.inputs import Budget, StockHistory
from sop.views import series
from sop.views.family_sheet import FamilySheet, SheetLine, SheetPart, build_sheet, compared_lines, ratio_line
from sop.views.sheet_blocks import inventory_part, sales_part
from sop.views.timeline import PlanContext
from tests.tiny import tiny_inputs, tiny_plan

NAN = float("nan")


def context_of(**changes: object) -> PlanContext:
    """Tiny with 18 months from January 2027; the plan agreed in December 2026 said 11 bikes and 2 cargo bikes."""
    plan = tiny_plan(18, consensus_demand=[[[12]], [[2]]])
    agreed = tiny_plan(18, first="2026-12", consensus_demand=[[[11]], [[2]]])
    given_ = {"inputs": tiny_inputs(calendar=Calendar("2027-01", 18)), "plan": plan, "base": agreed}
    return PlanContext(**{**given_, "agreed": {"2026-12": agreed}, **changes})


def sheet_of(*lines: SheetLine, months: int = 24, past: int = 6) -> FamilySheet:
    named = tuple(shift_period("2026-07", at) for at in range(months))
    return FamilySheet(named, past, (SheetPart("Part", lines),))


def test_a_sheet_has_six_closed_months_twelve_months_and_quarters_to_the_horizon() -> None:
    sheet = sheet_of(SheetLine("Row", "units", np.arange(6 + 12 + 7.0)), months=25)
    assert sheet.monthly == slice(0, 18)
    assert sheet.year == slice(6, 18)
    assert sheet.quarters == (slice(18, 21), slice(21, 24), slice(24, 25))


def test_a_flow_adds_up_a_stock_takes_the_last_month_and_a_peak_the_highest() -> None:
    values = np.array([1.0, 5.0, 2.0])
    span = slice(0, 3)
    assert SheetLine("Sales", "units", values).over(span) == 8
    assert SheetLine("Stock", "units", values, "stock").over(span) == 2
    assert SheetLine("Lead time", "days", values, "peak").over(span) == 5


def test_a_ratio_is_recomputed_from_its_parts_and_never_averaged() -> None:
    line = ratio_line("Utilisation", "fraction", np.array([90.0, 10.0]), np.array([100.0, 100.0]))
    assert line.values.tolist() == [0.9, 0.1]
    assert line.over(slice(0, 2)) == 0.5
    uneven = ratio_line("Utilisation", "fraction", np.array([90.0, 10.0]), np.array([100.0, 300.0]))
    assert uneven.over(slice(0, 2)) == 0.25


def test_open_orders_over_shipments_a_day_are_the_same_wait_for_a_month_and_a_quarter() -> None:
    book, shipped, days = np.full(3, 60.0), np.array([30.0, 28.0, 31.0]), np.array([30.0, 28.0, 31.0])
    wait = ratio_line("Implied lead time", "days", book, shipped, top_kind="stock", times=days)
    assert wait.values.tolist() == [60, 60, 60]
    assert wait.over(slice(0, 3)) == 60


def test_a_figure_whose_months_are_not_all_known_is_not_known() -> None:
    line = SheetLine("Agreed plan", "units", np.array([1.0, NAN, 3.0]))
    assert line.over(slice(0, 3)) != line.over(slice(0, 3))
    assert line.over(slice(2, 3)) == 3


def test_rows_without_any_figure_and_parts_without_rows_are_left_out() -> None:
    empty = SheetLine("Budget", "units", np.full(18, NAN))
    full = SheetLine("Plan", "units", np.ones(24))
    sheet = build_sheet(context_of(), [SheetPart("Sales", (full, empty)), SheetPart("Nothing", (empty,))])
    assert [part.title for part in sheet.parts] == ["Sales"]
    assert [line.name for line in sheet.parts[0].lines] == ["Plan"]


def test_the_agreed_row_is_the_plan_in_force_then_the_plan_compared_with() -> None:
    demand = series.demand(context_of(), "Bikes")
    # Six closed months: 10 were ordered in each; only December had an agreed plan, which said 11.
    assert demand.now.tolist() == [10.0] * 6 + [12.0] * 18
    np.testing.assert_array_equal(demand.agreed[:6], [NAN] * 5 + [11.0])
    # The agreed plan ends a month before the horizon of the new one.
    np.testing.assert_array_equal(demand.agreed[6:], [11.0] * 17 + [NAN])


def test_the_running_difference_begins_with_the_first_month_that_had_a_plan() -> None:
    demand = series.demand(context_of(), "Bikes")
    np.testing.assert_array_equal(demand.difference[5:8], [-1.0, 1.0, 1.0])
    np.testing.assert_array_equal(demand.cumulative_difference[4:8], [NAN, -1.0, 0.0, 1.0])


def test_the_change_since_the_last_cycle_is_a_row_only_where_another_plan_is_compared() -> None:
    same = context_of()
    this_cycle = tiny_plan(18, consensus_demand=[[[12]], [[2]]])
    other = context_of(base=this_cycle)
    assert same.last_cycle is None
    assert other.last_cycle is other.agreed["2026-12"]
    lines = {line.name: line for line in compared_lines(series.demand(other, "Bikes"))}
    assert lines["Difference"].values[6] == 0
    assert lines["Change since last cycle"].values[6] == 1


def test_the_budget_of_the_year_stands_beside_the_plan_with_its_difference() -> None:
    months = tuple(context_of().plan.months)
    budget = Budget(months, np.full((2, 1, 18), 13.0), np.full((2, 1, 18), 1300.0), None)
    context = context_of(inputs=replace(context_of().inputs, budget=budget))
    sheet = build_sheet(context, [sales_part(context, "Bikes")])
    line = sheet.line("Sales", "Actual or consensus")
    assert sheet.has_budget
    assert sheet.year_budget(line) == 13 * 12
    assert line.over(sheet.year) - sheet.year_budget(line) == -12


def test_stock_without_a_known_cost_has_no_value_rather_than_a_wrong_one() -> None:
    inputs = context_of().inputs
    stock = StockHistory(("2026-12",), *(np.array([[50.0], [1.0]]) for _ in range(6)))
    no_cost = replace(inputs, stock=stock, position=replace(inputs.position, unit_cost=np.array([60.0, NAN])))
    context = context_of(inputs=no_cost)
    assert series.inventory(context, "Bikes", in_money=True).actual[5] == 50 * 60 * 100
    assert np.isnan(series.inventory(context, None, in_money=True).actual[5])
    assert series.inventory(context, None).actual[5] == 51


@settings(max_examples=40, deadline=None)
@given(
    units=st.lists(st.integers(0, 500), min_size=36, max_size=36),
    agreed=st.lists(st.integers(0, 500), min_size=36, max_size=36),
)
def test_months_add_up_to_quarters_and_the_year_and_families_to_the_whole(
    units: list[int], agreed: list[int]
) -> None:
    plan = tiny_plan(18, consensus_demand=np.array(units).reshape(2, 1, 18))
    base = tiny_plan(18, consensus_demand=np.array(agreed).reshape(2, 1, 18))
    context = context_of(plan=plan, base=base, agreed={})
    sheets = [build_sheet(context, [sales_part(context, family)]) for family in ("Bikes", "Cargo", None)]
    for name in ("Agreed plan", "Actual or consensus", "Difference"):
        bikes, cargo, whole = (sheet.line("Sales", name) for sheet in sheets)
        spans = [sheets[0].year, *sheets[0].quarters]
        for span in spans:
            assert bikes.over(span) + cargo.over(span) == whole.over(span)
            assert whole.over(span) == whole.values[span].sum()
    total = sum(whole.over(span) for span in spans)
    assert total == sum(units) - sum(agreed)


def test_a_family_made_to_order_without_stock_has_no_inventory_block() -> None:
    context = context_of()
    nothing = tiny_plan(18, inventory=[[5], [0]])
    context = context_of(plan=nothing)
    assert inventory_part(context, "Cargo").lines == ()
    assert inventory_part(context, "Bikes").lines != ()


def test_a_series_of_the_wrong_family_is_refused() -> None:
    with pytest.raises(ValueError):
        series.demand(context_of(), "Boats")


def test_a_sheet_of_weeks_shows_a_quarter_of_them_then_months_then_quarters() -> None:
    weeks = tuple(shift_period("2026-W40", at) for at in range(13 + 104))
    values = np.arange(float(len(weeks)))
    sheet = FamilySheet(weeks, 13, (SheetPart("Part", (SheetLine("Row", "units", values),)),))
    assert sheet.year == slice(13, 65)
    assert (sheet.months[13], sheet.monthly) == ("2026-W53", slice(0, 26))
    spans = [slice(at, at + 1) for at in range(13, 26)] + list(sheet.summed)
    assert [at for span in spans for at in range(span.start, span.stop)] == list(range(13, 117)), "each week once"
    assert len(sheet.by_month) == 9 and len(sheet.quarters) == 4
    line = sheet.parts[0].lines[0]
    assert sum(line.over(span) for span in sheet.summed) == values[26:].sum()


@pytest.mark.parametrize("first", ["2026-01", "2026-W02", "2026-Q1"])
@pytest.mark.parametrize("single", [1, 4, 13, 60])
def test_a_sheet_shows_as_many_periods_one_by_one_as_were_set_and_each_once(first: str, single: int) -> None:
    periods = tuple(shift_period(first, at) for at in range(2 + 52))
    sheet = FamilySheet(periods, 2, (), single=single)
    assert sheet.monthly == slice(0, min(2 + single, 54))
    shown = [at for span in (sheet.monthly, *sheet.summed) for at in range(span.start, span.stop)]
    assert shown == list(range(54))

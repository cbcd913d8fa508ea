"""Two plans line by line on their common months."""

from __future__ import annotations

import pandas as pd

from sop.analysis.comparison.compare import common_months, compare_plans, headline_of_base
from tests.tiny import tiny_plan


def lines(table: pd.DataFrame, measure: str, family: str) -> list[tuple[float, float, float]]:
    chosen = table[(table["measure"] == measure) & (table["family"] == family)]
    return list(chosen[["agreed", "proposed", "difference"]].itertuples(index=False, name=None))


def test_plans_are_compared_on_the_months_that_both_cover() -> None:
    plan, base = tiny_plan(4, "2027-02"), tiny_plan(4, "2027-01")
    assert common_months(plan, base) == ("2027-02", "2027-03", "2027-04")
    table = compare_plans(plan, base)
    assert sorted(set(table["month"])) == ["2027-02", "2027-03", "2027-04"]


def test_each_line_has_its_difference_with_money_in_currency() -> None:
    table = compare_plans(tiny_plan(2, revenue=[[[150_000]], [[200_000]]]), tiny_plan(2))
    assert lines(table, "revenue", "Bikes") == [(1000.0, 1500.0, 500.0)] * 2
    assert lines(table, "revenue", "Cargo") == [(2000.0, 2000.0, 0.0)] * 2


def test_a_measure_that_one_plan_does_not_have_is_missing_and_not_zero() -> None:
    table = compare_plans(tiny_plan(1, shipments=[[[9]], [[1]]]), tiny_plan(1))
    ((agreed, proposed, difference),) = lines(table, "shipments", "Bikes")
    assert proposed == 9 and agreed != agreed and difference != difference


def test_all_differences_of_a_flow_sum_to_the_difference_of_its_totals() -> None:
    plan, base = tiny_plan(3, revenue=[[[123_456]], [[1]]]), tiny_plan(3)
    table = compare_plans(plan, base)
    total = table.loc[table["measure"] == "revenue", "difference"].sum()
    assert round(total * 100) == (plan.total("revenue") - base.total("revenue")).sum()


def test_headline_measures_of_a_base_stand_on_the_plans_own_twelve_months() -> None:
    plan, base = tiny_plan(12, "2027-02"), tiny_plan(13, "2027-01")
    assert headline_of_base(plan, base, ())["revenue"] == 12 * 300_000
    assert headline_of_base(plan, tiny_plan(12, "2027-01"), ()) == {}
    assert headline_of_base(plan, None, ()) == {}

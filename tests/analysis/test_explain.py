"""Every number explains itself: parts that add up, rows by file and line, assumptions with owner and reason."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.analysis.explain.explain import Explanation, explain_headline, explain_measure
from sop.analysis.explain.parts import STOCKS, SUMS, Part, Place, parts_of, value_at
from sop.analysis.explain.sources import sources_of
from sop.core.errors import NotFound
from sop.core.inputs import Inputs
from sop.core.measures import HEADLINES, Headline
from sop.core.plan import Plan
from sop.core.register import Assumptions
from sop.engine import Planner
from sop.intake.assemble import assemble
from tests.companies import Shape, calendar_of, company_tables
from tests.integrated import CASH_SALES, cash_sales, company, plan_of, tables
from tests.test_engine import level_forecast

MAY = Place("Cargo", "North", first=4, last=4)


def explain(key: str, place: Place, reasons: dict | None = None, **values: float) -> Explanation:
    inputs = company()
    return explain_measure(plan_of(inputs, **values), inputs, cash_sales(**values), key, place, tables(), reasons)


def signed(parts: tuple[Part, ...]) -> float:
    return sum((-1 if part.sign == "−" else 1) * float(part.value or 0) for part in parts)


def test_demand_is_the_sum_of_its_terms() -> None:
    found = explain("consensus_demand", MAY)
    assert found.value == 11 and found.exact and found.formula == "Sum of the terms above"
    told = {part.key: part.value for part in found.parts if part.value}
    assert told == {"baseline_forecast": 9, "launches": 3, "events": -1}
    assert "launches" in found.leads_to


def test_stock_is_the_opening_position_and_its_movements() -> None:
    found = explain("inventory", Place("Cargo", first=0, last=2))
    assert [(part.sign, part.label, part.value) for part in found.parts] == [
        ("+", "Previous inventory", 40), ("+", "Production", 25), ("+", "Subcontract", 0), ("+", "Adjustments", 0),
        ("−", "Shipments", 65),
    ]  # fmt: skip
    assert (found.value, found.exact) == (0, True)


def test_revenue_is_units_at_a_price() -> None:
    found = explain("revenue", MAY)
    assert [(part.label, part.value) for part in found.parts] == [("Shipments", 11), ("Net price, mean", 10_000)]


def test_a_ratio_over_months_is_recomputed_from_its_parts() -> None:
    found = explain("utilisation", Place(resource="Cell", first=2, last=4))
    assert found.value == pytest.approx((25 + 25 + 22) / 90)


def test_source_rows_are_named_by_file_and_line() -> None:
    (sales,) = explain("baseline_forecast", MAY).sources
    assert (sales.table, sales.count) == ("sales_actuals", 12), "twelve months of one region"
    newest = sales.rows[0]
    assert (newest.file, newest.line) == ("sales.csv", 48)
    assert newest.text == "month 2025-12, product C-1, region North, quantity 10, revenue 1000, cost 600"


def test_rows_of_launches_events_and_the_ledger_are_those_behind_the_figure() -> None:
    assert [source.table for source in explain("launches", MAY).sources] == ["launches", "launch_gates"]
    (gates,) = explain("launch_slip", Place(resource="Sport")).sources
    assert gates.count == 2
    (event,) = explain("events", MAY).sources
    assert "event Tender, title A tender is lost" in event.rows[0].text
    (ledger,) = explain("operating_cost", Place(first=0, last=11)).sources
    assert ledger.count == 12 and all("account Rent" in row.text for row in ledger.rows)
    (hours,) = explain("capacity_hours", Place(resource="Cell", first=1, last=1)).sources
    assert hours.rows[0].text == "month 2026-02, resource Cell, capacity_hours 30"


def test_assumptions_say_who_owns_them_and_why() -> None:
    reasons = {("launch_slip_months", "Sport"): "Tool late"}
    (slip, *rest) = explain("launch_slip", Place(resource="Sport"), reasons, launch_slip_months=1.0).assumptions
    assert (slip.entry.owner.title, slip.value, slip.is_set, slip.reason) == ("Product", 1.0, True, "Tool late")
    assert rest == []


def test_a_default_names_its_source_and_what_is_set_further_back_is_told_too() -> None:
    ebit = explain("ebit", Place(first=0, last=11), demand_pct=0.1)
    told = {used.entry.key: used for used in ebit.assumptions}
    assert told["demand_pct"].value == 0.1, "set by sales, four steps before EBIT"
    assert "price_pct" not in told, "a default further back is not listed"
    elasticity = explain("price_effect", MAY).assumptions[0]
    assert (elasticity.entry.key, elasticity.is_set) == ("price_elasticity", False)
    assert elasticity.reason == "", "where its default comes from is told in words where it is shown"


def test_entries_of_other_families_do_not_count() -> None:
    inputs = company()
    entries = Assumptions(
        {**CASH_SALES, ("demand_pct", "Stools"): 0.2, ("demand_units", "Cargo|South|2026-05"): 5.0}
    )
    found = explain_measure(plan_of(inputs), inputs, entries, "overrides", MAY)
    assert [(used.entry.key, used.scope) for used in found.assumptions] == [
        ("demand_pct", ""),
        ("demand_units", ""),
        ("marketing_units", ""),
    ]


def test_a_profit_rests_on_the_ledger_rows_of_every_line_that_it_takes_off_and_of_no_other() -> None:
    month = company().calendar.last_closed
    ledger = pd.DataFrame(
        [(month, "actual", "Cost", "Rent", 300.0), (month, "actual", "Cost", "Machines", 50.0),
         (month, "actual", "Assets", "Rent", 9.0), (month, "budget", "Cost", "Rent", 310.0)],
        columns=["month", "scenario", "account_type", "account", "amount"],
    )  # fmt: skip
    lines = pd.DataFrame(
        [("Cost", "Rent", "operating_cost"), ("Cost", "Machines", "depreciation"), ("Assets", "Rent", "other")],
        columns=["account_type", "account", "line"],
    )
    (found,) = sources_of("ebit", Place(), company(), {"financials": ledger, "account_map": lines})
    assert [row.text.partition("account ")[2] for row in found.rows] == ["Rent, amount 300", "Machines, amount 50"]


def test_what_is_not_in_the_plan_is_refused_with_its_reason() -> None:
    with pytest.raises(NotFound, match="no family 'Stools'"):
        explain("inventory", Place("Stools"))
    with pytest.raises(NotFound, match="not planned"):
        explain("inventory", Place("Cargo", first=3, last=12))
    inputs = company(financials=tables()["financials"].iloc[:0])
    with pytest.raises(NotFound, match="has no ebit"):
        explain_measure(plan_of(inputs), inputs, cash_sales(), "ebit", Place())
    with pytest.raises(NotFound, match="no headline measure 'luck'"):
        explain_headline(plan_of(inputs), inputs, cash_sales(), "luck")


@pytest.mark.parametrize("entry", HEADLINES, ids=lambda entry: entry.key)
def test_every_headline_is_read_from_the_months_that_decide(entry: Headline) -> None:
    inputs = company()
    plan = plan_of(inputs)
    found = explain_headline(plan, inputs, cash_sales(), entry.key, tables())
    assert found.value == plan.headline[entry.key] and found.formula.startswith(entry.definition)
    if entry.key in ("revenue", "gross_margin", "ebit", "cash", "inventory"):
        assert found.exact and signed(found.parts) == found.value
        assert value_at(plan, entry.line, found.place) == found.value
    if entry.key == "on_time":
        due = plan["due_value"].sum(axis=1)
        shares = [part.value or 0.0 for part in found.parts]
        assert round(float(shares @ due / due.sum()), 4) == found.value


@cache
def generated(seed: int) -> tuple[Inputs, Plan]:
    shape = Shape(seed=seed)
    inputs = assemble(company_tables(shape), calendar_of(shape))
    return inputs, Planner(inputs, level_forecast(inputs)).build(Assumptions({("demand_pct", ""): 0.1}))


@settings(deadline=None, max_examples=60)
@given(
    st.integers(0, 3),
    st.sampled_from([*SUMS, *STOCKS, "cash"]),
    st.sampled_from(["", "Family A", "Family C"]),
    st.integers(0, 7),
    st.integers(0, 7),
)
def test_parts_add_up_to_their_measure_exactly(seed: int, key: str, family: str, first: int, more: int) -> None:
    inputs, plan = generated(seed)
    place = Place(family, first=first, last=min(first + more, 7))
    if key not in ("consensus_demand", *STOCKS):
        place = replace(place, family="")
    assert signed(parts_of(plan, inputs, key, place)) == value_at(plan, key, place)

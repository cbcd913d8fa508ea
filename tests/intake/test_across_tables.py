"""Findings that need more than one table: each is named, with its row and remedy, and stands in the plan."""

from __future__ import annotations

import pandas as pd
import pytest

from sop.core.calendar import Calendar
from sop.core.findings import Finding
from sop.core.tables import table
from sop.intake.assemble import assemble
from sop.intake.check import check_table
from sop.intake.subject import RawTable

Tables = dict[str, pd.DataFrame]
MONTHS = [f"2025-{m:02d}" for m in range(1, 13)]


def company() -> Tables:
    """Two families sold in one region; a launch, an initiative, an event, a budget and a ledger without fault."""
    sales = [(m, p, "North", 10.0, 1000.0) for m in MONTHS for p in ("A-1", "B-1")]
    return {
        "products": pd.DataFrame({"product": ["A-1", "B-1"], "name": ["a", "b"], "family": ["Chairs", "Tables"]}),
        "sales_actuals": pd.DataFrame(sales, columns=["month", "product", "region", "quantity", "revenue"]),
        "launches": pd.DataFrame(
            {"launch": ["New"], "family": ["Chairs"], "region": [None], "probability": [0.5],
             "peak_quantity": [5.0],
             "ramp_months": [2.0], "cannibalises": ["Tables"], "cannibalisation_pct": [0.5], "_file": ["l.csv"],
             "_line": [2]}
        ),
        "launch_gates": pd.DataFrame(
            {"launch": ["New", "New"], "gate": ["1 Tools", "2 Market"], "baseline": ["2025-11", "2026-02"],
             "forecast": ["2025-11", "2026-03"], "actual": ["2025-12", None]}
        ),
        "initiatives": pd.DataFrame({"initiative": ["Lean"], "owner": ["ops"], "goal": ["Cost"], "budget": [9.0],
                                     "spent": [1.0], "confidence": [0.5]}),
        "milestones": pd.DataFrame(
            {"initiative": ["Lean", "Lean"], "milestone": ["Start", "End"], "baseline": ["2026-01", "2026-05"],
             "forecast": ["2026-01", "2026-05"], "actual": [None, None], "after": [None, "Start"]}
        ),
        "benefits": pd.DataFrame({"initiative": ["Lean"], "measure": ["unit_cost"], "scope": ["Chairs"],
                                  "amount": [-0.1], "unit": ["pct"], "start_month": ["2026-03"]}),
        "events": pd.DataFrame(
            {"event": ["E"], "title": ["Tender"], "source": ["customer"], "use": ["plan"], "probability": [0.5],
             "start_month": ["2026-02"], "duration_months": [2.0], "measure": ["demand"], "impact": [0.1],
             "scope": ["North"], "owner": ["sales"]}
        ),
        "budget": pd.DataFrame([(m.replace("2025", "2026"), f, "North", 12.0, 1200.0) for m in MONTHS
                                for f in ("Chairs", "Tables")],
                               columns=["month", "family", "region", "quantity", "revenue"]),
        "financials": pd.DataFrame({"month": ["2025-12"], "scenario": ["actual"], "account_type": ["P&L"],
                                    "account": ["Rent"], "amount": [5.0]}),
        "account_map": pd.DataFrame({"account_type": ["P&L"], "account": ["Rent"], "line": ["operating_cost"]}),
    }  # fmt: skip


def findings(tables: Tables) -> dict[str, Finding]:
    return {found.rule: found for found in assemble(tables, Calendar("2026-01", 6)).findings}


def changed(name: str, **columns: object) -> dict[str, Finding]:
    tables = company()
    tables[name] = tables[name].assign(**columns)
    return findings(tables)


def test_tables_without_fault_bring_no_finding() -> None:
    assert findings(company()) == {}


@pytest.mark.parametrize(
    ("table_name", "columns", "rule", "level", "says"),
    [
        ("launches", {"family": ["Stools"]}, "launch_left_out", "warning", "launch New is left out"),
        ("launches", {"region": ["Norht"]}, "launch_region", "warning", "spread over all regions"),
        ("launches", {"cannibalises": ["Chairs"]}, "cannibalises_itself", "warning", "family that it belongs to"),
        ("launches", {"cannibalisation_pct": [None]}, "cannibalisation_share", "warning", "takes nothing"),
        ("launch_gates", {"launch": ["Other", "Other"]}, "launch_without_gate", "warning", "nobody knows when"),
        ("launch_gates", {"forecast": ["2025-09", "2025-12"], "actual": ["2025-09", None]},
         "launch_before_horizon", "warning", "expected before 2026-01"),
        ("launch_gates", {"forecast": ["2025-11", "2026-07"]}, "launch_after_horizon", "note", "after 2026-06"),
        ("launch_gates", {"forecast": ["2026-04", "2026-03"], "actual": [None, None]}, "gate_order", "warning",
         "'2 Market' comes before '1 Tools'"),
        ("launch_gates", {"actual": ["2025-12", "2026-03"]}, "actual_to_come", "warning", "still to come"),
        ("milestones", {"forecast": ["2026-01", "2025-12"]}, "milestone_order", "warning", "comes before 'Start'"),
        ("milestones", {"actual": [None, "2025-12"]}, "milestone_order", "warning", "'End' is done and 'Start'"),
        ("milestones", {"after": ["Start", "Start"]}, "milestone_order", "warning", "waits for itself"),
        ("benefits", {"scope": ["Stools"]}, "unknown_scope", "warning", "changes nothing"),
        ("benefits", {"measure": ["supply"], "scope": ["Wood"]}, "effect_without_table", "note",
         "nothing is loaded"),
        ("benefits", {"unit": ["abs"]}, "benefit_unit", "warning", "only a percent of it is planned"),
        ("benefits", {"amount": [-1.5]}, "takes_more_than_all", "warning", "nothing is left of it"),
        ("events", {"scope": ["South"]}, "unknown_scope", "warning", "changes nothing"),
        ("events", {"start_month": ["2026-07"]}, "event_outside_horizon", "note", "outside the planned months"),
        ("budget", {"revenue": 1_200_000.0}, "budget_unit", "warning", "1\u202f200 times"),
        ("budget", {"quantity": 12_000.0, "revenue": 1_200_000.0}, "budget_unit", "warning", "units a month"),
        ("financials", {"account": ["Power"]}, "account_unmapped", "warning", "P&L · Power"),
    ],
)  # fmt: skip
def test_each_fault_is_a_finding_with_a_remedy(
    table_name: str, columns: dict, rule: str, level: str, says: str
) -> None:
    found = changed(table_name, **columns)
    assert list(found) == [rule]
    assert found[rule].level == level and says in found[rule].what and found[rule].remedy


def test_a_budget_of_a_region_that_never_sold_is_left_out_and_leaves_one_without() -> None:
    found = changed("budget", region="South")
    assert set(found) == {"budget_left_out", "budget_of_a_part"}
    assert "28\u202f800 is left out" in found["budget_left_out"].what


def test_an_account_mapped_twice_is_an_error() -> None:
    tables = company()
    tables["account_map"] = pd.concat([tables["account_map"], tables["account_map"].assign(line="other")])
    assert findings(tables)["account_mapped_twice"].level == "error"


def test_an_account_with_two_lines_in_one_file_is_refused_at_its_import() -> None:
    rows = pd.DataFrame({"account_type": "P&L", "account": "Rent", "line": ["operating_cost", "other"]})
    raw = RawTable("map.csv", "csv", "", rows, (2, 3))
    checked = check_table(table("account_map"), raw, first_open="2026-01", tables=company())
    assert not checked.ok and "conflicting_duplicate" in {found.rule for found in checked.findings}


def test_a_finding_names_the_row_it_comes_from() -> None:
    assert (
        changed("launches", cannibalises=["Chairs"])["cannibalises_itself"].where == "l.csv line 2, cannibalises"
    )


@pytest.mark.parametrize(
    ("name", "row", "rule"),
    [
        ("launches", {"launch": "New", "family": "Chairs", "probability": "1.2", "peak_quantity": "5",
                      "ramp_months": "2"}, "above_limit"),
        ("launches", {"launch": "New", "family": "Chairs", "probability": "-0.1", "peak_quantity": "5",
                      "ramp_months": "2"}, "below_limit"),
        ("launches", {"launch": "New", "family": "Chairs", "probability": "1", "peak_quantity": "5",
                      "ramp_months": "2", "cannibalises": "Tables", "cannibalisation_pct": "1.5"}, "above_limit"),
        ("initiatives", {"initiative": "Lean", "owner": "ops", "goal": "Cost", "budget": "9", "spent": "1",
                         "confidence": "2"}, "above_limit"),
        ("benefits", {"initiative": "Lean", "measure": "happiness", "amount": "1",
                      "start_month": "2026-02"}, "unknown_choice"),
        ("events", {"event": "E", "title": "Tender", "source": "customer", "use": "plan", "probability": "1.5",
                    "start_month": "2026-02", "duration_months": "2", "measure": "demand", "impact": "0.1",
                    "owner": "sales"}, "above_limit"),
    ],
)  # fmt: skip
def test_what_one_file_can_tell_is_refused_at_its_import(name: str, row: dict[str, str], rule: str) -> None:
    raw = RawTable("f.csv", "csv", "", pd.DataFrame([row]), (2,))
    checked = check_table(table(name), raw, first_open="2026-01", tables=company())
    assert not checked.ok and rule in {found.rule for found in checked.findings}

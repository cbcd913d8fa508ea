"""No figure rests on a silent default: each that counts in a plan is listed until a table or somebody says it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sop.core.register import REGISTER, Assumptions, assumption
from sop.services.scenarios.register import silent_defaults
from tests import integrated


def listed(assumptions: Assumptions | None = None, **tables: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    inputs, assumptions = integrated.company(**tables), assumptions or Assumptions()
    plan = integrated.planner_of(inputs).build(assumptions)
    return {found.entry.key: found.names for found in silent_defaults(inputs, assumptions, plan)}


def test_what_only_the_program_says_is_listed_until_somebody_sets_it() -> None:
    found = listed()
    for key in ("cover_limit_days", "carrying_rate", "past_due_rate", "service_level"):
        default = assumption(key).default
        assert default is not None and found[key] == ()
        assert key not in listed(Assumptions({(key, ""): default})), key


def test_what_a_table_says_is_no_default() -> None:
    plants = integrated.tables()["plants"]
    assert "labour_rate" not in listed()
    assert "labour_rate" in listed(plants=plants.assign(labour_rate=np.nan))
    assert "notice_months" not in listed(plants=plants.assign(notice_months=2.0))


def test_what_changes_nothing_at_its_default_is_none() -> None:
    found = listed()
    assert (
        not {"demand_pct", "price_pct", "capacity_pct", "fx_pct", "subcontract_pct", "supply_pct"} & found.keys()
    )
    assert all(assumption(key).assumed for key in found)


def test_each_default_of_the_register_either_changes_nothing_or_is_one_that_is_listed() -> None:
    silent = {e.key for e in REGISTER if e.default and e.unit in ("days", "months", "currency") and not e.assumed}
    assert not silent, "a size that the program brings, which no list names"


def test_a_plan_without_stock_rests_on_no_policy_of_stock() -> None:
    found = listed(inventory=integrated.tables()["inventory"].head(0))
    assert not {"cover_limit_days", "carrying_rate", "replenishment_days"} & found.keys()


def test_a_default_in_whose_place_the_tables_have_something_does_not_count() -> None:
    tables = integrated.tables()
    assert "overtime_premium" in listed(plants=tables["plants"].assign(overtime_rate=np.nan))
    assert "overtime_premium" not in listed(plants=tables["plants"].assign(overtime_rate=40.0))
    assert "material_share" in listed(materials=tables["materials"].assign(price=np.nan))

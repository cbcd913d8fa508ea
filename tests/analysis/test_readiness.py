"""Readiness of a launch: each check reacts to the one thing that it is about."""

from __future__ import annotations

import pandas as pd
import pytest

from sop.analysis.decisions.readiness import Readiness, check_date, launch_readiness
from sop.core.inputs import Gate, Launch
from tests.integrated import AHEAD, cash_sales, company, plan_of, tables


def readiness(replaced: dict[str, pd.DataFrame] | None = None, **values: float) -> Readiness:
    inputs = company(**(replaced or {}))
    (found,) = launch_readiness(plan_of(inputs, **values), inputs, cash_sales(**values))
    return found


def states(found: Readiness) -> dict[str, str]:
    return {check.name: check.state for check in found.checks}


def sentence(found: Readiness, name: str) -> str:
    return next(check.sentence for check in found.checks if check.name == name)


def test_a_launch_with_everything_in_place_is_ready() -> None:
    found = readiness()
    assert (found.launch, found.month, found.state) == ("Sport", "2026-03", "ready")
    assert sentence(found, "capacity") == "Welding cell 83% used in its first months"
    assert sentence(found, "lead time") == "Motor takes 30 days: order by Feb 2026"


@pytest.mark.parametrize(
    ("table", "columns", "check", "state", "says"),
    [
        ("capacity", {"capacity_hours": 25.0}, "capacity", "at risk", "100% used"),
        ("capacity", {"capacity_hours": 0.0}, "capacity", "at risk", "100% used"),
        ("capacity", {"capacity_hours": 14.0}, "volume", "at risk", "2 units of Cargo late or lost"),
        ("capacity", {"capacity_hours": 0.0}, "volume", "not ready", "late or lost"),
        ("material_supply", {"quantity": 25.0}, "materials", "at risk", "all 25 that can be delivered are needed"),
        ("materials", {"lead_time_days": 62.0}, "lead time", "not ready", "takes 62 days: order by Dec 2025"),
        ("launches", {"spent": 1100.0}, "cost", "at risk", "1\u202f100 spent of 1\u202f000"),
        ("launches", {"cost": None, "spent": None}, "cost", "not known", "No launch cost"),
        ("launch_gates", {"forecast": ["2025-11", "2026-05"]}, "date", "at risk", "2 months behind"),
        ("launch_gates", {"actual": [None, None]}, "date", "not ready", "1 Tools was expected in Nov 2025"),
    ],
)
def test_each_check_follows_its_own_figures(table: str, columns: dict, check: str, state: str, says: str) -> None:
    found = readiness({table: tables()[table].assign(**columns)})
    assert states(found)[check] == state
    assert says in sentence(found, check)


def test_a_slip_moves_the_months_that_count() -> None:
    found = readiness(launch_slip_months=2.0)
    assert found.month == "2026-05"
    assert sentence(found, "date") == "2 months behind its baseline"
    assert sentence(found, "lead time") == "Motor takes 30 days: order by Apr 2026"


def test_what_the_plan_does_not_reach_is_not_known() -> None:
    gates = tables()["launch_gates"].assign(baseline=["2025-11", "2027-02"], forecast=["2025-11", "2027-02"])
    found = readiness({"launch_gates": gates})
    assert [states(found)[name] for name in ("volume", "capacity", "materials")] == ["not known"] * 3
    assert sentence(found, "volume") == "It comes after Dec 2026, the last planned month"


def test_a_launch_without_gates_is_not_known() -> None:
    gates = tables()["launch_gates"].assign(launch="Other")
    found = readiness({"launch_gates": gates})
    assert (found.month, found.state) == ("", "not known")


def test_the_worst_check_is_the_state_of_the_launch() -> None:
    capacity = pd.DataFrame({"month": AHEAD, "resource": "Cell", "capacity_hours": 0.0})
    assert readiness({"capacity": capacity}).state == "not ready"


def test_an_early_launch_is_ready() -> None:
    gate = Gate("Market", 4, 2)
    launch = Launch("New", 0, "", (0,), 1.0, 1.0, 1.0, "linear", None, 0.0, 0.0, (gate,))
    plan = plan_of(company())
    assert check_date(launch, 2, plan).sentence == "2 months ahead of its baseline"

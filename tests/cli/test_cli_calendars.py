"""A company in weeks, 4-4-5 periods and quarters on the command line: from nothing to the next cycle."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from sop.core.calendar import first_day
from sop.services.agreement.plan_acts import propose_plan
from sop.services.company.workspace import open_workspace
from sop.services.demo.personas import waive_red
from sop.services.planning.room import PlanningRoom
from tests.cli.small import PRODUCTS, Command
from tests.other_periods import FILES, OtherPeriods
from tests.signers import add_signers, sign_all


def daily_csv(first: date, last: date) -> str:
    """An order line of each product on every working day: 3 and 5 units at 9."""
    days = (first + timedelta(days=at) for at in range((last - first).days + 1))
    rows = [
        f"{day},{product},North,{units},{9 * units}"
        for day in days if day.weekday() < 5
        for product, units in (("P-1", 3), ("P-2", 5))
    ]  # fmt: skip
    return "\n".join(["month,product,region,quantity,revenue", *rows]) + "\n"


@dataclass(frozen=True)
class Rhythm:
    """A company's calendar on the command line.

    `first`: what `--cycle` is; `opens`: what that period is called; `due`: units of it at eight on every working
    day, where they are that by whatever method; `follows`: the first open period of the next cycle.
    """

    bucket: str
    first: str
    opens: str
    periods: int
    due: int | None
    follows: str
    more: tuple[str, ...] = ()


RHYTHMS = (
    Rhythm("month", "2026-07", "2026-07", 12, None, "2026-08"),
    Rhythm("week", "2026-W27", "2026-W27", 12, 40, "2026-W28"),
    Rhythm("week", "2026-W27", "2026-W27", 12, 40, "2026-W29", ("--every", "two_weeks")),
    Rhythm("week", "2026-W27", "2026-W27", 12, 40, "2026-W32", ("--every", "month")),
    Rhythm("4-4-5", "2026-P07", "2026-P07", 12, 160, "2026-P08"),
    Rhythm("4-5-4", "2026-P06", "2026-P06-454-02", 6, 160, "2026-P07-454-02", ("--fiscal-year-from", "2")),
    Rhythm("5-4-4", "2026-P07", "2026-P07-544-01", 12, 200, "2026-P08-544-01"),
    Rhythm("quarter", "2026-Q3", "2026-Q3", 4, None, "2026-Q4"),
)


@pytest.mark.parametrize("rhythm", RHYTHMS, ids=lambda rhythm: " ".join((rhythm.bucket, *rhythm.more)))
def test_order_lines_by_day_become_a_signed_plan_and_the_next_cycle(
    accord: Command, folder: Path, tmp_path: Path, rhythm: Rhythm
) -> None:
    def import_until(day: date) -> None:
        (tmp_path / "sales.csv").write_text(daily_csv(date(2024, 1, 1), day))
        brought = accord("import", "sales_actuals", tmp_path / "sales.csv", "--sum")
        assert brought.code == 0, brought.out

    (tmp_path / "products.csv").write_text(PRODUCTS)
    given = ("--bucket", rhythm.bucket, "--cycle", rhythm.first, "--horizon", rhythm.periods, *rhythm.more)
    made = accord("init", *given)
    assert made.code == 0 and f"the cycle {rhythm.opens} is open, planning {rhythm.periods} " in made.out
    assert accord("import", "products", tmp_path / "products.csv").code == 0
    import_until(first_day(rhythm.opens) - timedelta(days=1))

    plan = json.loads(accord("plan", "--json").out)
    assert (plan["cycle"], plan["horizon"][0]) == (rhythm.opens, rhythm.opens)
    assert len(plan["horizon"]) == rhythm.periods and plan["plans"]["sales"]["available"]
    assert accord("export", "csv", tmp_path / "plan.csv", "--plan", "working").code == 0
    assert rhythm.due in (None, demand_of(tmp_path / "plan.csv", rhythm)[rhythm.opens])

    digest = signed_by_all(folder)
    assert accord("export", "snapshot", tmp_path / "plan.zip").code == 0
    checked = accord("verify", tmp_path / "plan.zip")
    assert checked.code == 0 and digest in checked.out
    assert accord("export", "csv", tmp_path / "agreed.csv").code == 0
    agreed = demand_of(tmp_path / "agreed.csv", rhythm)

    closed = accord("cycle", "close")
    assert closed.code == 0 and f"{rhythm.follows} is open now" in closed.out
    import_until(first_day(rhythm.follows) - timedelta(days=1))
    following = json.loads(accord("plan", "--json").out)
    assert following["horizon"][0] == rhythm.follows and rhythm.follows in agreed.index[1:]


def demand_of(lines: Path, rhythm: Rhythm) -> pd.Series:
    """Units in demand by period, of a plan's lines."""
    found = pd.read_csv(lines)
    demand = found[found["measure"] == "consensus_demand"].groupby("month")["value"].sum()
    assert demand.index[0] == rhythm.opens and len(demand) == rhythm.periods
    return demand


def signed_by_all(folder: Path) -> str:
    """Have people of two functions sign the working plan, as they do on screen; its digest."""
    store = open_workspace(folder)
    add_signers(store)
    room = PlanningRoom(store)
    waive_red(room, room.input_set().cycle.first_open)
    plan = propose_plan(room, "coordinator", draws=1)
    sign_all(store, plan)
    store.close()
    return plan.digest


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_file_of_other_periods_is_one_sentence(accord: Command, tmp_path: Path, file: OtherPeriods) -> None:
    accord("init", "--bucket", file.bucket, "--cycle", file.first)
    (tmp_path / "file.csv").write_text(file.content)
    brought = accord("import", file.table, tmp_path / "file.csv")
    assert brought.code == (2 if file.refused else 0)
    assert brought.out.count(file.says) == 1
    assert "Traceback" not in brought.err


def test_weeks_that_begin_on_sunday_are_taken_when_answered(accord: Command, tmp_path: Path) -> None:
    accord("init", "--bucket", "week", "--cycle", "2026-W27")
    (tmp_path / "products.csv").write_text(PRODUCTS)
    accord("import", "products", tmp_path / "products.csv")
    sundays = [date(2026, 5, 3) + timedelta(days=7 * at) for at in range(6)]
    rows = [f"{day},P-1,North,10,90" for day in sundays]
    (tmp_path / "sales.csv").write_text("\n".join(["month,product,region,quantity,revenue", *rows]) + "\n")
    assert accord("import", "sales_actuals", tmp_path / "sales.csv").code == 2
    taken = accord("import", "sales_actuals", tmp_path / "sales.csv", "--answer", "week_days=within")
    assert taken.code == 0, taken.out


def test_a_template_speaks_of_the_company_s_periods(accord: Command) -> None:
    assert "Month as YYYY-MM" in accord("template", "budget").out, "of nothing that is there yet"
    accord("init", "--bucket", "week", "--cycle", "2026-W27")
    assert "Week as 2026-W27" in accord("template", "budget").out


def test_a_fiscal_year_from_a_week_is_of_weeks_alone(accord: Command) -> None:
    refused = accord("init", "--cycle", "2026-12", "--fiscal-year-from", "W27")
    assert refused.code == 2 and "a fiscal year from week 27 in a calendar of months" in refused.err
    refused = accord("init", "--bucket", "4-4-5", "--cycle", "2026-P07", "--fiscal-year-from", "W27")
    assert refused.code == 2 and "Name the month it begins near" in refused.err

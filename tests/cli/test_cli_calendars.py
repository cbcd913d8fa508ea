"""A company in weeks, 4-4-5 periods and quarters on the command line: from nothing to the next cycle."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from tests.cli.small import PRODUCTS, Command


def daily_csv(first: date, last: date) -> str:
    """An order line of each product on every working day: 3 and 5 units at 9."""
    days = (first + timedelta(days=at) for at in range((last - first).days + 1))
    rows = [
        f"{day},{product},North,{units},{9 * units}"
        for day in days if day.weekday() < 5
        for product, units in (("P-1", 3), ("P-2", 5))
    ]  # fmt: skip
    return "\n".join(["month,product,region,quantity,revenue", *rows]) + "\n"


@pytest.mark.parametrize(
    ("start", "first", "last_day", "periods", "each", "following"),
    [
        (("--bucket", "week", "--cycle", "2026-W27"), "2026-W27", date(2026, 6, 28), 12, 40, "2026-W28"),
        (("--bucket", "week", "--cycle", "2026-W27", "--every", "month"), "2026-W27", date(2026, 6, 28), 12, 40,
         "2026-W32"),
        (("--bucket", "4-5-4", "--cycle", "2026-P06", "--fiscal-year-from", "2"), "2026-P06-454-02",
         date(2026, 7, 5), 6, 160, "2026-P07-454-02"),
        (("--bucket", "quarter", "--cycle", "2026-Q3"), "2026-Q3", date(2026, 6, 30), 4, None, "2026-Q4"),
    ],
)  # fmt: skip
def test_order_lines_by_day_become_a_plan_and_the_next_cycle(
    accord: Command, tmp_path: Path, start: tuple[str, ...], first: str, last_day: date, periods: int,
    each: int | None, following: str,
) -> None:  # fmt: skip
    (tmp_path / "products.csv").write_text(PRODUCTS)
    (tmp_path / "sales.csv").write_text(daily_csv(date(2024, 1, 1), last_day))
    made = accord("init", *start, "--horizon", periods)
    assert made.code == 0 and f"the cycle {first} is open, planning {periods} " in made.out
    assert accord("import", "products", tmp_path / "products.csv").code == 0
    brought = accord("import", "sales_actuals", tmp_path / "sales.csv", "--sum")
    assert brought.code == 0, brought.out
    assert accord("export", "csv", tmp_path / "plan.csv", "--plan", "working").code == 0
    lines = pd.read_csv(tmp_path / "plan.csv")
    demand = lines[lines["measure"] == "consensus_demand"].groupby("month")["value"].sum()
    assert demand.index[0] == first and len(demand) == periods
    of_first = demand[first]
    if each is not None:
        assert of_first == each, "eight units on every working day"
    closed = accord("cycle", "close")
    assert closed.code == 0 and f"{following} is open now" in closed.out


@pytest.mark.parametrize(
    ("month", "says"),
    [
        ("2027-W53", "'2027-W53' is no week: 2027 has 52"),
        ("2026-P07", "'2026-P07' is a period of a 4-4-5 year, and this company plans in weeks"),
        ("2026-13", "'2026-13' is not a week"),
    ],
)
def test_what_is_no_week_is_one_sentence(accord: Command, tmp_path: Path, month: str, says: str) -> None:
    accord("init", "--bucket", "week", "--cycle", "2026-W27")
    (tmp_path / "budget.csv").write_text(f"month,family,region,quantity,revenue\n{month},,,5,50\n")
    refused = accord("import", "budget", tmp_path / "budget.csv")
    assert refused.code != 0 and says in refused.out + refused.err
    assert "Traceback" not in refused.err


def test_weeks_that_begin_on_sunday_are_asked_about(accord: Command, tmp_path: Path) -> None:
    accord("init", "--bucket", "week", "--cycle", "2026-W27")
    (tmp_path / "products.csv").write_text(PRODUCTS)
    accord("import", "products", tmp_path / "products.csv")
    sundays = [date(2026, 5, 3) + timedelta(days=7 * at) for at in range(6)]
    rows = [f"{day},P-1,North,10,90" for day in sundays]
    (tmp_path / "sales.csv").write_text("\n".join(["month,product,region,quantity,revenue", *rows]) + "\n")
    refused = accord("import", "sales_actuals", tmp_path / "sales.csv")
    assert refused.code != 0
    assert "all 6 days are a Sunday, such as 2026-05-03, and weeks here run from Monday to Sunday" in refused.out
    taken = accord("import", "sales_actuals", tmp_path / "sales.csv", "--answer", "week_days=within")
    assert taken.code == 0, taken.out


def test_a_monthly_table_in_a_company_of_weeks_says_how_it_is_shared(accord: Command, tmp_path: Path) -> None:
    accord("init", "--bucket", "week", "--cycle", "2026-W27")
    (tmp_path / "budget.csv").write_text("month,family,region,quantity,revenue\n2026-07,,,5,50\n")
    taken = accord("import", "budget", tmp_path / "budget.csv")
    assert taken.code == 0
    assert "1 rows are of months: the plan shares them over its weeks by working days" in taken.out


def test_a_fiscal_year_from_a_week_is_of_weeks_alone(accord: Command) -> None:
    refused = accord("init", "--cycle", "2026-12", "--fiscal-year-from", "W27")
    assert refused.code == 2 and "a fiscal year from week 27 in a calendar of months" in refused.err
    refused = accord("init", "--bucket", "4-4-5", "--cycle", "2026-P07", "--fiscal-year-from", "W27")
    assert refused.code == 2 and "Name the month it begins near" in refused.err

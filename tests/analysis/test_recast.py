"""Plans agreed in months, read in a company that plans in weeks or periods since: sums and stocks stay."""

from __future__ import annotations

import numpy as np
import pytest

from sop.analysis.comparison.compare import common_months
from sop.analysis.comparison.recast import recast_plan
from sop.core.calendar import Calendar, retail_bucket
from tests.tiny import tiny_plan

YEAR = [310, 280, 310, 300, 310, 300, 310, 310, 300, 310, 300, 310]


def test_months_become_the_whole_weeks_within_them_and_sum_to_the_unit() -> None:
    plan = tiny_plan(production=np.array([YEAR, [0] * 12]), inventory=np.array([[100, *[200] * 11], [0] * 12]))
    found = recast_plan(plan, Calendar("2027-W01", 52))
    # 1 January 2027 is a Friday: W53 of 2026 has days of a month before; W52 of 2027 ends on 2 January 2028.
    assert (found.months[0], found.months[-1]) == ("2027-W01", "2027-W52")
    first = 310 * 1 / 21
    assert found["production"].dtype == plan["production"].dtype
    assert abs(found["production"][0].sum() - (sum(YEAR) - first)) <= 1
    assert found["production"][0][:4].tolist() == [74, 74, 73, 74], "five of 21 working days"
    assert (found["production"][1] == 0).all()
    assert found["inventory"][0][3] == 100 and 100 < found["inventory"][0][5] < 200
    assert found["inventory"][0][8:].tolist() == [200] * 44
    assert found.headline["revenue"] == found["total_revenue"][:52].sum()


@pytest.mark.parametrize("today", ["2027-W10", retail_bucket("4-4-5").text(2027 * 12 + 2), "2027-Q2"])
def test_both_cover_months_in_common(today: str) -> None:
    calendar = Calendar(today, 4)
    plan = tiny_plan(first="2027-01", months=12)
    found = recast_plan(plan, calendar)
    assert set(calendar.months) & set(found.months)
    assert recast_plan(found, calendar) is found, "nothing to do in its own calendar"


def test_a_plan_that_covers_no_whole_period_stays_as_it_is() -> None:
    plan = tiny_plan(months=2)
    assert recast_plan(plan, Calendar("2027-Q2", 4)) is plan
    assert common_months(plan, recast_plan(plan, Calendar("2027-Q2", 4))) == plan.months

"""Generated companies, whose tables are by month, planned in every bucket: identities, roll-ups and lines hold."""

from __future__ import annotations

import numpy as np
import pytest

from sop.agreement.identities import check_identities
from sop.core.calendar import BUCKETS, Bucket, Calendar, first_day, period_of, retail_bucket
from sop.core.inputs import Inputs
from sop.core.plan import Plan, StoredForecast, plan_of_lines
from sop.core.register import Assumptions
from sop.engine import build_plan
from sop.intake.assemble import assemble
from tests.companies import FIRST_OPEN, Shape, company_tables

PERIODS = {"month": 8, "week": 30, "quarter": 3}


def planned(shape: Shape, bucket: Bucket) -> tuple[Plan, Inputs]:
    """The plan of a generated company with level orders, and its inputs."""
    first = period_of(first_day(FIRST_OPEN), bucket)
    calendar = Calendar(first, PERIODS.get(bucket.key, 8), frozen=1, slushy=2)
    inputs = assemble(company_tables(shape), calendar, company="made")
    level = np.full(
        (len(inputs.families.names), len(inputs.regions), calendar.horizon), calendar.per_period(100.0)
    )
    methods = ("level",) * (level.shape[0] * level.shape[1])
    forecast = StoredForecast(first, level, level, level, level, level, level, method=methods)
    return build_plan(inputs, Assumptions(), forecast), inputs


@pytest.mark.parametrize(
    "bucket", [*BUCKETS, retail_bucket("4-5-4", 2)], ids=lambda bucket: bucket.text(2026 * 52)
)
def test_identities_roll_ups_and_lines_hold_in_every_bucket(bucket: Bucket) -> None:
    seed = len(bucket.key) + bucket.a_year
    shape = Shape(seed, families=2, products=3, history=14, horizon=14, made_to_order=seed % 2 == 0)
    plan, inputs = planned(shape, bucket)
    assert check_identities(plan, inputs) == ()
    families = plan["revenue"].reshape(-1, len(plan.months)).sum(axis=0)
    assert families.tolist() == plan["total_revenue"].reshape(-1).tolist()
    again = plan_of_lines(
        plan.lines, plan.calendar, company=plan.company, currency=plan.currency, availability=plan.availability,
        headline=plan.headline,
    )  # fmt: skip
    assert again.lines == plan.lines, "what was signed reads back"
    if bucket in (BUCKETS[1], BUCKETS[-1]):
        assert planned(shape, bucket)[0].lines == plan.lines, "the same plan again"

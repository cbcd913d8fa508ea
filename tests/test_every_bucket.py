"""Generated companies with tables by month, planned in every bucket: identities, roll-ups and digests hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.agreement.content import build_content
from sop.agreement.identities import check_identities
from sop.core.calendar import (
    BUCKETS,
    LONGEST_HORIZON,
    SHORTEST_HORIZON,
    Bucket,
    Calendar,
    first_day,
    period_of,
    retail_bucket,
)
from sop.core.inputs import Inputs
from sop.core.plan import Plan, StoredForecast, plan_of_lines
from sop.core.register import Assumptions
from sop.core.words import sha256_hex
from sop.engine import build_plan
from sop.files.snapshot import canonical_bytes
from sop.intake.assemble import assemble
from tests.companies import FIRST_OPEN, Shape, company_tables

PERIODS = {"month": 8, "week": 30, "quarter": 3}
EVERY = pytest.mark.parametrize(
    "bucket", [*BUCKETS, retail_bucket("4-5-4", 2)], ids=lambda bucket: bucket.text(2026 * 52)
)


def planned(shape: Shape, bucket: Bucket, periods: int) -> tuple[Plan, Inputs, str]:
    """The plan of a generated company with level orders, its inputs, and the digest of what is signed of it."""
    first = period_of(first_day(FIRST_OPEN), bucket)
    calendar = Calendar(first, periods, frozen=1, slushy=2)
    inputs = assemble(company_tables(shape), calendar, company="made")
    level = np.full(
        (len(inputs.families.names), len(inputs.regions), calendar.horizon), calendar.per_period(100.0)
    )
    methods = ("level",) * (level.shape[0] * level.shape[1])
    forecast = StoredForecast(first, level, level, level, level, level, level, method=methods)
    plan = build_plan(inputs, Assumptions(), forecast)
    content = build_content(
        plan, inputs, forecast, [], revision=1, sources={}, previous=None, summary="", gate={}, decisions=[],
        fictional=True,
    )  # fmt: skip
    return plan, inputs, sha256_hex(canonical_bytes(content))


def require_whole(plan: Plan, inputs: Inputs) -> None:
    """Identities, roll-ups and lines of a plan."""
    assert check_identities(plan, inputs) == ()
    families = plan["revenue"].reshape(-1, len(plan.months)).sum(axis=0)
    assert families.tolist() == plan["total_revenue"].reshape(-1).tolist()
    again = plan_of_lines(
        plan.lines, plan.calendar, company=plan.company, currency=plan.currency, availability=plan.availability,
        headline=plan.headline,
    )  # fmt: skip
    assert again.lines == plan.lines, "what was signed reads back"


@EVERY
@settings(max_examples=3, deadline=None)
@given(seed=st.integers(0, 9_999), short=st.integers(0, 5), made_to_order=st.booleans())
def test_identities_roll_ups_lines_and_digests_hold_in_every_bucket(
    bucket: Bucket, seed: int, short: int, made_to_order: bool
) -> None:
    periods = max(PERIODS.get(bucket.key, 8) - short, SHORTEST_HORIZON)
    shape = Shape(seed, families=2, products=3, history=14, horizon=14, made_to_order=made_to_order)
    plan, inputs, digest = planned(shape, bucket, periods)
    require_whole(plan, inputs)
    assert planned(shape, bucket, periods)[2] == digest, "the same plan again"


@EVERY
@pytest.mark.parametrize("periods", [SHORTEST_HORIZON, LONGEST_HORIZON])
def test_the_shortest_and_the_longest_horizon_are_planned_in_every_bucket(bucket: Bucket, periods: int) -> None:
    plan, inputs, _ = planned(Shape(7, families=2, products=3, history=14, horizon=14), bucket, periods)
    assert len(plan.months) == periods
    require_whole(plan, inputs)

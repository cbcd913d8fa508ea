"""What a plan claims is kept with it when it is proposed, and scored once its months are closed."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from sop.agreement.records import PlanRecord
from sop.analysis.ranges.claims import PlanClaims, claims_of_kept
from sop.analysis.ranges.risks import BLOCK
from sop.core.register import Assumptions
from sop.services.agreement.plan_acts import propose_plan, sign
from sop.services.analysis import claims as kept_claims
from sop.services.analysis.claims import read_track_record
from sop.services.analysis.drawing import wait_for_draws
from sop.services.company.cycle import roll_forward
from sop.services.company.settings import list_people
from sop.services.planning.room import PlanningRoom
from sop.store.data import add_table
from sop.store.results import read_result
from tests.companies import FIRST_OPEN, Shape, company_tables
from tests.services.planned_company import FUNCTIONS, make_room

SHAPE = Shape(history=5, horizon=12, products=3, families=2)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> PlanningRoom:
    return make_room(tmp_path_factory.mktemp("claims"), SHAPE)


@pytest.fixture(scope="module")
def signed(room: PlanningRoom) -> PlanRecord:
    record = propose_plan(room, "coordinator")
    for person in list_people(room.store):
        if person.id in FUNCTIONS.values():
            sign(room.store, person.id, record.id, record.digest)
    return record


def claims_beside(room: PlanningRoom, record: PlanRecord) -> PlanClaims:
    with room.store.read() as tx:
        kept = read_result(tx, kept_claims._key(record.digest))
    assert kept is not None
    return claims_of_kept(kept.arrays, kept.facts)


def test_a_proposed_plan_keeps_its_ranges_and_chances(room: PlanningRoom, signed: PlanRecord) -> None:
    found = claims_beside(room, signed)
    assert found.first_open == FIRST_OPEN and found.draws == BLOCK
    inputs = room.input_set()
    draws = wait_for_draws(room, inputs, Assumptions(), BLOCK).draws
    assert draws is not None
    for key in ("revenue", "gross_margin", "ebit", "inventory"):
        low, high = found.ranges[key][1], found.ranges[key][3]
        assert low.shape == (12,) and (low <= high).all() and (low < high).any(), key
    assert all(0 <= row["chance"] <= 1 for row in found.chances)


def test_nothing_is_scored_before_a_month_closes(room: PlanningRoom, signed: PlanRecord) -> None:
    assert signed.cycle == FIRST_OPEN
    assert read_track_record(room, room.input_set()).rows == ()


def test_a_month_that_closes_scores_what_was_claimed_about_it(
    room: PlanningRoom, signed: PlanRecord, tmp_path: Path
) -> None:
    sales = company_tables(SHAPE)["sales_actuals"]
    last = sales[sales["month"] == sales["month"].max()]
    # A hundred times what ever was sold: no range holds that.
    came = last.assign(month=FIRST_OPEN, quantity=last["quantity"] * 100, revenue=last["revenue"] * 100)
    grown = pd.concat([sales, came], ignore_index=True)
    with room.store.write(by="coordinator", role="coordinator") as tx:
        add_table(tx, "sales_actuals", grown, file_name="sales.csv", file_sha256="1" * 64)
        roll_forward(tx)
    record = read_track_record(room, room.input_set())
    (row,) = (row for row in record.rows if row.headline.key == "revenue")
    assert (row.horizon, row.held, row.claims) == ("1–3 months ahead", 0, 1)
    planned = claims_beside(room, signed).plan["revenue"][0]
    assert row.bias == pytest.approx(planned / (came["revenue"].sum() * 100) - 1, abs=1e-6)
    assert row.bias < -0.5 and record.biases == (), "one plan proves no bias"

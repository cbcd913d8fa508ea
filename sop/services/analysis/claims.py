"""What plans claimed when they were proposed: kept beside the plan, read back and scored as months close."""

from sop.analysis.performance.kpis import build_kpis
from sop.analysis.ranges.claims import (
    PlanClaims,
    TrackRecord,
    claims_of,
    claims_of_kept,
    score_claims,
    stock_above_safety,
    track_record,
)
from sop.analysis.ranges.projections import target_marks, value_targets
from sop.core.plan import Plan
from sop.core.register import Assumptions
from sop.core.words import sha256_hex
from sop.facts.actuals import actual_months, delivery_history
from sop.services.agreement.frozen_plans import agreed_by_cycle
from sop.services.analysis.drawing import wait_for_draws
from sop.services.planning.plan_context import read_facts
from sop.services.planning.room import InputSet, PlanningRoom
from sop.store import Transaction
from sop.store.results import keep_result, read_results

_KIND = "claims/1"
"""Raised when what is kept of claims changes."""


def make_claims(
    room: PlanningRoom, inputs: InputSet, plan: Plan, assumptions: Assumptions, draws: int
) -> PlanClaims | None:
    """What a plan that is proposed claims, from so many draws or more where they are kept; None without any."""
    found = wait_for_draws(room, inputs, assumptions, draws).draws
    if found is None:
        return None
    agreed = inputs.agreed.plan if inputs.agreed else None
    seen = delivery_history(inputs.inputs, read_facts(room, inputs))
    marks = target_marks(build_kpis(plan, agreed, inputs.inputs, seen), assumptions, cash=plan.cash_is_whole)
    return claims_of(found, value_targets(found, marks), plan.calendar.first_open)


def keep_claims(tx: Transaction, digest: str, claims: PlanClaims) -> None:
    """Keep a plan's claims beside it, under its digest."""
    keep_result(tx, _key(digest), claims.arrays(), claims.facts())


def read_track_record(room: PlanningRoom, inputs: InputSet) -> TrackRecord:
    """How the claims of all agreed plans came true."""
    digests = {cycle: plan.record.digest for cycle, plan in agreed_by_cycle(room).items()}

    def make() -> TrackRecord:
        keys = [_key(digest) for digest in digests.values()]
        with room.store.read() as tx:
            kept = read_results(tx, keys)
        claims = [claims_of_kept(kept[key].arrays, kept[key].facts) for key in keys if key in kept]
        actual = actual_months(inputs.inputs, delivery_history(inputs.inputs, read_facts(room, inputs)))
        return track_record(score_claims(claims, actual), inputs.inputs.calendar)

    return room.memo.get(("track record", inputs.key, tuple(digests.values())), make)


def read_stock_above(room: PlanningRoom, inputs: InputSet) -> float | None:
    """By what share stock really was above the safety stock of signed plans; None where that is not known."""
    plans = {cycle: found.plan for cycle, found in agreed_by_cycle(room).items()}
    key = ("stock above", inputs.key, tuple(plans))
    return room.memo.get(key, lambda: stock_above_safety(plans.values(), inputs.inputs))


def _key(digest: str) -> str:
    return sha256_hex(f"{_KIND} {digest}")

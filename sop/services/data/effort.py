"""Where effort with data pays: closed months restated since the last plan, and inputs by what hangs on them."""

from sop.analysis.decisions.levers import build_levers
from sop.core.tables import TABLES
from sop.intake.differences import compare_tables
from sop.services.acting import reading
from sop.services.background import BackgroundJob
from sop.services.planning.choices import plan_name
from sop.services.planning.room import InputSet, PlanningRoom
from sop.services.scenarios.bench import value_job
from sop.store.data import read_heads, read_table, read_tables_by_sha256
from sop.store.plans import read_agreed_plan
from sop.views.executive.scenario_compare import LeverWorth
from sop.views.inputs_ranked import Restated, Restatements


def read_restatements(room: PlanningRoom, person_id: str) -> Restatements | None:
    """What tables say of closed months otherwise than when the last plan was agreed; None before the first.

    Closed are the months before that plan's first. Raises NotAllowed.
    """
    with reading(room.store, person_id) as tx:
        record = read_agreed_plan(tx)
        if record is None:
            return None
        then = room.frozen(tx, record).sources
        heads = {name: head for name, head in read_heads(tx).items() if then.get(name) not in (None, head.sha256)}

        def make() -> Restatements:
            products, rows = read_table(tx, "products"), []
            for spec in (spec for spec in TABLES if spec.has_months and spec.name in heads):
                before = read_tables_by_sha256(tx, {spec.name: then[spec.name]})[spec.name]
                now = read_table(tx, spec.name)
                if now is None:
                    continue
                moved = compare_tables(spec, before, now, record.cycle, products).moved["restated"]
                if moved.rows:
                    rows.append(Restated(spec.name, moved, heads[spec.name].file_name))
            return Restatements(plan_name(record), tuple(rows))

        key = ("restated", record.digest, *sorted((name, head.sha256) for name, head in heads.items()))
        return room.memo.get(key, make)


def rank_inputs(
    room: PlanningRoom, person_id: str, inputs: InputSet, measure: str
) -> tuple[LeverWorth, ...] | BackgroundJob[tuple[LeverWorth, ...]]:
    """What each input of the working plan is worth in a headline measure, plausibly lower and higher.

    By planning each end, in the background: the answer, or the job that makes it. Raises NotAllowed.
    """
    with reading(room.store, person_id):
        assumptions = room.assumptions()
    levers = build_levers(inputs.inputs, assumptions, room.plan(assumptions, inputs), {})
    return value_job(room, inputs, assumptions, levers, measure)

"""Where effort with data pays: closed months restated since the last plan, and inputs by what hangs on them."""

from sop.analysis.decisions.levers import build_levers
from sop.core.tables import TABLES, table
from sop.engine import Planner, forecast_company, with_prices
from sop.intake.assemble import assemble
from sop.intake.differences import as_before, compare_tables
from sop.services.acting import reading
from sop.services.analysis.jobs import Progress, answer_job
from sop.services.background import BackgroundJob
from sop.services.planning.choices import plan_name
from sop.services.planning.room import InputSet, PlanningRoom
from sop.services.scenarios.bench import value_job
from sop.store.data import read_current_tables, read_heads, read_table, read_tables_by_sha256
from sop.store.plans import read_agreed_plan
from sop.supply.before.company_problem import agreed_supply
from sop.views.executive.scenario_compare import LeverWorth
from sop.views.inputs_ranked import Restated, RestatedEffect, Restatements, effect_of


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


def value_restated(
    room: PlanningRoom, person_id: str, inputs: InputSet
) -> RestatedEffect | BackgroundJob[RestatedEffect] | None:
    """What restated closed months move in the working plan; None where nothing was restated.

    By forecasting and planning again with those months as they were when the last plan was agreed, in the
    background: the answer, or the job that makes it. Raises NotAllowed.
    """
    restated = read_restatements(room, person_id)
    if restated is None or not restated.tables or inputs.agreed is None:
        return None
    agreed, assumptions = inputs.agreed, room.assumptions()
    key = ("restated effect", inputs.key, agreed.record.digest, assumptions.texts)

    def make(progress: Progress) -> RestatedEffect:
        today = room.decided(inputs, assumptions)
        with room.store.read() as tx:
            tables = dict(read_current_tables(tx))
            before = read_tables_by_sha256(tx, {e.table: agreed.sources[e.table] for e in restated.tables})
        for name, was in before.items():
            tables[name] = as_before(table(name), was, tables[name], agreed.record.cycle)
        progress(0.1)
        company = {"company": today.company.name, "currency": today.company.currency}
        old = assemble(tables, today.inputs.calendar, sources=today.inputs.sources, **company)
        forecast = forecast_company(old, today.decisions, run=room.run)
        progress(0.8)
        old = with_prices(old, forecast)
        plan = Planner(old, forecast, agreed_supply(agreed.plan, old)).build(assumptions)
        found = effect_of(room.plan(assumptions, inputs), plan)
        return room.memo.get(key, lambda: found)

    return answer_job(room, repr(key), lambda: room.memo.find(key), make)


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

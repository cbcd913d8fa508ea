"""Planning a frozen plan again from what it was made of: the proof that nothing else went into it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sop.agreement.content import FrozenPlan, build_content
from sop.agreement.gate import frozen_lines
from sop.analysis.gate.plan_lines import plan_gate
from sop.core.errors import NotFound
from sop.core.words import short_digest
from sop.demand.cleaning import clean_company
from sop.demand.history_findings import history_findings
from sop.engine import Planner
from sop.intake.assemble import assemble
from sop.services.agreement.gate_findings import stored_warnings
from sop.services.planning.room import PlanningRoom
from sop.store import Transaction
from sop.store.data import read_tables_by_sha256
from sop.store.plans import read_plan, read_plan_by_digest
from sop.supply.before.company_problem import agreed_supply
from sop.views.executive.plan_message import summary_of

BESIDE = {"decision_due", "exception", "biased_figure", "cycle_step", "nobody_signs", "condition"}
"""Rules of the gate that speak of what stood beside the plan then: its review, its people and the cycle."""


def rerun_content(room: PlanningRoom, plan_id: int) -> dict[str, Any]:
    """The content of a frozen plan, planned again from its inputs, stored forecast and assumptions.

    With the same version of the program it has the digest that was signed. What people wrote (reasons, waivers,
    decisions) and what the gate said beside the plan (`BESIDE`) is taken over as it stands. Raises NotFound where
    a table or the previous plan is gone.
    """
    with room.store.read() as tx:
        frozen = room.frozen(tx, read_plan(tx, plan_id))
        signed, was, sources = frozen.content, frozen.plan, frozen.sources
        tables = read_tables_by_sha256(tx, sources)
        previous = _previous(room, tx, signed["previous"])
    inputs = assemble(tables, was.calendar, company=was.company, currency=was.currency, sources=sources)
    agreed = agreed_supply(previous.plan if previous else None, inputs)
    history = clean_company(inputs, frozen.assumptions)
    said = history_findings(inputs, history, frozen.forecast.mean)
    plan = Planner(inputs, replace(frozen.forecast, findings=said), agreed).build(frozen.assumptions)
    with room.store.read() as tx:
        found = plan_gate(plan, inputs, frozen.assumptions, stored_warnings(tx, sources))
    told = list(frozen_lines(signed))
    beside = (line for line in told if line.rule in BESIDE)
    lines = sorted((*found, *beside), key=lambda line: told.index(line) if line in told else len(told))
    return build_content(
        plan,
        inputs,
        frozen.forecast,
        signed["assumptions"],
        revision=signed["revision"],
        sources=signed["inputs"],
        previous=signed["previous"],
        summary=summary_of(inputs, previous.plan if previous else None, plan),
        gate={"findings": [line.fields() for line in lines], "waivers": signed["gate"]["waivers"]},
        decisions=signed["decisions"],
        fictional=signed["company"]["fictional"],
    )


def _previous(room: PlanningRoom, tx: Transaction, digest: str | None) -> FrozenPlan | None:
    if digest is None:
        return None
    record = read_plan_by_digest(tx, digest)
    if record is None:
        raise NotFound(f"the plan {short_digest(digest)}… that this one follows is not in this database")
    return room.frozen(tx, record)

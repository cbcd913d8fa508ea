"""The tables of the Sign-off page: headline measures, signatures, commitments, and every plan ever proposed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sop.agreement.plan_states import SignOff
from sop.agreement.records import PlanRecord
from sop.analysis.commitments import Commitment
from sop.core.calendar import period_short
from sop.core.format import moment_text
from sop.core.measures import Headline
from sop.core.plan import Plan
from sop.core.present import Cell, Col, Declared, PlanTable, TableRow, Tone, texts
from sop.core.terms import Function
from sop.views.executive.proposal import Proposal, frozen_name
from sop.views.executive.scenario_compare import differences
from sop.views.measure_columns import headline_row, worst_text

STATES = {
    "proposed": "up for signing",
    "agreed": "in force",
    "superseded": "superseded",
    "returned": "returned",
    "withdrawn": "withdrawn",
    "draft": "draft",
}
_POSITIONS = {"approve": "✓ approves", "conditional": "✓ on a condition", "dissent": "✗ dissents"}


def when(at: str) -> str:
    """A moment as people read it: '2026-12-01T09:12:33Z' → '2026-12-01 09:12 UTC'."""
    return moment_text(at)


def headline_table(proposal: Proposal) -> PlanTable:
    """The headline measures of the plan that is signed, beside the agreed plan that it follows."""
    now, before = proposal.plan.headline, proposal.previous
    change = differences(now, before)
    rows = tuple(
        headline_row(
            entry,
            now.get(entry.key),
            before.get(entry.key),
            difference=change[entry.key],
            notes=(_note(proposal.plan, entry),),
        )
        for entry in proposal.plan.headline_measures
    )
    titles = ("This plan", proposal.previous_name or "no agreed plan before", "Difference")
    name = "Headline measures of the plan that is signed"
    return PlanTable(name, (*texts("Measure"), *map(Col, titles)), rows)


def _note(plan: Plan, entry: Headline) -> str:
    """Who stands behind a headline measure worst; of a plan signed before that was told, that it was not."""
    if entry.key in plan.counted_otherwise:
        return "as it was counted when this was signed"
    return worst_text(entry, plan.worst.get(entry.key))


def signatures_table(state: SignOff) -> PlanTable:
    """Who has signed what when, and who is open."""
    by_function = {signature.function: signature for signature in state.signatures}
    rows: list[TableRow] = []
    for function in state.required:
        title, signature = Function(function).title, by_function.get(function)
        if signature is None:
            rows.append((title, "○ open" if state.record.state == "proposed" else "not signed", "", ""))
            continue
        tone: Tone = "bad" if signature.meaning == "dissent" else "good"
        position = Cell(_POSITIONS[signature.meaning], note=signature.comment, tone=tone)
        rows.append((title, position, Cell(signature.name, note=signature.auth_method), when(signature.at)))
    return PlanTable("Signatures", texts("Function", "Position", "Who", "When"), tuple(rows))


def commitments_table(plan: Plan, commitments: Sequence[Commitment]) -> PlanTable:
    """What signing a plan commits the company to, by month."""
    months = [period_short(month) for month in plan.months[: plan.calendar.year]]
    rows = tuple(_commitment(line) for line in commitments)
    return PlanTable("Commitments", (*texts("Line"), *map(Col, [*months, "Total"])), rows)


def _commitment(line: Commitment) -> TableRow:
    """A line of money, or of units, hours or people; older plans have parts of a person, with a decimal."""
    parts = line.unit == "people" and any(value and value != int(value) for value in line.months)
    money = line.unit == "currency"
    unit = "" if money or line.unit == "people" else line.unit
    column = Col[Commitment](line.label, "money" if money else "units", decimals=1 if parts else None, suffix=unit)
    total = Cell(line.total, column, note="lowest" if line.low else "", strong=True)
    return Cell(None, column), *(Cell(value, column) for value in line.months), total


def plans_table(plans: Sequence[PlanRecord], names: Mapping[str, str]) -> PlanTable:
    """Every plan ever frozen, newest first."""
    columns: tuple[Col[PlanRecord], ...] = (
        Col("Plan", "text", frozen_name),
        Col("State", "text", lambda plan: STATES.get(plan.state, plan.state)),
        Col("Prepared by", "text", lambda plan: names.get(plan.prepared_by, plan.prepared_by)),
        Col("When", "text", lambda plan: when(plan.created_at)),
        Col("Digest", "text", lambda plan: f"{plan.digest[:16]}…"),
    )
    return Declared[PlanRecord]("Every plan ever proposed", columns).of(plans)

"""What was decided about moves, row by row and never changed after."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import col, select

from sop.agreement.decisions import DecisionRecord
from sop.store.audit import add_sealed
from sop.store.cycles import bump_version
from sop.store.schema import DecidedRow
from sop.store.transaction import Transaction, as_record, read_once


def add_decision(
    tx: Transaction,
    cycle: str,
    move: str,
    state: str,
    facts: Mapping[str, Any],
    *,
    note: str = "",
    until: str | None = None,
) -> DecisionRecord:
    """Keep what whoever acts decided about a move."""
    row = DecidedRow(
        cycle=cycle, move=move, state=state, by=tx.by, at=tx.at, note=note, until=until, facts=dict(facts)
    )
    detail = {"cycle": cycle, "move": move, "title": facts["title"], "note": note}
    add_sealed(tx, row, f"decision_{state.replace(' ', '_')}", detail | ({"until": until} if until else {}))
    bump_version(tx, cycle)
    return as_record(DecisionRecord, row)


@read_once
def read_decisions(tx: Transaction, cycle: str | None = None) -> tuple[DecisionRecord, ...]:
    """Every record of a cycle, of all cycles where none is named, oldest first."""
    query = select(DecidedRow).order_by(col(DecidedRow.id))
    if cycle is not None:
        query = query.where(DecidedRow.cycle == cycle)
    return tuple(as_record(DecisionRecord, row) for row in tx.session.exec(query))

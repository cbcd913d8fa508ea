"""What was said about scenarios that are to become the working plan, row by row and never changed after."""

from sqlmodel import col, select

from sop.agreement.promotion import Consent, Said
from sop.store.audit import add_sealed
from sop.store.cycles import bump_version
from sop.store.scenarios import Scenario
from sop.store.schema import ConsentRow
from sop.store.transaction import Transaction, as_record, read_once


def add_consent(
    tx: Transaction, scenario: Scenario, said: Said, *, function: str = "", basis: str = "", note: str = ""
) -> Consent:
    """Keep what whoever acts said about a scenario."""
    row = ConsentRow(
        scenario_id=scenario.id, cycle=scenario.cycle, said=said, function=function, basis=basis, note=note,
        by=tx.by, at=tx.at,
    )  # fmt: skip
    add_sealed(tx, row, f"promotion_{said}", {"title": scenario.name, "function": function, "note": note})
    bump_version(tx, scenario.cycle)
    return as_record(Consent, row)


@read_once
def read_consents(tx: Transaction, cycle: str) -> tuple[Consent, ...]:
    """Everything that was said in a cycle, oldest first."""
    query = select(ConsentRow).where(ConsentRow.cycle == cycle).order_by(col(ConsentRow.id))
    return tuple(as_record(Consent, row) for row in tx.session.exec(query))

"""Plan cycles, each named by its first open month, and the version number that screens poll."""

from dataclasses import dataclass

from sqlalchemy import update
from sqlmodel import col

from sop.core.errors import Conflict
from sop.store.audit import audit
from sop.store.schema import CycleRow
from sop.store.transaction import Transaction, as_record, read_once, read_records, require_row


@dataclass(frozen=True)
class Cycle:
    """A cycle: `first_open` month, `horizon` in months, the `step` it is in, UTC times, edit `version`."""

    first_open: str
    horizon: int
    step: str
    opened_at: str
    closed_at: str | None
    version: int


def add_cycle(tx: Transaction, first_open: str, horizon: int, step: str = "data") -> Cycle:
    """Open a cycle. Raises Conflict where that month has one."""
    if tx.session.get(CycleRow, first_open) is not None:
        raise Conflict(f"the cycle {first_open} is open already")
    row = CycleRow(first_open=first_open, horizon=horizon, step=step, opened_at=tx.at)
    tx.session.add(row)
    tx.session.flush()
    audit(tx, "cycle_opened", {"cycle": first_open, "horizon": horizon})
    return as_record(Cycle, row)


@read_once
def read_cycles(tx: Transaction) -> tuple[Cycle, ...]:
    """Every cycle, oldest first."""
    return read_records(tx, Cycle, CycleRow, order_by=(CycleRow.first_open,))


@read_once
def read_cycle(tx: Transaction, first_open: str) -> Cycle:
    """One cycle. Raises NotFound."""
    return as_record(Cycle, _row(tx, first_open))


@read_once
def read_current_cycle(tx: Transaction) -> Cycle | None:
    """The latest cycle that is not closed; None where there is none."""
    is_open = col(CycleRow.closed_at).is_(None)
    found = read_records(tx, Cycle, CycleRow, is_open, order_by=(CycleRow.first_open,))
    return found[-1] if found else None


def save_step(tx: Transaction, first_open: str, step: str) -> Cycle:
    """Move the cycle to another step."""
    row = _row(tx, first_open)
    audit(tx, "step_changed", {"cycle": first_open, "was": row.step, "now": step})
    row.step = step
    return _bumped(tx, row)


def close_cycle(tx: Transaction, first_open: str) -> Cycle:
    """Close the cycle. Raises Conflict where it is closed."""
    row = _row(tx, first_open)
    if row.closed_at is not None:
        raise Conflict(f"the cycle {first_open} is closed")
    row.closed_at = tx.at
    audit(tx, "cycle_closed", {"cycle": first_open})
    return _bumped(tx, row)


def bump_version(tx: Transaction, first_open: str) -> None:
    """Tell every screen on this cycle that something changed."""
    _bumped(tx, _row(tx, first_open))


def bump_open_cycles(tx: Transaction) -> None:
    """Tell every screen on an open cycle that data or settings changed."""
    newer = update(CycleRow).where(col(CycleRow.closed_at).is_(None)).values(version=CycleRow.version + 1)
    tx.session.execute(newer)


def _row(tx: Transaction, first_open: str) -> CycleRow:
    return require_row(tx, CycleRow, first_open, f"cycle {first_open}")


def _bumped(tx: Transaction, row: CycleRow) -> Cycle:
    row.version += 1
    tx.session.add(row)
    tx.session.flush()
    return as_record(Cycle, row)

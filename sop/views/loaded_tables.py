"""The tables of the contract as the company has them, and how complete that is in one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sop.core.calendar import period_name
from sop.core.findings import Finding
from sop.core.tables import ACTUALS
from sop.intake.completeness import TableState
from sop.intake.incoming import TableVersion


@dataclass(frozen=True)
class LoadedTable:
    """One table of the contract, with the import it comes from; None where nothing was ever imported."""

    state: TableState
    version: TableVersion | None
    imported_by: str

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found when the table was imported, like findings folded."""
        return tuple(Finding(**fields) for fields in self.version.findings) if self.version else ()


@dataclass(frozen=True)
class DataState:
    """All tables in the order of the contract; `last_closed` is the month that actuals must reach."""

    tables: tuple[LoadedTable, ...]
    last_closed: str

    @property
    def loaded(self) -> tuple[LoadedTable, ...]:
        """Tables with rows."""
        return tuple(table for table in self.tables if table.state.loaded)

    @property
    def missing(self) -> tuple[LoadedTable, ...]:
        """Tables without rows."""
        return tuple(table for table in self.tables if not table.state.loaded)


def data_message(state: DataState) -> str:
    """How many tables are loaded, whether actuals reach the last closed month, and how many warnings stand."""
    loaded, month = state.loaded, period_name(state.last_closed)
    if not loaded:
        return "Nothing is loaded yet: products and sales_actuals are the minimum for a first plan."
    wanting = [table.state.table for table in state.missing if table.state.needed]
    text = f"{len(loaded)} of {len(state.tables)} tables are loaded; "
    if wanting:
        return text + f"{' and '.join(wanting)} {'is' if len(wanting) == 1 else 'are'} needed for a first plan."
    behind = _behind(loaded)
    text += f"actuals reach {month}, the last closed month" + (f", except {behind}" if behind else "")
    warnings = sum(finding.count for table in loaded for finding in table.findings if finding.level == "warning")
    return text + (f"; {warnings:,} warning{'' if warnings == 1 else 's'} to look at." if warnings else ".")


def _behind(loaded: Sequence[LoadedTable]) -> str:
    """The actuals that end too early: 'inventory and indicators'."""
    return " and ".join(t.state.table for t in loaded if t.state.table in ACTUALS and t.state.months_behind)

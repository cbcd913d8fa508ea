"""What is loaded, how fresh and how complete it is, and what each missing table would unlock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import pandas as pd

from sop.core.calendar import periods_apart, periods_between
from sop.core.tables import ACTUALS, MINIMUM, TABLES, Table
from sop.core.words import joined


@dataclass(frozen=True)
class TableState:
    """One table of the contract as a company has it.

    `first_month`, `last_month`: of its rows, empty without months. `months_behind`: closed months after the last
    one of actuals, None where freshness means nothing. `missing_months`: months between them without a row.
    `empty_columns`: optional columns that no row fills. `unlocks`: the plans and uses that need the table.
    """

    table: str
    meaning: str
    loaded: bool
    needed: bool
    rows: int
    first_month: str
    last_month: str
    months_behind: int | None
    missing_months: tuple[str, ...]
    empty_columns: tuple[str, ...]
    unlocks: str

    @property
    def status(self) -> str:
        """The state in words: not loaded, up to date, or what is wanting."""
        if not self.loaded:
            return (
                "not loaded, needed for every plan" if self.needed else f"not loaded: would unlock {self.unlocks}"
            )
        behind = f"{self.months_behind} month{'s' if self.months_behind != 1 else ''} behind"
        missing = f"{len(self.missing_months)} month(s) missing"
        wanting = joined(behind if self.months_behind else "", missing if self.missing_months else "")
        return wanting or ("up to date" if self.months_behind == 0 else "loaded")

    def fields(self) -> dict[str, object]:
        """The state as plain fields, for JSON and for the Data page."""
        return {**asdict(self), "status": self.status}


def build_completeness(tables: Mapping[str, pd.DataFrame], first_open: str) -> tuple[TableState, ...]:
    """The state of every table of the contract, in its order; `first_open` is the cycle's first open month."""
    return tuple(_state(spec, tables.get(spec.name), first_open) for spec in TABLES)


def _state(spec: Table, frame: pd.DataFrame | None, first_open: str) -> TableState:
    frame = pd.DataFrame(columns=spec.column_names) if frame is None else frame
    months = sorted(frame["month"].dropna().unique()) if spec.has_months else []
    first, last = (months[0], months[-1]) if months else ("", "")
    optional = [column.name for column in spec.columns if not column.required] if len(frame) else []
    plans = [f"{plan.title.lower()} plan" for plan in spec.unlocks]
    return TableState(
        table=spec.name,
        meaning=spec.meaning,
        loaded=len(frame) > 0,
        needed=spec.name in MINIMUM,
        rows=len(frame),
        first_month=first,
        last_month=last,
        months_behind=max(periods_apart(last, first_open) - 1, 0) if months and spec.name in ACTUALS else None,
        missing_months=tuple(m for m in periods_between(first, last) if m not in months) if months else (),
        empty_columns=tuple(name for name in optional if name not in frame or frame[name].isna().all()),
        unlocks=spec.unlocks_text or " and ".join(plans),
    )

"""What is loaded, how fresh and how complete it is, and what each missing table would unlock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import pandas as pd

from sop.core.calendar import periods_apart, periods_between, shift_period
from sop.core.tables import ACTUALS, MINIMUM, TABLES, Table


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
        parts = []
        if self.months_behind:
            parts.append(f"{self.months_behind} month{'s' if self.months_behind > 1 else ''} behind")
        if self.missing_months:
            parts.append(f"{len(self.missing_months)} month(s) missing")
        return ", ".join(parts) or ("up to date" if self.months_behind == 0 else "loaded")

    def fields(self) -> dict[str, object]:
        """The state as plain fields, for JSON and for the Data page."""
        return {**asdict(self), "status": self.status}


def build_completeness(tables: Mapping[str, pd.DataFrame], first_open: str) -> tuple[TableState, ...]:
    """The state of every table of the contract, in its order; `first_open` is the cycle's first open month."""
    return tuple(_state(spec, tables.get(spec.name), first_open) for spec in TABLES)


def unlock_text(spec: Table) -> str:
    """What loading the table makes possible, in words."""
    plans = [f"{plan.title.lower()} plan" for plan in spec.unlocks]
    return spec.unlocks_text or " and ".join(plans)


def _state(spec: Table, frame: pd.DataFrame | None, first_open: str) -> TableState:
    rows = 0 if frame is None else len(frame)
    months = sorted(frame["month"].dropna().unique()) if frame is not None and spec.has_months and rows else []
    last_closed = shift_period(first_open, -1)
    behind = periods_apart(months[-1], last_closed) if months and spec.name in ACTUALS else None
    return TableState(
        table=spec.name,
        meaning=spec.meaning,
        loaded=rows > 0,
        needed=spec.name in MINIMUM,
        rows=rows,
        first_month=months[0] if months else "",
        last_month=months[-1] if months else "",
        months_behind=None if behind is None else max(behind, 0),
        missing_months=tuple(m for m in periods_between(months[0], months[-1]) if m not in months)
        if months
        else (),
        empty_columns=_empty_columns(spec, frame) if rows else (),
        unlocks=unlock_text(spec),
    )


def _empty_columns(spec: Table, frame: pd.DataFrame | None) -> tuple[str, ...]:
    assert frame is not None
    optional = [column.name for column in spec.columns if not column.required]
    return tuple(name for name in optional if name not in frame or not frame[name].notna().any())

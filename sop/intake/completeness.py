"""What is loaded, how fresh and how complete it is, and what each missing table would unlock."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta

import pandas as pd

from sop.core.calendar import bucket_of, in_order, last_day, period_of, periods_apart, periods_between
from sop.core.format import how_many
from sop.core.tables import ACTUALS, MINIMUM, TABLES, Table
from sop.core.words import joined


@dataclass(frozen=True)
class TableState:
    """One table of the contract as a company has it.

    `first_month`, `last_month`: of its rows, empty without months. `months_behind`: closed periods after the last
    one of actuals, None where freshness means nothing. `missing_months`: periods between them without a row.
    `empty_columns`: optional columns that no row fills. `unlocks`: the plans and uses that need the table. `word`:
    what the company calls a period.
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
    word: str = "month"

    @property
    def status(self) -> str:
        """The state in words: not loaded, up to date, or what is wanting."""
        if not self.loaded:
            return (
                "not loaded, needed for every plan" if self.needed else f"not loaded: would unlock {self.unlocks}"
            )
        behind = f"{how_many(self.months_behind or 0, f'{self.word}s')} behind"
        missing = f"{how_many(len(self.missing_months), f'{self.word}s')} missing"
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
    months = in_order(frame["month"].dropna().unique()) if spec.has_months else []
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
        months_behind=_behind(last, first_open) if months and spec.name in ACTUALS else None,
        missing_months=gaps_between(months),
        empty_columns=tuple(name for name in optional if name not in frame or frame[name].isna().all()),
        unlocks=spec.unlocks_text or " and ".join(plans),
        word=bucket_of(first_open).word,
    )


def _behind(last: str, first_open: str) -> int:
    """Closed periods after the last one of a table, of whatever length that is."""
    following = period_of(last_day(last) + timedelta(days=1), bucket_of(first_open))
    return max(periods_apart(following, first_open), 0)


def gaps_between(periods: Collection[str]) -> tuple[str, ...]:
    """Periods without a row between the first and the last of each length."""
    found, gaps = in_order(periods), []
    for bucket in dict.fromkeys(map(bucket_of, found)):
        own = [period for period in found if bucket_of(period) is bucket]
        known = set(own)
        gaps += [period for period in periods_between(own[0], own[-1]) if period not in known]
    return tuple(gaps)

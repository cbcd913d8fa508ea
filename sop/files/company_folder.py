"""A company told by files: what it knew at a start, what each month brought, and who decided what.

    start/TABLE.csv             the tables as known when the first of its months was open
    months/2026-11/TABLE.csv    the rows that November added or changed, known once it is closed
    company.toml                its name, its people, and what they decided in its cycles

No row is ever taken away: a month's rows are put over those before by key. Told for a month of another year, every
month and day is as many whole years earlier or later.
"""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from sop.core.calendar import MONTH, periods_apart, periods_between, require_period, shift_day, shift_period
from sop.core.errors import SetupError
from sop.core.tables import TABLE_NAMES, Table, table

_START, _MONTHS, _ABOUT = "start", "months", "company.toml"


@dataclass(frozen=True)
class PastChange:
    """A change of an assumption in a cycle, by a role; a value of None takes it back."""

    cycle: str
    by: str
    assumption: str
    reason: str
    scope: str = ""
    value: float | None = None


@dataclass(frozen=True)
class PastDecision:
    """What a role decided in a cycle: the value of an assumption from its lead time on.

    `kind` and `name` say of which limit it is more, as levers do.
    """

    cycle: str
    by: str
    kind: str
    name: str
    assumption: str
    before: float
    value: float
    title: str
    note: str


@dataclass(frozen=True)
class CompanyFolder:
    """A company's files, told `years` later than they stand.

    `history_from`: the first month of its sales. `opened`: the open month that changes and decisions belong to;
    `earliest`: the first one that it can be told for. `people`: role → name. `months`: those that files tell of.
    """

    folder: Path
    name: str
    currency: str
    history_from: str
    opened: str
    earliest: str
    people: Mapping[str, str]
    changes: tuple[PastChange, ...]
    decisions: tuple[PastDecision, ...]
    years: int = 0
    months: tuple[str, ...] = field(default=(), repr=False)

    @property
    def last_told(self) -> str:
        """The last month of which it is known what it brought."""
        return self.months[-1]

    def told_for(self, first_open: str) -> CompanyFolder:
        """The same, told by whole years earlier or later for a first open month within a year of `earliest`.

        Raises BadInput where that is not a month.
        """
        require_period(first_open)
        return self._later(periods_apart(self.earliest, first_open) // MONTH.a_year)

    def told_from(self, history_from: str) -> CompanyFolder | None:
        """The same whose sales begin with a month; None where it would not be by whole years."""
        years, rest = divmod(periods_apart(self.history_from, history_from), MONTH.a_year)
        return None if rest else self._later(years)

    def known_at(self, first_open: str) -> dict[str, bytes]:
        """Its tables as CSV by name, as known when `first_open` was the first open month.

        That is the start with what the months before it brought, by key.
        """
        before = [month for month in self.months if month < first_open]
        parts = [self._read(_START), *(self._read_month(month) for month in before)]
        return {
            name: _over(table(name), [part[name] for part in parts if name in part])
            for name in TABLE_NAMES
            if any(name in part for part in parts)
        }

    def brought_by(self, month: str) -> dict[str, bytes]:
        """The rows as CSV, by table, that a month added or changed; none after the last month told."""
        return self._read_month(month) if month in self.months else {}

    def _later(self, years: int) -> CompanyFolder:
        def later(month: str) -> str:
            return shift_period(month, years * MONTH.a_year)

        return replace(
            self,
            years=self.years + years,
            history_from=later(self.history_from),
            opened=later(self.opened),
            earliest=later(self.earliest),
            changes=tuple(replace(each, cycle=later(each.cycle)) for each in self.changes),
            decisions=tuple(replace(each, cycle=later(each.cycle)) for each in self.decisions),
            months=tuple(later(month) for month in self.months),
        )

    def _read_month(self, month: str) -> dict[str, bytes]:
        return self._read(f"{_MONTHS}/{shift_period(month, -self.years * MONTH.a_year)}")

    def _read(self, place: str) -> dict[str, bytes]:
        files = {name: self.folder / place / f"{name}.csv" for name in TABLE_NAMES}
        found = {name: file.read_bytes() for name, file in files.items() if file.is_file()}
        return {name: _shifted(table(name), content, self.years) for name, content in found.items()}


def read_company_folder(folder: Path) -> CompanyFolder:
    """A company's files as they stand. Raises SetupError where they are not there or not what they should be."""
    file = folder / _ABOUT
    try:
        about = tomllib.loads(file.read_text("utf-8"))
        months = tuple(sorted(each.name for each in (folder / _MONTHS).iterdir() if each.is_dir()))
        if not months or months != periods_between(months[0], months[-1]):
            raise ValueError("a month is missing between the first and the last")
        return CompanyFolder(
            folder=folder,
            **about["company"],
            people=about["people"],
            changes=_all_of(PastChange, about.get("changes", ())),
            decisions=_all_of(PastDecision, about.get("decisions", ())),
            months=months,
        )
    except (OSError, ValueError, TypeError, KeyError) as error:
        why = getattr(error, "strerror", None) or str(error)
        remedy = "Bring the folder back as it is in the repository"
        raise SetupError("the company cannot be read", where=str(file), why=why, remedy=remedy) from error


def _all_of(kind: Callable[..., Any], rows: Iterable[Mapping[str, Any]]) -> tuple[Any, ...]:
    return tuple(kind(**row) for row in rows)


def _shifted(spec: Table, content: bytes, years: int) -> bytes:
    """A table's CSV with every month and day as many years later."""
    if not years:
        return content
    by = years * MONTH.a_year
    later = cache(
        lambda text: (shift_period if len(text) == len("2026-11") else shift_day)(text, by) if text else ""
    )
    header, *rows = csv.reader(io.StringIO(content.decode()))
    kinds = {column.name: column.kind for column in spec.columns}
    places = [place for place, name in enumerate(header) if kinds[name] in ("month", "date")]
    for row in rows:
        for place in places:
            row[place] = later(row[place])
    return _csv([header, *rows])


def _over(spec: Table, parts: list[bytes]) -> bytes:
    """One CSV of several with the same header: every key once, with its last row."""
    if len(parts) == 1:
        return parts[0]
    found: dict[tuple[str, ...], list[str]] = {}
    header: list[str] = []
    for part in parts:
        header, *rows = csv.reader(io.StringIO(part.decode()))
        places = [header.index(name) for name in spec.full_key if name in header]
        found |= {tuple(row[place] for place in places): row for row in rows}
    return _csv([header, *found.values()])


def _csv(rows: Iterable[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()

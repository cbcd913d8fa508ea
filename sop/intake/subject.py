"""What a rule looks at: a file's cells as text, the same rows typed, and what is already stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd

from sop.core.calendar import MONTH, Bucket, bucket_of, shift_period
from sop.core.findings import Finding, Level
from sop.core.tables import Column, Table
from sop.intake.coded import Coded, coded
from sop.intake.gather import Gathered
from sop.intake.parse import DateText, Settled, parse_date, parse_period

FileKind = Literal["csv", "xlsx", "parquet", "xls", "xlsb", "ods"]
Mode = Literal["periods", "add", "replace"]
"""What a file replaces: the periods it covers (of a table without months, all), the keys it has, everything."""

LISTED = 5_000
"""Findings that one rule lists row by row; the rest are counted in its last one."""
_SHARE = "Write a share as a fraction (0.95) or with its sign (95%)"
SOURCE = ("_file", "_line")
"""Where a row came from; not part of its content."""


@dataclass(frozen=True)
class RawTable:
    """A file's cells as text, exactly as they stand, with what the reader found.

    `frame`: one column per header, text cells, missing = None. `lines`: the source line of each row (header
    included in the count). `typed`: same shape as `frame`, True where the file says that a cell is a number, so
    that no decimal mark has to be settled; None when no cell is (CSV). `delimiter`: of a CSV file.
    """

    name: str
    kind: FileKind
    sha256: str
    frame: pd.DataFrame
    lines: Sequence[int]
    findings: tuple[Finding, ...] = ()
    typed: pd.DataFrame | None = field(default=None, repr=False)
    delimiter: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The headers, in the file's order."""
        return tuple(self.frame.columns)

    def let_go(self) -> None:
        """Let the rows go, whoever holds the table: they take much memory, and nobody needs them once checked."""
        self.frame.drop(index=self.frame.index, inplace=True)


def conform(spec: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """A stored frame with every contract column and its source: numbers as floats, missing texts as None."""
    numbers = {column.name for column in spec.columns if column.kind == "number"}
    columns: dict[str, np.ndarray] = {}
    for name in (*spec.column_names, *SOURCE):
        kind = float if name in numbers else object
        if name not in frame:
            columns[name] = np.full(len(frame), np.nan if name in numbers else None, dtype=kind)
            continue
        if name == SOURCE[1] and pd.api.types.is_integer_dtype(frame[name].dtype):
            # As objects the lines of a long table would take as much memory as all of its figures.
            columns[name] = frame[name].to_numpy()
            continue
        columns[name] = np.asarray(frame[name], dtype=kind)
        if name not in numbers and (missing := pd.isna(columns[name])).any():
            columns[name] = np.where(missing, np.array(None, dtype=object), columns[name])
    return pd.DataFrame(columns, index=frame.index, copy=False)


def staying(spec: Table, stored: pd.DataFrame | None, new: pd.DataFrame, mode: Mode) -> pd.DataFrame | None:
    """The stored rows that a file leaves alone but for those whose key it has; None where it replaces all."""
    if stored is None or not len(stored) or mode == "add":
        return stored
    if mode == "periods" and (period := spec.covered_by):
        rest = stored[~stored[period].isin(set(new[period].dropna()))]
        return rest if len(rest) else None
    return stored if mode == "periods" and spec.dated_by else None


@dataclass(frozen=True)
class Reading:
    """How a file's numbers and dates are read: its decimal mark, its order of day and month, the company's
    time zone, and the bucket in whose periods days fall.

    Without a time zone nobody knows in which day an instant falls. `late_is_next`: times late in the day are the
    start of the next one, told in another time zone.
    """

    decimal: Settled
    order: Settled
    time_zone: str | None = None
    bucket: Bucket = MONTH
    late_is_next: bool = False

    def date(self, text: str) -> DateText | None:
        """The month or date that a text is; None where it is none or cannot be told."""
        found = self.as_written(text)
        return found.of_next_day().in_bucket(self.bucket) if found and found.clock and self.late_is_next else found

    def as_written(self, text: str) -> DateText | None:
        """The same where late times are of the day that is written."""
        found = parse_period(text, self.order.choice or "dmy", self.bucket)
        if found is None or found.instant is None:
            return found
        return found.within(self.time_zone).in_bucket(self.bucket) if self.time_zone else None

    def is_open_instant(self, text: str) -> bool:
        """Whether a text is an instant, and the time zone not known."""
        found = None if self.time_zone else parse_date(text, self.order.choice or "dmy")
        return found is not None and found.instant is not None


@dataclass(frozen=True)
class Subject:
    """One file under check against one table of the contract.

    `cells`: text of the contract's columns, every row. `values`: the same rows typed (numbers float, months and
    dates ISO text), with `opening` completed. `frame`: the rows to store; `set_aside`: rows of later months, by
    `until`. `tables`: what is stored, by name. `first_open`: the cycle's first month.
    `answers`: the user's answers by question. `gathered`: rows that share a key; of rows that are added up,
    `frame` has the sum under the label of the first. `totals`: rows that are called a total and not proven to
    be one; proven ones are in no frame. All frames share one row index.
    """

    spec: Table
    raw: RawTable
    cells: pd.DataFrame
    values: pd.DataFrame
    frame: pd.DataFrame
    set_aside: pd.DataFrame
    reading: Reading
    tables: Mapping[str, pd.DataFrame]
    first_open: str
    answers: Mapping[str, str]
    mode: Mode
    gathered: Gathered
    totals: pd.Series

    @cached_property
    def lines(self) -> pd.Series:
        """Source line of each row."""
        lines = np.asarray(self.raw.lines, dtype=np.int64)[self.cells.index.to_numpy()]
        return pd.Series(lines, index=self.cells.index)

    def coded(self, name: str) -> Coded:
        """A column's cells, coded once for all rules."""
        # Columns that the file does not have are all alike, and held once.
        place = name if self.cells[name].notna().any() else ""
        if place not in self._coded:
            self._coded[place] = coded(self.cells[name])
        return self._coded[place]

    def forget_codes(self) -> None:
        """Let the coded cells go, which take much memory: few rules after those of cells look at them."""
        self._coded.clear()

    @cached_property
    def _coded(self) -> dict[str, Coded]:
        return {}

    @property
    def last_closed(self) -> str:
        """The month before the cycle's first."""
        return shift_period(self.first_open, -1)

    @property
    def word(self) -> str:
        """What the company calls a period."""
        return bucket_of(self.first_open).word

    @cached_property
    def stored(self) -> pd.DataFrame | None:
        """The same table as it is stored, with every contract column; None when it is not."""
        frame = self.tables.get(self.spec.name)
        return conform(self.spec, frame) if frame is not None and len(frame) else None

    @cached_property
    def kept(self) -> pd.DataFrame | None:
        """The stored rows that stay beside those of the file; None where it replaces all of them."""
        return staying(self.spec, self.stored, self.frame, self.mode)

    def finding(
        self,
        level: Level,
        rule: str,
        what: str,
        remedy: str = "",
        column: str = "",
        value: str = "",
        count: int = 1,
    ) -> list[Finding]:
        """A finding about the file as a whole."""
        return [Finding(level, rule, what, remedy, self.spec.name, self.raw.name, None, column, value, count)]

    def at(
        self,
        rows: pd.Series | Iterable[int],
        level: Level,
        rule: str,
        what: str,
        remedy: str = "",
        column: str = "",
    ) -> list[Finding]:
        """One finding for each row where the mask `rows` is True (or for each row label in it).

        `{value}` in `what` and `remedy` stands for the cell's text.
        """
        labels = list(rows.index[rows.to_numpy(bool)]) if isinstance(rows, pd.Series) else list(rows)
        found: list[Finding] = []
        for label in labels[:LISTED]:
            cell = self.cells.at[label, column] if column in self.cells else None
            text = "" if cell is None else str(cell)
            said = what.replace("{value}", text), remedy.replace("{value}", text)
            line = self.raw.lines[label]
            found.append(Finding(level, rule, *said, self.spec.name, self.raw.name, line, column, text))
        if len(labels) > LISTED:
            said = what.replace("{value}", "…"), remedy.replace("{value}", "…")
            found += self.finding(level, rule, *said, column, count=len(labels) - LISTED)
        return found


Where = Callable[[Subject], list[Column]]
"""The columns that a rule looks at."""


@dataclass(frozen=True)
class RowRule:
    """A rule that looks at each row by itself: in the columns of `where`, `wrong` says which rows break it.

    `says` is its sentence. `what` and `remedy` may name the `{subject}`, the `{column}` and its `{choices}`, the
    cell's `{value}`, and the `{check}` of figures in the column's unit.
    """

    says: str
    where: Where
    wrong: Callable[[Subject, Column], pd.Series]
    level: Level
    rule: str
    what: str
    remedy: str

    def __call__(self, subject: Subject) -> list[Finding]:
        """A finding for every row and column that breaks the rule."""
        found: list[Finding] = []
        for column in self.where(subject):
            names = {
                "subject": subject,
                "column": column,
                "choices": ", ".join(column.choices),
                "value": "{value}",
                "length": subject.spec.length_of(column),
                "unit": "" if column.unit in ("", "fraction") else f" {column.unit}",
                "check": _SHARE if column.unit == "fraction" else f"Check the figure and its unit ({column.unit})",
            }
            what, remedy = self.what.format(**names), self.remedy.format(**names)
            found += subject.at(self.wrong(subject, column), self.level, self.rule, what, remedy, column.name)
        return found


def of_kind(*kinds: str) -> Where:
    """The columns of some kinds, in whatever table."""
    return lambda subject: [column for column in subject.spec.columns if column.kind in kinds]


def of_table(name: str, *columns: str) -> Where:
    """Some columns of one table."""
    return lambda subject: [subject.spec.column(each) for each in columns] if subject.spec.name == name else []

"""What a rule looks at: the cells as text, the same rows typed, and what is already stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import pandas as pd

from sop.core.calendar import shift_period
from sop.core.findings import Finding, Level
from sop.core.tables import Table
from sop.intake.conform import conform
from sop.intake.parse import Settled
from sop.intake.raw import RawTable

Mode = Literal["replace", "add"]

LISTED = 5_000
"""Findings that one rule lists row by row; the rest are counted in its last one."""


@dataclass(frozen=True)
class Subject:
    """One file under check against one table of the contract.

    `cells`: text of the contract's columns, every row. `values`: the same rows typed (numbers float, months and
    dates ISO text), with `opening` completed. `frame`: the rows to store; `set_aside`: rows of later months, by
    `until`. `tables`: what is stored, by name. `first_open`: the cycle's first month.
    `answers`: the user's answers by question. All frames share one row index.
    """

    spec: Table
    raw: RawTable
    cells: pd.DataFrame
    values: pd.DataFrame
    frame: pd.DataFrame
    set_aside: pd.DataFrame
    decimal: Settled
    date_order: Settled
    tables: Mapping[str, pd.DataFrame]
    first_open: str
    until: str | None
    answers: Mapping[str, str]
    mode: Mode

    @cached_property
    def lines(self) -> pd.Series:
        """Source line of each row."""
        return pd.Series(self.raw.lines, index=self.cells.index, dtype="int64")

    @property
    def last_closed(self) -> str:
        """The month before the cycle's first."""
        return shift_period(self.first_open, -1)

    @cached_property
    def stored(self) -> pd.DataFrame | None:
        """The same table as it is stored, with every contract column; None when it is not."""
        frame = self.tables.get(self.spec.name)
        return conform(self.spec, frame) if frame is not None and len(frame) else None

    def has(self, *columns: str) -> bool:
        """Whether the table has these columns and the file fills each of them somewhere."""
        return all(name in self.cells and bool(self.cells[name].notna().any()) for name in columns)

    def finding(
        self,
        level: Level,
        rule: str,
        what: str,
        remedy: str = "",
        column: str = "",
        value: str = "",
        count: int = 1,
    ) -> Finding:
        """A finding about the file as a whole."""
        return Finding(level, rule, what, remedy, self.spec.name, self.raw.name, None, column, value, count)

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
        texts = self._texts(labels, column)
        findings = [
            Finding(
                level,
                rule,
                what.replace("{value}", text),
                remedy.replace("{value}", text),
                self.spec.name,
                self.raw.name,
                self.raw.lines[label],
                column,
                text,
            )
            for label, text in zip(labels[:LISTED], texts, strict=False)
        ]
        if len(labels) > LISTED:
            findings.append(
                self.finding(
                    level,
                    rule,
                    what.replace("{value}", "…"),
                    remedy.replace("{value}", "…"),
                    column,
                    count=len(labels) - LISTED,
                )
            )
        return findings

    def _texts(self, labels: list[int], column: str) -> list[str]:
        if column not in self.cells:
            return [""] * len(labels)
        return ["" if text is None else str(text) for text in self.cells.loc[labels[:LISTED], column]]

"""What a check found: one record for a file, a table or a plan, never an exception.

>>> print(Finding("error", "unknown_product", "this product is not in products",
...               remedy="Import it in products first", table="sales_actuals", line=7, value="X-1"))
sales_actuals line 7: this product is not in products ('X-1'). Import it in products first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

Level = Literal["error", "warning", "question", "note"]


@dataclass(frozen=True)
class Finding:
    """One finding that names where it is, the rule, the value and the remedy.

    `level`: error (nothing is imported), warning (imported, shown, counted in the gate), question (the user
    answers; unanswered it is an error), note (for information). `line` counts from 1 with the header as line 1.
    `count` says how many rows the finding stands for when like findings are folded into one.
    """

    level: Level
    rule: str
    what: str
    remedy: str = ""
    table: str = ""
    file: str = ""
    line: int | None = None
    column: str = ""
    value: str = ""
    count: int = 1

    @property
    def where(self) -> str:
        """File or table, line and column, as far as they are known."""
        place = " ".join(filter(None, [self.file or self.table, f"line {self.line}" if self.line else ""]))
        return ", ".join(filter(None, [place, self.column]))

    @property
    def said(self) -> str:
        """What was found and where, with its value and without the remedy."""
        text = f"{self.where}: {self.what}" if self.where else self.what
        return f"{text} ('{self.value}')" if self.value and self.value not in ("nan", "None") else text

    def __str__(self) -> str:
        text = f"{self.said}. {self.remedy}" if self.remedy else self.said
        return text.rstrip(".") + "."

    def fields(self) -> dict[str, object]:
        """The finding as plain fields, for JSON and for tables."""
        return asdict(self)


def finding_of(row: Mapping[str, Any]) -> Finding:
    """A finding from its plain fields; whatever was kept beside them does not count."""
    names = {spec.name for spec in fields(Finding)}
    return Finding(**{name: value for name, value in row.items() if name in names})


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether any finding stops the import (an unanswered question counts as an error)."""
    return any(finding.level in ("error", "question") for finding in findings)

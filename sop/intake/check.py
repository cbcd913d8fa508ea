"""A file checked against its table: every rule applied, the typed rows, and what was learnt on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from sop.core.calendar import require_period
from sop.core.errors import BadInput
from sop.core.findings import Finding, has_errors
from sop.core.tables import Table
from sop.intake.fold import fold
from sop.intake.questions import require_answers
from sop.intake.raw import RawTable
from sop.intake.read import read_subject
from sop.intake.rules import RULES
from sop.intake.rules.cells import total_rows
from sop.intake.rules.keys import repeats
from sop.intake.rules.months import count_true_zeros, missing_months
from sop.intake.rules.stock import count_filled_openings
from sop.intake.subject import Mode, Subject


@dataclass(frozen=True)
class Checked:
    """The outcome of a check.

    `frame`: typed rows in contract order plus `_file` and `_line`; defaults are not filled in. `findings`: folded;
    `all_findings`: row by row. `mapping_used`: header → column. `set_aside`: rows after `until`. `true_zeros`:
    closed months without a row that count as zero. `missing_months`: months in which the whole table has no row.
    `opening_filled`: stock rows that took the previous closing as opening.
    """

    frame: pd.DataFrame = field(repr=False)
    findings: tuple[Finding, ...]
    all_findings: tuple[Finding, ...] = field(repr=False)
    mapping_used: Mapping[str, str]
    unknown_columns: tuple[str, ...]
    rows_read: int
    set_aside: int
    true_zeros: int
    missing_months: tuple[str, ...]
    opening_filled: int

    @property
    def ok(self) -> bool:
        """Whether nothing stands against importing the frame."""
        return not has_errors(self.all_findings)


def check_table(
    spec: Table,
    raw: RawTable,
    *,
    first_open: str,
    mapping: Mapping[str, str] | None = None,
    set_values: Mapping[str, str] | None = None,
    tables: Mapping[str, pd.DataFrame] | None = None,
    until: str | None = None,
    answers: Mapping[str, str] | None = None,
    mode: Mode = "replace",
) -> Checked:
    """Hold a file to every rule of its table.

    `mapping`: header → contract column; `set_values`: column → one value for all rows; `tables`: what is stored,
    by name; `first_open`: the cycle's first open month; `until`: last month to import, later rows are set aside;
    `answers`: answers by question (`sop.intake.questions`); `mode`: the file replaces the table or is added to it.
    Raises BadInput when the request itself makes no sense (unknown column, answer or month).
    """
    answers = dict(answers or {})
    require_answers(answers)
    _require_months(spec, first_open, until)
    subject, headers = read_subject(
        spec, raw, mapping or {}, set_values or {}, tables or {}, first_open, until, answers, mode
    )
    before = [*raw.findings, *headers.findings]
    found = [] if has_errors(headers.findings) else [finding for rule in RULES for finding in rule(subject)]
    everything = (*before, *_without_totals(subject, found))
    return Checked(
        frame=_stored_frame(subject),
        findings=fold(everything),
        all_findings=everything,
        mapping_used=dict(headers.mapping),
        unknown_columns=headers.unknown,
        rows_read=len(subject.cells),
        set_aside=len(subject.set_aside),
        true_zeros=count_true_zeros(subject),
        missing_months=missing_months(subject),
        opening_filled=count_filled_openings(subject),
    )


def _require_months(spec: Table, first_open: str, until: str | None) -> None:
    require_period(first_open)
    if until is not None:
        require_period(until)
        if not spec.has_months and spec.name != "deliveries":
            raise BadInput(f"the table {spec.name} has no months to set aside", remedy="Leave until out")


def _without_totals(subject: Subject, findings: list[Finding]) -> list[Finding]:
    """Findings without those that only say of a total row that it is unlike the others."""
    totals = set(subject.lines[total_rows(subject)])
    return [f for f in findings if f.rule == "total_row" or f.line not in totals]


def _stored_frame(subject: Subject) -> pd.DataFrame:
    frame = subject.frame
    if subject.answers.get("duplicates") == "drop":
        frame = frame[~repeats(subject)[0]]
    return frame.assign(_file=subject.raw.name, _line=subject.lines.loc[frame.index]).reset_index(drop=True)

"""Rules about single cells: spreadsheet errors, total rows, empty and unreadable cells."""

from __future__ import annotations

import re

import pandas as pd

from sop.core.findings import Finding
from sop.intake.parse import SHEET_ERROR
from sop.intake.subject import Subject

_TOTAL = re.compile(
    r"^(?:(?:grand|sub|overall)[ \-]?)?totals?:?$|^(?:sum|summe|gesamt|gesamtsumme|gesamtergebnis|grand sum):?$",
    re.IGNORECASE,
)
_TOTAL_OF = re.compile(
    r"^(?:(?:sub)?total (?:of |for )?(?P<after>.+)|(?P<before>.+?) (?:sub)?total)$", re.IGNORECASE
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


def _matches(texts: pd.Series, pattern: re.Pattern[str]) -> pd.Series:
    found = {text: bool(pattern.search(text)) for text in texts.dropna().unique()}
    return texts.map(found).eq(True)


def check_rows(subject: Subject) -> list[Finding]:
    """A file without any row to store is an error: it would empty the table."""
    if len(subject.frame):
        return []
    what = f"all {len(subject.set_aside):,} rows are set aside" if len(subject.set_aside) else "there are no rows"
    return [subject.finding("error", "no_rows", what, "Bring at least one row; undo an import to empty a table")]


def check_sheet_errors(subject: Subject) -> list[Finding]:
    """A text cell that holds a spreadsheet error such as #REF! is an error; numbers have their own rule."""
    findings = []
    for column in subject.spec.columns:
        if column.kind != "number":
            rows = _matches(subject.cells[column.name], SHEET_ERROR)
            findings += subject.at(
                rows, "error", "sheet_error", "the cell holds a spreadsheet error", "Mend the formula", column.name
            )
    return findings


def total_rows(subject: Subject) -> pd.Series:
    """Rows whose key says that they add up others: "Total", "Grand total", "East total" where East is a value."""
    result = pd.Series(False, index=subject.cells.index)
    for name in subject.spec.full_key:
        texts = subject.cells[name]
        known = set(texts.dropna())
        for text in known:
            match = _TOTAL_OF.match(text)
            part = (match["after"] or match["before"]) if match else None
            if _TOTAL.match(text) or part in known:
                result |= texts.eq(text)
    return result


def check_total_rows(subject: Subject) -> list[Finding]:
    """A row that adds up other rows is an error: it would count everything twice."""
    what, remedy = "the row is a total of other rows", "Delete total rows from the file"
    rows = total_rows(subject)
    column = next((name for name in subject.spec.key if name != "month"), subject.spec.key[0])
    return subject.at(rows, "error", "total_row", what, remedy, column)


def check_filled(subject: Subject) -> list[Finding]:
    """An empty cell in a required column is an error: missing is not zero."""
    findings = []
    for name in subject.spec.required_names:
        if subject.cells[name].notna().any():
            remedy = "Fill it, or leave the row out where nothing is known"
            findings += subject.at(
                subject.cells[name].isna(), "error", "empty_cell", f"{name} is empty", remedy, name
            )
        elif len(subject.cells) and name in subject.raw.columns:
            findings.append(
                subject.finding("error", "empty_cell", f"the whole column {name} is empty", "Fill it", name)
            )
    return findings


def check_control_characters(subject: Subject) -> list[Finding]:
    """Invisible characters in a text (line breaks, zero-width spaces) are an error: names would not match."""
    findings = []
    for column in subject.spec.columns:
        if column.kind == "text":
            findings += subject.at(
                _matches(subject.cells[column.name], _CONTROL),
                "error",
                "invisible_character",
                "the text holds an invisible character",
                "Type it again, or remove line breaks and zero-width spaces",
                column.name,
            )
    return findings


def check_choices(subject: Subject) -> list[Finding]:
    """A cell of a choice column must be one of its choices; capitals do not matter."""
    findings = []
    for column in subject.spec.columns:
        if column.kind == "choice":
            rows = subject.cells[column.name].notna() & subject.values[column.name].isna()
            remedy = f"Write one of: {', '.join(column.choices)}"
            findings += subject.at(
                rows, "error", "unknown_choice", f"{column.name} cannot be '{{value}}'", remedy, column.name
            )
    return findings

"""Rules about numbers: readable, real, within their limits, in one currency."""

from __future__ import annotations

import pandas as pd

from sop.core.findings import Finding
from sop.core.tables import Column
from sop.intake.parse import CURRENCIES, NOT_A_NUMBER
from sop.intake.subject import Subject


def _number_columns(subject: Subject) -> list[Column]:
    return [column for column in subject.spec.columns if column.kind == "number"]


def _no_value(texts: pd.Series) -> pd.Series:
    found = {text: bool(NOT_A_NUMBER.match(text)) for text in texts.dropna().unique()}
    return texts.map(found).eq(True)


def check_decimal_mark(subject: Subject) -> list[Finding]:
    """Numbers that could be read with a decimal dot or a decimal comma are asked about; a mix is an error."""
    if subject.decimal.choice:
        return []
    examples = " and ".join(subject.decimal.examples)
    if subject.decimal.contradiction:
        what = f"some numbers have a decimal dot and others a decimal comma: {examples}"
        return [
            subject.finding(
                "error", "decimal", what, "Write all numbers with the same decimal mark", value=examples
            )
        ]
    what = f"{examples} could mean thousands or decimals"
    remedy = "Answer decimal=. (1.5 is one and a half) or decimal=, (1,5 is one and a half)"
    return [subject.finding("question", "decimal", what, remedy, value=examples)]


def check_numbers(subject: Subject) -> list[Finding]:
    """A cell of a number column must be a number."""
    if subject.decimal.contradiction:
        return []
    findings = []
    for column in _number_columns(subject):
        texts = subject.cells[column.name]
        rows = texts.notna() & subject.values[column.name].isna() & ~_no_value(texts)
        if column.name == "opening":
            rows = texts.notna() & ~_no_value(texts) & subject.values[column.name].isna()
        findings += subject.at(
            rows,
            "error",
            "bad_number",
            "'{value}' is not a number",
            "Write digits only, without unit or text",
            column.name,
        )
    return findings


def check_not_a_number(subject: Subject) -> list[Finding]:
    """NaN, inf, #N/A and the like are errors: an unknown figure is an empty cell."""
    findings = []
    for column in _number_columns(subject):
        findings += subject.at(
            _no_value(subject.cells[column.name]),
            "error",
            "not_a_number",
            "'{value}' stands where a number should",
            "Leave the cell empty where the figure is not known, or mend the formula",
            column.name,
        )
    return findings


def check_currencies(subject: Subject) -> list[Finding]:
    """Amounts in more than one currency would be added up: an error, in cells or by a currency column."""
    if "currency" in subject.spec.column_names:
        return []
    marks: dict[str, int] = {}
    for column in _number_columns(subject):
        for label, text in subject.cells[column.name].dropna().items():
            if not text[0].isdigit() or not text[-1].isdigit():
                match = CURRENCIES.search(text)
                if match:
                    marks.setdefault(match[0].upper(), int(str(label)))
    header = next((name for name in subject.raw.columns if name.strip().lower() in ("currency", "währung")), None)
    if header is not None:
        for label, text in subject.raw.frame[header].dropna().drop_duplicates().items():
            marks.setdefault(text.upper(), int(str(label)))
    if len(marks) < 2:
        return []
    what = f"amounts are in more than one currency: {', '.join(sorted(marks))}"
    second = sorted(marks.values())[1]
    return subject.at([second], "error", "currency_mix", what, "Convert all amounts to the company's currency")


def check_limits(subject: Subject) -> list[Finding]:
    """A number outside its column's limits is an error; sales below zero have their own rule."""
    findings = []
    for column in _number_columns(subject):
        values = subject.values[column.name]
        unit = "" if column.unit in ("", "fraction") else f" {column.unit}"
        if column.low is not None:
            what = f"{column.name} is below {column.low:g}{unit}"
            findings += subject.at(values < column.low, "error", "below_limit", what, _remedy(column), column.name)
        if column.high is not None:
            what = f"{column.name} is above {column.high:g}{unit}"
            findings += subject.at(
                values > column.high, "error", "above_limit", what, _remedy(column), column.name
            )
    return findings


def _remedy(column: Column) -> str:
    if column.unit == "fraction":
        return "Write a share as a fraction (0.95) or with its sign (95%)"
    return f"Check the figure and its unit ({column.unit})"

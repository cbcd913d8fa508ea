"""Bad input made for every column of the contract: refused in a sentence that says where, or within its bounds."""

from __future__ import annotations

import math
from collections.abc import Iterable

import pandas as pd
import pytest

from sop.core.tables import TABLES, Column, Table
from sop.files.readers import read_file
from sop.intake.check import Checked, check_table

FIRST_OPEN = "2026-04"
KNOWN = {
    "products": pd.DataFrame({"product": ["00123"], "name": ["Box"], "family": ["Boxes"]}),
    "regions": pd.DataFrame({"region": ["North"], "currency": ["EUR"]}),
    "plants": pd.DataFrame({"plant": ["P"]}),
    "resources": pd.DataFrame({"resource": ["L1"], "plant": ["P"]}),
    "materials": pd.DataFrame({"material": ["M"]}),
    "launches": pd.DataFrame({"launch": ["L"], "product": ["00123"]}),
    "initiatives": pd.DataFrame({"initiative": ["I"]}),
    "events": pd.DataFrame({"event": ["E"]}),
}
NAMES = {
    "product": "00123", "like_product": "00123", "replaces": "00123", "family": "Boxes", "cannibalises": "Boxes",
    "region": "North", "plant": "P", "resource": "L1", "material": "M", "launch": "L", "initiative": "I",
    "event": "E",
}  # fmt: skip
ONE_OF_TWO = ("routings", "material_usage", "launches")
"""Tables whose rows name a family or a product."""
FIGURES = (
    "NaN", "nan", "inf", "-inf", "Infinity", "1e999", "-1e999", "1e400", "1e308", "-1e308",
    "100000000000000000000",
    "12 pcs", "abc", "#N/A", "#REF!", "=1+1", "--5", "1.2.3", "0x10", "٣", "１２", "1_000", "TRUE", "5 EUR USD",
)  # fmt: skip
DATES = (
    "1899-12-31", "1900-01-00", "2099-01-01", "9999-12-31", "2026-13-01", "2026-02-30", "2026-00-10", "46023", "0",
    "13/32/2026", "26-01-05", "soon", "2026-1-1-1", "20260132", "NaT", "-1", "2026-01-05T99:00Z",
)  # fmt: skip
KEYS = ("Ａ１", "A\u200bB", "\u202eABC", "x" * 300, "A\x07B", "А1B", "A\tB\nC")
LONG = "x" * 501


def _good(spec: Table, column: Column) -> str:
    if column.name in NAMES and not (spec.name in ONE_OF_TWO and column.name == "family"):
        return NAMES[column.name]
    closed = "2026-03-15" if column.kind == "date" else "2026-03"
    texts = {"month": closed, "date": closed, "choice": (*column.choices, "")[0], "text": "a"}
    return (
        str(max(column.low, 1.0) if column.high >= 1 else 0.5) if column.kind == "number" else texts[column.kind]
    )


def _row(spec: Table) -> dict[str, str]:
    row = {column.name: _good(spec, column) for column in spec.columns}
    row |= (
        {"opening": "1", "production": "1", "shipments": "1", "closing": "3"} if spec.name == "inventory" else {}
    )
    row |= {"family": ""} if spec.name in ONE_OF_TWO else {}
    return row | ({"after": ""} if spec.name == "milestones" else {})


def _check(spec: Table, *rows: dict[str, str]) -> Checked:
    lines = [";".join('"' + text.replace('"', '""') + '"' for text in row.values()) for row in rows]
    raw = read_file("\n".join([";".join(rows[0]), *lines, ""]).encode(), f"{spec.name}.csv")
    tables = {name: frame for name, frame in KNOWN.items() if name != spec.name}
    return check_table(spec, raw, first_open=FIRST_OPEN, tables=tables)


def _accepted(spec: Table, column: Column, texts: Iterable[str]) -> list[str]:
    """Texts that do not refuse their row, in a sentence that says where, what and how to mend it."""
    texts, line, lines = list(texts), 2, {}
    for text in texts:
        lines[text] = line
        line += 1 + text.count("\n")
    checked = _check(spec, *(_row(spec) | {column.name: text} for text in texts))
    stops = [f for f in checked.all_findings if f.level in ("error", "question") and f.column == column.name]
    named = {f.line for f in stops if f.what and f.remedy and "\n" not in f.what}
    return [text[:20] for text in texts if lines[text] not in named or checked.ok]


def _columns(*kinds: str) -> list:
    return [pytest.param(s, c, id=f"{s.name}.{c.name}") for s in TABLES for c in s.columns if c.kind in kinds]


def _names() -> list:
    """The columns by which rows are told apart or belong to something."""
    return [
        each
        for each in _columns("text")
        if each.values[1].refers_to or each.values[1].name in each.values[0].full_key
    ]


@pytest.mark.parametrize("spec", TABLES, ids=lambda spec: spec.name)
def test_the_row_that_is_made_worse_below_is_good(spec: Table) -> None:
    checked = _check(spec, _row(spec))
    assert checked.ok, [str(finding) for finding in checked.findings]


@pytest.mark.parametrize(("spec", "column"), _columns("number"))
def test_a_figure_that_is_none_or_beyond_its_bounds_is_refused(spec: Table, column: Column) -> None:
    beyond = (f"{column.high * 1.001 + 1:.12g}", f"{column.low * 1.001 - 1:.12g}")
    assert _accepted(spec, column, (*FIGURES, *beyond)) == []


@pytest.mark.parametrize(("spec", "column"), _columns("number"))
def test_the_bounds_stand_in_the_contract_and_are_finite(spec: Table, column: Column) -> None:
    assert math.isfinite(column.low) and math.isfinite(column.high) and column.low < column.high


@pytest.mark.parametrize(("spec", "column"), _columns("month", "date"))
def test_a_date_that_is_none_or_of_no_business_is_refused(spec: Table, column: Column) -> None:
    assert _accepted(spec, column, DATES) == []


@pytest.mark.parametrize(("spec", "column"), _columns("month", "date"))
def test_dates_in_both_orders_are_never_guessed(spec: Table, column: Column) -> None:
    asked = _check(spec, _row(spec) | {column.name: "03/02/2026"})
    assert [f.rule for f in asked.all_findings if f.level == "question"] == ["date_order"]


@pytest.mark.parametrize(("spec", "column"), _columns("choice"))
def test_a_choice_that_is_none_is_refused(spec: Table, column: Column) -> None:
    assert _accepted(spec, column, ["neither"]) == []


@pytest.mark.parametrize(("spec", "column"), _columns("text"))
def test_a_text_beyond_its_length_or_with_what_nobody_sees_is_refused(spec: Table, column: Column) -> None:
    assert _accepted(spec, column, (LONG, "a\u200bb", "\u202eabc", "a\nb")) == []


@pytest.mark.parametrize(("spec", "column"), _names())
def test_an_odd_name_is_refused_in_every_table_and_never_silently_another(spec: Table, column: Column) -> None:
    for key in KEYS:
        checked = _check(spec, _row(spec) | {column.name: key})
        told = [f for f in checked.all_findings if f.level in ("error", "question") and f.column == column.name]
        assert all(f.what and f.remedy for f in told)
        assert told or checked.frame[column.name].tolist() == [key]
        # Letters as wide as Chinese ones are a name like any other where no known name looks like it.
        assert told or key == "Ａ１", key


@pytest.mark.parametrize(("spec", "column"), _columns("text"))
def test_an_odd_text_is_refused_or_stays_as_it_is_written(spec: Table, column: Column) -> None:
    for text in ("=1+1", "@SUM(A1)", "אבג", "😀", "'00123", "a  b", "A1", "NULL", "<b>x</b>", "../../etc", "0"):
        checked = _check(spec, _row(spec) | {column.name: text})
        assert not checked.ok or checked.frame[column.name].tolist() == [text]


@pytest.mark.parametrize("key", [" A 1 ", "a1", "=1+1", "@SUM(A1)", "אבג", "😀", "'00123", "1/2"])
def test_a_key_of_any_letters_stays_as_it_is_written(key: str) -> None:
    spec = next(spec for spec in TABLES if spec.name == "products")
    assert _check(spec, _row(spec) | {"product": key}).frame["product"].tolist() == [key.strip()]


@pytest.mark.parametrize("key", ["123", "0123", "00123 ", " 00123", "OO123", "00 123", "123.0", "1.23E+02"])
def test_a_key_that_lost_something_leads_to_no_other(key: str) -> None:
    spec = next(spec for spec in TABLES if spec.name == "sales_actuals")
    checked = _check(spec, _row(spec) | {"product": key})
    assert not checked.ok or checked.frame["product"].tolist() == ["00123"] == [key.strip()]

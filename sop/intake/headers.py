"""Which column of a file is which column of the contract: same name, or said so by the user; never guessed."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from sop.core.errors import BadInput
from sop.core.findings import Finding
from sop.core.tables import Table
from sop.intake.parse import parse_date
from sop.intake.raw import RawTable


@dataclass(frozen=True)
class Headers:
    """`mapping`: header in the file → contract column. `unknown`: headers that are left out."""

    mapping: Mapping[str, str]
    unknown: tuple[str, ...]
    findings: tuple[Finding, ...]


def map_headers(spec: Table, raw: RawTable, mapping: Mapping[str, str], set_values: Mapping[str, str]) -> Headers:
    """Headers mapped by `mapping`, then by name (case, spaces and hyphens do not count).

    Raises BadInput when `mapping` or `set_values` name a column that the contract does not have.
    """
    for column in (*mapping.values(), *set_values):
        _require_column(spec, column)
    by_name = {name: name for name in spec.column_names}
    found = {theirs: ours for theirs, ours in mapping.items() if theirs in raw.columns}
    for header in raw.columns:
        ours = by_name.get(plain_header(header))
        if header not in found and ours is not None and ours not in mapping.values():
            found[header] = ours
    unknown = tuple(header for header in raw.columns if header not in found)
    findings = [
        *_check_absent(spec, raw, mapping),
        *_check_doubled(spec, raw, found, set_values),
        *_check_missing(spec, raw, found, unknown, set_values),
        *_check_unknown(spec, raw, found, unknown),
    ]
    return Headers({header: found[header] for header in raw.columns if header in found}, unknown, tuple(findings))


def plain_header(header: str) -> str:
    """A header as the contract would write it: lower case, underscores."""
    return re.sub(r"[\s\-.]+", "_", header.strip().lower())


def _require_column(spec: Table, column: str) -> None:
    if column not in spec.column_names:
        raise BadInput(
            f"the table {spec.name} has no column '{column}'",
            remedy=f"Its columns are: {', '.join(spec.column_names)}",
        )


def _check_absent(spec: Table, raw: RawTable, mapping: Mapping[str, str]) -> list[Finding]:
    remedy = f"The file's columns are: {', '.join(raw.columns)}"
    return [
        Finding(
            "error",
            "mapped_column",
            f"the file has no column '{theirs}' to take as {ours}",
            remedy,
            spec.name,
            raw.name,
            column=theirs,
        )
        for theirs, ours in mapping.items()
        if theirs not in raw.columns
    ]


def _check_doubled(
    spec: Table, raw: RawTable, found: Mapping[str, str], set_values: Mapping[str, str]
) -> list[Finding]:
    findings = []
    for ours in spec.column_names:
        sources = [f"the column '{theirs}'" for theirs in found if found[theirs] == ours]
        sources += ["the value that is set"] if ours in set_values else []
        if len(sources) > 1:
            what = f"{ours} comes from {' and '.join(sources)}"
            findings.append(
                Finding("error", "doubled_column", what, "Keep one of them", spec.name, raw.name, column=ours)
            )
    return findings


def _check_missing(
    spec: Table, raw: RawTable, found: Mapping[str, str], unknown: tuple[str, ...], set_values: Mapping[str, str]
) -> list[Finding]:
    findings = []
    months = [header for header in unknown if parse_date(header, "dmy") is not None]
    for name in spec.required_names:
        if name in found.values() or name in set_values:
            continue
        near = difflib.get_close_matches(name, [plain_header(header) for header in unknown], n=1, cutoff=0.6)
        theirs = next((header for header in unknown if near and plain_header(header) == near[0]), None)
        remedy = (
            f"Map it: {theirs}={name}"
            if theirs
            else f"Map a column to it (theirs={name}), or set one value for all"
        )
        if name == "month" and len(months) > 2:
            remedy = "The months stand side by side: bring them one below the other, one row per month"
        column = spec.column(name)
        what = f"the required column {name} ({column.meaning[:1].lower()}{column.meaning[1:]}) is missing"
        findings.append(Finding("error", "missing_column", what, remedy, spec.name, raw.name, line=1, column=name))
    return findings


def _check_unknown(
    spec: Table, raw: RawTable, found: Mapping[str, str], unknown: tuple[str, ...]
) -> list[Finding]:
    """Notes for columns that are left out; a warning where the name is nearly one that the contract knows."""
    open_names = [name for name in spec.column_names if name not in found.values()]
    findings = []
    for header in unknown:
        near = difflib.get_close_matches(plain_header(header), open_names, n=1, cutoff=0.8)
        remedy = f"If it is {near[0]}, map it: {header}={near[0]}" if near else ""
        what = f"the column '{header}' is not in the contract and is left out"
        findings.append(
            Finding(
                "warning" if near else "note", "unknown_column", what, remedy, spec.name, raw.name, column=header
            )
        )
    return findings

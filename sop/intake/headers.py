"""Which column of a file is which column of the contract: same name, or said so by the user; never guessed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from sop.core.errors import BadInput
from sop.core.findings import Finding
from sop.core.tables import Table
from sop.intake.subject import RawTable

LEAVE_OUT = "-"
"""What a header is mapped to so that its column is not read."""


@dataclass(frozen=True)
class Headers:
    """`mapping`: header in the file → contract column. `unknown`: headers that are left out."""

    mapping: Mapping[str, str]
    unknown: tuple[str, ...]
    findings: tuple[Finding, ...]


def map_headers(spec: Table, raw: RawTable, mapping: Mapping[str, str], set_values: Mapping[str, str]) -> Headers:
    """Headers mapped by `mapping`, then by name (case, spaces and hyphens do not count).

    A header mapped to `LEAVE_OUT` is not read. Raises BadInput when `mapping` or `set_values` name a column that
    the contract does not have, and when two headers are mapped to one column.
    """
    wanted = [ours for ours in mapping.values() if ours != LEAVE_OUT]
    for column in (*wanted, *set_values):
        if column not in spec.column_names:
            raise BadInput(
                f"the table {spec.name} has no column '{column}'",
                remedy=f"Its columns are: {', '.join(spec.column_names)}",
            )
        if wanted.count(column) > 1:
            names = " and ".join(f"'{theirs}'" for theirs, ours in mapping.items() if ours == column)
            raise BadInput(f"{names} are both mapped to {column}", remedy="Map one of them")
    by_name = {name: name for name in spec.column_names}
    found = {theirs: ours for theirs, ours in mapping.items() if theirs in raw.columns}
    for header in raw.columns:
        ours = by_name.get(plain_header(header))
        if header not in found and ours is not None and ours not in mapping.values():
            found[header] = ours
    used = {header: found[header] for header in raw.columns if header in found and found[header] != LEAVE_OUT}
    unknown = tuple(header for header in raw.columns if header not in found)
    findings = [
        *_absent(raw, mapping),
        *_doubled(spec, used, set_values),
        *_missing(spec, {*used.values(), *set_values}),
        *_unknown(unknown),
    ]
    return Headers(used, unknown, tuple(replace(each, table=spec.name, file=raw.name) for each in findings))


def plain_header(header: str) -> str:
    """A header as the contract would write it: lower case, underscores, no accents or last full stop."""
    letters = unicodedata.normalize("NFKD", header.strip().lower().replace("ł", "l").replace("ß", "ss"))
    return re.sub(r"[\s\-.]+", "_", "".join(each for each in letters if not unicodedata.combining(each))).strip(
        "_"
    )


def _absent(raw: RawTable, mapping: Mapping[str, str]) -> Iterator[Finding]:
    """Errors for columns that were mapped and are not in the file."""
    for theirs in (header for header in mapping if header not in raw.columns):
        what = f"the file has no column '{theirs}' to take as {mapping[theirs]}"
        yield Finding(
            "error", "mapped_column", what, f"The file's columns are: {', '.join(raw.columns)}", column=theirs
        )


def _doubled(spec: Table, used: Mapping[str, str], set_values: Mapping[str, str]) -> Iterator[Finding]:
    """Errors for contract columns that come from more than one place."""
    for ours in spec.column_names:
        sources = [f"the column '{theirs}'" for theirs in used if used[theirs] == ours]
        sources += ["the value that is set"] * (ours in set_values)
        if len(sources) > 1:
            what = f"{ours} comes from {' and '.join(sources)}"
            yield Finding("error", "doubled_column", what, "Keep one of them", column=ours)


def _missing(spec: Table, given: set[str]) -> Iterator[Finding]:
    """Errors for required columns that nothing is taken as."""
    for name in spec.required_names:
        if name in given:
            continue
        remedy = f"Map a column to it (--map THEIRS={name}), or set one value for all (--set {name}=VALUE)"
        meaning = spec.column(name).meaning
        what = f"the required column {name} ({meaning[:1].lower()}{meaning[1:]}) is missing"
        yield Finding("error", "missing_column", what, remedy, line=1, column=name)


def _unknown(unknown: tuple[str, ...]) -> Iterator[Finding]:
    """Notes for columns that are left out."""
    for header in unknown:
        what = f"the column '{header}' is not in the contract and is left out"
        yield Finding("note", "unknown_column", what, column=header)

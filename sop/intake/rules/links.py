"""Rules about links between tables: what a row names must be known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from sop.core.findings import Finding
from sop.core.tables import TABLES
from sop.intake.skeleton import skeleton
from sop.intake.subject import Subject

_SOURCES = {
    "products": ("products", "product"),
    "families": ("products", "family"),
    "plants": ("plants", "plant"),
    "resources": ("resources", "resource"),
    "materials": ("materials", "material"),
    "launches": ("launches", "launch"),
    "initiatives": ("initiatives", "initiative"),
}
"""What a column may refer to → the table and column that list it."""


def known_names(subject: Subject, refers_to: str) -> set[str] | None:
    """The names that a reference may use; None when their table is not stored."""
    table, column = _SOURCES[refers_to]
    frame = subject.tables.get(table)
    return None if frame is None or not len(frame) else set(frame[column].dropna())


def check_references(subject: Subject) -> list[Finding]:
    """A product, family, plant, resource, material, launch or initiative that is not known is an error."""
    findings = []
    for column in subject.spec.columns:
        used = subject.frame[column.name].dropna().unique() if column.refers_to else ()
        if not len(used):
            continue
        table, _ = _SOURCES[column.refers_to]
        known = known_names(subject, column.refers_to)
        if known is None:
            what = f"{column.name} refers to the table {table}, which is not loaded"
            findings.append(
                subject.finding("error", "unknown_reference", what, f"Import {table} first", column.name)
            )
            continue
        looks = {skeleton(name) for name in known}
        unknown = {name for name in used if name not in known and skeleton(name) not in looks}
        what = f"{column.name} '{{value}}' is not in {table}"
        remedy = f"Import it in {table} first, or correct it here"
        rows = subject.frame[column.name].isin(unknown)
        findings += subject.at(rows, "error", f"unknown_{column.name}", what, remedy, column.name)
    return findings


def check_scope(subject: Subject) -> list[Finding]:
    """Where a row may name a family or a product, it names exactly one of them."""
    names = set(subject.spec.column_names)
    if not {"family", "product"} <= names or subject.spec.column("family").required:
        return []
    family, product = subject.frame["family"].notna(), subject.frame["product"].notna()
    remedy = "Fill family for the whole family, or product for one product"
    return [
        *subject.at(~family & ~product, "error", "scope", "neither family nor product is given", remedy, "family"),
        *subject.at(family & product, "error", "scope", "both family and product are given", remedy, "product"),
    ]


def check_predecessors(subject: Subject) -> list[Finding]:
    """A milestone that must come first is a milestone of the same initiative."""
    if subject.spec.name != "milestones":
        return []
    known = set(zip(subject.frame["initiative"], subject.frame["milestone"], strict=True))
    pairs = zip(subject.frame["initiative"], subject.frame["after"], strict=True)
    rows = [
        label
        for label, pair in zip(subject.frame.index, pairs, strict=True)
        if pair[1] is not None and pair not in known
    ]
    what = "the initiative has no milestone '{value}'"
    return subject.at(rows, "error", "unknown_milestone", what, "Name a milestone of the same initiative", "after")


def _users(listing: str) -> Iterator[tuple[str, str, str]]:
    """(table, column, column of the listing) of every reference to the table `listing`."""
    for table in TABLES:
        for column in table.columns:
            if column.refers_to and _SOURCES[column.refers_to][0] == listing:
                yield table.name, column.name, _SOURCES[column.refers_to][1]


def check_still_used(subject: Subject) -> list[Finding]:
    """A file that replaces a table must keep what other stored tables still refer to."""
    if subject.mode == "add" or subject.stored is None:
        return []
    findings = []
    for table, column, listed in _users(subject.spec.name):
        frame = subject.tables.get(table)
        if frame is None or table == subject.spec.name or column not in frame:
            continue
        lost = sorted(set(frame[column].dropna()) - set(subject.frame[listed].dropna()))
        if lost:
            what = f"{len(lost)} {listed}(s) that {table} uses are not in this file: {', '.join(lost[:5])}"
            remedy = "Keep them (status retired where they are), or import with mode add"
            findings.append(subject.finding("error", "still_used", what, remedy, listed, lost[0], len(lost)))
    return findings


def broken_links(tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """One sentence for each reference between stored tables that leads nowhere."""
    broken = []
    for listing, column in dict.fromkeys(_SOURCES.values()):
        listed = tables.get(listing)
        known = set() if listed is None else set(listed[column].dropna())
        for table, user, listed_column in _users(listing):
            if table not in tables or listed_column != column or user not in tables[table]:
                continue
            lost = sorted(set(tables[table][user].dropna()) - known)
            if lost:
                broken.append(
                    f"{table} uses {len(lost)} {column}(s) that {listing} would not have, such as {lost[0]}"
                )
    return broken

"""Rules about names and keys: every row stands for something else, and names only what is known, written alike."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

import pandas as pd

from sop.core.findings import Finding, Level
from sop.core.format import how_many, number
from sop.core.tables import TABLES, UNLISTED, Column
from sop.intake.coded import coded
from sop.intake.gather import differing, partly_filled, unequal
from sop.intake.parse import month_number
from sop.intake.subject import LISTED, RowRule, Subject, of_table
from sop.intake.typed import adds_up

_TWINS = str.maketrans(
    "АВЕЅІЈКМНОРСТУХаеіјорсухѕҮүΑΒΕΖΗΙΚΜΝΟΡΤΥΧοναι‐‑‒–—−",
    "ABESIJKMHOPCTYXaeijopcyxsYyABEZHIKMNOPTYXovai------",
)
_SOURCES = {
    "products": ("products", "product"),
    "families": ("products", "family"),
    "regions": ("regions", "region"),
    "plants": ("plants", "plant"),
    "resources": ("resources", "resource"),
    "materials": ("materials", "material"),
    "launches": ("launches", "launch"),
    "initiatives": ("initiatives", "initiative"),
    "events": ("events", "event"),
}
"""What a column may refer to → the table and column that list it."""


# -- keys


def check_duplicates(subject: Subject) -> list[Finding]:
    """Rows that are equal in every cell of the file are asked about: copies, or equal events."""
    copies, answer = subject.gathered.copies, subject.answers.get("duplicates", "")
    what = "the row repeats an earlier one in every cell of the file"
    if answer == "drop":
        return subject.at(copies, "warning", "duplicates", f"{what} and is dropped")
    if answer == "add":
        return []
    remedy = "Answer duplicates=drop if they are copies"
    remedy += ", duplicates=add if they are separate and add up" * bool(subject.spec.added_columns)
    return subject.at(copies, "question", "duplicates", what, remedy)


_SAME_KEY: tuple[Level, str, str] = (
    "question", "same_key", "Answer same_key=sum (--sum) if they are separate and add up, else keep the right one"
)  # fmt: skip
_CLASH: tuple[Level, str, str] = ("error", "conflicting_duplicate", "Keep the right one, or make them agree")
_PARTS = (
    "The parts in which a line is delivered agree in all but what was delivered and when: bring what was ordered, "
    "asked for and promised of the whole line in each row; else keep the right one"
)
_IN_PARTS = (
    "Answer same_key=sum (--sum) if they are deliveries in parts: what was delivered adds up and the order counts "
    "once; else keep the right one"
)


def check_same_key(subject: Subject) -> list[Finding]:
    """Rows that share a key and differ elsewhere are asked about where they can be added up, else an error.

    A finding names what differs from the first row of the key.
    """
    spec, gathered = subject.spec, subject.gathered
    shared = gathered.shared & ~gathered.shared.index.isin(subject.set_aside.index)
    if not shared.any():
        return []
    unlike = unequal(spec, subject.values, gathered) if spec.added_columns else shared
    names = ", ".join(name for name in spec.full_key if subject.cells[name].notna().any())
    found: list[Finding] = []
    for label in shared.index[shared & (unlike if adds_up(spec, subject.answers) else True)][:LISTED]:
        first = int(gathered.first[label])
        what = f"the row has the key ({names}) of line {subject.raw.lines[first]}"
        what += f" and differs in {differing(subject.raw.frame, label, first)}"
        level, rule, remedy = _CLASH if unlike[label] else _SAME_KEY
        if spec.name == "deliveries":
            remedy = _PARTS if unlike[label] else _IN_PARTS
        found += subject.at([label], level, rule, what, remedy)
    return found


def check_sums(subject: Subject) -> list[Finding]:
    """A sum of which a part is not given is not known: an error; what was added up is noted with its rows."""
    if not adds_up(subject.spec, subject.answers):
        return []
    found: list[Finding] = []
    rows = subject.values.drop(index=subject.set_aside.index)
    for column in subject.spec.columns:
        if column.adds not in ("", "latest") and column.name != "opening":
            part = partly_filled(rows, column.name, subject.gathered)
            part &= subject.cells.loc[rows.index, column.name].isna()
            what = f"{column.name} is empty here and given in other rows of the same key: their sum is not known"
            remedy = f"Fill it (0 where there was none), or leave {column.name} out: --map {column.name}=-"
            found += subject.at(part, "error", "unknown_sum", what, remedy, column.name)
    found += _split_orders(subject, rows)
    before, after = len(rows), len(subject.frame)
    if after < before:
        what = f"{how_many(number(before), 'rows', 'become')} {number(after)}: rows that share a key are added up"
        found += subject.finding("note", "added_up", what, count=before - after)
    return found


def _split_orders(subject: Subject, rows: pd.DataFrame) -> list[Finding]:
    """An error where each part of an order line is told as ordered for itself: once would be too little."""
    if subject.spec.name != "deliveries":
        return []
    first = subject.gathered.first.loc[rows.index]
    alike = ~unequal(subject.spec, rows, subject.gathered)
    whole = alike & (rows["quantity_ordered"] == rows["quantity_delivered"]) & (rows["quantity_ordered"] > 0)
    split = first.duplicated(keep=False) & whole.groupby(first.to_numpy()).transform("all")
    what = (
        "each row of the order line delivers all that it says was ordered, so it tells what was ordered of a part"
    )
    remedy = "Bring the quantity of the whole line as quantity_ordered, or number the parts as lines of their own"
    return subject.at(split, "error", "split_order", what, remedy, "quantity_ordered")


# -- looks: a Cyrillic А in a product number, a capital, a space


def skeleton(text: str) -> str:
    """What a text looks like: Cyrillic and Greek twins as Latin, compatibility forms and dashes unified."""
    plain = unicodedata.normalize("NFKC", text).translate(_TWINS)
    return re.sub(r"\s+", " ", re.sub(r"[\u200b-\u200f\u2060\ufeff\u00ad]", "", plain)).strip()


def _folded(text: str) -> str:
    """A name without what is easily written otherwise: capitals and spaces."""
    return skeleton(text).casefold().replace(" ", "")


def _scripts(text: str) -> set[str]:
    names = (unicodedata.name(letter, "").split(" ")[0] for letter in text if letter.isalpha())
    return {"LATIN", "CYRILLIC", "GREEK"}.intersection(names)


def _name_columns(subject: Subject) -> list[Column]:
    """Columns whose texts name something: of the key, references and families."""
    names = {*subject.spec.full_key, "family"}
    return [c for c in subject.spec.columns if c.kind == "text" and (c.refers_to or c.name in names)]


def _twins(texts: Iterable[str], known: Iterable[str]) -> dict[str, str]:
    """Texts that look like a known one but are not it, with the one they look like."""
    by_look: dict[str, str] = {}
    for name in known:
        by_look.setdefault(skeleton(name), name)
    return {text: by_look[skeleton(text)] for text in texts if by_look.get(skeleton(text), text) != text}


def check_look_alikes(subject: Subject) -> list[Finding]:
    """A name that looks exactly like a known one but has other characters is an error."""
    found: list[Finding] = []
    for column in _name_columns(subject):
        texts = sorted(set(subject.frame[column.name].dropna()), key=lambda text: (len(_scripts(text)), text))
        known = (_known_names(subject, column.refers_to) if column.refers_to else None) or set()
        for text, meant in _twins([text for text in texts if text not in known], sorted(known) or texts).items():
            odd = next((ours for ours, theirs in zip(text, meant, strict=False) if ours != theirs), None)
            why = unicodedata.name(odd, "an unnamed character").lower() if odd else "of another length"
            what = f"'{{value}}' looks like '{meant}' but is written with other characters ({why})"
            rows = subject.frame[column.name].eq(text)
            found += subject.at(rows, "error", "look_alike", what, f"Type it again as {meant}", column.name)
    return found


def check_spellings(subject: Subject) -> list[Finding]:
    """Names that differ only in capitals or spaces are a warning: they count as two."""
    found: list[Finding] = []
    for column in _name_columns(subject):
        groups: dict[str, list[str]] = {}
        for text in sorted(subject.frame[column.name].dropna().unique()):
            groups.setdefault(_folded(text), []).append(text)
        for texts in groups.values():
            if len(texts) > 1 and len({skeleton(text) for text in texts}) > 1:
                names = " and ".join(f"'{text}'" for text in texts)
                what = f"{names} differ only in capitals or spaces and count as different"
                rows = subject.frame[column.name].eq(texts[-1])
                first = rows.index[rows][:1].tolist()
                found += subject.at(first, "warning", "spelling", what, "Write the name in one way", column.name)
    return found


# -- links between tables


def _known_names(subject: Subject, refers_to: str) -> set[str] | None:
    """The names that a reference may use; None when their table is not stored."""
    table, column = _SOURCES[refers_to]
    frame = subject.tables.get(table)
    return None if frame is None or not len(frame) else set(frame[column].dropna())


def check_references(subject: Subject) -> list[Finding]:
    """A product, family, plant, resource, material, launch or initiative that is not known is an error."""
    found: list[Finding] = []
    for column in subject.spec.columns:
        used = subject.frame[column.name].dropna().unique() if column.refers_to else ()
        if not len(used):
            continue
        table, _ = _SOURCES[column.refers_to]
        known = _known_names(subject, column.refers_to)
        if known is None and table in UNLISTED:
            continue
        if known is None:
            what = f"{column.name} refers to the table {table}, which is not loaded"
            found += subject.finding("error", "unknown_reference", what, f"Import {table} first", column.name)
            continue
        looks = {skeleton(name) for name in known}
        unknown = [name for name in used if name not in known and skeleton(name) not in looks]
        damaged = damaged_names(unknown, known)
        folded = {_folded(name): name for name in known} if unknown else {}
        for name in unknown:
            what, remedy = (
                f"{column.name} '{{value}}' is not in {table}",
                f"Import it in {table} first, or correct it here",
            )
            if meant := folded.get(_folded(name)):
                what, remedy = f"{what} but '{meant}' is, with other capitals or spaces", f"Write {meant}"
            elif meant := damaged.get(name):
                what = f"{what} but {meant} is: a spreadsheet has changed it"
                remedy = f"Format the column as text and export it again, or write {meant}"
            rows = subject.frame[column.name].eq(name)
            found += subject.at(rows, "error", f"unknown_{column.name}", what, remedy, column.name)
    return found


_SCIENTIFIC = re.compile(r"^\d(?:[.,]\d+)?E\+\d{2,3}$", re.IGNORECASE)
"""How a spreadsheet writes a long number in a narrow column."""


def damaged_names(unknown: Iterable[str], known: Iterable[str]) -> dict[str, str]:
    """Unknown names that a known one becomes when it is taken for a number, with the known one (or how many
    there are).

    A day (MAR-1 is Mar-01 or 2026-03-01 then), lost zeros (00123 is 123), a lost exponent (1E5 is 100000) and lost
    digits (123456789012 is 1.23457E+11).
    """
    known_names = {name: name for name in known}
    whole: dict[float, list[str]] = {}
    for name in known:
        if name[:1].isdigit() and (value := _as_number(name)) is not None:
            whole.setdefault(value, []).append(name)
    found: dict[str, list[str]] = {}
    days = {day: name for name in known if (day := _as_day(name))} if unknown else {}
    for name in unknown:
        value = _as_number(name)
        if value is None:
            meant = known_names.get(name.removeprefix("'")) or days.get(_as_day(name) or (0, 0))
            found[name] = [meant] if meant else []
            continue
        found[name] = whole.get(value, [])
        if not found[name] and _SCIENTIFIC.match(name):
            digits = len(re.sub(r"\D", "", name.upper().split("E")[0]))
            near = [each for each in whole if float(f"{each:.{digits - 1}e}") == value]
            found[name] = [each for number in near for each in whole[number]]
    return {
        name: names[0] if len(names) == 1 else f"one of {len(names)}, such as {names[0]},"
        for name, names in found.items()
        if names
    }


_DAY_FORMS = (
    re.compile(r"^(?P<month>[^\W\d_]{3,9})\.?[- ./]?(?P<day>\d{1,2})$"),
    re.compile(r"^(?P<day>\d{1,2})\.?[- ./]?(?P<month>[^\W\d_]{3,9})\.?$"),
    re.compile(r"^\d{4}-(?P<month>\d\d)-(?P<day>\d\d)$", re.ASCII),
)


def _as_day(name: str) -> tuple[int, int] | None:
    """The month and day that a spreadsheet takes a name for: MAR-1, 1-Mar and 2026-03-01 are March 1st."""
    match = next((match for form in _DAY_FORMS if (match := form.match(name))), None)
    if match is None:
        return None
    month = int(match["month"]) if match["month"].isdigit() else month_number(match["month"])
    return (month, int(match["day"])) if month else None


def _as_number(name: str) -> float | None:
    """What a spreadsheet would take a name for; None where it is no plain or scientific number."""
    return (
        float(name.replace(",", "."))
        if re.fullmatch(r"\d+(?:[.,]\d+)?(?:[eE]\+?\d{1,3})?", name, re.ASCII)
        else None
    )


def check_damaged_keys(subject: Subject) -> list[Finding]:
    """Keys that look as a spreadsheet leaves numbers are asked about: exponents, and zeros lost beside keys
    that have them.

    A stored key that the file writes as a number, and not as it is, is told with the key.
    """
    found: list[Finding] = []
    for column in _name_columns(subject):
        if column.refers_to and _known_names(subject, column.refers_to) is not None:
            continue
        texts = list(subject.frame[column.name].dropna().unique())
        stored = set() if subject.stored is None else set(subject.stored[column.name].dropna())
        meant = damaged_names([text for text in texts if text not in stored], stored - set(texts))
        reasons = {text: f"'{{value}}' is new but {name} is stored" for text, name in meant.items()}
        zeros = [len(text) for text in texts if text.isdigit() and text.startswith("0")]
        for text in texts:
            if _SCIENTIFIC.match(text):
                reasons.setdefault(text, "'{value}' is how a spreadsheet writes a long number")
            elif len(zeros) > 1 and len(set(zeros)) == 1 and text.isdigit() and len(text) < zeros[0]:
                reasons.setdefault(text, f"'{{value}}' is shorter than the {zeros[0]} digits of the others")
        if subject.answers.get("damaged_keys") == "keep":
            continue
        for text, what in reasons.items():
            remedy = "Format the column as text and export it again, or answer damaged_keys=keep if it is meant so"
            what = f"{what}: zeros or digits may be lost"
            found += subject.at(
                subject.frame[column.name].eq(text), "question", "damaged_keys", what, remedy, column.name
            )
    return found


def _is_scoped(subject: Subject, name: str) -> list[Column]:
    """The column of that name, in tables whose rows may name a family or a product."""
    spec = subject.spec
    scoped = {"family", "product"} <= set(spec.column_names) and not spec.column("family").required
    return [spec.column(name)] if scoped else []


def _comes_after_nothing(subject: Subject, _: Column) -> pd.Series:
    """Milestones that must come after one that their initiative has neither here nor among those that stay."""
    frame, kept = subject.frame, subject.kept
    known = {
        pair
        for rows in (frame, kept)
        if rows is not None
        for pair in zip(rows["initiative"], rows["milestone"], strict=True)
    }
    pairs = zip(frame["initiative"], frame["after"], strict=True)
    return pd.Series([pair[1] is not None and pair not in known for pair in pairs], frame.index, dtype=bool)


def _lost(
    listing: str, listed: Mapping[str, set[str]], tables: Mapping[str, pd.DataFrame]
) -> Iterator[tuple[str, str, list[str]]]:
    """(table, column of `listing`, names) that other tables use and `listing` does not have.

    `listed`: the names in each column of the listing.
    """
    for table in TABLES:
        for column in table.columns:
            source, name = _SOURCES.get(column.refers_to, ("", ""))
            if source == listing and table.name in tables and column.name in tables[table.name]:
                used = set(tables[table.name][column.name].dropna())
                if lost := sorted(used - listed[name]):
                    yield table.name, name, lost


def _listed(listing: str, frame: pd.DataFrame | None) -> dict[str, set[str]]:
    """The names in each column of a table that others refer to."""
    columns = [column for table, column in _SOURCES.values() if table == listing]
    return {name: set() if frame is None else set(frame[name].dropna()) for name in columns}


def check_still_used(subject: Subject) -> list[Finding]:
    """A file that replaces a table must keep what other stored tables still refer to."""
    found: list[Finding] = []
    listing = subject.spec.name
    if subject.mode == "add" or (subject.stored is None and listing not in UNLISTED):
        return found
    others = {name: frame for name, frame in subject.tables.items() if name != listing}
    for table, column, lost in _lost(listing, _listed(listing, subject.frame), others):
        what = f"{how_many(len(lost), f'{column}s')} that {table} uses are not in this file: {', '.join(lost[:5])}"
        remedy = "Keep them (status retired where they are), or import with --add"
        found += subject.finding("error", "still_used", what, remedy, column, lost[0], len(lost))
    return found


def broken_links(tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """One sentence for each reference between stored tables that leads nowhere."""
    return [
        f"{table} uses {how_many(len(lost), f'{column}s')} that {listing} would not have, such as {lost[0]}"
        for listing in dict.fromkeys(table for table, _ in _SOURCES.values())
        if listing in tables or listing not in UNLISTED
        for table, column, lost in _lost(listing, _listed(listing, tables.get(listing)), tables)
    ]


NAMES = (
    check_duplicates,
    check_same_key,
    check_sums,
    check_look_alikes,
    RowRule(
        "An identifier that mixes Latin with Cyrillic or Greek letters is an error, whatever is known.",
        _name_columns,
        lambda subject, column: pd.Series(
            coded(subject.frame[column.name]).where(lambda text: not text.isascii() and len(_scripts(text)) > 1),
            subject.frame.index,
        ),
        "error", "mixed_scripts", "'{value}' mixes letters of two alphabets", "Type it again in one alphabet",
    ),
    check_spellings,
    check_references,
    check_damaged_keys,
    RowRule(
        "Where a row may name a family or a product, it names one of them.",
        lambda subject: _is_scoped(subject, "family"),
        lambda subject, _: subject.frame[["family", "product"]].isna().all(axis=1),
        "error", "scope", "neither family nor product is given",
        "Fill family for the whole family, or product for one product",
    ),
    RowRule(
        "Where a row may name a family or a product, it does not name both.",
        lambda subject: _is_scoped(subject, "product"),
        lambda subject, _: subject.frame[["family", "product"]].notna().all(axis=1),
        "error", "scope", "both family and product are given",
        "Fill family for the whole family, or product for one product",
    ),
    RowRule(
        "A milestone that must come first is a milestone of the same initiative.",
        of_table("milestones", "after"), _comes_after_nothing,
        "error", "unknown_milestone", "the initiative has no milestone '{value}'",
        "Name a milestone of the same initiative",
    ),
    check_still_used,
)  # fmt: skip

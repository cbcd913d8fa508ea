"""Which column of a file may be which of the contract: by the headers of common systems and by what cells hold.

A proposal is asked about and never taken by itself, and a wrong one is worse than none: header and content
must both speak for it, and where two headers could be meant neither is proposed.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Mapping

import pandas as pd

from sop.core.findings import Finding
from sop.core.tables import Column, Table
from sop.intake.field_headers import GENERAL, HEADERS
from sop.intake.headers import plain_header
from sop.intake.parse import parse_number, parse_period
from sop.intake.subject import RawTable
from sop.intake.totals import is_called_total
from sop.intake.typed import chosen
from sop.intake.written import key_alone

_UNIT = re.compile(
    r"[ _]*[\[(](?:pcs|pc|stk|st|eur|usd|gbp|chf|pln|€|\$|units?|ea|szt|uds?|net|netto|ht)\.?[\])]$", re.IGNORECASE
)
_NUMBERS = re.compile(r"(?:^|_)(?:id|ids|no|nr|num|numero|number|nummer|numer|key|code|kod)(?:_|$)")
"""Headers of what counts nothing: order numbers, ids and codes are no quantities."""
_GROUPS = re.compile(r"Group \d+")
"""Headers that groups of a report have been given, because nobody names what they are: what they hold speaks."""
_NAMED_IN = {"products": (("products", "product"),), "families": (("products", "family"),),
             "regions": (("regions", "region"), ("sales_actuals", "region"))}  # fmt: skip
_YEAR = re.compile(r"\d{4}")
_SAMPLE = 500
_SHOWN = 5
_MOST = 0.95
_NEAR = 0.88


def _plain(words: Mapping[str, str]) -> dict[str, frozenset[str]]:
    return {column: frozenset(map(plain_header, texts.split("; "))) for column, texts in words.items()}


_BY_COLUMN = _plain(HEADERS)
_GENERAL = _plain(GENERAL)
_PRICE_UNITS = frozenset(
    (
        "preiseinheit",
        "peinh",
        "price_unit",
        "per",
        "unite_de_prix",
        "unidad_de_precio",
        "prijseenheid",
        "jednostka_ceny",
    )
)
"""Headers of how many units a price is for: SAP and others give prices per 100 or 1,000."""
_PRICES = ("price", "unit_cost")


def _words(spec: Table, column: str) -> frozenset[str]:
    """What a column of a table is called: its words in that table, else those of the column."""
    return _BY_COLUMN.get(f"{spec.name}.{column}", _BY_COLUMN.get(column, frozenset()))


def _general(spec: Table, column: str) -> frozenset[str]:
    """What a column of a table may be called where no header says more."""
    return _GENERAL.get(f"{spec.name}.{column}", frozenset())


def known_headers(spec: Table) -> frozenset[str]:
    """Plain headers by which a file of the table is known: the contract's and those of the field."""
    return frozenset(spec.column_names).union(
        *(_words(spec, name) | _general(spec, name) for name in spec.column_names)
    )


def figures_by_word(spec: Table) -> dict[str, str]:
    """Plain header → the column of numbers that it means."""
    numbers = [column.name for column in spec.columns if column.kind == "number"]
    words = {word: name for name in numbers for word in _words(spec, name)}
    return words | {name: name for name in numbers}


def mixed_figures(spec: Table, raw: RawTable, unknown: Collection[str]) -> tuple[Finding, ...]:
    """An error where a column that is left out says that rows hold different figures: units here, money there.

    `unknown`: headers that are taken as nothing. Read as one figure, such rows would be added up.
    """
    by_word = figures_by_word(spec)
    for header in unknown if "measure" not in spec.column_names else ():
        texts = [text for text in raw.frame[header].dropna().unique()[:_SAMPLE] if not is_called_total(text)]
        meant = {by_word.get(plain_header(_UNIT.sub("", text))) for text in texts}
        if len(meant) > 1 and None not in meant:
            names = ", ".join(texts[:_SHOWN])
            what = f"by the column '{header}' rows hold different figures: {names}"
            remedy = "Give each figure a column of its own, or bring the rows of one figure at a time"
            return (Finding("error", "mixed_figures", what, remedy, spec.name, raw.name, None, header),)
    return ()


def propose_mapping(
    spec: Table,
    raw: RawTable,
    mapping: Mapping[str, str],
    set_values: Mapping[str, str],
    tables: Mapping[str, pd.DataFrame],
) -> dict[str, str]:
    """Header → column for columns that neither names nor `mapping` nor `set_values` give.

    `tables`: what is stored, by name: a column of products holds products that are known.
    """
    given = {mapping.get(header, plain_header(header)) for header in raw.columns} | set(set_values)
    free = [
        header for header in raw.columns if header not in mapping and plain_header(header) not in spec.column_names
    ]
    found: dict[str, list[str]] = {}
    per_many = _priced_per_many(raw)
    for column in (column for column in spec.columns if column.name not in given):
        if per_many and column.name in _PRICES:
            continue
        called = [header for header in free if _says(header, column, _words(spec, column.name))]
        general = [header for header in free if _said(header) in _general(spec, column.name)]
        clear, vague = (
            [header for header in headers if _holds(raw.frame[header], column, header, tables)]
            for headers in (called, general)
        )
        named = [header for header in free if _names_known(raw.frame[header], column, header, tables)]
        found[column.name] = list(dict.fromkeys([*named, *clear])) or vague
    wanted = {name: headers[0] for name, headers in found.items() if len(headers) == 1}
    taken = list(wanted.values())
    return {header: name for name, header in wanted.items() if taken.count(header) == 1}


def unread_dates(spec: Table, raw: RawTable) -> dict[str, tuple[str, str]]:
    """Column of months or days → the one header that names it whose cells are none, and such a cell."""
    found: dict[str, tuple[str, str]] = {}
    for column in (column for column in spec.columns if column.kind in ("month", "date")):
        words = _words(spec, column.name)
        named = [header for header in raw.columns if _says(header, column, words)]
        texts = [] if len(named) != 1 else [t for t in raw.frame[named[0]].dropna().unique() if not _is_date(t)]
        if texts:
            found[column.name] = (named[0], texts[0])
    return found


def _priced_per_many(raw: RawTable) -> bool:
    """Whether the file says that prices are for another number of units than one: then they are none of ours."""
    units = [raw.frame[header] for header in raw.columns if plain_header(header) in _PRICE_UNITS]
    return any(parse_number(text, ".") != 1 for cells in units for text in cells.dropna().unique())


def _said(header: str) -> str:
    """A header in plain words, without the unit it may end with."""
    return plain_header(_UNIT.sub("", header))


def _says(header: str, column: Column, words: frozenset[str]) -> bool:
    """Whether a header names the column in the words of a common system or language, or is nearly its own name."""
    plain = _said(header)
    near = difflib.SequenceMatcher(None, plain, column.name).ratio() >= _NEAR
    return plain == column.name or plain in words or near


def _holds(cells: pd.Series, column: Column, header: str, tables: Mapping[str, pd.DataFrame]) -> bool:
    """Whether what a column of the file holds is what the contract's column holds."""
    texts = [text for text in cells.dropna().iloc[:_SAMPLE] if not is_called_total(text)]
    if not texts:
        return False
    if column.kind == "number":
        return (
            not _NUMBERS.search(plain_header(header))
            and _share(texts, _is_number) >= _MOST
            and not _counts_up(texts)
        )
    if column.kind in ("month", "date"):
        return _share(texts, _is_date) >= _MOST
    if column.kind == "choice":
        return _share(texts, lambda text: chosen(text, column)) >= _MOST
    if column.refers_to in ("products", "families") and len(stored := tables.get("products", pd.DataFrame())):
        names = set(stored["product" if column.refers_to == "products" else "family"])
        return _share(list(dict.fromkeys(texts)), names.__contains__) > 0.5
    return _share(texts, lambda text: "-" in text[1:] and _YEAR.search(text) and _is_date(text)) < 0.5


def _names_known(cells: pd.Series, column: Column, header: str, tables: Mapping[str, pd.DataFrame]) -> bool:
    """Whether the groups of a report are, most of them, products, families or regions that are stored."""
    if not _GROUPS.fullmatch(header):
        return False
    stored = [(tables[table], name) for table, name in _NAMED_IN.get(column.refers_to, ()) if table in tables]
    known = {text for table, name in stored if name in table for text in table[name]}
    texts = {key_alone(text) for text in cells.dropna().unique() if not is_called_total(text)}
    return len(texts & known) > len(texts) / 2


def _share(texts: list[str], holds: Callable[[str], object]) -> float:
    return sum(bool(holds(text)) for text in texts) / len(texts)


def _is_number(text: str) -> bool:
    return parse_number(text, ".") is not None or parse_number(text, ",") is not None


def _is_date(text: str) -> bool:
    return (parse_period(text, "dmy") or parse_period(text, "mdy")) is not None


def _counts_up(texts: list[str]) -> bool:
    """Whether figures are numbers of documents: long, of one length, all different and close to each other."""
    if (
        len(texts) < 3
        or len(set(texts)) < len(texts)
        or not all(text.isdigit() and len(text) > 4 for text in texts)
    ):
        return False
    figures = [int(text) for text in texts]
    return len({len(text) for text in texts}) == 1 and max(figures) - min(figures) < 10 * len(texts)

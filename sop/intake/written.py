"""Figures as people write them, with their unit behind them and a dash where there is none, and keys with a name.

A unit is left out where all figures of the file carry the same one; several, or one that may be a multiple
(5 k, 2 t), are asked about. A dash may be a zero or something that nobody knows, and is asked about. Of a key with
its name, '[00123] Box', the key is read where products are known by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from sop.core.findings import Finding
from sop.core.format import how_many, number
from sop.core.tables import Table
from sop.intake.headers import plain_header
from sop.intake.parse import CURRENCIES, parse_number
from sop.intake.subject import RawTable
from sop.intake.turn import grouped_headers, month_headers

DASHES = ("-", "--", "\u2013", "\u2014", "\u2212")
_WITH_UNIT = re.compile(r"^(?P<figure>[-+(]?\d[\d.,'’ \u00a0\u2009\u202f]*\)?)(?P<unit>[^\W\d_]{1,12})\.?$")
_MULTIPLES = frozenset(("k", "m", "t", "tsd", "mio", "mrd", "mn", "mln", "bn", "mm", "b", "tys"))
"""Letters behind a figure that may say how many times it counts."""
_NAMED_KEY = re.compile(r"^\[([^\]]+)\] *\S")
_SHOWN = 4


def plain_figures(
    spec: Table, raw: RawTable, mapping: Mapping[str, str], words: Mapping[str, str], answers: Mapping[str, str]
) -> RawTable:
    """The file with plain figures, and what it says or asks of units and dashes; as it is where it holds none.

    `words`: plain header → the column of numbers that it names. Until a dash is answered for it is shown as 0.
    """
    columns = {column.name: column for column in spec.columns}
    known = frozenset(words)
    meant = {header: mapping.get(header, words.get(plain_header(header), "")) for header in raw.columns}
    side_by_side = {*month_headers(raw), *grouped_headers(raw, known)} if spec.has_months else set()
    figures = [h for h, ours in meant.items() if ours in columns and columns[ours].kind == "number"]
    figures += [header for header in raw.columns if header in side_by_side and header not in figures]
    money = {h for h in figures if meant[h] in columns and columns[meant[h]].unit == "currency"}
    read = {header: raw.frame[header] for header in figures}
    findings = [*_dashes(spec, raw, read, answers.get("dashes"))]
    # Of money the letters are its currency, which has rules of its own.
    findings += _units(spec, raw, {h: cells for h, cells in read.items() if h not in money}, read, answers)
    if not findings:
        return raw
    return replace(raw, frame=raw.frame.assign(**read), findings=(*raw.findings, *findings))


def plain_keys(
    spec: Table, raw: RawTable, mapping: Mapping[str, str], tables: Mapping[str, pd.DataFrame]
) -> RawTable:
    """The file with the keys alone where every product is written as key and name; else as it is.

    `mapping`: header → column; `tables`: what is stored, by name: only keys that are known there are read so.
    """
    products = tables.get("products")
    known = set() if products is None or not len(products) else set(products["product"])
    read: dict[str, pd.Series] = {}
    findings: list[Finding] = []
    for header in raw.columns:
        ours = mapping.get(header, plain_header(header))
        if ours not in spec.column_names or spec.column(ours).refers_to != "products":
            continue
        texts = {t: m[1] for t in raw.frame[header].dropna().unique() if (m := _NAMED_KEY.match(t))}
        if not texts or known & texts.keys() or not known & set(texts.values()):
            continue
        read[header] = raw.frame[header].map(lambda text, texts=texts: texts.get(text, text))
        shown = next(iter(texts))
        what = f"{header} holds keys with their names: {number(len(texts))} are read by their key alone"
        findings.append(Finding("note", "named_keys", what, "", spec.name, raw.name, None, header, shown))
    return replace(raw, frame=raw.frame.assign(**read), findings=(*raw.findings, *findings)) if read else raw


def key_alone(text: str) -> str:
    """'[00123] Box' as 00123; any other text as it is."""
    found = _NAMED_KEY.match(text)
    return found[1] if found else text


def _dashes(spec: Table, raw: RawTable, read: dict[str, pd.Series], answer: str | None) -> list[Finding]:
    """Put into `read` what a dash stands for; a question until that is said, then a note."""
    found = {header: cells.isin(DASHES).to_numpy(bool) for header, cells in read.items()}
    count = sum(int(rows.sum()) for rows in found.values())
    if not count:
        return []
    header = next(header for header, rows in found.items() if rows.any())
    line = raw.lines[int(np.argmax(found[header]))]
    for each, rows in found.items():
        if rows.any():
            texts = np.array(read[each], dtype=object)
            texts[rows] = None if answer == "missing" else "0"
            read[each] = pd.Series(texts, raw.frame.index, dtype=object)
    what = f"{how_many(number(count), 'cells', 'hold')} a dash where a figure should be"
    if answer:
        told = "0" if answer == "zero" else "not known"
        return [
            Finding("note", "dashes", f"{what}, and are read as {told}", "", spec.name, raw.name, line, header)
        ]
    ask = "Answer dashes=zero if a dash is 0, or dashes=missing if nothing is known there"
    return [Finding("question", "dashes", what, ask, spec.name, raw.name, line, header, "-", count)]


def _units(
    spec: Table,
    raw: RawTable,
    counted: Mapping[str, pd.Series],
    read: dict[str, pd.Series],
    answers: Mapping[str, str],
) -> list[Finding]:
    """Leave units out of `read`; a note of the one that all figures carry, a question of several or of some."""
    split = {header: found for header, cells in counted.items() if (found := _split(cells.dropna()))}
    if not split:
        return []
    units: dict[str, str] = {}
    for texts in split.values():
        for text, (_, unit) in texts.items():
            units.setdefault(unit.lower(), text)
    bare = next(
        (text for h in split for text in counted[h].dropna() if text not in split[h] and text != "0"), None
    )
    rows = {header: counted[header].isin(texts) for header, texts in split.items()}
    for header, texts in split.items():
        plain = [texts[text][0] if text in texts else text for text in counted[header]]
        read[header] = pd.Series(plain, raw.frame.index, dtype=object)
    count = sum(int(each.sum()) for each in rows.values())
    header = next(iter(split))
    line = raw.lines[int(np.argmax(rows[header].to_numpy(bool)))]
    shown = ", ".join([*units.values(), *([bare] if bare else [])][:_SHOWN])
    if len(units) == 1 and bare is None and not units.keys() & _MULTIPLES:
        unit = next(iter(split[header].values()))[1]
        what = f"all figures carry the unit '{unit}', and {number(count)} are read without it"
        return [Finding("note", "units", what, "", spec.name, raw.name, line, header, shown, count)]
    if answers.get("units") == "same":
        what = (
            f"{how_many(number(count), 'figures', 'are')} read without their unit, as answered: they "
            f"count the same"
        )
        return [Finding("warning", "units", what, "", spec.name, raw.name, line, header, shown, count)]
    why = "of which one may be a multiple" if units.keys() & _MULTIPLES else "which may not count the same"
    what = f"figures are written with {'units' if len(units) > 1 else 'a unit and without'}, {why}: {shown}"
    if len(units) == 1 and bare is None:
        what = f"figures are written with a unit that may be a multiple: {shown}"
    ask = "Answer units=same if all of them count single units of the product, else write plain figures"
    return [Finding("question", "units", what, ask, spec.name, raw.name, line, header, shown, count)]


def _split(texts: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Text → figure and unit, of texts that are both."""
    # Of a long table no text is looked at twice, and nearly none ends with a letter.
    ends = {text for text in texts if text[-1].isalpha() or (text[-1] == "." and text[-2:-1].isalpha())}
    found: dict[str, tuple[str, str]] = {}
    for text in ends:
        match = _WITH_UNIT.match(text)
        if match is None or CURRENCIES.search(text):
            continue
        figure = match["figure"].strip()
        if parse_number(figure, ".") is not None or parse_number(figure, ",") is not None:
            found[text] = (figure, match["unit"])
    return found

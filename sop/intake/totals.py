"""Rows of a file that add up others: known by what they are called, and left out where their figures prove it."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from sop.core.findings import Finding
from sop.core.format import does, how_many
from sop.core.tables import Table
from sop.intake.subject import RawTable

_WORDS = (
    "(?:(?:grand|sub|sous|zwischen|teil|tussen|eind|overall|końcow[ae])[ \\-]?)?"
    "(?:totals?|sum|summe|gesamt|gesamtsumme|gesamtergebnis|ergebnis|insgesamt|totaal|totale|totaux|suma|razem"
    "|ogółem|celkem)"
)
_TOTAL = re.compile(
    rf"^{_WORDS}(?: (?:général|general|generaal|partiel|parcial|częściowa|końcowa|ogólna|ogółem))?:?$",
    re.IGNORECASE,
)
_TOTAL_OF = re.compile(
    rf"^(?:{_WORDS} (?:of |for |für |de |van |voor |dla )?(?P<after>.+)|(?P<before>.+?) {_WORDS})$", re.IGNORECASE
)
_ROUNDING = 1e-6


def is_called_total(text: str) -> bool:
    """Whether a text names a total, of everything or of something: 'Total', 'Subtotaal Noord', 'A1 Ergebnis'."""
    return bool(_TOTAL.match(text) or _TOTAL_OF.match(text))


def total_rows(spec: Table, cells: pd.DataFrame, raw: pd.DataFrame) -> pd.Series:
    """For each row what it says that it is a total of: "" all rows, a name its rows, None no total.

    "Total", "Grand total" or "East total" (where East is a value of a key) in a key, or in any column where a key
    is empty.
    """
    result = pd.Series(None, index=cells.index, dtype=object)
    required = [name for name in spec.key if spec.column(name).required]
    wanting = cells[required].isna().any(axis=1)
    names = {text for name in spec.full_key for text in pd.unique(cells[name]) if isinstance(text, str)}
    for texts, rows in [(cells[name], None) for name in spec.full_key] + [(raw[name], wanting) for name in raw]:
        known = {text for text in pd.unique(texts) if isinstance(text, str)}
        for text in known:
            if text[-1:].isdigit() and text[:1].isdigit():
                continue
            match = _TOTAL_OF.match(text)
            part = (match["after"] or match["before"]) if match else None
            if _TOTAL.match(text) or part in known or part in names:
                hit = texts.eq(text) if rows is None else texts.eq(text) & rows
                result[hit & result.isna()] = "" if _TOTAL.match(text) else part
    return result


def nameless_rows(spec: Table, cells: pd.DataFrame) -> pd.Series:
    """For each row without a name what it may be a total of: "" all rows, a month its rows; None where it has one.

    So end exports whose totals stand under the figures alone. A table whose names may all be empty has none.
    """
    others = [name for name in spec.full_key if name != "month"]
    wanting = cells[[name for name in spec.key if spec.column(name).required]].isna().any(axis=1)
    nameless = wanting & cells[others].isna().all(axis=1)
    labels = cells["month"].fillna("") if "month" in cells else pd.Series("", cells.index, dtype=object)
    return labels.where(nameless, None)


def proven_totals(spec: Table, cells: pd.DataFrame, values: pd.DataFrame, totals: pd.Series) -> pd.Series:
    """Total rows whose every figure is the sum of the rows they stand for: all, those of a name, those since
    the last, or all of its month.

    Without a figure to compare nothing is proven.
    """
    names = [column.name for column in spec.added_columns]
    # A sheet adds up closings too, over months even: no figure of ours, and still a total of its rows.
    stocks = [column.name for column in spec.columns if column.adds in ("first", "last")]
    single = totals.isna()
    block = (~single).cumsum()
    result = pd.Series(False, index=values.index)
    for label in totals.index[~single]:
        filled = [name for name in (*names, *stocks) if not np.isnan(values[name][label])]
        told = [name for name in filled if name in names] or filled
        before = single & (block == block[label] - 1)
        of_name = single & cells[list(spec.full_key)].eq(totals[label]).any(axis=1)
        groups = [before, of_name] if totals[label] else [single, before]
        if "month" in values and isinstance(month := values["month"][label], str):
            # Of a sheet with months side by side the total has a row in each month.
            groups.append(single & values["month"].eq(month) & (of_name if totals[label] else True))
        result[label] = bool(told) and any(
            _adds_to(values.loc[rows, told], values.loc[label, told]) for rows in groups
        )
    return result


def _adds_to(rows: pd.DataFrame, total: pd.Series) -> bool:
    sums = rows.sum().to_numpy(float)
    return len(rows) > 1 and bool(np.allclose(sums, total.to_numpy(float), rtol=_ROUNDING, atol=_ROUNDING))


def tell_left_out(spec: Table, raw: RawTable, rows: pd.Series) -> tuple[Finding, ...]:
    """A warning that names the total rows that are left out."""
    lines = [raw.lines[label] for label in rows.index[rows]]
    if not lines:
        return ()
    shown = ", ".join(map(str, lines[:5])) + (", …" if len(lines) > 5 else "")
    what = (
        f"{how_many(len(lines), 'rows', 'add')} up other rows, to the last unit, and "
        f"{does(len(lines), 'are')} left out (line {shown})"
    )
    return (Finding("warning", "total_left_out", what, "", spec.name, raw.name, lines[0], count=len(lines)),)

"""What changes when a table takes the place of what is stored: rows by key, what they move in units and money."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from sop.core.calendar import is_open
from sop.core.tables import Column, Table
from sop.intake.coded import coded, key_ids
from sop.intake.subject import conform

SAMPLE = 20


@dataclass(frozen=True)
class Moved:
    """Rows of one kind and by how much they move the table, what is there now less what was there.

    `units` and `money` (company currency, or a region's own) are None where the table has none. Money that no
    column tells is at list price; accounts are of different kinds, so theirs is added up without signs. `months`:
    those the rows are in.
    """

    rows: int
    units: float | None
    money: float | None
    months: tuple[str, ...] = ()


@dataclass(frozen=True)
class Difference:
    """Counts of rows by key, and the first rows of each kind.

    `sample` has the columns `change` (added, changed, removed), the key, and `was` / `now` with what differs.
    `moved`: what `added`, `changed` and `removed` rows move, and `restated` ones: those of any kind in closed
    months of which something was stored before.
    """

    added: int
    changed: int
    unchanged: int
    removed: int
    sample: pd.DataFrame = field(repr=False)
    moved: Mapping[str, Moved] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether the table stays as it is."""
        return not (self.added or self.changed or self.removed)


def compare_tables(
    spec: Table,
    stored: pd.DataFrame | None,
    after: pd.DataFrame,
    first_open: str = "",
    products: pd.DataFrame | None = None,
) -> Difference:
    """What changes when `after` takes the place of `stored`; keys are unique in both.

    A number that differs by less than one part in 10¹² is the same; `_file` and `_line` do not count.
    `first_open`: the first open month, before which months are closed. `products`: for list prices.
    """
    old, new = (conform(spec, frame) for frame in (after.iloc[:0] if stored is None else stored, after))
    before, removed = _places_before(spec, old, new)
    added, both = np.flatnonzero(before < 0), np.flatnonzero(before >= 0)
    differs = _differs(spec, old.iloc[before[both]], new.iloc[both])
    changes = differs.any(axis=1).to_numpy(bool)
    changed = both[changes]
    rows = [
        *(
            _row(spec, "changed", old.iloc[before[i]], new.iloc[i], differs.columns[differs.loc[new.index[i]]])
            for i in changed[:SAMPLE]
        ),
        *(_row(spec, "added", None, new.iloc[i], _filled(spec, new.iloc[i])) for i in added[:SAMPLE]),
        *(_row(spec, "removed", old.iloc[i], None, _filled(spec, old.iloc[i])) for i in removed[:SAMPLE]),
    ]
    sample = pd.DataFrame(rows, columns=["change", *spec.full_key, "was", "now"], dtype=object)
    pairs = {"added": (added, None), "changed": (changed, before[changed]), "removed": (None, removed)}
    moved = _moved(spec, old, new, pairs, first_open, products)
    return Difference(len(added), len(changed), len(both) - len(changed), len(removed), sample, moved)


def _places_before(spec: Table, old: pd.DataFrame, new: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """For each row its place in the stored table, −1 where it has none; and the places that are in it no more."""
    if not len(old):
        return np.full(len(new), -1, dtype=np.int32), np.zeros(0, dtype=np.int64)
    old_ids, new_ids = key_ids(spec, old, new)
    at = np.full(int(max(old_ids.max(initial=-1), new_ids.max(initial=-1))) + 1, -1)
    at[old_ids] = np.arange(len(old))
    return at[new_ids], np.flatnonzero(~np.isin(old_ids, new_ids))


def as_before(spec: Table, stored: pd.DataFrame, after: pd.DataFrame, first_open: str) -> pd.DataFrame:
    """`after` with the months closed before `first_open` of which `stored` tells as they stand there."""
    old, new = conform(spec, stored), conform(spec, after)
    known = {month for month in coded(old["month"]).texts if not is_open(month, first_open)}
    return pd.concat([old[old["month"].isin(known)], new[~new["month"].isin(known)]], ignore_index=True)


_Places = np.ndarray | None


def _moved(
    spec: Table,
    old: pd.DataFrame,
    new: pd.DataFrame,
    pairs: Mapping[str, tuple[_Places, _Places]],
    first_open: str,
    products: pd.DataFrame | None,
) -> dict[str, Moved]:
    """What each kind of rows moves; `pairs`: the places of its rows now, and before."""
    units = _figures(spec, new, old, "units", products)
    money = _figures(spec, new, old, "currency", products)
    months = (new["month"], old["month"]) if spec.has_months else None
    before = coded(old["month"]).texts if spec.has_months else []
    known = {month for month in before if first_open and not is_open(month, first_open)}
    found: dict[str, Moved] = {}
    restated: list[Moved] = []
    for kind, (now, was) in pairs.items():
        if months is None:
            found[kind] = _move(spec, units, money, now, was, ())
            continue
        rows = _at(months[0], now) if now is not None else _at(months[1], was)  # type: ignore[arg-type]
        names = coded(rows)
        found[kind] = _move(spec, units, money, now, was, names.texts)
        closed = names.where(known.__contains__)
        again, before_again = (None if each is None else each[closed] for each in (now, was))
        told = [text for text in names.texts if text in known]
        restated.append(_move(spec, units, money, again, before_again, told))
    found["restated"] = Moved(
        sum(each.rows for each in restated),
        None if units is None or months is None else sum(each.units or 0.0 for each in restated),
        None if money is None or months is None else sum(each.money or 0.0 for each in restated),
        tuple(sorted({month for each in restated for month in each.months})),
    )
    return found


_Pair = tuple[np.ndarray, np.ndarray] | None
"""Figures of the rows now and before."""


def _at(values: Any, places: np.ndarray) -> Any:
    """Some of the values, in their order; all of them without a copy, which takes much memory."""
    if len(places) == len(values):
        return values
    return values.iloc[places] if isinstance(values, pd.Series) else values[places]


def _move(spec: Table, units: _Pair, money: _Pair, now: _Places, was: _Places, months: Iterable[str]) -> Moved:
    def total(figures: _Pair) -> float | None:
        if figures is None:
            return None
        steps = (0.0 if now is None else _at(figures[0], now)) - (0.0 if was is None else _at(figures[1], was))
        return float(np.abs(steps).sum() if "account" in spec.key else np.sum(steps))

    count = len(now if now is not None else was if was is not None else ())
    return Moved(count, total(units), total(money), tuple(sorted(months)))


def _figures(spec: Table, new: pd.DataFrame, old: pd.DataFrame, unit: str, products: pd.DataFrame | None) -> _Pair:
    """Each row's units or money, now and before; None where the table tells none."""
    now, was = (_figure(spec, rows, unit, products) for rows in (new, old))
    if now is None or was is None or not (now.notna().any() or was.notna().any()):
        return None
    return now.fillna(0.0).to_numpy(float), was.fillna(0.0).to_numpy(float)


def _figure(spec: Table, rows: pd.DataFrame, unit: str, products: pd.DataFrame | None) -> pd.Series | None:
    """Each row's units or money; None where the table tells none."""
    column = _size(spec, unit)
    if column is not None:
        figures: pd.Series = rows[column.name]
        if unit == "units" or not len(rows) or figures.notna().any():
            return figures
    units = _size(spec, "units")
    if unit == "units" or units is None or "product" not in rows or products is None or "price" not in products:
        return None
    prices = products.drop_duplicates("product").set_index("product")["price"].astype(float)
    return rows[units.name] * rows["product"].map(prices).astype(float) if prices.notna().any() else None


def _size(spec: Table, unit: str) -> Column | None:
    """The column that says how much a row is in a unit: what closes a stock, else the first that adds up."""
    columns = [column for column in spec.columns if column.unit == unit and (column.adds or spec.dated)]
    return next((column for column in columns if column.adds == "last"), columns[0] if columns else None)


def _differs(spec: Table, old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Which cells (rows, columns) are another value."""
    return pd.DataFrame(
        {
            c.name: ~np.isclose(old[c.name], new[c.name], rtol=1e-12, atol=0.0, equal_nan=True)
            if c.kind == "number"
            else old[c.name].fillna("").to_numpy(object) != new[c.name].fillna("").to_numpy(object)
            for c in spec.columns
        },
        index=new.index,
    )


def _filled(spec: Table, row: pd.Series) -> list[str]:
    """Columns beside the key in which a row says something."""
    return [name for name in spec.column_names if name not in spec.full_key and pd.notna(row[name])]


def _row(
    spec: Table, change: str, old: pd.Series | None, new: pd.Series | None, names: Iterable[str]
) -> list[object]:
    """A row of the sample: some columns as they were and are now."""
    was, now = (
        "" if row is None else ", ".join(f"{name} {_text(row[name])}" for name in names) for row in (old, new)
    )
    key = next(row for row in (new, old) if row is not None)
    return [change, *key[list(spec.full_key)], was, now]


def _text(value: object) -> str:
    if value is None or value != value:
        return "empty"
    return f"{value:.12g}" if isinstance(value, float) else str(value)

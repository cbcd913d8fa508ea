"""What changes when a table takes the place of what is stored: rows by key, what they move in units and money."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from sop.core.tables import Column, Table
from sop.intake.subject import conform, row_keys

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
    full = (conform(spec, frame) for frame in (after.iloc[:0] if stored is None else stored, after))
    old, new = (frame.set_index(row_keys(spec, frame)) for frame in full)
    added, removed = new.index.difference(old.index, sort=False), old.index.difference(new.index, sort=False)
    both = new.index.intersection(old.index, sort=False)
    differs = _differs(spec, old.loc[both], new.loc[both])
    changed = both[differs.any(axis=1).to_numpy(bool)]
    rows = [
        *(
            _row(spec, "changed", old.loc[k], new.loc[k], differs.columns[differs.loc[k]])
            for k in changed[:SAMPLE]
        ),
        *(_row(spec, "added", None, new.loc[k], _filled(spec, new.loc[k])) for k in added[:SAMPLE]),
        *(_row(spec, "removed", old.loc[k], None, _filled(spec, old.loc[k])) for k in removed[:SAMPLE]),
    ]
    sample = pd.DataFrame(rows, columns=["change", *spec.full_key, "was", "now"], dtype=object)
    moved = _moved(spec, old, new, {"added": added, "changed": changed, "removed": removed}, first_open, products)
    return Difference(len(added), len(changed), len(both) - len(changed), len(removed), sample, moved)


def _moved(
    spec: Table,
    old: pd.DataFrame,
    new: pd.DataFrame,
    kinds: Mapping[str, pd.Index],
    first_open: str,
    products: pd.DataFrame | None,
) -> dict[str, Moved]:
    """What each kind of rows moves; frames are indexed by key."""
    keys = kinds["added"].append([kinds["changed"], kinds["removed"]])
    now, was = new.reindex(keys), old.reindex(keys)
    units, money = (_figure(spec, now, what, products) for what in ("units", "currency"))
    before = tuple(_figure(spec, was, what, products) for what in ("units", "currency"))
    months = now["month"].fillna(was["month"]) if spec.has_months else pd.Series("", index=keys)
    known = set(old["month"].dropna()) if spec.has_months else set()
    closed = months.isin({month for month in known if month < first_open}).to_numpy(bool)
    places = {kind: keys.isin(index) for kind, index in kinds.items()} | {"restated": closed}

    def move(of: pd.Series | None, less: pd.Series | None, rows: np.ndarray) -> float | None:
        if of is None or less is None:
            return None
        steps = (of.fillna(0.0) - less.fillna(0.0)).to_numpy(float)[rows]
        return float((np.abs(steps) if "account" in spec.key else steps).sum())

    return {
        kind: Moved(
            int(rows.sum()),
            move(units, before[0], rows),
            move(money, before[1], rows),
            tuple(sorted(set(months[rows]) - {""})),
        )
        for kind, rows in places.items()
    }


def _figure(spec: Table, rows: pd.DataFrame, unit: str, products: pd.DataFrame | None) -> pd.Series | None:
    """Each row's units or money; None where the table tells none."""
    column = _size(spec, unit)
    if column is not None:
        figures: pd.Series = rows[column.name]
        if unit == "units" or figures.notna().any():
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
            else old[c.name].fillna("") != new[c.name].fillna("")
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

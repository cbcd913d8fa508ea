"""What findings are about in money: each row at its own amount, else its units at the product's price or cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import fsum, nan

import pandas as pd

from sop.core.findings import Finding
from sop.core.tables import BOUNDS, Table

Key = tuple[str, str, str]


def worth_of_rows(spec: Table, rows: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> pd.Series:
    """The size of each row in currency (rows,); not-a-number where neither an amount nor a price is known.

    The row's first amount; else its last stock or first units at list price, at standard cost without one.
    """
    amounts = [c.name for c in spec.columns if c.unit == "currency" and rows[c.name].notna().any()]
    if amounts:
        return rows[amounts[0]].abs()
    counted = [c for c in spec.columns if c.unit == "units" and c.adds != "first"]
    counted.sort(key=lambda column: column.adds != "last")
    products = tables.get("products")
    if not counted or products is None or "product" not in spec.column_names:
        return pd.Series(float("nan"), index=rows.index)
    known = products.drop_duplicates("product").set_index("product")
    price, cost = (
        pd.to_numeric(known.get(name, pd.Series(float("nan"), known.index)), errors="coerce")
        for name in ("price", "unit_cost")
    )
    return (rows[counted[0].name] * rows["product"].map(price.where(price > 0, cost))).abs()


def money_touched(
    folded: Sequence[Finding], findings: Iterable[Finding], worth: Mapping[int, float]
) -> tuple[float | None, ...]:
    """For each of the folded findings the money of its rows, each row once; None where none of it is known.

    `findings`: row by row; `worth` by line. Beyond the rows that are listed one by one nothing is counted.
    """
    lines: dict[Key, set[int]] = {}
    for finding in findings:
        if finding.line is not None:
            lines.setdefault(_key(finding), set()).add(finding.line)

    def of(found: Finding) -> float | None:
        own = set() if found.line is None else {found.line}
        about = lines.get(_key(found), set()) if found.count > 1 else own
        # A figure that no company has is a mistake, not money.
        figures = [worth[line] for line in about if worth.get(line, nan) <= BOUNDS["currency"]]
        return fsum(figures) if figures else None

    return tuple(map(of, folded))


def _key(finding: Finding) -> Key:
    return finding.level, finding.rule, finding.column

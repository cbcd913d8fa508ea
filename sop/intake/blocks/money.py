"""Budget and ledger."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sop.core.calendar import Calendar, months_between
from sop.core.inputs import Budget, Families, Floats, Ledger
from sop.intake.blocks.arrays import cube, numbers, positions, texts


def build_budget(
    frame: pd.DataFrame, families: Families, regions: tuple[str, ...], weights: Floats
) -> Budget | None:
    """The budget by planning family, region and month.

    A company family that is planned as two has its budget split by `weights` (F,) recent units.
    """
    months = texts(frame, "month")
    if not months:
        return None
    span = months_between(min(months), max(months))
    bases = sorted(set(families.base))
    axes = [("family", positions(bases)), ("region", positions(regions)), ("month", positions(span))]
    part = np.ones(len(families.names))
    for base in bases:
        own = np.array(families.index(base))
        part[own] = weights[own] / weights[own].sum() if weights[own].sum() > 0 else 1 / len(own)
    row = [bases.index(base) for base in families.base]

    def split(column: str) -> Floats:
        return cube(frame, axes, numbers(frame, column))[row] * part[:, None, None]

    margin = split("gross_margin")
    return Budget(span, split("quantity"), split("revenue"), margin if np.isfinite(margin).any() else None)


def build_ledger(financials: pd.DataFrame, account_map: pd.DataFrame | None, calendar: Calendar) -> Ledger | None:
    """Ledger by line of the financial plan: actuals of closed months and the budget; None when no row counts.

    Accounts without a line are listed as unmapped and count nowhere. Amounts are taken as positive sizes of
    their line, as `account_map` names them.
    """
    months = texts(financials, "month")
    if not months:
        return None
    span = months_between(min(months), max(max(months), calendar.months[-1]))
    lines = {} if account_map is None else _lines(account_map)
    keys = list(zip(texts(financials, "account_type"), texts(financials, "account"), strict=True))
    frame = financials.assign(line=[lines.get(key, "") for key in keys])
    names = tuple(sorted(set(lines.values()) - {"statistical", "other"}))
    axes = [("scenario", positions(("actual", "budget"))), ("line", positions(names)), ("month", positions(span))]
    amounts = cube(frame, axes, numbers(frame, "amount"))
    closed = np.array([calendar.position(month) < 0 for month in span])
    return Ledger(
        months=span,
        actual={name: np.where(closed, amounts[0, i], np.nan) for i, name in enumerate(names)},
        budget={name: amounts[1, i] for i, name in enumerate(names)},
        unmapped=tuple(sorted({" · ".join(key) for key in keys if key not in lines})),
    )


def _lines(account_map: pd.DataFrame) -> dict[tuple[str, str], str]:
    columns = (texts(account_map, name) for name in ("account_type", "account", "line"))
    return {(kind, account): line for kind, account, line in zip(*columns, strict=True)}

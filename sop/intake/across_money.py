"""Findings across tables about money: budget against sales, ledger against account map."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from sop.core.findings import Finding, Level
from sop.core.inputs import Budget, Floats, Inputs
from sop.intake.blocks.arrays import numbers, texts

Frames = Mapping[str, pd.DataFrame]

OTHER_UNIT, OTHER_PRICE = 100.0, 10.0
"""Times by which a budget a month, or its price a unit, must differ from the trailing year's to be doubted."""

_NAMED = 5


def check_money(inputs: Inputs, frames: Frames) -> list[Finding]:
    """Every finding about budget and ledger that needs more than one table."""
    return [
        *_budget_unit(inputs),
        *_budget_left_out(inputs, frames),
        *_mapped_twice(frames.get("account_map")),
        *_unmapped(inputs, frames),
    ]


def _budget_unit(inputs: Inputs) -> Iterator[Finding]:
    """Families whose budget is of another size than their sales, a unit or in all."""
    if inputs.budget is None:
        return
    units, revenue = _budget_a_month(inputs.budget, "quantity"), _budget_a_month(inputs.budget, "revenue")
    sold, earned = _sold_a_month(inputs, inputs.history.shipped), _sold_a_month(inputs, inputs.history.revenue)
    with np.errstate(divide="ignore", invalid="ignore"):
        tests = (
            ("quantity", "units a month", units / sold, OTHER_UNIT),
            ("revenue", "revenue a month", revenue / earned, OTHER_UNIT),
            ("revenue", "revenue a unit", (revenue / units) / (earned / sold), OTHER_PRICE),
        )
    for f, family in enumerate(inputs.families.names):
        for column, words, times, most in tests:
            if np.isfinite(times[f]) and times[f] > 0 and max(times[f], 1 / times[f]) >= most:
                what = f"the budget's {words} for {family} is {_times(times[f])} that of the last twelve months"
                remedy = "Check whether the budget is in another unit or currency"
                yield Finding("warning", "budget_unit", what, remedy, "budget", column=column)
                break


def _times(ratio: float) -> str:
    return f"{ratio:,.0f} times" if ratio >= 1 else f"one part in {1 / ratio:,.0f} of"


def _budget_a_month(budget: Budget, column: str) -> Floats:
    """Mean of a budget column a month (F,) over the months it has."""
    values = getattr(budget, column)
    months = np.isfinite(values).any(axis=(0, 1)).sum()
    return np.nansum(values, axis=(1, 2)) / max(int(months), 1)


def _sold_a_month(inputs: Inputs, product_values: Floats) -> Floats:
    recent = inputs.by_family(product_values)[..., -inputs.history.year :]
    return np.nansum(recent, axis=(1, 2)) / max(recent.shape[-1], 1)


def _budget_left_out(inputs: Inputs, frames: Frames) -> Iterator[Finding]:
    """Budget of regions without sales or of families without products, which no plan can be held against."""
    frame = frames.get("budget")
    if frame is None:
        return
    for column, known in (("region", inputs.regions), ("family", inputs.families.base)):
        lost = [name not in known for name in texts(frame, column)]
        if any(lost):
            names = sorted({name for name, out in zip(texts(frame, column), lost, strict=True) if out})
            amount = np.nansum(numbers(frame, "revenue")[lost])
            what = f"budget revenue of {amount:,.0f} is left out: no sales of {column} {', '.join(names[:_NAMED])}"
            remedy = f"Use the {column} names of the sales"
            yield Finding(
                "warning",
                "budget_left_out",
                what,
                remedy,
                "budget",
                column=column,
                value=names[0],
                count=sum(lost),
            )


def _mapped_twice(account_map: pd.DataFrame | None) -> Iterator[Finding]:
    """Accounts with more than one line: nobody can tell which one holds."""
    if account_map is None:
        return
    rows = set(zip(*(texts(account_map, name) for name in ("account_type", "account", "line")), strict=True))
    for (kind, account), lines in sorted(Counter((kind, account) for kind, account, _ in rows).items()):
        if lines > 1:
            what = f"account {account} ({kind}) is mapped to {lines} lines"
            yield Finding("error", "account_mapped_twice", what, "Keep one line", "account_map", value=account)


def _unmapped(inputs: Inputs, frames: Frames) -> Iterator[Finding]:
    """Accounts that count nowhere because no line is named for them."""
    ledger = inputs.ledger
    if ledger is None or not ledger.unmapped:
        return
    some = ", ".join(ledger.unmapped[:_NAMED]) + (" …" if len(ledger.unmapped) > _NAMED else "")
    what = f"{len(ledger.unmapped)} account(s) of the ledger have no line and count nowhere: {some}"
    remedy = "Give each a line in account_map; `other` says that it is left out on purpose"
    level: Level = "warning" if "account_map" in frames else "note"
    yield Finding(level, "account_unmapped", what, remedy, "account_map", count=len(ledger.unmapped))

"""Tables that say less than the plan is made of: what follows from others is worked out, the rest is said to be
unknown.

Budgets by family or of the whole company are shared as recently sold; stock given by its closing alone tells what
came in with what was sold. Order lines without a promise are read by `sop.facts.closed`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from sop.core.calendar import period_name, shift_period, worded
from sop.core.findings import Finding
from sop.core.inputs import Bools, Budget, Families, Floats
from sop.core.words import first_of
from sop.intake.blocks.frames import numbers, texts

Grain = str
"""How far down a budget goes: 'region' (by family and region), 'family', or 'company'."""
_MONEY = ("revenue", "gross_margin")
_MOVES = ("production", "shipments")


def spread_budget(
    frame: pd.DataFrame, families: Families, regions: tuple[str, ...], units: Floats, revenue: Floats
) -> tuple[pd.DataFrame, Grain]:
    """A budget with a family and a region in every row, and how far down it really goes.

    Rows without are shared by the trailing year's `units` and `revenue` (F, R), of all that they cover; equally
    where nothing was sold, and money by units where no revenue is known. Sums stay what they were.
    """
    family, region = texts(frame, "family"), texts(frame, "region")
    coarse = [not f or not r for f, r in zip(family, region, strict=True)]
    if not any(coarse):
        return frame, "region"
    bases = list(dict.fromkeys(families.base))
    place = np.array([bases.index(base) for base in families.base])
    by_base = {"units": np.zeros((len(bases), len(regions))), "money": np.zeros((len(bases), len(regions)))}
    np.add.at(by_base["units"], place, np.clip(np.nan_to_num(units), 0, None))
    known = np.nan_to_num(revenue).sum() > 0
    np.add.at(by_base["money"], place, np.clip(np.nan_to_num(revenue if known else units), 0, None))
    rows: list[dict[Any, Any]] = []
    for record, f, r, whole in zip(frame.to_dict("records"), family, region, coarse, strict=True):
        if not whole:
            rows.append(record)
            continue
        own = [bases.index(f)] if f in bases else list(range(len(bases)))
        there = [regions.index(r)] if r in regions else list(range(len(regions)))
        parts = {name: _shares(values[np.ix_(own, there)]) for name, values in by_base.items()}
        for i, b in enumerate(own):
            for j, place_in in enumerate(there):
                share = {"quantity": parts["units"][i, j], **dict.fromkeys(_MONEY, parts["money"][i, j])}
                figures = {name: record[name] * part for name, part in share.items() if _is_figure(record, name)}
                rows.append({**record, "family": bases[b], "region": regions[place_in], **figures})
    return pd.DataFrame(rows, columns=frame.columns), "family" if all(family) else "company"


def _is_figure(record: Mapping[Any, Any], name: str) -> bool:
    value = record.get(name)
    return value is not None and value == value


def _shares(values: Floats) -> Floats:
    total = values.sum()
    return values / total if total > 0 else np.full(values.shape, 1.0 / values.size)


def budget_findings(frame: pd.DataFrame, grain: Grain) -> list[Finding]:
    """What a budget cannot tell that does not go down to family and region, or that is of money or units alone."""
    what = {
        "family": "the budget is by family: which region misses it cannot be told; it is shared as recently sold",
        "company": "the budget is of the whole company: which family or region misses it cannot be told",
    }
    remedy = "Bring it by family and region to see where it is missed"
    found = [Finding("note", "budget_grain", what[grain], remedy, "budget")] if grain in what else []
    alone = {
        "quantity": "the budget tells no units: volume, mix and price of the gap to it cannot be told apart",
        "revenue": "the budget tells no revenue: how far the plan is from it in money cannot be told",
    }
    found += [
        Finding("note", "budget_figures", words, f"Bring its {column} too", "budget", column=column)
        for column, words in alone.items()
        if not np.isfinite(numbers(frame, column)).all()
    ]
    return found


_SLIGHT = 0.01
"""A budget may leave out so small a share of what a family sells and still be one of the family."""


def uncovered_by(budget: Budget, names: Sequence[str], units: Floats, revenue: Floats) -> tuple[str, ...]:
    """Families (of `names`) that sell and of which a budget says nothing in any month, or not of all regions.

    `units`, `revenue` (F, R): of the last year; by revenue, or by units where none of a family's is known.
    """
    told, sold = _told(budget), _sold(units, revenue)
    missed = np.where(told.any(axis=2), 0.0, sold).sum(axis=1)
    return tuple(
        name for name, out, all_ in zip(names, missed, sold.sum(axis=1), strict=True) if out > _SLIGHT * all_
    )


def partial_months(budget: Budget, units: Floats, revenue: Floats) -> tuple[str, ...]:
    """Months of which a budget tells some families, and not others that sell and that it tells in other months.

    A family that sells a slight part of all may be missing; one that never sold is told from its launch on.
    """
    told, sold = np.any(_told(budget), axis=1), _sold(units, revenue).sum(axis=1)
    missing = ~told & (np.any(told, axis=1) & (sold > _SLIGHT * sold.sum()))[:, None] & np.any(told, axis=0)
    return tuple(
        month for month, some in zip(budget.months, np.any(missing, axis=0).tolist(), strict=True) if some
    )


def _told(budget: Budget) -> Bools:
    """Where a budget tells anything (F, R, B)."""
    return np.asarray(np.isfinite(budget.revenue) | np.isfinite(budget.quantity))


def _sold(units: Floats, revenue: Floats) -> Floats:
    """What was sold (F, R): revenue, or units of a family of which none is known."""
    priced = (np.nan_to_num(revenue) > 0).any(axis=1, keepdims=True)
    return np.clip(np.nan_to_num(np.where(priced, revenue, units)), 0.0, None)


def part_findings(budget: Budget, names: Sequence[str]) -> list[Finding]:
    """That a budget is of some families only, or of some in some months, and what it is held against then."""
    if budget.is_whole and budget.partial:
        missing = ~np.any(_told(budget), axis=1)[:, [budget.months.index(month) for month in budget.partial]]
        whose = [name for name, gone in zip(names, np.any(missing, axis=1).tolist(), strict=True) if gone]
        what = worded(
            f"the budget says nothing of {first_of(whose)} in {_span(budget)} and tells other families: "
            "the company is compared with it in the other months alone"
        )
        return [Finding("warning", "budget_of_a_part", what, worded("Bring the budget of those months"), "budget")]
    if budget.is_whole:
        return []
    held = [name for name in names if name not in budget.uncovered]
    what = (
        f"the budget says nothing of {first_of(budget.uncovered)}, or not of all their regions, and they sell: it "
        f"is no budget of the company; only {first_of(held) or 'no family'} can be set against it, and no total"
    )
    return [Finding("warning", "budget_of_a_part", what, "Bring the budget of the other families", "budget")]


def _span(budget: Budget) -> str:
    """The months in which it tells some families alone: 'May 2027 to Dec 2027', '3 of the months to Dec 2027'."""
    first, last = budget.partial[0], budget.partial[-1]
    whole = budget.months[budget.months.index(first) : budget.months.index(last) + 1] == budget.partial
    if not whole:
        return worded(f"{len(budget.partial)} of the months to {period_name(last)}", counted=True)
    return period_name(first) if first == last else f"{period_name(first)} to {period_name(last)}"


def moves_of_stock(frame: pd.DataFrame, sales: pd.DataFrame) -> tuple[pd.DataFrame, bool]:
    """Stock with movements in every row, and whether they had to be worked out.

    Where no row brings any, what left is what was sold, and what came in is what the closings leave: production,
    purchases, counts and scrap together. In a product's first month nothing is known of it. By product, at the
    first of its plants.
    """
    given = np.isfinite(numbers(frame, "production")) | np.isfinite(numbers(frame, "shipments"))
    if given.any() or not len(frame):
        return frame, False
    keys = ["month", "product"]
    closing = frame.assign(closing=numbers(frame, "closing")).groupby(keys)["closing"].sum()
    sold = sales.assign(quantity=numbers(sales, "quantity")).groupby(keys)["quantity"].sum()
    first = ~frame.duplicated(keys)
    pairs = pd.MultiIndex.from_frame(frame[keys])
    before = pd.MultiIndex.from_arrays(
        [[shift_period(month, -1) for month in texts(frame, "month")], texts(frame, "product")]
    )
    left = sold.reindex(pairs).fillna(0.0).to_numpy(float)
    opened = closing.reindex(before).to_numpy(float)
    came = closing.reindex(pairs).to_numpy(float) - opened + left
    return (
        frame.assign(
            shipments=np.where(first, left, 0.0),
            production=np.where(first, came, np.where(np.isfinite(opened), 0.0, np.nan)),
        ),
        True,
    )


MOVES_UNKNOWN = Finding(
    "note",
    "stock_moves_inferred",
    "stock is given by its closing alone: what was made or scrapped, and how old it is, cannot be told",
    "Fill production and shipments",
    "inventory",
)

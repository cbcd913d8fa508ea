"""Plans that were agreed elsewhere, from the lines of a planning sheet: something to compare with, and its limits.

Such a plan has figures and nothing behind them: no forecast, no assumptions, no signatures. It is therefore held
against what came and against other plans, and never explained by causes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sop.core.calendar import Calendar, period_name, periods_between
from sop.core.inputs import Floats
from sop.core.measures import measure
from sop.core.plan import Availability, Block, Plan
from sop.core.sheet_rows import SHEET_MEASURES, per_family
from sop.core.terms import PlanName

NOT_SIGNED = (
    "It was not signed here: its forecast, assumptions and decisions are not known, so there are no causes, no "
    "accuracy by step, no time fences and no claims"
)
"""What a plan agreed elsewhere cannot tell, whatever its lines hold."""
_TOTALS = {"revenue": "total_revenue", "inventory_value": "stock_value"}
"""By family → for the company."""
_MOST = 60


@dataclass(frozen=True)
class PlanElsewhere:
    """A plan agreed elsewhere: `name` it goes by there and day (ISO) on which it was agreed, empty where not told.

    `plan`: its figures on the company's families; not-a-number where it says nothing. `missing`: families it says
    nothing of; `foreign`: measures left out because they are in another currency.
    """

    cycle: str
    name: str
    agreed_on: str
    plan: Plan
    missing: tuple[str, ...]
    foreign: tuple[str, ...]

    @property
    def limits(self) -> str:
        """What it holds and what it cannot tell, in sentences."""
        named = " ".join(
            filter(None, (self.name and f"'{self.name}'", self.agreed_on and f"of {self.agreed_on},"))
        )
        held = ", ".join(dict.fromkeys(measure(key).label.lower() for key in SHEET_MEASURES if key in self.plan))
        months = self.plan.months
        text = f"The plan {named} agreed elsewhere" if named else "The plan agreed elsewhere"
        text += f" for {period_name(self.cycle)} holds {held or 'nothing that counts'}, "
        text += f"{period_name(months[0])} to {period_name(months[-1])}"
        if self.missing:
            text += f"; it says nothing of {', '.join(self.missing)}, so nothing of the company as a whole"
        if self.foreign:
            text += f"; {', '.join(self.foreign)} in another currency is left out"
        return f"{text}. {NOT_SIGNED}."


def title_elsewhere(cycle: str) -> str:
    """What such a plan is called on screen: 'plan agreed elsewhere, Nov 2026'."""
    return f"plan agreed elsewhere, {period_name(cycle)}"


def cycles_elsewhere(lines: pd.DataFrame) -> tuple[str, ...]:
    """Cycles of which a table of plan lines has a plan, the earliest first."""
    return tuple(sorted(lines.loc[lines["month"] >= lines["cycle"], "cycle"].unique()))


def read_plans_elsewhere(
    lines: pd.DataFrame, calendar: Calendar, families: Sequence[str], company: str, currency: str
) -> dict[str, PlanElsewhere]:
    """The plans in a table of plan lines, by cycle; lines of months before their cycle count nothing.

    `calendar`: the company's, for its fences and fiscal year; `families`: those it plans.
    """
    found: dict[str, PlanElsewhere] = {}
    for cycle, rows in lines.groupby("cycle"):
        rows = rows[rows["month"] >= cycle]
        if len(rows):
            found[str(cycle)] = _read_plan(str(cycle), rows, calendar, families, company, currency)
    return dict(sorted(found.items()))


def _read_plan(
    cycle: str, rows: pd.DataFrame, calendar: Calendar, families: Sequence[str], company: str, currency: str
) -> PlanElsewhere:
    months = periods_between(cycle, rows["month"].max())[:_MOST]
    ours = Calendar(
        cycle,
        len(months),
        frozen=calendar.frozen,
        slushy=calendar.slushy,
        fiscal_start=calendar.fiscal_start,
    )
    rows = rows[rows["month"].isin(ours.months)]
    other = rows["unit"].notna() & rows["unit"].ne(currency)
    money = rows["measure"].map(lambda key: measure(key).unit == "currency")
    foreign = sorted({measure(key).label.lower() for key in rows.loc[money & other, "measure"]})
    rows = rows[~(money & other)]
    blocks = {
        key: _block(key, rows[rows["measure"].eq(key)], ours, families)
        for key in SHEET_MEASURES
        if rows["measure"].eq(key).any()
    }
    blocks |= _shipped(blocks) | _added_up(blocks)
    said = {
        family
        for key, block in blocks.items()
        if per_family(key)
        for family, values in zip(families, block.values, strict=True)
        if np.isfinite(values).any()
    }
    by_family = any(per_family(key) for key in blocks)
    plan = Plan(
        calendar=ours,
        company=company,
        currency=currency,
        blocks=blocks,
        availability={name: _availability(name, blocks) for name in PlanName},
        headline={},
    )
    first = rows.iloc[0] if len(rows) else None
    name, agreed_on = (
        "" if first is None or pd.isna(first[key]) else str(first[key]) for key in ("plan", "agreed_on")
    )
    missing = tuple(family for family in families if by_family and family not in said)
    return PlanElsewhere(cycle, name, agreed_on, plan, missing, tuple(foreign))


def _block(key: str, rows: pd.DataFrame, calendar: Calendar, families: Sequence[str]) -> Block:
    """A measure's figures by its grain; what is not given by region or line has one without a name."""
    entry = measure(key)
    names = tuple(
        tuple(families) if axis == "family" else tuple(sorted(rows[axis].fillna("").unique()))
        for axis in entry.grain
    )
    values = np.full((*map(len, names), calendar.horizon), np.nan)
    places = [{name: i for i, name in enumerate(axis)} for axis in names]
    at = {month: t for t, month in enumerate(calendar.months)}
    scale = 100.0 if entry.unit == "currency" else 1.0
    given = [rows[axis].fillna("") for axis in entry.grain]
    for *parts, month, value in zip(*given, rows["month"], rows["value"], strict=True):
        index = tuple(place.get(name) for place, name in zip(places, parts, strict=True))
        if None not in index:
            values[(*index, at[month])] = value * scale
    if values.ndim == 3:
        # A family that names some regions or lines in a month has nothing in the others.
        some = np.isfinite(values).any(axis=1, keepdims=True)
        values = np.where(some & np.isnan(values), 0.0, values)
    return Block(np.rint(values) if entry.unit == "currency" else values, names)


def _shipped(blocks: Mapping[str, Block]) -> dict[str, Block]:
    """Shipments of families whose planned stock falls by exactly what is sold: then what is asked for is shipped.

    A sheet of sales, production and stock says so by its own figures: previous stock + production (and what is
    bought outside) − sales = stock, in every month after the first. Where it does not, shipments are not known.
    """
    if "shipments" in blocks or not {"consensus_demand", "production", "inventory"} <= blocks.keys():
        return {}
    sold, stock = blocks["consensus_demand"].values, blocks["inventory"].values
    made = blocks["production"].values.sum(axis=1)
    if "subcontract" in blocks:
        made = made + np.nan_to_num(blocks["subcontract"].values)
    falls = stock[:, :-1] + made[:, 1:] - stock[:, 1:]
    asked: Floats = sold.sum(axis=1)[:, 1:]
    proven = (np.abs(falls - asked) < 1.0).all(axis=1) & (falls.shape[1] > 0)
    if not proven.any():
        return {}
    return {"shipments": Block(np.where(proven[:, None, None], sold, np.nan), blocks["consensus_demand"].names)}


def _added_up(blocks: Mapping[str, Block]) -> dict[str, Block]:
    """Totals of the company where every family has its part in every month and no total is given."""
    return {
        whole: Block(blocks[part].values.reshape(-1, blocks[part].values.shape[-1]).sum(axis=0), ())
        for part, whole in _TOTALS.items()
        if part in blocks and whole not in blocks and np.isfinite(blocks[part].values).all()
    }


def _availability(name: PlanName, blocks: Mapping[str, Block]) -> Availability:
    held = any(measure(key).plan is name for key in blocks)
    return Availability(held, "" if held else "the plan agreed elsewhere does not hold it")

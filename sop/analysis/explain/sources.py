"""Where a figure comes from: the rows of the company's tables, by file and line, and the assumptions used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from sop.analysis.explain.parts import MADE_OF, Place
from sop.core.inputs import Inputs
from sop.core.register import Assumption, Assumptions, assumption
from sop.core.tables import table

When = Literal["trailing", "same", "last", "any"]
"""Which months of a table count: the last twelve closed, the planned ones explained, the last closed, or all."""

SOURCES: dict[str, tuple[tuple[str, When], ...]] = {
    "baseline_forecast": (("sales_actuals", "trailing"),),
    "launches": (("launches", "any"), ("launch_gates", "any")),
    "cannibalisation": (("launches", "any"),),
    "launch_volume": (("launches", "any"), ("launch_gates", "any")),
    "launch_cost": (("launches", "any"),),
    "launch_slip": (("launch_gates", "any"),),
    "events": (("events", "any"),),
    "initiatives": (("initiatives", "any"), ("benefits", "any")),
    "initiative_spend": (("initiatives", "any"), ("milestones", "any")),
    "initiative_effect": (("benefits", "any"),),
    "due": (("products", "any"), ("order_book", "last")),
    "past_due": (("order_book", "last"),),
    "order_book": (("order_book", "last"),),
    "customer_lead_time": (("products", "any"),),
    "lead_time_target": (("products", "any"),),
    "due_value": (("sales_actuals", "trailing"),),
    "on_time_share": (("deliveries", "any"),),
    "inventory": (("inventory", "last"),),
    "safety_stock": (("sales_actuals", "trailing"),),
    "inventory_value": (("products", "any"),),
    "inventory_revaluation": (("products", "any"), ("benefits", "any"), ("events", "any")),
    "cost_of_sales": (("products", "any"),),
    "revenue": (("sales_actuals", "trailing"), ("fx_rates", "any")),
    "capacity_hours": (("capacity", "same"),),
    "load_hours": (("routings", "any"),),
    "people": (("workforce", "same"),),
    "people_opening": (("workforce", "last"),),
    "hires": (("plants", "any"),),
    "releases": (("plants", "any"),),
    "overtime_hours": (("plants", "any"),),
    "subcontract": (("subcontract", "any"),),
    "material_need": (("material_usage", "any"), ("material_supply", "same")),
    "operating_cost": (("financials", "trailing"),),
    "depreciation": (("financials", "trailing"),),
    "capital_spending": (("financials", "trailing"),),
    "tax": (("financials", "trailing"),),
    "interest": (("financials", "trailing"),),
    "dividend": (("financials", "trailing"),),
    "debt": (("financials", "trailing"),),
    "other_cash": (("financials", "trailing"),),
    "cash": (("financials", "last"),),
    "receivables": (("financials", "last"),),
    "payables": (("financials", "last"),),
}
"""The tables that a measure is read from, beside what it is made of."""

USES: dict[str, tuple[str, ...]] = {
    "baseline_forecast": (
        "history_restored",
        "history_accepted",
        "history_train_since",
        "history_ended",
        "history_interrupted",
        "driver_use",
    ),
    "overrides": ("demand_pct", "demand_units", "marketing_units"),
    "launches": ("launch_slip_months", "launch_volume_pct", "launch_probability"),
    "launch_volume": ("launch_slip_months", "launch_volume_pct", "launch_probability"),
    "launch_slip": ("launch_slip_months",),
    "launch_cost": ("launch_slip_months", "launch_probability"),
    "cannibalisation": ("launch_slip_months", "launch_volume_pct", "launch_probability"),
    "events": ("event_probability", "event_use"),
    "initiatives": ("initiative_confidence", "initiative_slip_months"),
    "initiative_effect": ("initiative_confidence", "initiative_slip_months"),
    "initiative_spend": ("initiative_confidence", "initiative_slip_months", "mitigation_cost"),
    "price_effect": ("price_elasticity", "price_pct"),
    "due": ("standard_lead_time_days",),
    "due_value": ("price_pct", "fx_pct"),
    "revenue": ("price_pct", "fx_pct"),
    "capacity_hours": ("capacity_pct",),
    "production": ("supply_strategy", "overtime_share", "people_pct", "carrying_rate", "past_due_rate"),
    "people": ("people_pct", "min_people", "hire_cost", "release_cost"),
    "hires": ("hire_lead_months", "hire_cost"),
    "releases": ("releases_allowed", "notice_months", "release_cost"),
    "idle_cost": ("labour_rate",),
    "overtime_hours": ("overtime_share", "overtime_premium"),
    "subcontract": ("subcontract_pct",),
    "material_need": ("supply_pct",),
    "safety_stock": (
        "service_level",
        "service_measure",
        "replenishment_days",
        "replenishment_sd_days",
        "stock_above_safety",
    ),
    "lead_time_target": ("lead_time_target_days",),
    "excess_units": ("cover_limit_days",),
    "period_variance": ("labour_rate", "overtime_premium", "hire_cost", "release_cost"),
    "purchases": ("material_share",),
    "operating_cost": ("operating_cost_pct", "cost_inflation"),
    "receivables": ("dso_days",),
    "payables": ("dpo_days",),
    "tax": ("tax_rate",),
    "dividend": ("dividend",),
    "debt": ("borrowing",),
}
"""The assumptions that a measure uses itself."""

MOST_ROWS = 12
_FIRST_LINE = 2
"""The line of a table's first row, after its header."""


@dataclass(frozen=True)
class SourceRow:
    """A row of a table that a figure rests on; `file` and `line` are empty where they are not kept."""

    table: str
    file: str
    line: int | None
    text: str


@dataclass(frozen=True)
class Source:
    """The rows of one table: the newest of them, and how many there are in all."""

    table: str
    count: int
    rows: tuple[SourceRow, ...]


@dataclass(frozen=True)
class UsedAssumption:
    """An assumption as it stands for a place: who owns it, why it is so, and whether somebody set it."""

    entry: Assumption
    scope: str
    value: float
    is_set: bool
    reason: str


def sources_of(key: str, place: Place, inputs: Inputs, tables: Mapping[str, pd.DataFrame]) -> tuple[Source, ...]:
    """Rows of the tables that a measure is read from, for a place; else those of the measures behind it."""
    measures: dict[tuple[str, When], list[str]] = {}
    for of, name, when in _reads(key):
        measures.setdefault((name, when), []).append(of)
    found = (
        _source(name, when, place, inputs, _of_lines(lines, tables) if name == "financials" else tables[name])
        for (name, when), lines in measures.items()
        if name in tables
    )
    return tuple({source.table: source for source in found if source.count}.values())


def tables_behind(key: str) -> tuple[str, ...]:
    """The tables that a measure's source rows are in."""
    names = [name for _, name, _ in _reads(key)]
    return tuple(dict.fromkeys([*names, "account_map"] if "financials" in names else names))


def name_rows(frame: pd.DataFrame, source: str) -> pd.DataFrame:
    """A table with its rows named by file and line; those that came without as if `source` were their file."""
    if "_line" in frame:
        return frame
    return frame.assign(_file=source, _line=range(_FIRST_LINE, len(frame) + _FIRST_LINE))


def _reads(key: str) -> list[tuple[str, str, When]]:
    """Measure, table and months of what a measure is read from: its own tables, else those behind it."""
    keys = (key,) if key in SOURCES else _made_of(key)
    return [(of, name, when) for of in keys for name, when in SOURCES.get(of, ())]


def _source(name: str, when: When, place: Place, inputs: Inputs, frame: pd.DataFrame) -> Source:
    kept = frame[_in_place(place, inputs, frame) & _in_time(when, place, inputs, frame)]
    if "month" in kept:
        kept = kept.sort_values("month", ascending=False, kind="stable")
    rows = tuple(_row(name, row) for row in kept.head(MOST_ROWS).to_dict("records"))
    return Source(name, len(kept), rows)


def _in_place(place: Place, inputs: Inputs, frame: pd.DataFrame) -> pd.Series:
    """Rows that belong to the family, region or resource of a place."""
    keep = pd.Series(True, index=frame.index)
    if place.family:
        keep &= _of_family(place.family, inputs, frame)
    if place.region and "region" in frame:
        keep &= frame["region"].isin([place.region]) | frame["region"].isna()
    if place.resource:
        own = [c for c in ("resource", "plant", "material", "launch", "initiative") if c in frame]
        keep &= frame[own].isin([place.resource]).any(axis=1) if own else keep
    return keep


def _of_lines(lines: Sequence[str], tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Actual ledger rows of the accounts that are mapped to some lines; an account is named with its type."""
    ledger, mapped = tables["financials"], tables.get("account_map")
    if mapped is None:
        return ledger.iloc[:0]
    account = ["account_type", "account"]
    chosen = pd.MultiIndex.from_frame(mapped[mapped["line"].isin(lines)][account])
    return ledger[ledger["scenario"].eq("actual") & pd.MultiIndex.from_frame(ledger[account]).isin(chosen)]


def _of_family(family: str, inputs: Inputs, frame: pd.DataFrame) -> pd.Series:
    """Rows of a family by its products, its name or the scope of an effect."""
    f = inputs.families.names.index(family)
    names = {family, inputs.families.base[f]}
    products = {
        number for number, of in zip(inputs.products.numbers, inputs.products.family, strict=True) if of == f
    }
    named = [frame[column].isin(names) for column in ("family", "cannibalises") if column in frame]
    if "launch" in frame:
        own = {launch.name for launch in inputs.launches or () if f in (launch.family, launch.cannibalises)}
        named.append(frame["launch"].isin(own))
    if "product" in frame:
        named.append(frame["product"].isin(products))
    if "scope" in frame:
        named.append(frame["scope"].isin(names | set(inputs.regions)) | frame["scope"].isna())
    if not named:
        return pd.Series(True, index=frame.index)
    return pd.concat(named, axis=1).any(axis=1)


def _in_time(when: When, place: Place, inputs: Inputs, frame: pd.DataFrame) -> pd.Series:
    if when == "any" or "month" not in frame:
        return pd.Series(True, index=frame.index)
    calendar = inputs.calendar
    months = {
        "trailing": calendar.history(calendar.year),
        "last": (calendar.last_closed,),
        "same": calendar.months[place.first : place.last + 1],
    }[when]
    return frame["month"].isin(months)


def _row(name: str, row: Mapping[Any, Any]) -> SourceRow:
    filled = [
        (c, row[c]) for c in table(name).column_names if c in row and row[c] is not None and row[c] == row[c]
    ]
    line = row.get("_line")
    known = line is not None and line == line
    return SourceRow(
        name, str(row.get("_file") or ""), int(line) if known else None,  # type: ignore[arg-type]
        ", ".join(f"{c} {v:.12g}" if isinstance(v, float) else f"{c} {v}" for c, v in filled),
    )  # fmt: skip


# -- assumptions


def assumptions_of(
    key: str, place: Place, inputs: Inputs, assumptions: Assumptions, reasons: Mapping[tuple[str, str], str]
) -> tuple[UsedAssumption, ...]:
    """Assumptions behind a measure: all that it uses itself, and of what it is made of those that somebody set."""
    own = [used for name in USES.get(key, ()) for used in _used(name, place, inputs, assumptions, reasons)]
    inherited = [name for part in _made_of(key) for name in USES.get(part, ())]
    more = [
        used
        for name in dict.fromkeys(inherited)
        for used in _used(name, place, inputs, assumptions, reasons)
        if used.is_set
    ]
    return tuple({(used.entry.key, used.scope): used for used in (*own, *more)}.values())


def _made_of(key: str) -> Sequence[str]:
    """Every measure that a measure follows from, directly or not."""
    found: dict[str, None] = {}
    waiting = list(MADE_OF.get(key, ()))
    while waiting:
        part = waiting.pop(0)
        if part not in found:
            found[part] = None
            waiting += MADE_OF.get(part, ())
    return tuple(found)


def _used(
    key: str, place: Place, inputs: Inputs, assumptions: Assumptions, reasons: Mapping[tuple[str, str], str]
) -> Iterator[UsedAssumption]:
    """An assumption at the company, and at every narrower scope that is set and touches the place.

    An entry for exactly this place beats the company's, which is then left out.
    """
    entry = assumption(key)
    scopes = [scope for name, scope in assumptions if name == key and _touches(entry, scope, place)]
    beaten = any(scope and scope in (place.family, place.resource) for scope in scopes)
    for scope in (scope for scope in scopes if scope or not beaten):
        yield UsedAssumption(entry, scope, assumptions[key, scope], True, reasons.get((key, scope), ""))
    if "" not in scopes and not beaten and entry.default is not None:
        yield UsedAssumption(entry, "", entry.default, False, "")


def _touches(entry: Assumption, scope: str, place: Place) -> bool:
    """Whether an entry of that scope may act on a place; where the place names no such thing, it may."""
    if not scope or entry.scope not in ("family", "family_month", "history_month"):
        return not scope or place.resource in ("", scope)
    family, region = (*scope.split("|"), "")[:2]
    return (not family or place.family in ("", family)) and (not region or place.region in ("", region))

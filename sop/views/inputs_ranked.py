"""Where effort with data pays, as tables: closed months restated since the last plan, inputs by worth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sop.core.calendar import period_short, worded
from sop.core.format import how_many
from sop.core.measures import HEADLINES, Headline, measure
from sop.core.plan import Plan
from sop.core.present import Cell, Col, Declared, PlanTable, texts
from sop.intake.differences import Moved
from sop.views.assumption_words import lever_name
from sop.views.executive.scenario_compare import LeverWorth, differences
from sop.views.loaded_tables import LoadedTable
from sop.views.measure_columns import headline_col, headline_row, measure_col

RESTS_ON: Mapping[str, tuple[str, ...]] = {
    "demand_pct": ("sales_actuals",),
    "price_pct": ("sales_actuals", "products"),
    "price_elasticity": ("sales_actuals",),
    "capacity_pct": ("capacity", "routings"),
    "extra_hours_pct": ("capacity",),
    "overtime_share": ("plants",),
    "people_pct": ("workforce",),
    "releases_allowed": ("plants",),
    "subcontract_pct": ("subcontract",),
    "supply_pct": ("material_supply", "material_usage"),
    "service_level": ("products", "inventory"),
    "launch_slip_months": ("launch_gates",),
    "launch_volume_pct": ("launches",),
    "event_probability": ("events",),
    "initiative_confidence": ("initiatives", "benefits"),
    "operating_cost_pct": ("financials", "account_map"),
    "dso_days": ("financials", "account_map"),
    "dpo_days": ("financials", "account_map"),
}
"""Assumption that has a slider → the tables that say where it stands; others are the register's own."""


@dataclass(frozen=True)
class Restated:
    """Rows of a table that say closed months otherwise than before, what they move, and the last import's file."""

    table: str
    moved: Moved
    file: str


@dataclass(frozen=True)
class Restatements:
    """What was restated since a plan was agreed, in the order of the contract's tables; `plan` is its name."""

    plan: str
    tables: tuple[Restated, ...]

    @property
    def sentence(self) -> str:
        """How many rows of how many tables, in one sentence."""
        if not self.tables:
            return worded(f"No closed month was restated since the plan {self.plan}.")
        rows = sum(each.moved.rows for each in self.tables)
        where = ", ".join(each.table for each in self.tables)
        counted = how_many(f"{rows:,}", "rows")
        return worded(f"{counted} of closed months restated since the plan {self.plan}: {where}.")

    def fields(self) -> dict[str, object]:
        """The same as plain fields, for JSON."""
        return {
            "since": self.plan,
            "tables": [
                {
                    "table": each.table,
                    "rows": each.moved.rows,
                    "units": each.moved.units,
                    "money": each.moved.money,
                    "months": list(each.moved.months),
                    "file": each.file,
                }
                for each in self.tables
            ],
        }


RESTATED = Declared[Restated](
    "Closed months restated since the last plan",
    (
        Col("Table", "text", lambda each: each.table),
        Col("Rows restated", get=lambda each: each.moved.rows),
        Col("Units", get=lambda each: each.moved.units, signed=True),
        Col("Money", get=lambda each: each.moved.money, signed=True),
        Col("Months", "text", lambda each: _span(each.moved.months)),
        Col("Last import", "text", lambda each: each.file),
    ),
)
"""By table: rows, by how much they move units and money of those months, which months, and the file."""


@dataclass(frozen=True)
class MovedFamily:
    """What restated months move of a family in the plan's next year: demand in units, revenue in minor units."""

    family: str
    units: float
    revenue: float | None


@dataclass(frozen=True)
class RestatedEffect:
    """The working plan beside the same plan on closed months as they were when the last plan was agreed.

    `now` and `was` by headline measure, as `Plan.headline`; `families` that move, the most revenue first.
    """

    near_span: str
    now: Mapping[str, float | int | None]
    was: Mapping[str, float | int | None]
    families: tuple[MovedFamily, ...]
    measures: tuple[Headline, ...] = HEADLINES

    @property
    def moved(self) -> Mapping[str, float | None]:
        """What each headline measure moves by; None where it is not known on both sides."""
        return differences(self.now, self.was)

    @property
    def sentence(self) -> str:
        """Which figures of the plan move."""
        labels = [entry.label for entry in self.measures if self.moved[entry.key]]
        if not labels:
            return f"In the plan for {self.near_span} they move no headline measure."
        return f"In the plan for {self.near_span} they move {', '.join(labels)}."


def effect_of(now: Plan, was: Plan) -> RestatedEffect:
    """What tells the working plan from the same plan on closed months as they were."""
    near, families = now.calendar.year, now.names("consensus_demand")

    def year(plan: Plan, key: str, name: str) -> float:
        places = {each: at for at, each in enumerate(plan.names(key))}
        return float(plan.by_family(key)[places[name], :near].sum()) if name in places else 0.0

    money = "revenue" in now and "revenue" in was
    moved = [
        MovedFamily(
            name,
            year(now, "consensus_demand", name) - year(was, "consensus_demand", name),
            year(now, "revenue", name) - year(was, "revenue", name) if money else None,
        )
        for name in families
    ]
    shown = sorted(
        (each for each in moved if each.units or each.revenue), key=lambda each: -abs(each.revenue or 0)
    )
    return RestatedEffect(now.near_span, now.headline, was.headline, tuple(shown), now.headline_measures)


def effect_table(effect: RestatedEffect) -> PlanTable:
    """Headline measures of the working plan, on closed months as they were, and the difference."""
    rows = tuple(
        headline_row(entry, effect.now[entry.key], effect.was.get(entry.key), difference=effect.moved[entry.key])
        for entry in effect.measures
        if effect.now.get(entry.key) is not None
    )
    titles = ("Working plan", worded("Closed months as they were"), "Moved by")
    return PlanTable(worded("What restated months move in the plan"), (*texts("Measure"), *map(Col, titles)), rows)


MOVED_FAMILIES = Declared[MovedFamily](
    "What restated months move by family",
    (
        Col("Family", "text", lambda each: each.family),
        replace(measure_col(measure("consensus_demand"), signed=True), get=lambda each: each.units),
        replace(measure_col(measure("revenue"), signed=True), get=lambda each: each.revenue),
    ),
)
"""Families that move, with their demand and revenue of the next year."""


def _span(months: Sequence[str]) -> str:
    ends = dict.fromkeys((months[0], months[-1])) if months else {}
    return " – ".join(map(period_short, ends))


@dataclass(frozen=True)
class RankedInput:
    """An input with the most that it moves a headline measure by, its tables, and what stands against those.

    `moves` in the measure's own unit; `warnings` of the tables' last imports; `behind`: tables that are not loaded
    or end too early.
    """

    name: str
    moves: float
    tables: tuple[str, ...]
    warnings: int
    behind: tuple[str, ...]


def rank(worth: Iterable[LeverWorth], loaded: Iterable[LoadedTable]) -> tuple[RankedInput, ...]:
    """Inputs by what hangs on them, the most first. `loaded`: every table of the contract."""
    known = {each.state.table: each for each in loaded}
    found = []
    for each in worth:
        names = RESTS_ON.get(each.lever.entry.key, ())
        tables = [known[name] for name in names if name in known]
        found.append(
            RankedInput(
                lever_name(each.lever),
                max(abs(each.down), abs(each.up)),
                names,
                sum(table.warnings for table in tables),
                tuple(table.state.table for table in tables if table.state.status not in ("up to date", "loaded")),
            )
        )
    return tuple(sorted(found, key=lambda row: -row.moves))


def ranked_inputs(entry: Headline) -> Declared[RankedInput]:
    """The table of inputs ranked by what they move a headline measure by."""
    moves = replace(headline_col(entry), title=f"{entry.label} moves by", get=lambda row: row.moves)
    return Declared[RankedInput](
        f"Inputs by what they move {entry.label} by",
        (
            Col("Input", "text", lambda row: row.name),
            moves,
            Col("Rests on", "text", lambda row: ", ".join(row.tables) or "an assumption of the register"),
            Col("Warnings", get=lambda row: row.warnings or ""),
            Col(
                "To look at",
                "text",
                lambda row: Cell(", ".join(row.behind) or None, tone="bad" if row.behind else None),
            ),
        ),
    )

"""What carries one name over one span is one number wherever it is told: on pages, in files, on the command line.

`READINGS` is the table: a figure, a place that tells it, and how it is read there. Another figure or another place
is another row. A place that knows nothing says None, and then every place must.
"""

from __future__ import annotations

import io
import json
import math
import random
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from sqlalchemy import text

from sop.agreement.plan_states import SignOff
from sop.agreement.records import PlanRecord
from sop.analysis.comparison.bridge import Bridge
from sop.analysis.comparison.compare import headline_on
from sop.analysis.comparison.plan_change import PlanChange
from sop.analysis.decisions.decisions import Decision
from sop.analysis.decisions.exception_worth import without
from sop.analysis.decisions.valuation import Valuation
from sop.analysis.performance.performance_review import Performance, year_gap
from sop.analysis.performance.tracks import ALL, read_line
from sop.cli.main import run_command
from sop.core.format import MoneyFormat
from sop.core.measures import HEADLINES, MEASURES, headline_measure, measure
from sop.core.open_data import open_table
from sop.core.plan import Plan
from sop.core.present import plain
from sop.core.terms import PLAN_TITLES, PlanName
from sop.facts.actuals import budget_of
from sop.facts.stock_value import value_of_stock
from sop.finance.cost_basis import cost_basis
from sop.finance.explained import BudgetGap, budget_gap
from sop.finance.ledger import reconcile_stock
from sop.services.agreement.frozen_plans import latest_agreed, read_frozen, read_sign_off
from sop.services.agreement.gate_findings import gate_of_view, working_gate
from sop.services.analysis.changes import read_bridge, read_changes, read_group, read_kpis
from sop.services.analysis.decisions import value_decisions
from sop.services.analysis.drawing import Ranges
from sop.services.analysis.explained import explain_card
from sop.services.analysis.outlook import read_outlook, trial_of
from sop.services.analysis.performance import read_performance
from sop.services.company.settings import Settings, read_settings_page
from sop.services.data.board_pack import export_snapshot, export_workbook
from sop.services.data.exports import export_lines, working_content
from sop.services.data.open_data import read_open_table
from sop.services.planning.choices import View, list_bases, list_views, read_view
from sop.services.planning.plan_context import against_last_year, channel_sales, plan_context, read_ages
from sop.services.planning.room import InputSet, PlanningRoom
from sop.services.planning.supply_questions import plan_limits
from sop.services.scenarios.bench import read_bench
from sop.services.scenarios.drafts import working_scenario
from sop.store import open_store
from sop.store.data import read_table
from sop.supply import supply_of
from sop.supply.what_if.limits import open_limits
from sop.views import series
from sop.views.executive.change_tables import causes_table, singles_table
from sop.views.executive.gate_words import gate_sentence, told_lines
from sop.views.executive.performance_tables import on_time_table as on_time_by_month
from sop.views.executive.plan_changes import Changes, OpenedGroup
from sop.views.executive.review_table import review_table
from sop.views.executive.scenario_compare import build_panels
from sop.views.family_sheet import SheetLine, SheetPart
from sop.views.financial.statement import lowest_cash, money_series, statement_table
from sop.views.inventory.cover import cover_days
from sop.views.inventory.stock_plan import stock_table
from sop.views.lead_time.delivery import on_time_table as on_time_by_family
from sop.views.lead_time.late_now import late_now
from sop.views.lead_time.waiting import peak_of
from sop.views.plan_lines import plan_lines_table
from sop.views.production.limits import limits_table
from sop.views.production.production_plan import lines_table
from sop.views.production.resources import build_resources
from sop.views.sheet_blocks import backlog_part, lead_time, money_part, on_time_in_full, sales_part, service_part
from sop.views.timeline import PlanContext
from tests.golden.workspaces import Missing, open_company
from tests.pages.workspaces import RICH, make_workspace

CEO = "executive"
UNPRICED = {
    "no prices": replace(RICH, prices="none", horizon=12),
    "some prices": replace(RICH, prices="some", horizon=12),
}
"""Companies that plan in units, or know the money of some families only."""
MONEY = tuple(entry.key for entry in HEADLINES if entry.unit == "currency")
DECIMALS = {
    "lead_time": 1,
    "lead time, worst family": 1,
    "on_time": 4,
    "on time, last 12 months": 4,
    "on time, worst family of the last 12 months": 4,
    "on time, worst family": 4,
    "on time, last closed month": 6,
    "on time by request, last closed month": 6,
    "utilisation": 4,
    "days_of_supply": 1,
    "family_lead_time": 1,
    "on_time, agreed for the months shown": 4,
    "largest cause, on_time": 4,
    "all changes, on_time": 4,
}
"""At what precision a figure is shown where it is shown most exactly; everything else to the cent or the unit."""

Value = float | None
ANOTHER_SPAN = math.nan
"""What a place says whose figure spans other months, or is counted otherwise, than the figure's name says."""


@dataclass
class Company:
    """A company's workspace, and everything in it that tells figures, each read once."""

    room: PlanningRoom
    folder: Path
    command: dict[str, Any]
    bent: float = 0.0
    """What is added to the revenue of the plan on the pages, to show that it is noticed."""

    @cached_property
    def inputs(self) -> InputSet:
        """What the plan is built from."""
        return self.room.input_set()

    @cached_property
    def view(self) -> View:
        """The working plan as pages show it."""
        found = read_view(self.room, CEO, list_views(self.room, CEO)[0])
        headline = {**found.plan.headline, "revenue": (found.plan.headline["revenue"] or 0) + self.bent}
        return replace(found, plan=replace(found.plan, headline=headline)) if self.bent else found

    @cached_property
    def base(self) -> View | None:
        """The agreed plan beside it."""
        bases = list_bases(self.room, CEO)
        return read_view(self.room, CEO, bases[0]) if bases else None

    @cached_property
    def context(self) -> PlanContext:
        """What plan pages read from."""
        return plan_context(self.room, CEO, self.view, self.base)

    @cached_property
    def performance(self) -> Performance:
        """What the page Performance says."""
        return read_performance(self.room, CEO)

    @cached_property
    def changes(self) -> Changes | None:
        """What the page Plan changes says."""
        return read_changes(self.room, CEO, self.view, self.base)

    @cached_property
    def opened(self) -> list[OpenedGroup]:
        """Every group of changes as the page Plan changes opens it."""
        change = self.changes.change if self.changes else None
        groups = change.groups if change else ()
        return [read_group(self.room, CEO, self.view, change, group) for group in groups if change]

    @cached_property
    def bridge(self) -> Bridge | None:
        """The bridge of the executive review; None where it tells no causes."""
        found = read_bridge(self.room, self.inputs, self.view, self.base)
        return found if found is not None and found.causes else None

    @cached_property
    def lines(self) -> pd.DataFrame:
        """lines.csv of the working plan."""
        return read_lines(export_lines(self.room.store, CEO, None))

    @cached_property
    def workbook_file(self) -> bytes:
        """The working plan's workbook."""
        return export_workbook(self.room, CEO, None)

    @cached_property
    def workbook(self) -> dict[str, list[tuple[Any, ...]]]:
        """The sheets of the working plan's workbook."""
        return read_workbook(self.workbook_file)

    @cached_property
    def settings(self) -> Settings:
        """The Settings page."""
        return read_settings_page(self.room.store, CEO)

    @cached_property
    def agreed(self) -> PlanRecord | None:
        """The plan in force; None before the first."""
        return latest_agreed(self.room.store, CEO) if self.base else None

    @cached_property
    def snapshot(self) -> dict[str, bytes]:
        """The files in the snapshot of the plan in force."""
        assert self.agreed is not None
        made = export_snapshot(self.room, CEO, self.agreed.id, self.folder / "keys")
        with zipfile.ZipFile(io.BytesIO(made)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    @cached_property
    def valuation(self) -> Valuation:
        """The decisions of the executive review."""
        return value_decisions(self.room, self.inputs, self.view.assumptions)

    @property
    def year(self) -> list[str]:
        """The next twelve months, as far as is planned."""
        return list(self.view.plan.months[: self.view.plan.calendar.year])


Read = Callable[[Company], Value]


@dataclass(frozen=True)
class Reading:
    """A figure, a place that tells it, and how it is read there, in currency; `agreed`: of the plan in force."""

    figure: str
    place: str
    read: Read
    agreed: bool = False


# -- how places are read


def read_lines(data: bytes) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(data), encoding="utf-8-sig", dtype={"family": str}).fillna({"family": ""})


def read_workbook(data: bytes) -> dict[str, list[tuple[Any, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    return {sheet.title: [tuple(row) for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets}


def headline_of(rows: list[dict[str, Any]], key: str) -> Value:
    value = next(row["value"] for row in rows if row["measure"] == key)
    return None if value is None else float(value)


def headline_in(book: dict[str, list[tuple[Any, ...]]], key: str, column: str = "value") -> Value:
    """A headline measure in the sheet Summary of a workbook."""
    rows = under(book["Summary"], "Headline")
    header = [str(cell).lower() for cell in rows[0]]
    if column not in header:
        return None
    name = headline_measure(key).label
    value = next(row[header.index(column)] for row in rows[1:] if row[header.index("measure")] in (key, name))
    return None if value in (None, "not known") else float(value)


def under(rows: list[tuple[Any, ...]], heading: str) -> list[tuple[Any, ...]]:
    """The rows of a section of a sheet: from its heading to the next empty row."""
    start = next(at for at, row in enumerate(rows) if row[0] == heading) + 1
    end = next(at for at, row in enumerate(rows[start:], start) if row[0] is None)
    return rows[start:end]


def in_currency(key: str, value: float | None) -> Value:
    return None if value is None else value / 100 if key in MONEY else value


def by_month(lines: pd.DataFrame, measure: str, months: list[str]) -> pd.Series:
    """A measure of lines.csv added up over everything but its months; empty where the plan has no such measure."""
    chosen = lines[(lines["measure"] == measure) & lines["month"].isin(months)]
    return chosen.groupby("month")["value"].sum()


def from_lines(lines: pd.DataFrame, months: list[str], made_to_order: tuple[str, ...], key: str) -> Value:
    """A headline measure worked out anew from lines.csv."""
    sums = {"revenue": "total_revenue", "gross_margin": "gross_margin", "ebit": "ebit"}
    if key in sums:
        found = by_month(lines, sums[key], months)
        return float(found.sum()) if len(found) else None
    if key in ("cash", "inventory"):
        found = by_month(lines, {"cash": "cash", "inventory": "stock_value"}[key], months)
        return None if found.empty else float(found.min() if key == "cash" else found.iloc[-1])
    if key == "on_time":
        kept, due = on_time_in_lines(lines, months)
        return None if kept.empty or not due.sum() else float(kept.sum() / due.sum())
    worst = waiting_in_lines(lines, months, made_to_order)
    return None if worst is None else worst[1]


def pivot(lines: pd.DataFrame, measure: str, months: list[str]) -> pd.DataFrame:
    """A measure of lines.csv, months by family."""
    near = lines[(lines["measure"] == measure) & lines["month"].isin(months)]
    return near.groupby(["month", "family"])["value"].sum().unstack()


def due_in_lines(lines: pd.DataFrame, months: list[str]) -> pd.DataFrame:
    """The value of what falls due; its units where the plan does not know every price."""
    value = pivot(lines, "due_value", months)
    return pivot(lines, "due", months) if value.empty else value


def on_time_in_lines(lines: pd.DataFrame, months: list[str]) -> tuple[pd.Series, pd.Series]:
    """What is on time in full and what falls due, by family; nothing where no line tells."""
    share, due = pivot(lines, "on_time_share", months), due_in_lines(lines, months)
    return (share, share) if share.empty else ((share * due).sum(), due.sum())


def waiting_in_lines(
    lines: pd.DataFrame, months: list[str], made_to_order: tuple[str, ...]
) -> tuple[str, float] | None:
    """The family made to order that keeps most value waiting beyond its target, and its longest lead time."""
    days = pivot(lines, "customer_lead_time", months)
    if days.empty:
        return None
    over = days - pivot(lines, "lead_time_target", months)
    due = due_in_lines(lines, months)
    chosen = list(made_to_order) or list(days.columns)
    stake = (over.clip(lower=0) * due).sum()
    worst = max(chosen, key=lambda name: (stake[name], over[name].max(), due[name].sum()))
    return worst, float(days[worst].max())


def of_family(company: Company, measure: str, family: str) -> pd.Series:
    lines = company.lines
    chosen = lines[(lines["measure"] == measure) & (lines["family"] == family) & lines["month"].isin(company.year)]
    return chosen.set_index("month")["value"]


def in_statement(company: Company, row: str, column: str) -> Value:
    table = statement_table(company.context)
    if row not in {plain(cells[0]) for cells in table.rows}:
        return None
    value = table.figure(row, column)
    return None if value is None else float(value) / 100


def card(company: Company, key: str, field: str = "value") -> Value:
    kpis = read_kpis(company.room, company.inputs, company.view, company.base)
    found = next(kpi for kpi in kpis if kpi.key == key)
    return in_currency(key, getattr(found, field))


def explained(company: Company, key: str) -> Value:
    if company.view.plan.headline.get(key) is None:
        return None
    found = explain_card(company.room, CEO, company.inputs, company.view, key).explanation.value
    return in_currency(key, found)


def on_the_bench(company: Company, key: str) -> Value:
    scenario = working_scenario(company.room.store, CEO)
    return in_currency(key, read_bench(company.room, CEO, company.inputs, scenario.id).plan.headline.get(key))


def read_anew(plan: Plan, company: Company, key: str) -> Value:
    """A headline measure of a plan that was read back, from its lines."""
    months = plan.months[: plan.calendar.year]
    return in_currency(key, headline_on(plan, months, company.context.made_to_order).get(key))


def fullest(company: Company) -> Any:
    resources = build_resources(company.context)
    return resources[0] if resources else None


def fullest_in_lines(company: Company) -> Value:
    if fullest(company) is None:
        return None
    lines, key = company.lines, fullest(company).key
    own = lines[(lines["resource"] == key) & lines["month"].isin(company.year)]
    load, hours = (own[own["measure"] == name]["value"].sum() for name in ("load_hours", "capacity_hours"))
    return _known(load / hours) if hours else None


def revenue_gap(company: Company) -> BudgetGap | None:
    found = budget_gap(company.inputs.inputs, company.view.plan, company.year)
    return found if found is not None and not found.without_budget else None


def budgeted(company: Company) -> Value:
    return _known(budget_of(company.inputs.inputs, "total_revenue", company.year).sum() / 100)


def stocked(company: Company) -> str:
    """The family whose cover is looked at: the first that is made to stock, if any is."""
    families = company.inputs.inputs.families
    pairs = zip(families.names, families.made_to_order, strict=True)
    return (*(name for name, order in pairs if not order), families.names[0])[0]


def ordered(company: Company) -> str:
    """The family whose waits are looked at: the first that is made to order."""
    return (*company.context.made_to_order, company.inputs.inputs.families.names[0])[0]


def sign_off(company: Company) -> SignOff:
    assert company.agreed is not None
    return read_sign_off(company.room.store, CEO, company.agreed.id)


def signed_content(company: Company) -> dict[str, Any]:
    return dict(json.loads(company.snapshot["plan.json"]))


def signatures_in_workbook(company: Company) -> Value:
    return float(len(under(_signed_book(company)["Summary"], "Signatures")) - 1)


def _known(value: float) -> Value:
    return None if value is None or math.isnan(value) else float(value)


def _headline(key: str) -> tuple[Reading, ...]:
    """A headline measure of the working plan, and of the plan in force, in every place that tells all of them."""
    frozen = f"{key}, agreed"
    return (
        Reading(key, "card of the executive review", lambda c: card(c, key)),
        Reading(key, "the card explained", lambda c: explained(c, key)),
        Reading(key, "Scenarios", lambda c: on_the_bench(c, key)),
        Reading(key, "command line, plan --json", lambda c: headline_of(c.command["headline"], key)),
        Reading(key, "workbook", lambda c: headline_in(c.workbook, key)),
        Reading(key, "lines.csv", lambda c: from_lines(c.lines, c.year, c.context.made_to_order, key)),
        Reading(frozen, "sign-off", lambda c: in_currency(key, _frozen(c).headline.get(key)), True),
        Reading(frozen, "its lines read back", lambda c: _as_today(c, key) or read_anew(_frozen(c), c, key), True),
        Reading(frozen, "snapshot", lambda c: headline_of(signed_content(c)["content"]["headline"], key), True),
        Reading(frozen, "snapshot's workbook", lambda c: headline_in(_signed_book(c), key), True),
        Reading(
            frozen,
            "snapshot's lines.csv",
            lambda c: _as_today(c, key) or from_lines(*_signed_lines(c), key),
            True,
        ),
    )


def _as_today(company: Company, key: str) -> Value:
    """Another figure, where a signed plan counted the measure otherwise than it is counted today."""
    return ANOTHER_SPAN if key in _frozen(company).counted_otherwise else None


def _gate(level: str) -> tuple[Reading, ...]:
    """How many lines of a level the gate has, in every place that tells them."""
    figure, word = f"gate, {level}", "for information" if level == "info" else level

    def in_sentence(company: Company) -> Value:
        found = gate_of_view(company.room, CEO, company.inputs, company.view)
        said = re.search(rf"(\d+) {word}", gate_sentence(found.lines, found.waivers))
        return float(said[1]) if said else 0.0

    return (
        Reading(figure, "sign-off, the working plan", lambda c: _at_the_gate(c)[level]),
        Reading(figure, "executive review", in_sentence),
        Reading(figure, "command line, plan --json", lambda c: _in_json(c)[level]),
    )


def _at_the_gate(company: Company) -> Counter[str]:
    return Counter(line.level for line in working_gate(company.room, CEO, company.inputs).lines)


def _in_json(company: Company) -> Counter[str]:
    return Counter(row["level"] for row in company.command["gate"])


def _frozen(company: Company) -> Plan:
    assert company.agreed is not None
    return read_frozen(company.room, CEO, company.agreed).plan


def _signed_book(company: Company) -> dict[str, list[tuple[Any, ...]]]:
    return read_workbook(company.snapshot["plan.xlsx"])


def _signed_lines(company: Company) -> tuple[pd.DataFrame, list[str], tuple[str, ...]]:
    plan = _frozen(company)
    months = list(plan.months[: plan.calendar.year])
    return read_lines(company.snapshot["lines.csv"]), months, company.context.made_to_order


def _year(company: Company, found: series.PlanSeries, scale: float = 1.0) -> Value:
    value = _known(found.next_year(found.now))
    return None if value is None else value / scale


def _outlook(company: Company) -> Value:
    """The rolling year at the end of the outlook: the next twelve months where as many are planned."""
    if len(company.year) < company.view.plan.calendar.year:
        return ANOTHER_SPAN
    outlook = read_outlook(company.inputs, company.view, company.base, Ranges(None))
    last = None if outlook is None else outlook.plan[-1]
    return None if last is None else last / 100


def _peak(company: Company) -> Value:
    days = lead_time(company.context, None)[company.context.next_year]
    return _known(float(days.max()))


def _family_peak(company: Company) -> Value:
    peak = peak_of(company.context, ordered(company))
    return None if peak is None else peak.days


def _on_time_in_sheet(company: Company) -> Value:
    line = next(line for line in service_part(company.context, None).lines if line.name == "On time in full, %")
    assert line.top is not None and line.bottom is not None
    kept, due = (values[company.context.next_year].sum() for values in (line.top, line.bottom))
    return _known(kept / due)


def _cover(company: Company) -> Value:
    days = cover_days(company.context, stocked(company))[company.context.next_year]
    return _known(float(days[-1]))


def _low(company: Company) -> Value:
    low = lowest_cash(company.context)
    return None if low is None else low[0] / 100


def _family_peak_in_lines(company: Company) -> Value:
    return _known(of_family(company, "customer_lead_time", ordered(company)).max())


def _fullest(company: Company) -> Value:
    found = fullest(company)
    return None if found is None else _known(found.utilisation_next_year)


def _in_words(company: Company) -> Value:
    """How many functions sign, as the message of Settings says it last."""
    return float(re.findall(r"\d+", company.settings.message)[-1])


def _last(values: pd.Series) -> Value:
    return float(values.iloc[-1]) if len(values) else None


def _in_lines_table(company: Company) -> Value:
    if fullest(company) is None:
        return None
    found = lines_table(build_resources(company.context), company.context.near_text).figure(
        fullest(company).name, "Utilisation"
    )
    return None if found is None else float(found)


def _of_families(company: Company) -> Value:
    found = [_year(company, series.demand(company.context, name)) for name in company.inputs.inputs.families.names]
    return float(sum(value for value in found if value is not None))


def largest(values: Iterable[float]) -> Value:
    return max(values, key=abs, default=None)


def change_of(company: Company, key: str) -> PlanChange | None:
    """What changed since the agreed plan, where both plans have the measure."""
    change = company.changes.change if company.changes else None
    return change if change is not None and key in change.base else None


def cause_on_page(company: Company, key: str) -> Value:
    change = change_of(company, key)
    cause = change.main_cause(key) if change else None
    return None if cause is None else in_currency(key, cause[1])


def cause_in_table(company: Company, key: str) -> Value:
    change = change_of(company, key)
    if change is None:
        return None
    place = [entry.key for entry in HEADLINES if entry.key in change.base].index(key) + 1
    _, *causes, _ = causes_table(company.changes).rows
    return in_currency(key, largest(float(plain(row[place]) or 0) for row in causes))


def cause_in_review(company: Company, key: str) -> Value:
    if change_of(company, key) is None:
        return None
    found = largest(value for _, value in company.bridge.of(key).steps) if company.bridge else None
    return None if found is None else in_currency(key, found)


def causes_in_command(company: Company, key: str) -> list[dict[str, Any]]:
    told = company.command["changes"]
    causes = told["groups"] or []
    return [cause for cause in causes if key in cause["effects"]]


def cause_in_command(company: Company, key: str) -> Value:
    return largest(float(cause["effects"][key]) for cause in causes_in_command(company, key))


def change_in_command(company: Company, key: str) -> Value:
    """All steps and, where a group can be opened, its single changes, added up."""
    parts = [part for cause in causes_in_command(company, key) for part in cause["singles"]]
    return sum(float(part["effects"][key]) for part in parts) if parts else None


def change_in_groups(company: Company, key: str) -> Value:
    """The single changes of every group that can be opened, added up as their tables show them."""
    if change_of(company, key) is None:
        return None
    tables = [singles_table(opened, MoneyFormat("EUR")) for opened in company.opened]
    place = 5 + [entry.key for entry in HEADLINES if entry.key in company.opened[0].effects].index(key)
    counts = [len(opened.singles) for opened in company.opened]
    rows = [row for table, count in zip(tables, counts, strict=True) for row in table.rows[:count]]
    return in_currency(key, sum(float(plain(row[place]) or 0) for row in rows))


def change_on_page(company: Company, key: str) -> Value:
    change = change_of(company, key)
    return None if change is None else in_currency(key, change.now[key] - change.base[key])


def _cause(key: str) -> tuple[Reading, ...]:
    """What moves a headline measure most since the agreed plan, and what all changes do together."""
    cause, whole = f"largest cause, {key}", f"all changes, {key}"
    return (
        Reading(cause, "message of Plan changes", lambda c: cause_on_page(c, key), True),
        Reading(cause, "table of causes", lambda c: cause_in_table(c, key), True),
        Reading(cause, "bridge of the executive review", lambda c: cause_in_review(c, key), True),
        Reading(cause, "command line, plan --json", lambda c: cause_in_command(c, key), True),
        Reading(whole, "Plan changes", lambda c: change_on_page(c, key), True),
        Reading(whole, "groups opened on Plan changes", lambda c: change_in_groups(c, key), True),
        Reading(whole, "single changes, plan --json", lambda c: change_in_command(c, key), True),
    )


def _gap(company: Company) -> Value:
    found = revenue_gap(company)
    return None if found is None else (found.revenue.now - found.revenue.base) / 100


# -- stock


def _stock_at_the_end(company: Company) -> Value:
    """Units of the plan at its own standard cost, family by family."""
    plan, last = company.view.plan, len(company.year) - 1
    cost = plan.detail.unit_cost
    if "stock_value" not in plan or cost is None:
        return None
    return float(value_of_stock(plan["inventory"][:, last], cost[:, last]).sum() / 100)


def _stock_of_families(company: Company) -> Value:
    """The table of the Inventory page, added up over its families."""
    table = stock_table(company.context)
    return _all_of(
        table.figure(name, f"Value in {company.context.near_text}")
        for name in company.inputs.inputs.families.names
    )


def _stock_of_sheets(company: Company) -> Value:
    """The blocks of money of every family's sheet."""
    at = company.context.past + len(company.year) - 1
    lines = (money_part(company.context, name).lines for name in company.inputs.inputs.families.names)
    return _all_of(line.values[at] for own in lines for line in own if line.name == "Inventory value")


def _all_of(values: Iterator[Any]) -> Value:
    found = [math.nan if value is None else float(value) for value in values]
    return _known(sum(found) / 100) if found else None


def _scenario_stock(company: Company) -> Value:
    panels = build_panels(company.view.plan, None, company.context.made_to_order)
    own = [panel.scenario[len(company.year) - 1] for panel in panels if panel.key == "inventory"]
    return own[0] / 100 if own and own[0] is not None else None


def _in_sheet(book: dict[str, list[tuple[Any, ...]]], sheet: str, name: str, month: str) -> Value:
    """A measure in a sheet of a workbook, added up over its rows, in one month."""
    rows = book[sheet]
    at = next((i for i, row in enumerate(rows) if row[0] == "Measure"), None)
    if at is None:
        return None
    found = [row[rows[at].index(month)] for row in rows[at + 1 :] if row[0] == name]
    return float(sum(found)) if found else None


def _stock_series_now(company: Company) -> Value:
    found = series.inventory(company.context, None, in_money=True)
    return _known(float(found.now[found.past - 1]) / 100)


def _statement_stock_now(company: Company) -> Value:
    found = money_series(company.context, "stock_value")
    return _known(float(found.now[found.past - 1]) / 100)


def _card_stock_now(company: Company) -> Value:
    kpis = read_kpis(company.room, company.inputs, company.view, company.base)
    found = next(kpi for kpi in kpis if kpi.key == "inventory")
    at = found.months.index(company.inputs.inputs.calendar.last_closed)
    value = found.actual[at]
    return None if value is None else value / 100


def _aged_stock(company: Company) -> Value:
    """What all ages of all families come to."""
    ages = read_ages(company.room, CEO, company.view)
    if ages is None:
        return None
    return _known(sum(sum(family.money) + family.unknown_money for family in ages.families) / 100)


def _opening_stock(company: Company) -> Value:
    """What the plan's cash starts from; a plan without cash says nothing of it."""
    opening = company.view.plan.detail.opening
    return _known(opening["stock_value"] / 100) if opening else ANOTHER_SPAN


def _stock_reconciled(company: Company) -> Value:
    """The tables' side of the reconciliation; where the ledger is too far from it, it is one of two claims."""
    if not cost_basis(company.inputs.inputs, company.view.assumptions).stock_is_known:
        return None
    found = reconcile_stock(company.inputs.inputs)
    last = company.inputs.inputs.calendar.last_closed
    return found.sales[-1] / 100 if found.months and found.months[-1] == last else ANOTHER_SPAN


# -- service and waiting


def _of_service() -> Iterator[Reading]:
    """On time, lead time and past due of past and plan, of all and of the family that is worst."""
    json_place, sheet = "command line, plan --json", "family sheet"
    figure = "on time, last closed month"
    yield Reading(figure, "card of the executive review", partial(_card_last, key="on_time"))
    yield Reading(figure, "indicator of Performance", lambda c: _indicator(c, "otif_promised").value)
    yield Reading(figure, "measure of Performance", lambda c: _tracked(c, "service", "actual"))
    yield Reading(figure, "by month on Performance", _last_by_month)
    yield Reading(figure, sheet, lambda c: _sheet_share(c, "On time in full, %", closed=True))
    yield Reading(figure, "chart of Customer lead time", _last_drawn)
    yield Reading(figure, "order lines", lambda c: _from_order_lines(c, "promised", 1))
    figure = "on time by request, last closed month"
    yield Reading(figure, "indicator of Performance", lambda c: _indicator(c, "otif_requested").value)
    yield Reading(figure, sheet, lambda c: _sheet_share(c, "By the date asked for, %", closed=True))
    yield Reading(figure, "order lines", lambda c: _from_order_lines(c, "requested", 1))
    figure = "on time, last 12 months"
    yield Reading(figure, json_place, lambda c: c.command["service"]["on_time"]["last_12_months"])
    yield Reading(figure, "order lines", lambda c: _from_order_lines(c, "promised", c.context.year))
    figure = "on time, worst family of the last 12 months"
    yield Reading(figure, json_place, lambda c: _value(c.command["service"]["on_time"]["last_12_months_worst"]))
    yield Reading(figure, "table of Customer lead time", lambda c: _lowest_in_table(c, "As promised"))
    figure = "on time, worst family"
    yield Reading(figure, "card of the executive review", lambda c: _worst_on_card(c, "on_time"))
    yield Reading(figure, json_place, lambda c: _worst_in_json(c, "on_time"))
    yield Reading(
        figure, "service, plan --json", lambda c: _value(c.command["service"]["on_time"]["next_12_months_worst"])
    )
    yield Reading(figure, "workbook", lambda c: headline_in(c.workbook, "on_time", "worst value"))
    yield Reading(figure, sheet, _worst_in_sheet)
    yield Reading(figure, "lines.csv", _least_in_lines)
    figure = "lead time, worst family"
    yield Reading(figure, "card of the executive review", lambda c: _worst_on_card(c, "lead_time"))
    yield Reading(figure, json_place, lambda c: _worst_in_json(c, "lead_time"))
    yield Reading(figure, "workbook", lambda c: headline_in(c.workbook, "lead_time", "worst value"))
    yield Reading(figure, "Customer lead time", _peak_of_the_worst)
    yield Reading(figure, "the headline itself", lambda c: card(c, "lead_time"))
    figure = "past due, last closed month"
    yield Reading(figure, json_place, lambda c: c.command["service"]["past_due"]["units"])
    yield Reading(figure, "Customer lead time", lambda c: _closed(c, series.past_due(c.context, None).now))
    yield Reading(figure, sheet, lambda c: _sheet_closed(c, backlog_part, "Past due"))
    yield Reading(figure, "measure of Performance", lambda c: _tracked(c, "past_due", "actual"))
    yield Reading(figure, "where the plan starts", _late_at_start)
    agreed = "past due agreed for the last closed month"
    yield Reading(agreed, "Customer lead time", lambda c: _closed(c, series.past_due(c.context, None).agreed))
    yield Reading(agreed, "measure of Performance", lambda c: _tracked(c, "past_due", "plan"))
    for figure, key, read in (("demand", "demand", series.demand), ("shipments", "sales", series.shipments)):
        now, then = f"{figure}, last closed month", f"{figure} agreed for the last closed month"
        yield Reading(now, "plan page", lambda c, read=read: _closed(c, read(c.context, None).now))
        yield Reading(now, "measure of Performance", lambda c, key=key: _tracked(c, key, "actual"))
        yield Reading(then, "plan page", lambda c, read=read: _closed(c, read(c.context, None).agreed))
        yield Reading(then, "measure of Performance", lambda c, key=key: _tracked(c, key, "plan"))
    yield Reading("demand, last closed month", "how the forecast moved", _asked_for)
    yield Reading("shipments, last closed month", sheet, lambda c: _sheet_closed(c, sales_part, "Shipments"))


# -- the last twelve months, and the agreed plan over the twelve that are shown


def _of_spans() -> Iterator[Reading]:
    """What was, and what is agreed, each over one span: 58.9 beside 59.2 M€ were two spans under one name."""
    figure = "revenue, last 12 months"
    yield Reading(figure, "command line, plan --json", lambda c: _last_in_json(c, "revenue"))
    yield Reading(
        figure, "from the last twelve months to the next on Sales", lambda c: _last_on_sales(c, "revenue")
    )
    yield Reading(figure, "financial statement, prior year", lambda c: in_statement(c, "Revenue", "Prior year"))
    yield Reading(
        figure, "family sheet, prior year", lambda c: _prior_year(c, series.revenue(c.context, None), 100)
    )
    yield Reading(figure, "chart of Performance", _year_gap)
    yield Reading(figure, "measure of Performance, by month", lambda c: _tracked_year(c, "revenue") / 100)
    yield Reading(figure, "channels on Sales", lambda c: _channels(c, "revenue", 100))
    yield Reading(figure, "today in the outlook", _outlook_today)
    figure = "demand, last 12 months"
    yield Reading(figure, "command line, plan --json", lambda c: _last_in_json(c, "units"))
    yield Reading(figure, "from the last twelve months to the next on Sales", lambda c: _last_on_sales(c, "units"))
    yield Reading(figure, "family sheet, prior year", lambda c: _prior_year(c, series.demand(c.context, None), 1))
    yield Reading(figure, "measure of Performance, by month", lambda c: _tracked_year(c, "demand"))
    figure = "shipments, last 12 months"
    yield Reading(
        figure, "family sheet, prior year", lambda c: _prior_year(c, series.shipments(c.context, None), 1)
    )
    yield Reading(figure, "measure of Performance, by month", lambda c: _tracked_year(c, "sales"))
    yield Reading(figure, "channels on Sales", lambda c: _channels(c, "units", 1))
    for key in ("revenue", "gross_margin", "ebit", "cash", "inventory", "lead_time", "on_time"):
        figure = f"{key}, agreed for the months shown"
        yield Reading(figure, "card of the executive review", lambda c, key=key: card(c, key, "base"), True)
        yield Reading(figure, "Plan changes", lambda c, key=key: _changed_from(c, key), True)
        yield Reading(figure, "command line, plan --json", lambda c, key=key: _changed_from_in_json(c, key), True)
    for key, row in {"revenue": "Revenue", "gross_margin": "Gross margin", "ebit": "EBIT"}.items():
        figure = f"{key}, agreed for the months shown"
        yield Reading(figure, "financial statement", lambda c, row=row: in_statement(c, row, "Agreed"), True)
    figure = "revenue, agreed for the months shown"
    yield Reading(figure, "family sheet", lambda c: _agreed_year(c, series.revenue(c.context, None), 100), True)
    yield Reading(
        figure, "bridge of the executive review", lambda c: c.bridge.start[1] / 100 if c.bridge else None, True
    )
    for name, read in (("demand", series.demand), ("shipments", series.shipments)):
        figure = f"{name}, agreed for the months shown"
        yield Reading(figure, "plan page", lambda c, read=read: _agreed_year(c, read(c.context, None), 1), True)
        measure_of = {"demand": "consensus_demand", "shipments": "shipments"}[name]
        yield Reading(figure, "lines of the agreed plan", lambda c, key=measure_of: _agreed_lines(c, key), True)


def _jump_row(company: Company) -> dict[str, Any] | None:
    return next((row for row in company.command["against_last_year"] if row["family"] is None), None)


def _last_in_json(company: Company, kind: str) -> Value:
    row = _jump_row(company)
    if row is None:
        return ANOTHER_SPAN
    last = row[kind]["last"] if row[kind] else None
    return None if last is None else float(last)


def _last_on_sales(company: Company, kind: str) -> Value:
    jumps = against_last_year(company.room, CEO, company.view)
    whole = next((jump for jump in jumps if not jump.family), None)
    if whole is None:
        return ANOTHER_SPAN
    if kind == "units":
        return whole.last_units
    return None if whole.last_revenue is None else whole.last_revenue / 100


def _whole_year(company: Company) -> bool:
    """Whether a year is planned and a year is known, so that both spans are twelve months."""
    year = company.view.plan.calendar.year
    return len(company.year) == year and len(company.inputs.inputs.history.months) >= year


def _prior_year(company: Company, found: series.PlanSeries, scale: float) -> Value:
    if not _whole_year(company):
        return ANOTHER_SPAN
    value = _known(found.next_year(found.prior_year))
    return None if value is None else value / scale


def _agreed_year(company: Company, found: series.PlanSeries, scale: float) -> Value:
    value = _known(found.next_year(found.agreed))
    return None if value is None else value / scale


def _agreed_lines(company: Company, key: str) -> Value:
    """A measure of the plan in force, over the months shown that it covers."""
    found = by_month(_frozen(company).frame, key, company.year)
    return float(found.sum()) if len(found) == len(company.year) else None


def _year_gap(company: Company) -> Value:
    found = year_gap(company.performance.inputs, None)
    return ANOTHER_SPAN if found is None else found.now / 100


def _tracked_year(company: Company, key: str) -> float:
    """A measure of Performance added up over the last twelve closed months."""
    track, year = company.performance.tracks.get(key), company.view.plan.calendar.year
    if track is None or not _whole_year(company):
        return ANOTHER_SPAN
    return float(read_line(track).actual[-year:].sum())


def _channels(company: Company, kind: str, scale: float) -> Value:
    rows = channel_sales(company.room, CEO, None)
    return _known(sum(getattr(row, kind) for row in rows) / scale) if rows else ANOTHER_SPAN


def _outlook_today(company: Company) -> Value:
    """The last closed point of the rolling year."""
    outlook = read_outlook(company.inputs, company.view, company.base, Ranges(None))
    known = [value for value in outlook.actual if value is not None] if outlook else []
    return known[-1] / 100 if known and _whole_year(company) else ANOTHER_SPAN


def _changed_from(company: Company, key: str) -> Value:
    change = company.changes.change if company.changes else None
    return ANOTHER_SPAN if change is None else in_currency(key, change.base.get(key))


def _changed_from_in_json(company: Company, key: str) -> Value:
    told = company.command["changes"]
    if told["groups"] is None:
        return ANOTHER_SPAN
    return float(told["base"][key]) if key in told["base"] else None


def _value(worst: dict[str, Any] | None) -> Value:
    return None if worst is None else worst["value"]


def _card_last(company: Company, key: str) -> Value:
    kpis = read_kpis(company.room, company.inputs, company.view, company.base)
    found = next(kpi for kpi in kpis if kpi.key == key)
    return found.actual[found.months.index(company.inputs.inputs.calendar.last_closed)]


def _worst_on_card(company: Company, key: str) -> Value:
    kpis = read_kpis(company.room, company.inputs, company.view, company.base)
    worst = next(kpi for kpi in kpis if kpi.key == key).worst
    return None if worst is None else worst.value


def _worst_in_json(company: Company, key: str) -> Value:
    row = next(row for row in company.command["headline"] if row["measure"] == key)
    return float(row["worst_value"]) if "worst_value" in row else None


def _indicator(company: Company, key: str) -> Any:
    return next(each for each in company.performance.indicators if each.key == key)


def _tracked(company: Company, key: str, side: str) -> Value:
    """A measure of Performance in the last closed month, of all families: actual or plan."""
    track = company.performance.tracks.get(key)
    return None if track is None else _known(getattr(read_line(track), side)[-1])


def _last_by_month(company: Company) -> Value:
    otif = company.performance.otif
    if not otif:
        return None
    return on_time_by_month(otif, company.inputs.inputs.families.names).rows[-1][2]  # type: ignore[return-value]


def _closed(company: Company, values: Any) -> Value:
    return _known(float(values[company.context.past - 1]))


def _sheet_line(company: Company, part: Callable[..., SheetPart], start: str) -> SheetLine | None:
    return next((line for line in part(company.context, None).lines if line.name.startswith(start)), None)


def _sheet_closed(company: Company, part: Callable[..., SheetPart], name: str) -> Value:
    line = _sheet_line(company, part, name)
    return None if line is None else _closed(company, line.values)


def _sheet_share(company: Company, name: str, *, closed: bool) -> Value:
    line = _sheet_line(company, service_part, name)
    if line is None or line.top is None or line.bottom is None:
        return None
    context = company.context
    span = slice(context.past - 1, context.past) if closed else context.next_year
    kept, due = (float(values[span].sum()) for values in (line.top, line.bottom))
    return _known(kept / due) if due else None


def _worst_in_sheet(company: Company) -> Value:
    return _sheet_share(company, "Worst: ", closed=False)


def _last_drawn(company: Company) -> Value:
    months, share = on_time_in_full(company.context, None)
    return _known(float(share[-1])) if months else None


def _from_order_lines(company: Company, by: str, months: int) -> Value:
    """The share by value straight from the table of deliveries, over the last closed months."""
    with company.room.store.read() as tx:
        lines = read_table(tx, "deliveries")
    if lines is None:
        return None
    inputs = company.inputs.inputs
    last = inputs.history.months[-months:]
    lines = lines[lines[by].str[:7].isin(last) & lines["product"].isin(inputs.products.numbers)]
    family = [inputs.products.family_by_number[product] for product in lines["product"]]
    region = [inputs.regions.index(name) for name in lines["region"]]
    worth = (lines["quantity_ordered"] * inputs.position.price[family, region] * 100).round()
    kept = (lines["quantity_delivered"] >= lines["quantity_ordered"]) & (lines["delivered"] <= lines[by])
    return float(worth[kept & lines["delivered"].notna()].sum() / worth.sum())


def _lowest_in_table(company: Company, column: str) -> Value:
    table = on_time_by_family(company.context)
    found = [table.figure(str(row[0]), column) for row in table.rows]
    return min((float(value) for value in found if value is not None), default=None)


def _least_in_lines(company: Company) -> Value:
    kept, due = on_time_in_lines(company.lines, company.year)
    return None if kept.empty or not due.sum() else float((kept[due > 0] / due[due > 0]).min())


def _peak_of_the_worst(company: Company) -> Value:
    peak = peak_of(company.context, company.context.waiting)
    return None if peak is None else peak.days


def _late_at_start(company: Company) -> Value:
    orders = company.inputs.inputs.orders
    if orders is None or orders.derived:
        return None
    return late_now(company.inputs.inputs, None)


def _asked_for(company: Company) -> Value:
    return company.performance.asked(company.inputs.inputs.calendar.last_closed, ALL)


# -- money of decisions and limits, by planning again


SPANS = {"ebit_12_months": "EBIT, 12 months", "ebit_horizon": "EBIT, to the horizon", "cash_low": "lowest cash"}
"""What a change brings, as the command line calls it → as the executive review's download does."""


def first_decision(company: Company) -> Decision | None:
    return next(iter(company.valuation.decisions), None)


def decided(company: Company, key: str) -> Value:
    """The first decision on the command line."""
    rows = company.command["decisions"]
    return None if not rows or rows[0][key] is None else float(rows[0][key])


def downloaded(company: Company, key: str) -> Value:
    """The first decision in the download of the executive review."""
    table = review_table([], None, company.valuation, [], [], "", "12 months")
    found = table[(table["section"] == "decision") & (table["measure"] == SPANS[key])]["value"]
    return _known(float(found.iloc[0])) if len(found) else None


def planned_again(company: Company, key: str) -> Value:
    """The first decision by planning with it and without it, from the lines of both plans."""
    decision = first_decision(company)
    if decision is None:
        return None
    trial = trial_of(company.room, company.inputs, company.view.assumptions)
    return _gained(trial.plan, trial.with_moves(decision.move), key, decision.move.terms.once)


def without_bottleneck(company: Company, key: str) -> Value:
    """The bottleneck by planning again without it."""
    trial = trial_of(company.room, company.inputs, company.view.assumptions)
    supply = supply_of(trial.plan)
    plans = [trial.with_change(without(use.limit)) for use in open_limits(supply)] if supply else []
    freed = max(plans, key=lambda plan: supply_of(trial.plan).objective - supply_of(plan).objective, default=None)
    return None if freed is None else _gained(trial.plan, freed, key, 0)


def _gained(before: Plan, after: Plan, key: str, once: int) -> Value:
    """Profit or lowest cash of two plans, from their lines."""
    name = "cash" if key == "cash_low" else next((n for n in ("ebit", "gross_margin") if n in before), None)
    if name is None or name not in before:
        return None
    months = before.months if key == "ebit_horizon" else before.months[: before.calendar.year]
    then, now = (by_month(plan.frame, name, list(months)) for plan in (before, after))
    change = now.min() - then.min() if key == "cash_low" else now.sum() - then.sum()
    return float(change) - once / 100


def limited(company: Company, key: str) -> Value:
    """The bottleneck on the command line."""
    rows = company.command["limits"]
    return None if not rows or rows[0][key] is None else float(rows[0][key])


def on_production(company: Company, title: str) -> Value:
    """The bottleneck in the table of the Production page."""
    found = plan_limits(company.room, company.inputs, company.view, None)
    rows = limits_table(found.limits, company.context.near_text) if found is not None else None
    if rows is None or not rows.rows:
        return None
    value = rows.figure(str(rows.rows[0][0]), title.format(near=company.context.near_text))
    return None if value is None else float(value) / (1 if title == "Unit-days waited" else 100)


def _of_decisions() -> Iterator[Reading]:
    for key in SPANS:
        figure = f"first decision, {key}"
        yield Reading(figure, "command line, plan --json", partial(decided, key=key))
        yield Reading(figure, "download of the executive review", partial(downloaded, key=key))
        yield Reading(figure, "planned again", partial(planned_again, key=key))
    titles = {
        "ebit_12_months": "EBIT, {near}",
        "ebit_horizon": "to the horizon",
        "cash_low": "Lowest cash",
    }
    for key, title in titles.items():
        yield Reading(f"bottleneck, {key}", "command line, plan --json", partial(limited, key=key))
        yield Reading(f"bottleneck, {key}", "table of Production", partial(on_production, title=title))
        yield Reading(f"bottleneck, {key}", "planned again without it", partial(without_bottleneck, key=key))
    waits = "bottleneck, unit-days waited for it"
    yield Reading(waits, "command line, plan --json", lambda c: limited(c, "waiting_units_days"))
    yield Reading(waits, "table of Production", lambda c: _less(on_production(c, "Unit-days waited")))


def _less(value: Value) -> Value:
    return None if value is None else -value


# -- the table


READINGS: tuple[Reading, ...] = (
    *(reading for entry in HEADLINES for reading in _headline(entry.key)),
    Reading("revenue", "financial statement", lambda c: in_statement(c, "Revenue", "Plan")),
    Reading("revenue", "family sheet", lambda c: _year(c, series.revenue(c.context, None), 100)),
    Reading("revenue", "end of the outlook", _outlook),
    Reading("gross_margin", "financial statement", lambda c: in_statement(c, "Gross margin", "Plan")),
    Reading("ebit", "financial statement", lambda c: in_statement(c, "EBIT", "Plan")),
    Reading("cash", "financial plan's message", _low),
    Reading("inventory", "financial statement", lambda c: in_statement(c, "Inventory value, at the end", "Plan")),
    Reading("inventory", "a line of the plan", lambda c: _year(c, money_series(c.context, "stock_value"), 100)),
    Reading("inventory", "units at standard cost", _stock_at_the_end),
    Reading("inventory", "Inventory", lambda c: _year(c, series.inventory(c.context, None, in_money=True), 100)),
    Reading("inventory", "table of the Inventory page", _stock_of_families),
    Reading("inventory", "every family's sheet", _stock_of_sheets),
    Reading("inventory", "panel of Scenarios", _scenario_stock),
    Reading("inventory", "families in lines.csv", lambda c: _last(by_month(c.lines, "inventory_value", c.year))),
    Reading(
        "inventory",
        "workbook, Financial",
        lambda c: _in_sheet(c.workbook, "Financial", measure("stock_value").label, c.year[-1]),
    ),
    Reading(
        "inventory",
        "workbook, Inventory",
        lambda c: _in_sheet(c.workbook, "Inventory", measure("inventory_value").label, c.year[-1]),
    ),
    Reading(
        "inventory, agreed",
        "families in the snapshot's lines.csv",
        lambda c: _last(by_month(_signed_lines(c)[0], "inventory_value", _signed_lines(c)[1])),
        True,
    ),
    Reading("stock_now", "Inventory", _stock_series_now),
    Reading("stock_now", "Financial", _statement_stock_now),
    Reading("stock_now", "card of the executive review", _card_stock_now),
    Reading("stock_now", "age of stock", _aged_stock),
    Reading("stock_now", "opening balance of the plan", _opening_stock),
    Reading("stock_now", "beside the ledger's", _stock_reconciled),
    Reading("lead_time", "family sheet", _peak),
    Reading("on_time", "family sheet", _on_time_in_sheet),
    Reading("family_lead_time", "Customer lead time", _family_peak),
    Reading("family_lead_time", "lines.csv", _family_peak_in_lines),
    Reading("days_of_supply", "Inventory", _cover),
    Reading("days_of_supply", "lines.csv", lambda c: _last(of_family(c, "days_of_supply", stocked(c)))),
    Reading("utilisation", "Production", _fullest),
    Reading("utilisation", "table of lines", _in_lines_table),
    Reading("utilisation", "lines.csv", fullest_in_lines),
    Reading("demand", "Sales", lambda c: _year(c, series.demand(c.context, None))),
    Reading("demand", "every family's sheet", _of_families),
    Reading("demand", "lines.csv", lambda c: float(by_month(c.lines, "consensus_demand", c.year).sum())),
    Reading("budget", "card of the executive review", lambda c: card(c, "revenue", "budget")),
    Reading("budget", "financial statement", lambda c: in_statement(c, "Revenue", "Budget")),
    Reading("budget", "facts", budgeted),
    Reading("budget_gap", "card of the executive review", lambda c: card(c, "revenue", "against_budget")),
    Reading("budget_gap", "financial statement", lambda c: in_statement(c, "Revenue", "To budget")),
    Reading("budget_gap", "the gap explained", _gap),
    *_of_service(),
    *_of_spans(),
    *_of_decisions(),
    *_gate("red"),
    *_gate("amber"),
    *_gate("info"),
    *(reading for key in (*MONEY, "lead_time", "on_time") for reading in _cause(key)),
    Reading("signatures_needed", "Settings", lambda c: float(c.settings.rules.needed), True),
    Reading("signatures_needed", "Settings in words", _in_words, True),
    Reading("signatures_needed", "sign-off", lambda c: float(sign_off(c).needed), True),
    Reading("signatures_given", "sign-off", lambda c: float(sign_off(c).given), True),
    Reading("signatures_given", "snapshot", lambda c: float(len(signed_content(c)["signatures"])), True),
    Reading("signatures_given", "snapshot's workbook", signatures_in_workbook, True),
)


# -- the test


def disagreements(company: Company, readings: tuple[Reading, ...] = READINGS) -> list[str]:
    """Every figure that is not the same number in all places that tell it, with what each of them says."""
    told: dict[str, dict[str, Value]] = {}
    for reading in readings:
        if company.agreed is not None or not reading.agreed:
            told.setdefault(reading.figure, {})[reading.place] = reading.read(company)
    return [f"{figure}: {places}" for figure, places in told.items() if not agree(figure, list(places.values()))]


def agree(figure: str, values: list[Value]) -> bool:
    """Whether figures are one number at the precision at which they are shown, or known nowhere."""
    told = [value for value in values if value is None or value == value]
    known = [value for value in told if value is not None]
    if len(known) < len(told):
        return not known
    # A figure that one place rounds already lies within half a step of the others.
    step = 10.0 ** -DECIMALS.get(figure.removesuffix(", agreed"), 2)
    return not known or max(known) - min(known) <= step / 2 * (1 + 1e-6)


@pytest.fixture(
    scope="module",
    params=["demo", "golden_company", *UNPRICED, pytest.param("adventureworks", marks=pytest.mark.slow)],
)
def company(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("SOP_WORKSPACE", raising=False)
        patch.delenv("SOP_DATABASE_URL", raising=False)
        try:
            folder = open_any(request.param, tmp_path_factory.mktemp("figures") / request.param)
        except Missing as missing:
            pytest.skip(str(missing))
        store = open_store(folder)
        yield Company(PlanningRoom(store), folder, command_line(folder))
        store.close()


def open_any(company: str, folder: Path) -> Path:
    """A recorded company, or a generated one of which prices are missing."""
    if company not in UNPRICED:
        return open_company(company, folder)
    folder.mkdir()
    return make_workspace(folder, UNPRICED[company])


def command_line(folder: Path) -> dict[str, Any]:
    """What `plan --json` prints."""
    return dict(json.loads(command_output(folder, "plan", "--json")))


def command_output(folder: Path, *command: str) -> str:
    """What a command prints."""
    patch, out = pytest.MonkeyPatch(), io.StringIO()
    with patch.context() as patched:
        patched.setattr("sys.stdout", out)
        assert run_command(["--workspace", str(folder), *command]) == 0
    return out.getvalue()


def test_figures_of_one_name_and_span_are_one_number(company: Company) -> None:
    found = disagreements(company)
    assert not found, "\n".join(found)


CONTRACT = {
    "headline": ("measure", "value"),
    "decisions": ("name", "ebit_12_months", "ebit_horizon", "cash_low", "cost", "lead_months", "recommended"),
    "limits": ("name", "months_binding", "ebit_12_months", "ebit_horizon", "waiting_units_days"),
    "people": ("plant", "opening", "planned", "hires", "releases"),
    "gate": ("level", "what", "remedy"),
}
"""What other programs may rely on in `plan --json`: lists, and the keys of each row in them."""


def test_the_command_line_keeps_what_other_programs_rely_on(company: Company) -> None:
    told = company.command
    for name, keys in CONTRACT.items():
        assert all(set(keys) <= set(row) for row in told[name]), name
    assert all(bool(row.get("why")) == (row["value"] is None) for row in told["headline"])
    for row in told["decisions"]:
        assert row["recommended"] == (not row["why"]) and (not row["recommended"] or row["cost"] is not None)
        assert not row["recommended"] or row["ebit_horizon"] > 0, "only a lasting gain is recommended"
    for plant in told["people"]:
        assert all(len(plant[key] or ()) in (0, len(plant["periods"])) for key in ("planned", "hires", "releases"))
        here = [plant["opening"], *(plant["planned"] or ())]
        moves = zip(plant["hires"] or (), plant["releases"] or (), strict=True)
        for before, after, (hired, gone) in zip(here, here[1:], moves, strict=False):
            assert None in (before, hired, gone) or after == before + hired - gone
    assert all(row["level"] in ("red", "amber", "info") for row in told["gate"])


def test_the_gate_says_the_same_line_by_line_on_the_page_the_command_line_and_in_json(company: Company) -> None:
    gate = working_gate(company.room, CEO, company.inputs)
    told = [(line.state, line.what.lower(), line.owner) for line in told_lines(gate.lines, gate.waivers, {})]
    json_rows = company.command["gate"]
    assert told == [(row["level"], row["what"].lower(), row["owner"]) for row in json_rows]
    printed = command_output(company.folder, "plan")
    assert gate_sentence(gate.lines, gate.waivers) in printed
    for row in json_rows:
        assert row["what"][1:] in printed and row["remedy"] in printed


SAMPLED = 200
"""Lines of a plan that are looked up wherever lines are told."""
Line = tuple[str, ...]


def line_keys(frame: pd.DataFrame) -> dict[Line, float]:
    """The figures of a frame of lines by measure, family, region, resource and month."""
    places = frame[["measure", "family", "region", "resource", "month"]].astype(object).fillna("").astype(str)
    return dict(zip(places.itertuples(index=False, name=None), frame["value"].astype(float), strict=True))


def on_screen(plan: Plan) -> dict[Line, float]:
    """The same from the long tables under the plan pages."""
    keys, found = {(entry.plan, entry.label): entry.key for entry in MEASURES}, {}
    for name in PlanName:
        table = plan_lines_table(plan, name, None)
        for row in table.to_dict("records"):
            place = (keys[name, row["Measure"]], row["Family"], row["Region"], row["Resource"])
            found |= {(*place, m): float(row[m]) for m in table.columns if m[:1].isdecimal() and row[m] == row[m]}
    return found


def in_sheets(book: dict[str, list[tuple[Any, ...]]]) -> dict[Line, float]:
    """The same from the sheets of a workbook that hold a plan's lines."""
    keys, found = {(entry.plan, entry.label): entry.key for entry in MEASURES}, {}
    for plan, title in PLAN_TITLES.items():
        rows = book[title]
        at = next((i for i, row in enumerate(rows) if row[0] == "Measure"), None)
        for row in [] if at is None else rows[at + 1 :]:
            place = (keys[PlanName(plan), row[0]], *(str(cell or "") for cell in row[1:4]))
            named = zip(rows[at], row, strict=True)
            found |= {(*place, m): float(v) for m, v in named if m and m[:1].isdecimal() and v is not None}
    return found


def test_sampled_lines_are_one_figure_on_screen_in_files_and_as_data(company: Company) -> None:
    """Of the working plan: tables under the pages, workbook, lines.csv, JSON and frames, plan.json."""
    content = working_content(company.room, CEO)
    told = line_keys(pd.DataFrame(content["lines"]))
    data = pd.DataFrame(read_open_table(company.room, CEO, "plan_lines", "working"))
    places = {
        "screen": on_screen(company.view.plan),
        "workbook": in_sheets(company.workbook),
        "lines.csv": line_keys(company.lines.fillna({"region": "", "resource": ""})),
        "JSON": line_keys(data),
    }
    assert apart(places, told) == []
    headline = {row["measure"]: row["value"] for row in content["headline"]}
    rows = read_open_table(company.room, CEO, "plan_headlines", "working")
    assert {row["measure"]: row["value"] for row in rows} == {
        key: None if value is None else float(value) for key, value in headline.items()
    }


def apart(places: dict[str, dict[Line, float]], told: dict[Line, float]) -> list[tuple[str, Line]]:
    """Of the sampled lines, those that a place does not have or tells otherwise."""
    sample = random.Random(17).sample(sorted(told), min(SAMPLED, len(told)))
    return [
        (name, line)
        for name, found in places.items()
        for line in sample
        if abs(found.get(line, math.inf) - told[line]) > 1e-6 * max(1.0, abs(told[line]))
    ]


def test_sampled_lines_of_the_plan_in_force_are_one_figure_in_the_snapshot_and_the_view(company: Company) -> None:
    """plan.json as it was signed, lines.csv in the snapshot, and the view of the database."""
    if company.agreed is None:
        pytest.skip("no plan is agreed in this company")
    told = line_keys(pd.DataFrame(json.loads(company.snapshot["plan.json"])["content"]["lines"]))
    where = f"SELECT * FROM {open_table('plan_lines').view} WHERE plan_id = {company.agreed.id}"
    with company.room.store.read() as tx:
        view = pd.DataFrame([dict(row) for row in tx.session.execute(text(where)).mappings()])
    csv = read_lines(company.snapshot["lines.csv"]).fillna({"region": "", "resource": ""})
    places = {"SQL view": line_keys(view), "lines.csv": line_keys(csv)}
    assert len(places["SQL view"]) == len(told)
    assert apart(places, told) == []


def test_a_figure_that_is_bent_in_one_place_is_named(company: Company) -> None:
    if company.view.plan.headline["revenue"] is None:
        pytest.skip("no figure is there to be bent")
    bent = replace(company, bent=1.0)
    (found,) = disagreements(bent, tuple(reading for reading in READINGS if reading.figure == "revenue"))
    assert found.startswith("revenue: {'card of the executive review'")


def test_a_figure_agrees_at_the_precision_at_which_it_is_shown() -> None:
    assert agree("revenue", [1.0, 1.004]) and not agree("revenue", [1.0, 1.01])
    assert agree("lead_time", [38.2, 38.16]) and not agree("lead_time", [38.2, 38.3])
    assert agree("cash", [None, None]) and not agree("cash", [None, 1.0])


def test_the_demo_tells_who_waits_and_who_is_late_beside_every_total(company: Company) -> None:
    if company.agreed is None or "Heavy duty" not in company.inputs.inputs.families.names:
        pytest.skip("these are figures of the demo")
    service, plan = company.command["service"]["on_time"], company.view.plan
    # By value 90.6% of what was promised came whole by its day, of Heavy duty 43.6%; the plan promises no more.
    assert (service["last_12_months"], service["last_12_months_by_request"]) == (0.9057, 0.9054)
    assert service["last_12_months_worst"] == {"family": "Heavy duty", "value": 0.436}
    assert service["next_12_months"] == pytest.approx(0.87, abs=0.02)
    assert service["next_12_months_worst"] == {"family": "Heavy duty", "value": 0.0}
    waiting = plan.worst["lead_time"]
    assert waiting.family == "Heavy duty" and waiting.value == plan.headline["lead_time"]
    assert waiting.value == pytest.approx(140, abs=10)
    assert company.command["service"]["past_due"] == {"units": 61.0, "units_inferred": None, "month": "2026-11"}
    # The plan agreed a month ago has a year of its own, and says which.
    assert plan.near_span == "Dec 2026 to Nov 2027" and _frozen(company).near_span == "Nov 2026 to Oct 2027"
    own, ours = in_currency("revenue", _frozen(company).headline["revenue"]), card(company, "revenue", "base")
    assert own is not None and ours is not None and abs(own - ours) > 100_000

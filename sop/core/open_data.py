"""What other programs may read: tables with names and columns that stay, by SQL, Parquet, Python or JSON.

A column is only ever added; one that must change its meaning gets another name. The views of the database, the
frames, the files, the answers of the server and docs/open-data.md all follow from this table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sop.core.errors import NotFound

OpenKind = Literal["text", "number", "whole", "month", "time"]
OpenRow = dict[str, Any]
VIEW_PREFIX = "accord_"


@dataclass(frozen=True)
class OpenColumn:
    """A column: `time` is UTC text that sorts, `month` a period of the company's calendar such as '2026-12'."""

    name: str
    kind: OpenKind
    meaning: str


@dataclass(frozen=True)
class OpenTable:
    """A table: what a row is, what identifies it, and its columns. `of_plans`: it tells what is in plans."""

    name: str
    row: str
    key: tuple[str, ...]
    columns: tuple[OpenColumn, ...]
    of_plans: bool = False

    @property
    def view(self) -> str:
        """The name of its view in the database."""
        return VIEW_PREFIX + self.name

    @property
    def column_names(self) -> tuple[str, ...]:
        """Its columns in order."""
        return tuple(column.name for column in self.columns)


_PLAN = (
    OpenColumn("plan_id", "whole", "number of the plan; 0 is the working plan, which no view of the database has"),
    OpenColumn("cycle", "month", "first open month of the plan's cycle"),
    OpenColumn("revision", "whole", "revision within the cycle, from 1; 0 for the working plan"),
)

OPEN_TABLES: tuple[OpenTable, ...] = (
    OpenTable(
        "plans",
        "a plan that was proposed, whatever became of it",
        ("plan_id",),
        (
            *_PLAN,
            OpenColumn("state", "text", "draft, proposed, agreed, superseded, returned, withdrawn or working"),
            OpenColumn("in_force", "whole", "1 for the plan that was agreed last, else 0"),
            OpenColumn("label", "text", "what who prepared it called it"),
            OpenColumn("digest", "text", "SHA-256 of the content that is signed, as on screen and in plan.json"),
            OpenColumn("previous_digest", "text", "that of the agreed plan that it follows"),
            OpenColumn("company", "text", "the company"),
            OpenColumn("currency", "text", "the currency of its money, three letters"),
            OpenColumn("summary", "text", "its message in one sentence"),
            OpenColumn("prepared_by", "text", "who prepared it, by the name they sign in with"),
            OpenColumn("created_at", "time", "when it was prepared"),
        ),
    ),
    OpenTable(
        "plan_lines",
        "one measure of a plan in one month, at the grain at which it is planned",
        ("plan_id", "measure", "family", "region", "resource", "month"),
        (
            *_PLAN,
            OpenColumn("plan", "text", "which of the seven plans: sales, production, inventory, …"),
            OpenColumn("measure", "text", "key of the measure, as in measures.md"),
            OpenColumn("family", "text", "family; empty where the measure has none"),
            OpenColumn("region", "text", "region; empty where the measure has none"),
            OpenColumn("resource", "text", "line, plant or material; empty where the measure has none"),
            OpenColumn("month", "month", "the month planned"),
            OpenColumn("value", "number", "the figure; money in whole currency to the cent. No row: not known"),
            OpenColumn("unit", "text", "units, hours, days, share, … or the currency"),
        ),
        of_plans=True,
    ),
    OpenTable(
        "plan_headlines",
        "one headline measure of a plan",
        ("plan_id", "measure"),
        (
            *_PLAN,
            OpenColumn("measure", "text", "key of the headline measure"),
            OpenColumn("label", "text", "what it is called on screen"),
            OpenColumn("value", "number", "the figure; empty where it cannot be known"),
            OpenColumn("unit", "text", "its unit, or the currency"),
            OpenColumn("definition", "text", "of which months and how it is read"),
            OpenColumn("worst_family", "text", "the family that stands behind it worst, for measures of service"),
            OpenColumn("worst_value", "number", "that family's figure"),
            OpenColumn("worst_month", "month", "the month of a peak"),
        ),
        of_plans=True,
    ),
    OpenTable(
        "signatures",
        "a function's signature under a plan",
        ("plan_id", "function"),
        (
            *_PLAN,
            OpenColumn("function", "text", "the function for which somebody signed"),
            OpenColumn("name", "text", "who signed"),
            OpenColumn("role", "text", "in which role"),
            OpenColumn("meaning", "text", "approve, conditional or dissent"),
            OpenColumn("comment", "text", "the condition or dissent in words"),
            OpenColumn("signed_at", "time", "when"),
            OpenColumn("authentication", "text", "how who signed had proved who they are"),
            OpenColumn("digest_shown", "text", "the digest that was on the screen"),
        ),
    ),
    OpenTable(
        "scenarios",
        "a working plan or a saved scenario; private drafts are nobody else's",
        ("scenario_id",),
        (
            OpenColumn("scenario_id", "whole", "number of the scenario"),
            OpenColumn("cycle", "month", "first open month of its cycle"),
            OpenColumn("name", "text", "its name"),
            OpenColumn("kind", "text", "working or saved"),
            OpenColumn("owner", "text", "who made it, by the name they sign in with"),
            OpenColumn("description", "text", "the question that it answers"),
            OpenColumn("updated_at", "time", "when it was changed last"),
            OpenColumn("updated_by", "text", "by whom"),
            OpenColumn("expiry", "month", "the last cycle in which it is kept; empty for its own"),
        ),
    ),
    OpenTable(
        "assumptions",
        "a value that somebody set in a working plan or a saved scenario",
        ("scenario_id", "key", "scope"),
        (
            OpenColumn("scenario_id", "whole", "the scenario in which it was set"),
            OpenColumn("cycle", "month", "first open month of the scenario's cycle"),
            OpenColumn("key", "text", "key of the assumption, as in assumptions.md"),
            OpenColumn("scope", "text", "what it is set for; empty for the company"),
            OpenColumn("value", "number", "the value; percents are fractions"),
            OpenColumn("reason", "text", "why"),
            OpenColumn("set_by", "text", "who set it, by the name they sign in with"),
            OpenColumn("set_at", "time", "when"),
            OpenColumn("start", "month", "the month from which it holds; empty for all"),
            OpenColumn("expiry", "month", "the last cycle in which it holds; empty for no end"),
        ),
    ),
    OpenTable(
        "cycles",
        "a planning cycle",
        ("cycle",),
        (
            OpenColumn("cycle", "month", "its first open month"),
            OpenColumn("horizon", "whole", "months planned"),
            OpenColumn("step", "text", "the step at which it is"),
            OpenColumn("opened_at", "time", "when it was opened"),
            OpenColumn("closed_at", "time", "when it was closed; empty while it is open"),
            OpenColumn("agreed_plan_id", "whole", "the plan agreed last in it; empty for none"),
        ),
    ),
    OpenTable(
        "decisions",
        "what somebody decided about a move; the last row of a move is where it stands",
        ("decision_id",),
        (
            OpenColumn("decision_id", "whole", "its number, in the order in which they were made"),
            OpenColumn("cycle", "month", "first open month of the cycle in which it was decided"),
            OpenColumn("move", "text", "the move"),
            OpenColumn("state", "text", "accepted, refused, deferred or taken back"),
            OpenColumn("decided_by", "text", "by whom"),
            OpenColumn("decided_at", "time", "when"),
            OpenColumn("note", "text", "the reason"),
            OpenColumn("until", "month", "until when it is deferred"),
        ),
    ),
)

_BY_NAME = {table.name: table for table in OPEN_TABLES}


def open_table(name: str) -> OpenTable:
    """A table by its name. Raises NotFound, naming those that there are."""
    if name not in _BY_NAME:
        raise NotFound(f"there is no open table '{name}'", remedy=f"There are: {', '.join(_BY_NAME)}")
    return _BY_NAME[name]


def figures_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """What is open of a plan's content: its headline and its lines, one series a measure and place by month.

    Whole numbers and decimal texts stay as they are signed.
    """
    series: dict[tuple[str, ...], dict[str, Any]] = {}
    for line in content["lines"]:
        place = tuple(str(line[name]) for name in _PLACE)
        values = series.setdefault(place, {**dict(zip(_PLACE, place, strict=True)), "values": {}})["values"]
        values[line["month"]] = line["value"]
    return {
        "company": content["company"]["name"],
        "currency": content["company"]["currency"],
        "summary": content["summary"],
        "headline": [dict(row) for row in content["headline"]],
        "series": list(series.values()),
    }


_PLACE = ("plan", "measure", "family", "region", "resource", "unit")


def rows_of(table: OpenTable, figures: Mapping[str, Any], plan: Mapping[str, Any]) -> Iterator[OpenRow]:
    """The rows of a table `of_plans` from a plan's figures, as its view has them; `plan`: what names it."""
    if table.name == "plan_headlines":
        for row in figures["headline"]:
            value, worst = figure(row["value"]), figure(row.get("worst_value"))
            yield {**plan, **_texts(table, row), "value": value, "worst_value": worst}
        return
    for series in figures["series"]:
        for month, value in series["values"].items():
            yield {**plan, **_texts(table, series), "month": month, "value": figure(value)}


def _texts(table: OpenTable, row: Mapping[str, Any]) -> OpenRow:
    own = {column.name for column in _PLAN}
    return {name: row.get(name) for name in table.column_names if name not in own}


def figure(value: Any) -> int | float | None:
    """A figure of a content or a database as a plain number: '123.45' → 123.45, '120' → 120.

    >>> figure("123.45"), figure("120.00"), figure(None)
    (123.45, 120, None)
    """
    if value is None:
        return None
    number = float(value)
    return int(number) if number.is_integer() else number

"""Views of the database that other programs read, with the names and columns of `sop.core.open_data`.

Nothing can be written through them: SQLite has no other views, and on PostgreSQL each is joined or grouped, which
makes it read-only. Signed figures are kept compressed; beside each plan stands what is open of it as JSON, which
the views take apart.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, inspect, text

from sop.core.open_data import OPEN_TABLES, OpenRow, OpenTable, figure, figures_of
from sop.store.schema import PlanFiguresRow, canonical_json
from sop.store.transaction import Transaction

_AGREED = "(SELECT plan_id FROM plan_events WHERE state = 'agreed' ORDER BY id DESC LIMIT 1)"
_AGREED_IN = """(SELECT e.plan_id FROM plan_events e JOIN plans q ON q.id = e.plan_id
 WHERE e.state = 'agreed' AND q.cycle = c.first_open ORDER BY e.id DESC LIMIT 1)"""
_STATE = "COALESCE((SELECT state FROM plan_events e WHERE e.plan_id = p.id ORDER BY e.id DESC LIMIT 1), 'draft')"
_NUMBER = "p.id AS plan_id, p.cycle AS cycle, p.revision AS revision"

_SQLITE = {
    "series": "json_each(f.figures, '$.series') s, json_each(s.value, '$.values') v",
    "headline": "json_each(f.figures, '$.headline') s",
    "fact": "json_extract(f.figures, '$.{}')",
    "field": "json_extract(s.value, '$.{}')",
    "month": "v.key",
    "value": "CAST(v.value AS NUMERIC)",
}
_POSTGRESQL = {
    "series": (
        "jsonb_array_elements(f.figures::jsonb -> 'series') s(value), jsonb_each_text(s.value -> 'values') v"
    ),
    "headline": "jsonb_array_elements(f.figures::jsonb -> 'headline') s(value)",
    "fact": "(f.figures::jsonb ->> '{}')",
    "field": "(s.value ->> '{}')",
    "month": "v.key",
    "value": "CAST(v.value AS NUMERIC)",
}
"""How each kind of database takes JSON apart."""


def _views(words: Mapping[str, str]) -> dict[str, str]:
    """The statement of each view by the name of its table."""

    def fact(name: str) -> str:
        return f"{words['fact'].format(name)} AS {name}"

    def field(name: str, kind: str = "") -> str:
        found = words["field"].format(name)
        return f"CAST({found} AS {kind}) AS {name}" if kind else f"{found} AS {name}"

    fields = ", ".join(field(name) for name in ("plan", "measure", "family", "region", "resource"))
    return {
        "plans": f"""SELECT {_NUMBER}, {_STATE} AS state, CASE WHEN p.id = {_AGREED} THEN 1 ELSE 0 END AS in_force,
 p.label, p.digest, p.previous_digest, {fact("company")}, {fact("currency")}, {fact("summary")}, p.prepared_by,
 p.created_at FROM plans p LEFT JOIN plan_figures f ON f.plan_id = p.id""",
        "plan_lines": f"""SELECT {_NUMBER}, {fields}, {words["month"]} AS month, {words["value"]} AS value,
 {field("unit")} FROM plans p JOIN plan_figures f ON f.plan_id = p.id, {words["series"]}""",
        "plan_headlines": f"""SELECT {_NUMBER}, {field("measure")}, {field("label")}, {field("value", "NUMERIC")},
 {field("unit")}, {field("definition")}, {field("worst_family")}, {field("worst_value", "NUMERIC")},
 {field("worst_month")} FROM plans p JOIN plan_figures f ON f.plan_id = p.id, {words["headline"]}""",
        "signatures": f"""SELECT {_NUMBER}, g.function, g.name, g.role, g.meaning, g.comment, g.at AS signed_at,
 g.auth_method AS authentication, g.digest_shown FROM signatures g JOIN plans p ON p.id = g.plan_id""",
        "scenarios": """SELECT n.id AS scenario_id, n.cycle, n.name, n.kind, n.owner, n.description, n.updated_at,
 n.updated_by, n.expiry FROM scenarios n JOIN cycles c ON c.first_open = n.cycle
 WHERE n.kind IN ('working', 'saved')""",
        "assumptions": """SELECT a.scenario_id, n.cycle, a.key, a.scope, CAST(a.value AS NUMERIC) AS value,
 a.reason, a.by AS set_by, a.at AS set_at, a.start, a.expiry
 FROM assumption_values a JOIN scenarios n ON n.id = a.scenario_id WHERE n.kind IN ('working', 'saved')""",
        "cycles": f"""SELECT DISTINCT c.first_open AS cycle, c.horizon, c.step, c.opened_at, c.closed_at,
 {_AGREED_IN} AS agreed_plan_id FROM cycles c""",
        "decisions": """SELECT d.id AS decision_id, d.cycle, d.move, d.state, COALESCE(w.name, d.by) AS decided_by,
 d.at AS decided_at, d.note, d.until FROM decisions d LEFT JOIN people w ON w.id = d.by""",
    }


def drop_open_views(connection: Connection) -> None:
    """Take the views away, so that the tables below them may change."""
    for table in OPEN_TABLES:
        connection.execute(text(f"DROP VIEW IF EXISTS {table.view}"))


def make_open_views(connection: Connection) -> None:
    """Make every view anew; none in a schema of before there were any."""
    drop_open_views(connection)
    if not inspect(connection).has_table(PlanFiguresRow.__tablename__):
        return
    views = _views(_SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL)
    for table in OPEN_TABLES:
        # The driver would take the colons of a cast for names of parameters.
        connection.exec_driver_sql(f"CREATE VIEW {table.view} AS {views[table.name]}")


def keep_figures_of_old_plans(connection: Connection) -> None:
    """Put what is open of plans beside those that were proposed before there were views."""
    for plan_id, content in connection.execute(text("SELECT id, content FROM plans ORDER BY id")).all():
        figures = canonical_json(figures_of(json.loads(zlib.decompress(content))))
        statement = text("INSERT INTO plan_figures (plan_id, figures) VALUES (:plan_id, :figures)")
        connection.execute(statement, {"plan_id": plan_id, "figures": figures})


def add_plan_figures(tx: Transaction, plan_id: int, content: Mapping[str, Any]) -> None:
    """Put what is open of a plan beside it."""
    tx.session.add(PlanFiguresRow(plan_id=plan_id, figures=figures_of(content)))
    tx.session.flush()


def read_open_rows(tx: Transaction, table: OpenTable, where: Mapping[str, str | int]) -> list[OpenRow]:
    """The rows of a table's view whose columns have these values, in the order of its key."""
    asked = " AND ".join(f"{name} = :{name}" for name in where)
    numbers = [column.name for column in table.columns if column.kind in ("number", "whole")]
    query = f"SELECT {', '.join(table.column_names)} FROM {table.view}"
    query += (f" WHERE {asked}" if asked else "") + f" ORDER BY {', '.join(table.key)}"
    rows = [dict(row) for row in tx.session.execute(text(query), dict(where)).mappings()]
    return [{**row, **{name: figure(row[name]) for name in numbers}} for row in rows]

"""Append-only tables refuse every way of changing a row, also for programs that are not Accord."""

import hashlib

import pandas as pd
import pytest
from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from sop.agreement.acts import SignatureGiven
from sop.store import Store, data, decisions, plans, process, scenarios
from sop.store.consents import add_consent
from sop.store.open_views import add_plan_figures
from sop.store.schema import APPEND_ONLY
from tests.bare_content import bare_content

TABLES = (
    "table_versions",
    "table_heads",
    "plans",
    "plan_events",
    "signatures",
    "waivers",
    "decisions",
    "minutes",
    "audit",
    "consents",
    "plan_figures",
)


@pytest.fixture
def outsider(company: Store, content: bytes, database_url: str):
    """A plain connection of another program to a database with a row in every append-only table."""

    with company.write(by="olga", role="head_of_sales") as tx:
        data.add_table(tx, "plants", pd.DataFrame({"plant": ["Brno"]}), file_name="p.csv", file_sha256="p")
        plans.add_waiver(tx, "2026-12", "stale_data", "count on Friday", "2026-12-31")
        decisions.add_decision(tx, "2026-12", "people_pct|Brno", "refused", {"title": "Hire in Brno"})
        process.add_minutes(tx, "2026-12", {"items": []})
        digest = hashlib.sha256(content).hexdigest()
        given = SignatureGiven(1, "sales", "olga", "Olga Nová", "head_of_sales", "approve", "", "local", digest)
        plans.add_signature(tx, given)
        add_plan_figures(tx, 1, bare_content("2026-12"))
        add_consent(tx, scenarios.read_scenario(tx, 1), "asked")
    engine = create_engine(database_url.replace("postgresql:", "postgresql+psycopg:"), poolclass=NullPool)
    with engine.connect() as connection:
        yield connection


def columns_of(connection: Connection, table: str) -> list[str]:
    return [f'"{column["name"]}"' for column in inspect(connection).get_columns(table)]


def snapshot(connection: Connection, table: str) -> list[tuple]:
    return [tuple(row) for row in connection.execute(text(f"SELECT * FROM {table} ORDER BY 1"))]


def assert_refused(connection: Connection, table: str, statement: str) -> None:
    before = snapshot(connection, table)
    with pytest.raises(DBAPIError, match=f"{table} is append-only"):
        connection.execute(text(statement))
    connection.rollback()
    assert snapshot(connection, table) == before != []


def copy_of_row(connection: Connection, table: str, new_key: bool) -> str:
    """A SELECT that repeats the first row of a table, under a new primary key where wanted."""
    first, *others = columns_of(connection, table)
    key = f"{first} + 1000" if new_key else first
    return f"SELECT {', '.join([key, *others])} FROM {table} ORDER BY 1 LIMIT 1"


def test_these_are_the_append_only_tables() -> None:
    assert sorted(table.name for table in APPEND_ONLY) == sorted(TABLES)


def test_an_update_is_refused(outsider: Connection) -> None:
    for table in TABLES:
        last = columns_of(outsider, table)[-1]
        assert_refused(outsider, table, f"UPDATE {table} SET {last} = {last}")


def test_a_delete_is_refused(outsider: Connection) -> None:
    for table in TABLES:
        assert_refused(outsider, table, f"DELETE FROM {table}")
        if outsider.dialect.name == "postgresql":
            assert_refused(outsider, table, f"TRUNCATE {table} CASCADE")


def test_a_replace_of_the_same_key_is_refused(outsider: Connection) -> None:
    for table in TABLES:
        first = columns_of(outsider, table)[0]
        assert_refused(outsider, table, replace(outsider, table, [first], new_key=False))


def test_an_update_that_replaces_is_refused(outsider: Connection) -> None:
    verb = "UPDATE OR REPLACE" if outsider.dialect.name == "sqlite" else "UPDATE"
    for table in TABLES:
        first = columns_of(outsider, table)[0]
        assert_refused(outsider, table, f"{verb} {table} SET {first} = {first}")


def test_a_replace_through_another_unique_key_is_refused(outsider: Connection) -> None:
    keys = {
        "plans": ["cycle", "revision"],
        "signatures": ["plan_id", "function"],
        "audit": ["previous_hash"],
    }
    for table, key in keys.items():
        assert_refused(outsider, table, replace(outsider, table, key, new_key=True))


def test_a_further_row_is_welcome(outsider: Connection) -> None:
    for table in ("table_versions", "table_heads", "plan_events", "waivers"):
        count = len(snapshot(outsider, table))
        outsider.execute(text(f"INSERT INTO {table} {copy_of_row(outsider, table, new_key=True)}"))
        assert len(snapshot(outsider, table)) == count + 1


def replace(connection: Connection, table: str, key: list[str], new_key: bool) -> str:
    """The statement by which a program of that database writes a row over the one with the same key."""
    copy = copy_of_row(connection, table, new_key)
    if connection.dialect.name == "sqlite":
        return f"INSERT OR REPLACE INTO {table} {copy}"
    return f"INSERT INTO {table} {copy} ON CONFLICT ({', '.join(key)}) DO UPDATE SET {key[0]} = EXCLUDED.{key[0]}"

"""A company's own folder and databases, and the file in which its operator allows them."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url

PRODUCTS = "product,name,family,price\nP-1,Box,Boxes,9\nP-2,Crate,Boxes,18\n"
SALES = [("2026-02", "P-1", "North", 5, 50.5), ("2026-03", "P-1", "North", 6, 60.25)]
MORE = ("2026-03", "P-2", "North", 7, 126.0)
TABLE = "CREATE TABLE sales (month TEXT, product TEXT, region TEXT, quantity INTEGER, revenue NUMERIC)"
INSERT = "INSERT INTO sales VALUES ('{}', '{}', '{}', {}, {})"
QUERY = "SELECT month, product, region, quantity, revenue FROM sales"


def fill_sqlite(path: Path) -> str:
    """A SQLite file with sales; its URL."""
    with sqlite3.connect(path) as connection:
        connection.execute(TABLE)
        for row in SALES:
            connection.execute(INSERT.format(*row))
    connection.close()
    return f"sqlite:///{path}"


def run_on(url: str | URL, *statements: str) -> None:
    """Run statements on a database, as its own programs do."""
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def fill_server(url: str) -> str:
    """A PostgreSQL database with sales; its URL as an operator writes it, without user or driver."""
    place = make_url(url)
    run_on(place, TABLE, *(INSERT.format(*row) for row in SALES))
    return place.set(drivername="postgresql", username=None).render_as_string(hide_password=False)


def allow(path: Path, monkeypatch: pytest.MonkeyPatch, folders: dict[str, str], **connections: str) -> Path:
    """Write what the operator allows, and name it to the server; SOURCE_USER holds the user of PostgreSQL."""
    lines = ["[folders]", *(f"{name} = {json.dumps(place)}" for name, place in folders.items())]
    for name, url in connections.items():
        lines += [f"[connections.{name}]", f"url = {json.dumps(url)}", "seconds = 60"]
        lines += ['user_from = "SOURCE_USER"'] if url.startswith("postgresql") else []
    path.write_text("\n".join(lines) + "\n")
    monkeypatch.setenv("SOP_SOURCES", str(path))
    monkeypatch.setenv("SOURCE_USER", "postgres")
    return path

"""The folders and connections that the operator of a server lets be read, by their names.

They stand in a TOML file that `SOP_SOURCES` names; people see the names alone. A password never stands in it: it
names the variable of the environment that holds it (docs/sources.md).

    [folders]
    erp = "/srv/exports/erp"

    [connections.warehouse]
    url = "postgresql://db.example.com/warehouse"
    user_from = "WAREHOUSE_USER"
    password_from = "WAREHOUSE_PASSWORD"
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sop.core.errors import BadInput, SetupError

VARIABLE = "SOP_SOURCES"
SECONDS = 9.0
"""How long a query or an address may take where the operator says nothing."""
ROWS = 1_000_000


@dataclass(frozen=True)
class Connection:
    """A database that may be read: its SQLAlchemy URL without a password, and variables that hold the rest.

    `seconds` and `rows` limit each query.
    """

    name: str
    url: str
    user_from: str = ""
    password_from: str = ""
    seconds: float = SECONDS
    rows: int = ROWS


@dataclass(frozen=True)
class Places:
    """`folders`: name → path or address of an object store; `connections` by name."""

    folders: Mapping[str, str] = field(default_factory=dict)
    connections: Mapping[str, Connection] = field(default_factory=dict)

    def require(self, kind: str, name: str) -> str | Connection:
        """The folder of a file source or the connection of a query. Raises BadInput where it is not allowed."""
        found: Mapping[str, Any] = self.folders if kind == "file" else self.connections
        if name in found:
            return found[name]
        what = "folder" if kind == "file" else "connection"
        names = ", ".join(sorted(found)) or "none yet"
        raise BadInput(
            f"there is no {what} '{name}' that may be read",
            remedy=f"Those are: {names}. The operator of the server adds one (docs/sources.md)",
        )


def read_places(path: Path | str | None = None) -> Places:
    """What may be read, from the file at `path` or else the one that SOP_SOURCES names; nothing without one.

    Raises SetupError on a file that cannot be read or that holds a password.
    """
    named = path or os.environ.get(VARIABLE)
    if not named:
        return Places()
    try:
        content = tomllib.loads(Path(named).read_text("utf-8"))
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise SetupError(
            f"the file that {VARIABLE} names cannot be read", why=why, remedy="See docs/sources.md for its form"
        ) from error
    folders = content.get("folders", {})
    for name, place in folders.items():
        _require_plain(name, place)
    connections = {name: _connection(name, given) for name, given in content.get("connections", {}).items()}
    return Places(folders, connections)


def _connection(name: str, given: Any) -> Connection:
    try:
        found = Connection(name, **given)
        _require_plain(name, found.url)
        if found.seconds <= 0 or found.rows <= 0:
            raise TypeError("seconds and rows are above zero")
    except TypeError as error:
        raise SetupError(
            f"the connection {name} cannot be read",
            why=str(error).replace("Connection.__init__() ", ""),
            remedy="It has url, and may have user_from, password_from, seconds and rows",
        ) from error
    return found


def _require_plain(name: str, address: object) -> None:
    """Raise SetupError where an address is no text or carries a password."""
    if not isinstance(address, str) or not address:
        raise SetupError(f"the place {name} has no address", remedy="See docs/sources.md")
    try:
        password = urlsplit(address).password
    except ValueError:
        password = None
    if password:
        raise SetupError(
            f"the address of {name} holds a password",
            remedy='Leave it out and name the variable that holds it: password_from = "NAME"',
        )


def credential(connection: Connection, variable: str) -> str:
    """What a variable of the environment holds; empty where none is named. Raises BadInput where it is gone."""
    if not variable:
        return ""
    value = os.environ.get(variable, "")
    if not value:
        raise BadInput(
            f"the server's environment does not hold {variable}",
            where=connection.name,
            why="the connection takes its credentials from there",
            remedy="Ask the operator of the server to set it",
        )
    return value

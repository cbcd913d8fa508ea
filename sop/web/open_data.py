"""Plans as JSON for programs, behind the same sign-in as the screens; `/api/v1` names the tables.

A program sends the cookie of somebody who is signed in and reads what that person's role may; nothing is written.
"""

from __future__ import annotations

import os
from functools import cache

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from sop.core.errors import BadInput, NotAllowed, NotFound, SopError
from sop.core.open_data import OpenTable, open_table
from sop.services.access.sessions import find_session
from sop.services.company.workspace import workspace_folder
from sop.services.data.open_data import ALL, list_open_tables, read_open_table
from sop.services.planning.forecasting import KeptForecasts
from sop.services.planning.room import PlanningRoom
from sop.store import Store
from sop.web.desk import DESK
from sop.web.guard import SESSION_HEADER

API = "/api/v1"
_OF = "of"
"""What chooses the plan: a number, 'agreed', 'working' or 'all'."""
_STATUS: dict[type[SopError], int] = {NotAllowed: 403, NotFound: 404, BadInput: 400}


async def list_tables(request: Request) -> Response:
    """The tables that there are, with what their rows and columns are."""
    return await run_in_threadpool(_answer, request, None)


async def read_rows(request: Request) -> Response:
    """The rows of a table, narrowed by what the address asks for."""
    return await run_in_threadpool(_answer, request, request.path_params["table"])


def _answer(request: Request, name: str | None) -> Response:
    store, key = DESK.store(), request.headers.get(SESSION_HEADER.decode(), "")
    session = find_session(store, key) if store is not None and key else None
    if store is None or session is None or session.person is None:
        return _said({"error": "Sign in first."}, 401)
    try:
        if name is None:
            tables = list_open_tables(store, session.person)
            return _said({"tables": [_described(table) for table in tables]})
        return _said(_rows(store, session.person, name, request.query_params.multi_items()))
    except SopError as refusal:
        return _said({"error": refusal.sentence}, _STATUS.get(type(refusal), 409))


def _rows(store: Store, person_id: str, name: str, asked: list[tuple[str, str]]) -> dict[str, object]:
    table, where = open_table(name), dict(asked)
    if len(where) != len(asked):
        raise BadInput("something is asked for twice", where=name, remedy="Give each column once")
    of = where.pop(_OF, "agreed" if table.of_plans else ALL)
    rows = read_open_table(_room(store), person_id, name, of, where)
    return {"table": name, "key": list(table.key), "rows": rows}


def _described(table: OpenTable) -> dict[str, object]:
    columns = [{"name": each.name, "kind": each.kind, "meaning": each.meaning} for each in table.columns]
    return {
        "name": table.name,
        "address": f"{API}/{table.name}",
        "view": table.view,
        "row": table.row,
        "key": list(table.key),
        "columns": columns,
    }


def _said(what: dict[str, object], status: int = 200) -> Response:
    return JSONResponse(what, status, headers={"cache-control": "no-store"})


def _room(store: Store) -> PlanningRoom:
    """One room a workspace, which keeps what planning again would cost."""
    return _kept_room(str(workspace_folder()), os.environ.get("SOP_DATABASE_URL"), store)


@cache
def _kept_room(_folder: str, _url: str | None, store: Store) -> PlanningRoom:
    return PlanningRoom(store, KeptForecasts(store))


ROUTES: list[BaseRoute] = [
    Route(API, list_tables, methods=["GET"]),
    Route(API + "/{table}", read_rows, methods=["GET"]),
]
"""The tables, and each of them."""

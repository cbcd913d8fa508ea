"""The start page: where nothing is yet, look around in the demo, begin a company, or restore a backup."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from html import escape
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from sop.core.calendar import FREQUENCIES, MONTH_NAMES, WEEK, period_of
from sop.core.errors import BadInput, SopError
from sop.core.lengths import longest
from sop.services.access.mode import Access
from sop.services.access.passwords import LONGEST, SHORTEST
from sop.services.access.sessions import begin_session
from sop.services.company.backup import restore_backup
from sop.services.company.cycle import OWNER
from sop.services.company.start import CALENDARS, NewCompany, start_company
from sop.services.company.workspace import workspace_folder
from sop.services.demo.demo_workspace import Building, DemoBuild
from sop.web.desk import DESK
from sop.web.plain import go_on, plain_page, read_fields, said
from sop.web.start_key import START, is_from_here, is_start_key

DEMO = DemoBuild()
MOST_BYTES = 4 * 2**30
"""A larger backup is restored on the command line."""


async def show_start(request: Request) -> Response:
    """How to begin, for whoever has the key; a demo that is being built; or the app, where it has begun."""
    if not await run_in_threadpool(DESK.is_new):
        return RedirectResponse("/", 303)
    building = DEMO.read(workspace_folder())
    if building is not None:
        return _building_page(building)
    key = request.query_params.get("key", "")
    return _start_page(key) if _may_start(request, key) else _key_page(bool(key))


def _may_start(request: Request, key: str) -> bool:
    return is_from_here(request.scope) and is_start_key(key)


def _key_page(wrong: bool = False, status: int = 200) -> Response:
    body = f"""{said("This is not the key of this start." if wrong else "")}
<p>Nothing is here yet. Whoever started the server begins: open the link that its terminal shows, or type its
key.</p>
<form method="get" action="{START}"><label for="key">Key</label>
<input id="key" name="key" autocomplete="off" required autofocus><button>Go on</button></form>"""
    return plain_page("Start", body, status)


def _building_page(building: Building) -> Response:
    share = min(max(building.share, 0.0), 1.0)
    body = f"""<p>Eight past cycles of a fictional company are planned and signed. This is done once and takes
about a minute; the page goes on by itself.</p>
<p><progress max="1" value="{share:.3f}" aria-label="How far it is"></progress></p>
<p class="mute">{escape(building.what[:1].upper() + building.what[1:])}</p>"""
    return plain_page("The demo company is being built", body, reload=1)


_DEMO = """<section><h2>Look around</h2>
<p>A fictional maker of cargo bicycles with eight signed plans. About a minute.</p>{refusal}
<form method="post" action="/start/demo"><input type="hidden" name="key" value="{key}">
<button class="second">Build the demo company</button></form></section>"""
_COMPANY = """<section><h2>Your own company</h2>
<p>Then import products and sales, and the first plan is there.</p>{refusal}
<form method="post" action="/start/company"><input type="hidden" name="key" value="{key}">
<label for="name">Company</label>
<input id="name" name="name" required maxlength="{name_length}" autocomplete="organization" value="{name}">
<div class="row">
<div><label for="currency">Currency</label><input id="currency" name="currency" required maxlength="3"
 pattern="[A-Za-z]{{3}}" title="Its three letters, such as EUR" placeholder="EUR" value="{currency}"></div>
<div><label for="calendar">Plan in</label><select id="calendar" name="calendar">{calendars}</select></div>
<div><label for="month">First open period</label><input id="month" name="month" required
 title="2026-12 a month, 2026-W27 a week, 2026-P07 a 4-4-5 period, 2026-Q4 a quarter"
 placeholder="2026-12" value="{month}"></div>
<div><label for="fiscal_start">Fiscal year from</label>
<select id="fiscal_start" name="fiscal_start">{months}</select></div>
<div><label for="every">A cycle closes</label><select id="every" name="every">{frequencies}</select></div></div>
<small>The first open period is planned; all before it is closed history: 2026-12 is a month, 2026-W27 a week,
2026-P07 a 4-4-5 period, 2026-Q4 a quarter. A month means the period that holds its first day; the year of 4-4-5
periods begins near the fiscal year's month.</small>
<fieldset><legend>You load data and run the cycle</legend><div class="row">
<div><label for="coordinator">Your name</label><input id="coordinator" name="coordinator" required
 maxlength="{name_length}" autocomplete="name" value="{coordinator}"></div>
<div><label for="password">Your password</label><input id="password" name="password" type="password" required
 minlength="{shortest}" maxlength="{longest}" autocomplete="new-password"></div></div>
<small>You sign in as <b>coordinator</b>. A password has {shortest} characters or more: four words do.</small>
</fieldset>
<fieldset><legend>The administrator adds everybody else</legend><div class="row">
<div><label for="administrator_password">The administrator's password</label>
<input id="administrator_password" name="administrator_password" type="password" required minlength="{shortest}"
 maxlength="{longest}" autocomplete="off"></div></div>
<small>Signs in as <b>administrator</b> and neither plans nor signs: another person, or you with another
password.</small></fieldset>
<button>Begin</button></form></section>"""
_RESTORE = """<section><h2>A backup</h2>
<p>A workspace that <code>python -m sop backup</code> wrote. Everybody signs in again.</p>{refusal}
<form method="post" action="/start/restore?key={key}" enctype="multipart/form-data">
<label for="file">Backup</label><input id="file" name="file" type="file" accept=".zip" required>
<button class="second">Restore</button></form></section>"""


_YEAR_STARTS = {str(at): name for at, name in enumerate(MONTH_NAMES, 1)} | {
    f"W{number}": f"week {number}" for number in range(1, WEEK.a_year + 1)
}
"""Months and, for a company of weeks, the weeks from which a fiscal year may count."""


def _start_page(
    key: str, refusal: str = "", where: str = "", given: Mapping[str, str] | None = None, status: int = 200
) -> Response:
    """The three ways to begin; `refusal` stands in the section `where` it came from, beside what was `given`."""
    filled = {"month": period_of(date.today()), "calendar": "month", "fiscal_start": "1", **(given or {})}
    fields = {name: escape(filled.get(name, "")) for name in ("name", "currency", "month", "coordinator")}
    company = _COMPANY.format(
        refusal=said(refusal if where == "company" else ""),
        key=escape(key),
        calendars=_options(CALENDARS, filled["calendar"]),
        frequencies=_options(FREQUENCIES, filled.get("every", "")),
        months=_options(_YEAR_STARTS, filled["fiscal_start"]),
        name_length=longest("name"),
        shortest=SHORTEST,
        longest=LONGEST,
        **fields,
    )
    intro = "<p>Nothing is here yet. Choose how to begin.</p>"
    if os.environ.get("SOP_DATABASE_URL"):
        # The demo and backups are folders; in PostgreSQL the command line builds the one and its tools the other.
        return plain_page("Start", intro + company, status, wide=True)
    demo = _DEMO.format(key=escape(key), refusal=said(DEMO.refusal))
    restore = _RESTORE.format(key=escape(quote(key)), refusal=said(refusal if where == "restore" else ""))
    return plain_page("Start", intro + demo + company + restore, status, wide=True)


def _options(names: Mapping[str, str], chosen: str) -> str:
    return "".join(
        f'<option value="{escape(value)}"{" selected" * (value == chosen)}>{escape(name.capitalize())}</option>'
        for value, name in names.items()
    )


async def begin_demo(request: Request) -> Response:
    """Begin to build the demo company, and follow it."""
    fields = await read_fields(request)
    if await run_in_threadpool(DESK.is_new):
        if not _may_start(request, fields.get("key", "")):
            return _key_page(True, 403)
        DEMO.begin(workspace_folder())
    return RedirectResponse(START, 303)


async def begin_company(request: Request) -> Response:
    """Make the workspace, sign its coordinator in, and go where the first table is imported."""
    fields = await read_fields(request)
    key = fields.get("key", "")
    if not await run_in_threadpool(DESK.is_new) or DEMO.read(workspace_folder()) is not None:
        return RedirectResponse(START, 303)
    if not _may_start(request, key):
        return _key_page(True, 403)
    try:
        secret = await run_in_threadpool(_begin, fields)
    except SopError as refusal:
        return _start_page(key, refusal.sentence, "company", fields, 400)
    return go_on(request, "/data", secret)


def _begin(fields: Mapping[str, str]) -> str:
    """The secret of the coordinator's session in the company that now begins."""
    fiscal = fields.get("fiscal_start", "")
    new = NewCompany(
        name=fields.get("name", ""),
        currency=fields.get("currency", ""),
        month=fields.get("month", ""),
        calendar=fields.get("calendar", ""),
        fiscal_start=fiscal,
        every=fields.get("every", ""),
        coordinator=fields.get("coordinator", ""),
        password=fields.get("password", ""),
        administrator_password=fields.get("administrator_password", ""),
    )
    store = start_company(new)
    try:
        return begin_session(store, OWNER, Access.LOCAL)
    finally:
        store.close()


async def begin_from_backup(request: Request) -> Response:
    """Make the workspace of a backup, and go to sign in."""
    key = request.query_params.get("key", "")
    if not await run_in_threadpool(DESK.is_new) or DEMO.read(workspace_folder()) is not None:
        return RedirectResponse(START, 303)
    if not _may_start(request, key):
        return _key_page(True, 403)
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > MOST_BYTES:
        return PlainTextResponse("The file is too large: restore it on the command line.\n", 413)
    try:
        async with request.form(max_files=1, max_fields=1) as form:
            file = form.get("file")
            if not isinstance(file, UploadFile) or not file.filename:
                raise BadInput("no file was chosen", remedy="Choose a backup")
            await run_in_threadpool(restore_backup, file.file)
    except MultiPartException:
        return _start_page(key, "The form cannot be read. Choose one file.", "restore", status=400)
    except SopError as refusal:
        return _start_page(key, refusal.sentence, "restore", status=400)
    return RedirectResponse("/", 303)


ROUTES: list[BaseRoute] = [
    Route(START, show_start, methods=["GET"]),
    Route("/start/demo", begin_demo, methods=["POST"]),
    Route("/start/company", begin_company, methods=["POST"]),
    Route("/start/restore", begin_from_backup, methods=["POST"]),
]
"""The start page and its three forms."""

"""The few pages that are not Streamlit's: signing in and out, setting a password, whether the server is well.

They are plain forms that work without script. What changes something is a POST, whose Origin the guard checked.
"""

from __future__ import annotations

from html import escape
from urllib.parse import parse_qsl, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

from sop.core.errors import SopError
from sop.services.access.mode import Access, read_access
from sop.services.access.passwords import LONGEST, SHORTEST, TooOften, set_password, sign_in
from sop.services.access.sessions import key_of, sign_out
from sop.store import Store
from sop.web.desk import DESK
from sop.web.front import FRONT
from sop.web.guard import cookie_header, cookie_of
from sop.web.live import live

_LONGEST_BODY = 10_000
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>{title} · Accord</title>
<style>
body{{font:15px/1.5 system-ui,sans-serif;display:grid;place-items:center;min-height:90vh;margin:0}}
main{{width:min(23rem,88vw)}}h1{{font-size:1.4rem}}label{{display:block;margin:.9rem 0 .2rem}}
input,button{{font:inherit;width:100%;padding:.5rem;box-sizing:border-box}}button{{margin-top:1.2rem}}
.no{{color:light-dark(#B3261E,#FF8F85)}}
</style></head><body><main><h1>{title}</h1>{body}</main></body></html>"""


def _page(title: str, body: str, status: int = 200) -> Response:
    headers = {"cache-control": "no-store", "referrer-policy": "no-referrer"}
    return HTMLResponse(_PAGE.format(title=escape(title), body=body), status, headers)


def _said(refusal: str) -> str:
    return f'<p class="no" role="alert">{escape(refusal)}</p>' if refusal else ""


async def healthz(_: Request) -> Response:
    """Whether the server is well: it answers, and its database can be read."""
    try:
        await run_in_threadpool(DESK.access)
    except SopError:
        return PlainTextResponse("the workspace cannot be opened\n", 503)
    return PlainTextResponse("ok\n")


def own_path(wanted: str) -> str:
    """A path of this installation to go on to; the front page for anything else.

    >>> [own_path(wanted) for wanted in ("/settings?x=1", "//evil.example", "https://evil.example")]
    ['/settings?x=1', '/', '/']
    """
    parts = urlsplit(wanted)
    odd = parts.scheme or parts.netloc or "\\" in wanted or any(ord(sign) < 32 for sign in wanted)
    return wanted if wanted.startswith("/") and not wanted.startswith("//") and not odd else "/"


async def _fields(request: Request) -> dict[str, str]:
    """The fields of a form; empty where it is too long to be one of ours."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _LONGEST_BODY:
            return {}
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


async def show_sign_in(request: Request) -> Response:
    """The form to sign in."""
    store = await run_in_threadpool(DESK.store)
    if store is None or await run_in_threadpool(read_access, store) is Access.DEMO:
        return RedirectResponse("/", 303)
    return _sign_in_page(request.query_params.get("next", "/"))


def _sign_in_page(there: str, refusal: str = "", account: str = "", status: int = 200) -> Response:
    body = f"""{_said(refusal)}<form method="post" action="/sign-in">
<input type="hidden" name="next" value="{escape(own_path(there))}">
<label for="account">Name to sign in</label>
<input id="account" name="account" autocomplete="username" required autofocus value="{escape(account[:80])}">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required
 maxlength="{LONGEST}">
<button>Sign in</button></form>"""
    return _page("Sign in", body, status)


async def do_sign_in(request: Request) -> Response:
    """Begin a session, in place of the one that the browser may have had."""
    fields, store = await _fields(request), await run_in_threadpool(DESK.store)
    if store is None:
        return RedirectResponse("/", 303)
    account, there = fields.get("account", ""), fields.get("next", "/")
    address = request.client.host if request.client else ""
    try:
        secret = await run_in_threadpool(sign_in, store, account, fields.get("password", ""), address)
    except TooOften as refusal:
        return _sign_in_page(there, refusal.sentence, account, 429)
    except SopError as refusal:
        return _sign_in_page(there, refusal.sentence, account, 401)
    await run_in_threadpool(_end_cookie, store, request)
    return _go(request, own_path(there), secret)


def _end_cookie(store: Store, request: Request) -> None:
    secret = cookie_of(request.scope)
    if secret:
        sign_out(store, key_of(secret))


def _go(request: Request, there: str, secret: str) -> Response:
    answer = RedirectResponse(there, 303)
    answer.headers["set-cookie"] = cookie_header(request.scope, secret)
    answer.headers["cache-control"] = "no-store"
    return answer


async def show_sign_out(_: Request) -> Response:
    """The button to sign out: a link alone, which others can make somebody follow, signs nobody out."""
    body = '<form method="post" action="/sign-in/out"><button autofocus>Sign out</button></form>'
    return _page("Sign out", body + '<p><a href="/">Back</a></p>')


async def do_sign_out(request: Request) -> Response:
    """End the session of this browser."""
    store = await run_in_threadpool(DESK.store)
    if store is not None:
        await run_in_threadpool(_end_cookie, store, request)
    return _go(request, "/sign-in", "")


async def show_invitation(request: Request) -> Response:
    """The form to set a password. Looking at it uses nothing up: programs that read mail follow links too."""
    return _invitation_page(request.query_params.get("link", ""))


def _invitation_page(link: str, refusal: str = "", status: int = 200) -> Response:
    body = f"""{_said(refusal)}<p>With it you sign in from now on. Nobody else gets to know it.</p>
<form method="post" action="/invitation"><input type="hidden" name="link" value="{escape(link[:200])}">
<label for="password">Password, {SHORTEST} characters or more</label>
<input id="password" name="password" type="password" autocomplete="new-password" required autofocus
 minlength="{SHORTEST}" maxlength="{LONGEST}">
<label for="again">The same again</label>
<input id="again" name="again" type="password" autocomplete="new-password" required maxlength="{LONGEST}">
<button>Set password</button></form>"""
    return _page("Set your password", body, status)


async def do_invitation(request: Request) -> Response:
    """Set the password; the link is used up."""
    fields, store = await _fields(request), await run_in_threadpool(DESK.store)
    if store is None:
        return RedirectResponse("/", 303)
    link, password = fields.get("link", ""), fields.get("password", "")
    if password != fields.get("again", ""):
        return _invitation_page(link, "The two are not the same.", 400)
    try:
        account = await run_in_threadpool(set_password, store, key_of(link), password)
    except SopError as refusal:
        return _invitation_page(link, refusal.sentence, 400)
    return _sign_in_page("/", account=account)


ROUTES: list[BaseRoute] = [
    WebSocketRoute("/live", live),
    *FRONT,
    Route("/healthz", healthz, methods=["GET"]),
    Route("/sign-in", show_sign_in, methods=["GET"]),
    Route("/sign-in", do_sign_in, methods=["POST"]),
    Route("/sign-in/out", show_sign_out, methods=["GET"]),
    Route("/sign-in/out", do_sign_out, methods=["POST"]),
    Route("/invitation", show_invitation, methods=["GET"]),
    Route("/invitation", do_invitation, methods=["POST"]),
]
"""What the app answers beside its screens."""

"""The few pages that are not Streamlit's: signing in and out, setting a password, whether the server is well.

They are plain forms that work without script. What changes something is a POST, whose Origin the guard checked.
"""

from __future__ import annotations

from html import escape
from urllib.parse import urlencode, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

from sop.core.errors import SopError
from sop.services.access.mode import Access, public_address
from sop.services.access.passwords import LONGEST, SHORTEST, TooOften, set_password, sign_in
from sop.services.access.sessions import begin_for, key_of, sign_out
from sop.store import Store
from sop.web.desk import DESK
from sop.web.front import FRONT
from sop.web.guard import cookie_of, is_secure, named_by_proxy
from sop.web.live import live
from sop.web.open_data import ROUTES as OPEN_DATA
from sop.web.plain import go_on, plain_page, read_fields, said
from sop.web.start import ROUTES as START

_ASKED = "accord_asked"


def _password_field(name: str, label: str, use: str, more: str = "") -> str:
    """A field for a password; `use`: what browsers and password managers are told it is."""
    return (
        f'<label for="{name}">{label}</label>\n<input id="{name}" name="{name}" type="password" required '
        f'autocomplete="{use}" maxlength="{LONGEST}"{more}>'
    )


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


async def show_sign_in(request: Request) -> Response:
    """The form to sign in."""
    there = own_path(request.query_params.get("next", "/"))
    match await run_in_threadpool(DESK.access):
        case Access.LOCAL:
            return _sign_in_page(there)
        case Access.OIDC:
            return _elsewhere(there)
        case Access.PROXY:
            return plain_page("Sign in", "<p>The server in front of this one has not said who you are.</p>", 401)
        case _:
            return RedirectResponse("/", 303)


def _elsewhere(there: str, refusal: str = "", status: int = 200) -> Response:
    """A link to where the company signs in."""
    to = f"/sign-in/oidc?{urlencode({'next': there})}"
    return plain_page(
        "Sign in", f'{said(refusal)}<p><a href="{escape(to)}">Sign in where your company does</a></p>', status
    )


async def go_to_provider(request: Request) -> Response:
    """To the company's provider; for `/sign-in/confirm`, one that asks for the password again."""
    from sop.web import oidc  # its libraries are for companies that sign in there

    there, fresh = own_path(request.query_params.get("next", "/")), request.url.path.endswith("/confirm")
    access = await run_in_threadpool(DESK.access)
    if access is Access.PROXY and fresh:
        return await enter_by_proxy(request, there)
    if access is not Access.OIDC:
        return RedirectResponse("/sign-in", 303)
    try:
        address, asked = await run_in_threadpool(oidc.start, _callback(request), there, fresh=fresh)
    except SopError as refusal:
        return _elsewhere(there, refusal.sentence, 503)
    answer = RedirectResponse(address, 303)
    # The provider leads back from its own site: Lax lets the cookie come along, on this path alone.
    tls = is_secure(request.scope)
    answer.set_cookie(
        _ASKED, asked.text(), max_age=600, path="/sign-in", httponly=True, samesite="lax", secure=tls
    )
    return answer


async def come_from_provider(request: Request) -> Response:
    """Back from the provider: begin a session for whoever an administrator added, and for nobody else."""
    from sop.web import oidc

    store, asked = await run_in_threadpool(DESK.store), oidc.read_asked(request.cookies.get(_ASKED, ""))
    if store is None or await run_in_threadpool(DESK.access) is not Access.OIDC:
        return RedirectResponse("/", 303)
    answer = dict(request.query_params)
    try:
        person = await run_in_threadpool(oidc.finish, _callback(request), answer, asked)
        secret = await run_in_threadpool(begin_for, store, person, Access.OIDC)
    except SopError as refusal:
        return _elsewhere("/", refusal.sentence, 401)
    await run_in_threadpool(_end_cookie, store, request)
    back = go_on(request, own_path(asked.there if asked else "/"), secret)
    back.delete_cookie(_ASKED, path="/sign-in")
    return back


def _callback(request: Request) -> str:
    return (public_address() or f"{request.url.scheme}://{request.url.netloc}") + "/sign-in/callback"


async def come_by_proxy(request: Request) -> Response:
    """Led here by the guard: the server in front has said who it is."""
    if await run_in_threadpool(DESK.access) is not Access.PROXY:
        return RedirectResponse("/sign-in", 303)
    return await enter_by_proxy(request, own_path(request.query_params.get("next", "/")))


async def enter_by_proxy(request: Request, there: str) -> Response:
    """Begin a session for whom the server in front has signed in, at this moment."""
    store = await run_in_threadpool(DESK.store)
    person = named_by_proxy(request.scope)
    if store is None or not person:
        return RedirectResponse("/sign-in", 303)
    try:
        secret = await run_in_threadpool(begin_for, store, person, Access.PROXY)
    except SopError as refusal:
        return plain_page("Sign in", said(refusal.sentence), 401)
    await run_in_threadpool(_end_cookie, store, request)
    return go_on(request, there, secret)


def _sign_in_page(there: str, refusal: str = "", account: str = "", status: int = 200) -> Response:
    body = f"""{said(refusal)}<form method="post" action="/sign-in">
<input type="hidden" name="next" value="{escape(own_path(there))}">
<label for="account">Name to sign in</label>
<input id="account" name="account" autocomplete="username" required autofocus value="{escape(account[:80])}">
{_password_field("password", "Password", "current-password")}
<button>Sign in</button></form>"""
    return plain_page("Sign in", body, status)


async def do_sign_in(request: Request) -> Response:
    """Begin a session, in place of the one that the browser may have had."""
    fields, store = await read_fields(request), await run_in_threadpool(DESK.store)
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
    return go_on(request, own_path(there), secret)


def _end_cookie(store: Store, request: Request) -> None:
    secret = cookie_of(request.scope)
    if secret:
        sign_out(store, key_of(secret))


async def show_sign_out(_: Request) -> Response:
    """The button to sign out: a link alone, which others can make somebody follow, signs nobody out."""
    body = '<form method="post" action="/sign-in/out"><button autofocus>Sign out</button></form>'
    return plain_page("Sign out", body + '<p><a href="/">Back</a></p>')


async def do_sign_out(request: Request) -> Response:
    """End the session of this browser."""
    store = await run_in_threadpool(DESK.store)
    if store is not None:
        await run_in_threadpool(_end_cookie, store, request)
    return go_on(request, "/sign-in", "")


async def show_invitation(request: Request) -> Response:
    """The form to set a password. Looking at it uses nothing up: programs that read mail follow links too."""
    return _invitation_page(request.query_params.get("link", ""))


def _invitation_page(link: str, refusal: str = "", status: int = 200) -> Response:
    first = f' autofocus minlength="{SHORTEST}"'
    body = f"""{said(refusal)}<p>With it you sign in from now on. Nobody else gets to know it.</p>
<form method="post" action="/invitation"><input type="hidden" name="link" value="{escape(link[:200])}">
{_password_field("password", f"Password, {SHORTEST} characters or more", "new-password", first)}
{_password_field("again", "The same again", "new-password")}
<button>Set password</button></form>"""
    return plain_page("Set your password", body, status)


async def do_invitation(request: Request) -> Response:
    """Set the password; the link is used up."""
    fields, store = await read_fields(request), await run_in_threadpool(DESK.store)
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
    *START,
    *OPEN_DATA,
    Route("/healthz", healthz, methods=["GET"]),
    Route("/sign-in", show_sign_in, methods=["GET"]),
    Route("/sign-in", do_sign_in, methods=["POST"]),
    Route("/sign-in/oidc", go_to_provider, methods=["GET"]),
    Route("/sign-in/confirm", go_to_provider, methods=["GET"]),
    Route("/sign-in/callback", come_from_provider, methods=["GET"]),
    Route("/sign-in/proxy", come_by_proxy, methods=["GET"]),
    Route("/sign-in/out", show_sign_out, methods=["GET"]),
    Route("/sign-in/out", do_sign_out, methods=["POST"]),
    Route("/invitation", show_invitation, methods=["GET"]),
    Route("/invitation", do_invitation, methods=["POST"]),
]
"""What the app answers beside its screens."""

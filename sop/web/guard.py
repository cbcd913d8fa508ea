"""The guard in front of everything: no request reaches the screens that is not from here and from somebody known.

It checks Host and Origin, lets nothing out that nobody needs, strips the header that carries who somebody is from
whatever comes in and sets it from their session, holds every message on an open page against that session, and
puts the security headers on what goes out.
"""

from __future__ import annotations

import os
from hmac import compare_digest
from http.cookies import CookieError, SimpleCookie
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketDisconnected

from sop.access import may
from sop.core.errors import SopError
from sop.core.names import normal_id
from sop.services.access.mode import Access
from sop.services.access.sessions import LONGEST, person_of
from sop.services.access.uploads import takes_upload
from sop.services.faults import LOG, explain
from sop.services.lifeline import end_within
from sop.web.desk import DESK, Known
from sop.web.hosts import is_own_host, is_own_origin, own_addresses
from sop.web.sockets import listens_beyond_loopback
from sop.web.start_key import START, tell_how_to_start

SESSION_HEADER = b"x-accord-session"
"""Carries the key of the session to the screens; never believed from outside."""
_OURS = b"x-accord-"
_SHORTEST_SECRET = 20
_GRACE_SECONDS = 10
"""What still works in the background when the server is stopped gets so long; what it has kept stays kept."""
_HEALTH = ("/healthz", "/_stcore/health")
OPEN = (*_HEALTH, "/_stcore/host-config", "/static/", "/start", "/sign-in", "/invitation", "/favicon", "/icon")
"""Where nobody need be signed in."""
CLOSED = ("/_stcore/metrics", "/_stcore/agent", "/_stcore/script-health-check", "/auth/", "/oauth2callback")
"""What Streamlit offers and nobody needs here."""
STREAM, UPLOAD = "/_stcore/stream", "/_stcore/upload_file/"
_NO_PAGES = ("/_stcore/", "/media/", "/component/", "/live", "/app/", "/api/")
_HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "content-security-policy": (
        "default-src 'self'; img-src 'self' data: blob:; font-src 'self' data:; style-src 'self' 'unsafe-inline'; "
        # Streamlit compiles charts and imports components at run time.
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; worker-src 'self' blob:; "
        "connect-src 'self' blob: data:; object-src 'none'; base-uri 'self'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
}


class Guard:
    """ASGI middleware around the whole app."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = quiet_when_left(app)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through, with who it is from, or refuse: a request, a websocket, or to start at all.

        What fails on the way is one sentence, too.
        """
        if scope["type"] == "lifespan":
            why = await run_in_threadpool(_why_not_start)
            if why:
                await _refuse_to_start(why, receive, send)
                return
            serving = listens_beyond_loopback() is not None
            LOG.info("the server starts")
            try:
                await self._app(scope, receive, send)
            finally:
                LOG.info("the server stops")
                if serving:
                    end_within(_GRACE_SECONDS)
            return
        begun = False

        async def noting(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._answer(scope, receive, noting)
        except Exception as error:  # noqa: BLE001 - the last boundary of the front desk
            fault = explain(error, "answering this request")
            if not begun:
                await _refuse(_broken(scope, fault), scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers, path, send = Headers(scope=scope), scope["path"], _with_headers(send, scope)
        refusal = _not_from_here(scope, headers) or _nothing_there(path)
        if refusal is None and path not in _HEALTH:
            why = await run_in_threadpool(DESK.refusal)
            refusal = PlainTextResponse(why, 403) if why else None
        if refusal is not None:
            await _refuse(refusal, scope, receive, send)
            return
        own = [(name, value) for name, value in scope["headers"] if not name.lower().startswith(_OURS)]
        scope = {**scope, "headers": own}
        if path.startswith(OPEN):
            await self._app(scope, receive, send)
            return
        await self._for_somebody(scope, receive, send)

    async def _for_somebody(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if await run_in_threadpool(DESK.is_new):
            first = RedirectResponse(START, 303) if is_page(scope) else PlainTextResponse("Start first.\n", 401)
            await _refuse(first, scope, receive, send)
            return
        begin = is_page(scope) or path == STREAM
        known = await run_in_threadpool(DESK.know, cookie_of(scope), begin=begin)
        if known.access is Access.PROXY and known.session is not None:
            # Perhaps somebody else sits there now, or nobody is signed in to the proxy any more.
            same = known.session.person == named_by_proxy(scope)
            known = known if same else Known(known.access, None)
        if known.session is None and known.access is not Access.DEMO:
            await _refuse(_sign_in_first(scope, known.access), scope, receive, send)
            return
        if path.startswith(UPLOAD) and not await run_in_threadpool(_may_upload, known, path):
            await _refuse(PlainTextResponse("Nothing is uploaded by you.\n", 403), scope, receive, send)
            return
        if known.session is not None:
            key = known.session.key
            scope = {**scope, "headers": [*scope["headers"], (SESSION_HEADER, key.encode())]}
            if scope["type"] == "websocket":
                receive = _while_it_holds(receive, key)
        if known.new_secret and scope["type"] == "http":
            send = _with_cookie(send, scope, known.new_secret)
        await self._app(scope, receive, send)


def _why_not_start() -> str:
    """Why this process must not serve; empty where it may, and where that cannot be known yet.

    Where no socket is bound, or the database does not answer, each request is refused instead.
    """
    try:
        why = DESK.refusal() if listens_beyond_loopback() else ""
    except SopError:
        return ""
    if not why:
        tell_how_to_start()
    return why


def _broken(scope: Scope, fault: SopError) -> Response:
    """What a stranger may know of a fault: what it is and what helps, not where anything lies."""
    told = SopError(fault.what, remedy=fault.remedy).sentence
    headers = {"retry-after": "10", "cache-control": "no-store"}
    if not is_page(scope):
        return PlainTextResponse(f"{told}\n", 503, headers)
    from sop.web.plain import plain_page, said  # they set the cookie, which this module makes

    answer = plain_page("Not now", said(told), 503)
    answer.headers.update(headers)
    return answer


def quiet_when_left(app: ASGIApp) -> ASGIApp:
    """The same app, which says nothing of a browser that left before its websocket was open."""

    async def run(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await app(scope, receive, send)
        except WebSocketDisconnected:
            return  # There is nobody to tell, and a traceback in the terminal would help no one.

    return run


def is_page(scope: Scope) -> bool:
    """Whether somebody opens a page of the app."""
    path = scope["path"]
    return scope["type"] == "http" and scope["method"] == "GET" and not path.startswith((*OPEN, *_NO_PAGES))


def _not_from_here(scope: Scope, headers: Headers) -> Response | None:
    own = own_addresses()
    hosts, origins = headers.getlist("host"), headers.getlist("origin")
    if len(hosts) != 1 or not is_own_host(hosts[0], own):
        return PlainTextResponse("This installation does not go by that name.\n", 421)
    # A websocket and whatever changes something must say which page it comes from; the rest may.
    needed = scope["type"] == "websocket" or scope["method"] not in ("GET", "HEAD", "OPTIONS")
    if len(origins) > 1 or ((needed or origins) and not is_own_origin(headers.get("origin"), hosts[0], own)):
        return PlainTextResponse("This comes from a page that is not of this installation.\n", 403)
    return None


def _nothing_there(path: str) -> Response | None:
    return PlainTextResponse("There is nothing here.\n", 404) if path.startswith(CLOSED) else None


def named_by_proxy(scope: Scope) -> str:
    """The person whom the server in front has signed in: in the header that SOP_PROXY_HEADER names.

    It is believed where the request also carries the secret that both servers share, SOP_PROXY_SECRET.
    """
    headers, secret = Headers(scope=scope), os.environ.get("SOP_PROXY_SECRET", "")
    names = headers.getlist(os.environ.get("SOP_PROXY_HEADER", "X-Forwarded-User"))
    shown = headers.get("x-proxy-secret", "")
    if len(secret) < _SHORTEST_SECRET or not compare_digest(shown.encode(), secret.encode()) or len(names) != 1:
        return ""
    return normal_id(names[0])


def _sign_in_first(scope: Scope, access: Access) -> Response:
    if not is_page(scope):
        return PlainTextResponse("Sign in first.\n", 401)
    query = scope["query_string"].decode("latin-1")
    there = scope["path"] + (f"?{query}" if query else "")
    to = "/sign-in/proxy" if access is Access.PROXY and named_by_proxy(scope) else "/sign-in"
    return RedirectResponse(f"{to}?next={quote(there, safe='/')}", 303)


def _may_upload(known: Known, path: str) -> bool:
    """Only who may import, and only to a page of their own that offers an uploader."""
    store = DESK.store()
    if store is None or known.session is None:
        return False
    if not takes_upload(path.removeprefix(UPLOAD).split("/")[0], known.session.key):
        return False
    person = person_of(store, known.session.person)
    return person is not None and may(person.role, "import_data")


async def _refuse_to_start(why: str, receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "lifespan.startup.failed", "message": f"refused: {why}"})


async def _refuse(refusal: Response, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
    else:
        await refusal(scope, receive, send)


def _while_it_holds(receive: Receive, key: str) -> Receive:
    """What comes from an open page, until its session ends: then nothing more is heard, and the page is closed."""

    async def checked() -> Message:
        message = await receive()
        if message["type"] == "websocket.receive" and not await run_in_threadpool(DESK.holds, key):
            return {"type": "websocket.disconnect", "code": 1008}
        return message

    return checked


def _with_headers(send: Send, scope: Scope) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            if is_secure(scope):
                headers.setdefault("strict-transport-security", "max-age=31536000")
            if "server" in headers:
                del headers["server"]
        await send(message)

    return sending


# -- the cookie


def is_secure(scope: Scope) -> bool:
    """Whether the browser talks TLS to this installation, or to the proxy in front of it."""
    if scope.get("scheme") in ("https", "wss"):
        return True
    host = Headers(scope=scope).get("host", "").lower()
    return any(each.scheme == "https" and each.netloc == host for each in own_addresses())


def cookie_name(scope: Scope) -> str:
    """The name of the cookie: browsers keep one jar for all ports of a host, so the port is part of it."""
    host = Headers(scope=scope).get("host", "")
    port = host.rpartition(":")[2]
    name = f"accord_{port}" if port.isdigit() else "accord"
    return f"__Host-{name}" if is_secure(scope) else name


def cookie_of(scope: Scope) -> str:
    """The secret in the cookie of a request; empty where there is none."""
    jar = SimpleCookie()
    for text in Headers(scope=scope).getlist("cookie"):
        try:
            jar.load(text)
        except CookieError:
            continue
    found = jar.get(cookie_name(scope))
    return found.value if found else ""


def cookie_header(scope: Scope, secret: str) -> str:
    """The header that gives a browser its cookie; an empty secret takes it away."""
    age = int(LONGEST.total_seconds()) if secret else 0
    secure = "; Secure" if is_secure(scope) else ""
    return f"{cookie_name(scope)}={secret}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax{secure}"


def _with_cookie(send: Send, scope: Scope, secret: str) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.append("set-cookie", cookie_header(scope, secret))
            headers["cache-control"] = "no-store"
        await send(message)

    return sending

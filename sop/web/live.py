"""Following live without polling: one watcher a process reads the database, and browsers are told what moved.

A browser holds one websocket to `/live`. It hears `{"boot", "version"}` at once and whenever the version moves,
`{"here": [names]}` whenever somebody comes or goes, and `{"ended": true}` when its session does. `boot` names this
run of the server: a page of an earlier run loads itself anew. The component in `sop.ui.frame.live` is the other
end.
"""

from __future__ import annotations

import asyncio
import secrets
from contextlib import suppress
from dataclasses import dataclass, field

from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocket, WebSocketDisconnect

from sop.services.access.sessions import names_of_present, read_session_keys
from sop.services.analysis.review_ahead import AHEAD
from sop.services.scenarios.live_changes import read_pulse
from sop.web.desk import DESK

BOOT = secrets.token_hex(8)
EVERY_SECONDS = 0.25
"""How often the watcher looks; a change is on other screens this and the time to draw later."""
_CHECKED_EVERY = 120
"""After so many looks each session is asked whether it has expired."""


@dataclass(eq=False)
class _Listener:
    """One browser: the key of its session, and what it is to be told, newest only."""

    key: str
    news: asyncio.Queue[dict[str, object]] = field(default_factory=lambda: asyncio.Queue(8))

    def tell(self, what: dict[str, object]) -> None:
        """Queue it; a browser that does not listen misses versions, never the last one."""
        if self.news.full():
            self.news.get_nowait()
        self.news.put_nowait(what)


class Watcher:
    """Looks while anybody listens."""

    def __init__(self) -> None:
        self._listeners: set[_Listener] = set()
        self._task: asyncio.Task[None] | None = None
        self._here: frozenset[str] = frozenset()
        self._names: list[str] = []
        self.version = ""

    async def join(self, key: str) -> _Listener:
        """Begin to listen: the first thing told is where things stand."""
        keys = await self._look(expiry=False)
        listener = _Listener(key)
        self._listeners.add(listener)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._watch(), name="accord-live")
        listener.tell(self._standing())
        listener.tell({"here": self._names})
        if key not in keys:
            # Who listens has a page drawn for somebody: what it was drawn by ended before it began to listen.
            listener.tell({"ended": True})
        return listener

    def leave(self, listener: _Listener) -> None:
        """Stop listening."""
        self._listeners.discard(listener)

    def _standing(self) -> dict[str, object]:
        return {"boot": BOOT, "version": self.version}

    async def _watch(self) -> None:
        looks = 0
        while self._listeners:
            await asyncio.sleep(EVERY_SECONDS)
            looks += 1
            # A database that cannot be read for a moment is looked at again.
            with suppress(Exception):
                await self._look(expiry=looks % _CHECKED_EVERY == 0)

    async def _look(self, *, expiry: bool) -> dict[str, str | None]:
        """Tell what moved; whose each session is that has not ended."""
        version, keys = await run_in_threadpool(look)
        if version != self.version:
            self.version = version
            AHEAD.moved()
            for listener in self._listeners:
                listener.tell(self._standing())
        await self._tell_who_is_here(keys)
        for listener in tuple(self._listeners):
            gone = listener.key and listener.key not in keys
            if gone or (expiry and listener.key and not await run_in_threadpool(DESK.still_in, listener.key)):
                listener.tell({"ended": True})
        return keys

    async def _tell_who_is_here(self, people: dict[str, str | None]) -> None:
        """Tell everybody when the people change who look at the plan."""
        here = frozenset(found for each in self._listeners if (found := people.get(each.key)))
        if here != self._here:
            self._here, self._names = here, await run_in_threadpool(name_them, here)
            for listener in self._listeners:
                listener.tell({"here": self._names})


def look() -> tuple[str, dict[str, str | None]]:
    """What every screen follows, as one text, and whose each session is that has not ended."""
    store = DESK.store()
    return ("", {}) if store is None else (read_pulse(store), read_session_keys(store))


def name_them(people: frozenset[str]) -> list[str]:
    """The names of these people."""
    store = DESK.store()
    return [] if store is None else names_of_present(store, people)


WATCHER = Watcher()


async def live(socket: WebSocket) -> None:
    """Tell one browser what moves until it goes."""
    await socket.accept()
    listener = await WATCHER.join(socket.headers.get("x-accord-session", ""))
    telling = asyncio.create_task(_tell(socket, listener))
    try:
        while (await socket.receive())["type"] != "websocket.disconnect":
            pass
    finally:
        WATCHER.leave(listener)
        telling.cancel()


async def _tell(socket: WebSocket, listener: _Listener) -> None:
    with suppress(WebSocketDisconnect, RuntimeError):
        while True:
            await socket.send_json(await listener.news.get())

"""A browser that leaves before its page is open leaves no traceback behind."""

from __future__ import annotations

import asyncio

import pytest
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketDisconnected

from sop.web.guard import quiet_when_left


def app_raising(error: Exception):
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        raise error

    return app


async def nothing(*_: object) -> None:
    return None


def test_a_browser_that_left_is_no_error_and_everything_else_is() -> None:
    scope: Scope = {"type": "websocket"}
    left = quiet_when_left(app_raising(WebSocketDisconnected("gone")))
    asyncio.run(left(scope, nothing, nothing))  # type: ignore[arg-type]
    broken = quiet_when_left(app_raising(RuntimeError("broken")))
    with pytest.raises(RuntimeError, match="broken"):
        asyncio.run(broken(scope, nothing, nothing))  # type: ignore[arg-type]

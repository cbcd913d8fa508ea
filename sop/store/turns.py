"""Turns at writing, first come first served.

SQLite lets waiting writers poll, which starves some of them under load; inside one process this lock hands the
pen on in the order in which it was asked for. It also tells a write inside a write, which would wait for itself.
"""

from __future__ import annotations

import threading
from collections import deque
from types import TracebackType


class Turns:
    """A first-come-first-served lock, used as a context manager. A write inside a write is a RuntimeError."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._holder: int | None = None

    def __enter__(self) -> None:
        me = threading.get_ident()
        with self._guard:
            if self._holder == me:
                raise RuntimeError("a write transaction was opened inside another one")
            if self._holder is None and not self._waiting:
                self._holder = me
                return
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        turn.acquire()
        with self._guard:
            self._holder = me

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._guard:
            self._holder = None
            if self._waiting:
                # The holder is named before the lock opens, so that a newcomer cannot slip in between.
                self._holder = -1
                self._waiting.popleft().release()

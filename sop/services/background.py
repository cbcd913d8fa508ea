"""Work that goes on in the background of a process while screens follow it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Generic, TypeVar

from sop.core.errors import SopError

Made = TypeVar("Made")
_LONGEST_PAUSE = 0.2
"""Seconds for which background work stands back at each share that it tells, so that it always gets on."""


class JobStopped(SopError):
    """A job was stopped before its end; nothing of it is kept."""


class Foreground:
    """What people wait for: while any of it goes on, background work stands back."""

    def __init__(self) -> None:
        self._busy, self._changed = 0, threading.Condition()

    @contextmanager
    def work(self) -> Iterator[None]:
        """Something is done that somebody waits for."""
        self._count(1)
        try:
            yield
        finally:
            self._count(-1)

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Whoever does that waits for background work."""
        self._count(-1)
        try:
            yield
        finally:
            self._count(1)

    def stand_back(self) -> None:
        """Wait until nothing is done that somebody waits for, at most a moment."""
        with self._changed:
            self._changed.wait_for(lambda: self._busy <= 0, _LONGEST_PAUSE)

    def _count(self, more: int) -> None:
        with self._changed:
            self._busy += more
            self._changed.notify_all()


FOREGROUND = Foreground()


class BackgroundJob(Generic[Made]):
    """Something that is made in the background from the moment the job is; `progress` is the share done, 0 to 1.

    `make` is handed what it tells its share to; there it ends with JobStopped once the job was cancelled.
    """

    def __init__(self, make: Callable[[Callable[[float], None]], Made], name: str) -> None:
        self.progress = 0.0
        self._cancelled = threading.Event()
        with_thread = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._future: Future[Made] = with_thread.submit(make, self._take)
        with_thread.shutdown(wait=False)

    @property
    def running(self) -> bool:
        """Whether it has not ended yet."""
        return not self._future.done()

    def result(self, timeout: float | None = None) -> Made:
        """What was made, waited for. Raises TimeoutError, or what making it raised."""
        return self._future.result(timeout)

    def cancel(self) -> None:
        """Have it end at the next share that it tells."""
        self._cancelled.set()

    @property
    def stopping(self) -> bool:
        """Whether it was cancelled and has not ended yet."""
        return self.running and self._cancelled.is_set()

    def _take(self, share: float) -> None:
        self.progress = share
        FOREGROUND.stand_back()
        if self._cancelled.is_set():
            raise JobStopped(
                "it was stopped", why="somebody cancelled it", remedy="Nothing was changed; start it again"
            )

"""Work that goes on in the background of a process while screens follow it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

Made = TypeVar("Made")


class BackgroundJob(Generic[Made]):
    """Something that is made in the background from the moment the job is; `progress` is the share done, 0 to 1.

    `make` is handed what it tells its share to.
    """

    def __init__(self, make: Callable[[Callable[[float], None]], Made], name: str) -> None:
        self.progress = 0.0
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

    def _take(self, share: float) -> None:
        self.progress = share

"""Answers that take long, made in the background: one job for each question that somebody waits for.

A page asks. If the answer is not kept, a job makes it; who asks meanwhile follows the same job. It goes on when
the page is left, and what it finds is kept by whoever makes it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Generic, TypeVar

from sop.services.planning.room import PlanningRoom

Answer = TypeVar("Answer")
Progress = Callable[[float], None]
"""Told the share that is done, 0 to 1."""

PATIENCE_SECONDS = 1.0
"""An answer that is there by then is waited for rather than shown."""


class AnswerJob(Generic[Answer]):
    """An answer that is made in the background of a process from the moment the job is made."""

    def __init__(self, make: Callable[[Progress], Answer]) -> None:
        self.progress = 0.0
        with_thread = ThreadPoolExecutor(1, thread_name_prefix="answer")
        self._future: Future[Answer] = with_thread.submit(make, self._take)
        with_thread.shutdown(wait=False)

    @property
    def running(self) -> bool:
        """Whether it has not ended yet."""
        return not self._future.done()

    def result(self, timeout: float | None = None) -> Answer:
        """The answer, waited for. Raises TimeoutError, or what making it raised."""
        return self._future.result(timeout)

    def _take(self, share: float) -> None:
        self.progress = share


_jobs: dict[tuple[int, str], AnswerJob[Any]] = {}
_lock = threading.Lock()


def answer_job(
    room: PlanningRoom, question: str, kept: Callable[[], Answer | None], make: Callable[[Progress], Answer]
) -> Answer | AnswerJob[Answer]:
    """The answer to a question, as it is `kept`, else the job that makes it. Raises what making it raised.

    `question` names everything that the answer rests on.
    """
    key = (id(room), question)
    with _lock:
        job: AnswerJob[Answer] | None = _jobs.get(key)
        if job is None:
            found = kept()
            if found is not None:
                return found
        is_new = job is None
        job = _jobs[key] = job or AnswerJob(make)
    try:
        return job.result(PATIENCE_SECONDS if is_new else 0)
    except TimeoutError:
        if job.running:
            return job
        raise
    finally:
        if not job.running:
            with _lock:
                _jobs.pop(key, None)

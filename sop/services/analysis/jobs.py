"""Answers that take long, made in the background: one job for each question that somebody waits for.

A page asks. If the answer is not kept, a job makes it; who asks meanwhile follows the same job. It goes on when
the page is left, and what it finds is kept by whoever makes it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextvars import ContextVar
from typing import TypeVar

from sop.core.memo import Memo
from sop.services.background import FOREGROUND, BackgroundJob
from sop.services.planning.room import PlanningRoom

Answer = TypeVar("Answer")
Progress = Callable[[float], None]
"""Told the share that is done, 0 to 1."""

PATIENCE_SECONDS = 1.0
"""An answer that is there by then is waited for rather than shown."""
_waits: ContextVar[bool] = ContextVar("waits", default=True)


_KEPT_JOBS = 64
_jobs = Memo(_KEPT_JOBS)
"""By room and question. Of a question that nobody asks again, the answer or the fault is dropped in time."""
_lock = threading.Lock()


def wait_for_answers(wait: bool) -> None:
    """Whether this thread waits a moment for answers: a page that only follows what moved shows it at once."""
    _waits.set(wait)


def answer_job(
    room: PlanningRoom, question: str, kept: Callable[[], Answer | None], make: Callable[[Progress], Answer]
) -> Answer | BackgroundJob[Answer]:
    """The answer to a question, as it is `kept`, else the job that makes it. Raises what making it raised.

    `question` names everything that the answer rests on.
    """
    key = (id(room), question)
    with _lock:
        job: BackgroundJob[Answer] | None = _jobs.find(key)
        is_new = job is None
        if job is None:
            found = kept()
            if found is not None:
                return found
            job = _jobs.get(key, lambda: BackgroundJob(make, "answer"))
    try:
        with FOREGROUND.waiting():
            return job.result(PATIENCE_SECONDS if is_new and _waits.get() else 0)
    except TimeoutError:
        if job.running:
            return job
        raise
    finally:
        if not job.running:
            _jobs.forget(key)

"""Decisions valued in the background for the screens: one job for each question that somebody waits for.

A page asks for the valuation. If it is not kept, a job plans again and again to make it; who asks meanwhile
follows the same job. It goes on when the page is left, and what it finds is kept.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor

from sop.analysis.decisions.valuation import Valuation
from sop.core.register import Assumptions
from sop.services.analysis.decisions import basis_of, kept_valuation, value_decisions
from sop.services.planning.room import InputSet, PlanningRoom, question_of

PATIENCE_SECONDS = 1.0
"""A valuation that is done by then is waited for rather than shown."""


class ValuationJob:
    """A valuation that runs in the background of a process from the moment it is made."""

    def __init__(self, room: PlanningRoom, inputs: InputSet, assumptions: Assumptions) -> None:
        self.progress = 0.0
        with_thread = ThreadPoolExecutor(1, thread_name_prefix="valuation")
        self._future: Future[Valuation] = with_thread.submit(
            value_decisions, room, inputs, assumptions, self._take
        )
        with_thread.shutdown(wait=False)

    @property
    def running(self) -> bool:
        """Whether it has not ended yet."""
        return not self._future.done()

    def result(self, timeout: float | None = None) -> Valuation:
        """The valuation, waited for. Raises TimeoutError, or what planning raised."""
        return self._future.result(timeout)

    def _take(self, share: float) -> None:
        self.progress = share


_jobs: dict[tuple[int, str], ValuationJob] = {}
_lock = threading.Lock()


def valuation_job(room: PlanningRoom, inputs: InputSet, assumptions: Assumptions) -> Valuation | ValuationJob:
    """The valuation of the plan under these assumptions, or the job that makes it. Raises what planning raised."""
    key = (id(room), question_of(basis_of(inputs), assumptions))
    with _lock:
        job = _jobs.get(key)
        if job is None:
            kept = kept_valuation(room, inputs, assumptions)
            if kept is not None:
                return kept
        is_new = job is None
        job = _jobs[key] = job or ValuationJob(room, inputs, assumptions)
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

"""Decisions valued in the background for the screens: one job for each question that somebody waits for.

A page asks for the valuation. If it is not kept, a job plans again and again to make it; who asks meanwhile
follows the same job. It goes on when the page is left, and what it finds is kept.
"""

from __future__ import annotations

import threading
from functools import partial

from sop.analysis.decisions.valuation import Valuation
from sop.core.register import Assumptions
from sop.services.analysis.decisions import basis_of, kept_valuation, value_decisions
from sop.services.background import BackgroundJob
from sop.services.planning.room import InputSet, PlanningRoom, question_of

PATIENCE_SECONDS = 1.0
"""A valuation that is done by then is waited for rather than shown."""


ValuationJob = BackgroundJob[Valuation]


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
        make = partial(value_decisions, room, inputs, assumptions)
        job = _jobs[key] = job or ValuationJob(make, "valuation")
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

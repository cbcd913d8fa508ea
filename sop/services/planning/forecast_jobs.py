"""Forecasts made in the background for the screens: one job for each forecast that somebody waits for.

A page asks whether the forecast it needs is there. If it is not, a job makes it, and who comes meanwhile follows
the same job. A job on data that an import has replaced is stopped: nobody plans them any more.
"""

from __future__ import annotations

from sop.core.register import Assumptions
from sop.services.planning.forecasting import Cancelled, ForecastJob
from sop.services.planning.room import InputSet, PlanningRoom, WantedForecast

PATIENCE_SECONDS = 2.0
"""A forecast that is done by then is waited for rather than shown."""

Job = ForecastJob[InputSet]


def forecast_job(room: PlanningRoom, assumptions: Assumptions | None = None) -> InputSet | Job:
    """The input set of these assumptions (None: the working plan's), or the job that makes its forecast.

    A job that was stopped is given as it is; `restart_job` goes on with it. Raises what the forecast raised, and
    what `PlanningRoom.input_set` raises.
    """
    wanted = room.ready_set(assumptions)
    if isinstance(wanted, InputSet):
        return wanted
    with room.jobs_lock:
        job, is_new = room.jobs.get(wanted), wanted not in room.jobs
        job = job or _start(room, wanted, assumptions)
    try:
        return job.result(PATIENCE_SECONDS if is_new else 0)
    except (TimeoutError, Cancelled):
        return job
    finally:
        if not (job.running or job.stopped):
            with room.jobs_lock:
                room.jobs.pop(wanted, None)


def restart_job(room: PlanningRoom, assumptions: Assumptions | None = None) -> None:
    """Go on with a forecast that was stopped; what is done is kept."""
    wanted = room.missing_forecast(assumptions)
    if wanted is not None:
        with room.jobs_lock:
            _start(room, wanted, assumptions)


def _start(room: PlanningRoom, wanted: WantedForecast, assumptions: Assumptions | None) -> Job:
    for other, job in list(room.jobs.items()):
        if other.data_key != wanted.data_key:
            job.cancel()
            del room.jobs[other]
    room.jobs[wanted] = ForecastJob(room.store, lambda run: room.input_set(assumptions, run))
    return room.jobs[wanted]

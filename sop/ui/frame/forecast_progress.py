"""A forecast that takes its time: how far it is, how long it still takes, and a way to stop it and go on."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from sop.core.register import Assumptions
from sop.services.planning.forecasting import Progress
from sop.services.planning.room import InputSet, Job, PlanningRoom, forecast_job, restart_job
from sop.ui.frame.fragments import fragment
from sop.ui.frame.state import no_traceback

_MINUTE = 60


def await_forecast(room: PlanningRoom, assumptions: Assumptions | None = None) -> InputSet:
    """The input set of these assumptions; where its forecast is still being made, show that and stop the page.

    What takes no longer than a moment is waited for. Raises what `forecast_job` raises.
    """
    found = forecast_job(room, assumptions)
    if not isinstance(found, InputSet):
        with st.container(border=True, key="card_forecast"):
            st.header("The forecast is being made", anchor=False)
            st.markdown(
                "The plan rests on sales, products, stock and what was decided about history, and some of it "
                "changed. Only the series that changed are forecast again. It goes on when you leave or reload "
                "this page."
            )
            _follow(room, assumptions)
        st.stop()
    return found


@fragment(run_every=1.0)
def _follow(room: PlanningRoom, assumptions: Assumptions | None) -> None:
    """The progress, and the page itself as soon as it is done."""
    with no_traceback("forecasting"):
        job = forecast_job(room, assumptions)
        if isinstance(job, InputSet):
            st.rerun()
        else:
            _show(room, assumptions, job)


def _show(room: PlanningRoom, assumptions: Assumptions | None, job: Job) -> None:
    shown = replace(job.progress, seconds_left=None) if job.stopped or job.stopping else job.progress
    st.progress(shown.fraction, progress_text(shown))
    if job.stopped:
        st.markdown("It was stopped. What is done is kept.")
        st.button("Go on", type="primary", on_click=restart_job, args=(room, assumptions))
    elif job.stopping:
        st.markdown("It stops after the series under way.")
    else:
        st.button("Cancel", on_click=job.cancel)


def progress_text(progress: Progress) -> str:
    """How far a forecast is, in one line.

    >>> progress_text(Progress(done=40, kept=10, total=200, seconds_left=95))
    '40 of 200 series, 10 of them kept from before; about 2 min left'
    """
    if not progress.total:
        return "Reading the tables"
    kept = f", {progress.kept} of them kept from before" if progress.kept else ""
    return f"{progress.done} of {progress.total} series{kept}{_left(progress.seconds_left)}"


def _left(seconds: float | None) -> str:
    if seconds is None or seconds <= 0:
        return ""
    if seconds < _MINUTE:
        return f"; about {max(round(seconds), 1)} s left"
    return f"; about {round(seconds / _MINUTE)} min left"

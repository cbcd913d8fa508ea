"""How far an answer is that is made in the background; the page is drawn again as soon as it is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import streamlit as st

from sop.core.errors import SopError
from sop.core.format import percent
from sop.services.background import BackgroundJob, JobStopped
from sop.ui.frame.fragments import fragment
from sop.ui.frame.page import end_page, refusals

Made = TypeVar("Made")
_JOBS, _STOPPED = "background_jobs", "background_stopped"
_MOMENT = 1.0
"""Seconds for which a job is waited for before its progress is shown."""


@fragment(run_every=0.5)
def follow_job(ask: Callable[[], Any], words: str) -> None:
    """Ask again twice a second; `words` say what is being done."""
    with refusals():
        found = ask()
        if isinstance(found, BackgroundJob):
            st.progress(found.progress, f"{words}, {percent(found.progress)} done")
        else:
            st.rerun()


def await_job(key: str, make: Callable[[Callable[[float], None]], Made], words: str) -> Made:
    """What the session's job of that key makes; while it goes on, how far it is and a way to stop it, and the page
    ends there.

    What was stopped is not started again by itself. Raises what making it raised.
    """
    jobs: dict[str, BackgroundJob[Any]] = st.session_state.setdefault(_JOBS, {})
    stopped: set[str] = st.session_state.setdefault(_STOPPED, set())
    if key in stopped:
        st.caption(f"{words} was stopped; nothing was changed.")
        st.button("Start again", on_click=stopped.discard, args=(key,), key=f"again_{key}")
        end_page()
    if key not in jobs:
        jobs[key] = BackgroundJob(make, "session")
    try:
        made: Made = jobs[key].result(_MOMENT)
    except TimeoutError:
        _follow(key, words)
        end_page()
    except JobStopped:
        jobs.pop(key, None)
        stopped.add(key)
        st.rerun()
    except SopError:
        jobs.pop(key, None)
        raise
    jobs.pop(key, None)
    return made


def is_running(key: str) -> bool:
    """Whether the session's job of that key goes on."""
    job = st.session_state.get(_JOBS, {}).get(key)
    return job is not None and job.running


@fragment(run_every=0.5)
def _follow(key: str, words: str) -> None:
    """The share that is done, and the page again as soon as the job ends."""
    job = st.session_state.get(_JOBS, {}).get(key)
    if job is None or not job.running:
        st.rerun()
    st.progress(job.progress, f"{words}, {percent(job.progress)} done")
    if job.stopping:
        st.caption("It stops after the step under way; nothing is kept.")
    else:
        st.button("Stop", on_click=job.cancel, key=f"stop_{key}")

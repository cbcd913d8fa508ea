"""How far an answer is that is made in the background; the page is drawn again as soon as it is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from sop.core.format import percent
from sop.services.background import BackgroundJob
from sop.ui.frame.page import refusals


@st.fragment(run_every=0.5)
def follow_job(ask: Callable[[], Any], words: str) -> None:
    """Ask again twice a second; `words` say what is being done."""
    with refusals():
        found = ask()
        if isinstance(found, BackgroundJob):
            st.progress(found.progress, f"{words}, {percent(found.progress)} done")
        else:
            st.rerun()

"""Closing the demo's month from the app: what it does, and how far it is."""

from functools import partial

import streamlit as st

from sop.core.calendar import period_name, worded
from sop.services.company.workspace import workspace_folder
from sop.services.demo.demo_workspace import advance_demo_aside
from sop.ui.frame.page import Visit
from sop.ui.frame.state import attempt
from sop.ui.kit.panel import panel


def show_demo_month(visit: Visit) -> None:
    """Offer the coordinator of a demo workspace to close its month; nothing for anybody else."""
    if not visit.company.fictional or not visit.may("run_cycle"):
        return
    month = period_name(visit.cycle.first_open)
    note = f"The actuals of {month} come in · assumptions carry over · only in the demo"
    with panel(worded("Close the month"), note, "demo_month"):
        st.caption(
            f"Where no plan of {month} is agreed yet, it is signed for every function; tables that were imported "
            "over the demo's stay as they are. This takes up to a minute; others can go on working."
        )
        if st.button(f"Close {month} and roll forward", key="close_month"):
            bar = st.progress(0.0, "Starting")

            def show(share: float, what: str) -> None:
                bar.progress(share, what.capitalize())

            attempt(partial(advance_demo_aside, workspace_folder(), show), f"{month} is closed.")
            st.rerun()

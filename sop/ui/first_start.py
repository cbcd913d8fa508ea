"""What a browser shows before there is any workspace: how to make one, and a demo company at one press."""

from __future__ import annotations

import streamlit as st

from sop.core.errors import SopError
from sop.services.demo_workspace import build_demo_aside
from sop.services.workspace import workspace_folder


def show_first_start() -> None:
    """Offer to build the demo company, or say how a company's own workspace is made."""
    st.title("There is no workspace yet", anchor=False)
    st.markdown(
        "Build a fictional company to look around in, which takes about a minute, or open your own with "
        "`python -m sop init --cycle YYYY-MM` and import your tables."
    )
    if st.button("Build the demo company", type="primary"):
        _build()


def _build() -> None:
    bar = st.progress(0.0, "Starting")

    def show(share: float, what: str) -> None:
        bar.progress(share, what.capitalize())

    try:
        build_demo_aside(workspace_folder(), show)
    except SopError as refusal:
        st.error(str(refusal), icon=":material/block:")
        return
    st.rerun()

"""What a browser shows before there is any workspace: a demo that is being built, or how to make one."""

from __future__ import annotations

import streamlit as st

from sop.core.errors import SopError
from sop.services.company.workspace import has_database, workspace_folder
from sop.services.demo.demo_workspace import build_demo_aside, read_building
from sop.ui.frame.text import literal


def show_first_start() -> None:
    """Follow the demo company that is being built; offer to build it where nobody does."""
    if read_building(workspace_folder()) is not None:
        st.title("The demo company is being built", anchor=False)
        st.markdown("Eight past cycles of a fictional company are planned and signed; this is done once.")
        _follow()
        return
    st.title("There is no workspace yet", anchor=False)
    st.markdown(
        "Build a fictional company to look around in, which takes about a minute, or open your own with "
        "`python -m sop init --cycle YYYY-MM` and import your tables."
    )
    if st.button("Build the demo company", type="primary"):
        _build()


@st.fragment(run_every=1.0)
def _follow() -> None:
    """The progress, and the app itself as soon as it is done."""
    building = read_building(workspace_folder())
    if has_database() or building is None:
        st.rerun()
    else:
        st.progress(building.share, building.what.capitalize())


def _build() -> None:
    bar = st.progress(0.0, "Starting")

    def show(share: float, what: str) -> None:
        bar.progress(share, what.capitalize())

    try:
        build_demo_aside(workspace_folder(), show)
    except SopError as refusal:
        st.error(literal(refusal), icon=":material/block:")
        return
    st.rerun()

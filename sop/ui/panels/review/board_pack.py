"""The board pack from a page: made in the background, then downloaded as slides and as PDF."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from sop.agreement.records import PlanRecord
from sop.core.format import percent
from sop.core.words import short_digest
from sop.services.data.pack_jobs import pack_job, start_pack
from sop.ui.frame.fragments import fragment
from sop.ui.frame.page import Visit, refusals
from sop.ui.kit.cards import grey_line
from sop.ui.kit.downloads import download_button

if TYPE_CHECKING:
    from sop.services.data.board_pack import PackFiles

PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


def show_board_pack(visit: Visit, record: PlanRecord | None) -> None:
    """The pack of a frozen plan, or of the working plan (None), for whoever may export."""
    if not visit.may("export"):
        return
    with st.popover("Board pack", icon=":material/slideshow:"):
        st.html(
            grey_line(
                "Slides with charts that can be edited, and a PDF that opens with a summary of two pages. It "
                "rests on the ranges that are kept, and goes on when you leave this page."
            )
        )
        job = pack_job(visit.room, visit.person.id, record)
        running = job is not None and job.running
        # Nothing is asked again and again while nothing is made.
        fragment(run_every=1.0 if running else None)(_follow)(visit, record, running)


def _follow(visit: Visit, record: PlanRecord | None, running: bool) -> None:
    """The button that starts it, how far it is, and then its files; `running`: as the page was drawn."""
    with refusals():
        job = pack_job(visit.room, visit.person.id, record)
        if job is not None and job.running:
            st.progress(job.progress, f"Making the pack, {percent(job.progress)} done")
            return
        if running:
            st.rerun()
        if job is not None:
            _downloads(job.result())
        label = "Make the board pack" if job is None else "Make it again"
        if st.button(label, key="make_pack"):
            start_pack(visit.room, visit.person.id, record)
            st.rerun()


def _downloads(files: PackFiles) -> None:
    pack = files.pack
    st.html(grey_line(f"{pack.plan}, cycle {pack.cycle}, digest {short_digest(pack.digest)}…"))
    stem = f"board-pack_{pack.cycle}_{pack.plan}".replace(" ", "-").replace(",", "")
    for name, kind, data in (("pptx", PPTX, files.pptx), ("pdf", "application/pdf", files.pdf)):
        download_button(
            f"Board pack ({name})",
            partial(bytes, data),
            f"{stem}.{name}",
            kind,
            key=f"pack_{name}",
            icon=":material/download:",
        )

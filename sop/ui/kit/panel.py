"""The sections that pages are made of: a bordered panel, tabs and parts worked out when opened, a download."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from html import escape

import pandas as pd
import streamlit as st

from sop.core.present import PlanTable
from sop.services.data.exports import table_csv
from sop.ui.frame.links import from_address, to_address
from sop.ui.frame.page import Visit
from sop.ui.frame.text import literal
from sop.ui.kit.cards import grey_line
from sop.ui.kit.downloads import download_button
from sop.ui.kit.tables import table_frame


@contextmanager
def panel(title: str, note: str, key: str) -> Iterator[None]:
    """One bordered section with its heading and the grey line under it."""
    with st.container(border=True, key=f"card_{key}", height="stretch"):
        st.header(literal(title), anchor=False)
        if note:
            st.html(grey_line(note))
        yield


def show_tabs(key: str, shown: Mapping[str, Callable[..., None]], *args: object) -> None:
    """Tabs by their names; what each shows is worked out, from `args`, only while it is open."""
    from_address(key, "tab", shown)
    for tab, show in zip(st.tabs(list(shown), key=key, on_change="rerun"), shown.values(), strict=True):
        if tab.open:
            with tab:
                show(*args)
    to_address(key, "tab", next(iter(shown)))


def show_opened(title: str, key: str, show: Callable[..., None], *args: object, expanded: bool = False) -> None:
    """A folded part; what it shows is worked out, from `args`, only while it is open."""
    with st.expander(literal(title), expanded=expanded, key=key, on_change="rerun") as box:
        if box.open:
            show(*args)


def show_sentence(text: str) -> None:
    """A sentence, shown literally whatever names are in it."""
    st.html(f"<p>{escape(text)}</p>")


def download(
    visit: Visit, rows: PlanTable | Callable[[], PlanTable | pd.DataFrame], name: str, label: str = "Download"
) -> None:
    """A button that makes the CSV only when it is wanted."""

    def content() -> bytes:
        found = rows() if callable(rows) else rows
        frame = table_frame(found) if isinstance(found, PlanTable) else found
        return table_csv(visit.room.store, visit.person.id, frame)

    if visit.may("export"):
        download_button(
            label,
            content,
            f"{name}.csv",
            "text/csv",
            key=f"download-{name}-{label}",
            type="tertiary",
            icon=":material/download:",
        )

"""Downloads: made only when somebody wants them, and kept until the browser has fetched them.

Streamlit throws a file that was made on a click away at the second run of any script after it, fragments
included. Every open screen asks once a second what others changed, so the file of a browser that takes longer
would be gone before it is fetched.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import streamlit as st
from streamlit.runtime import get_instance

KEPT = 32
"""The newest downloads of all sessions that are held; older ones go their way."""
_place = count()


def download_button(label: str, make: Callable[[], bytes], file_name: str, mime: str, **look: Any) -> None:
    """A button that makes its file when it is pressed; the page does not run again."""

    def kept() -> bytes:
        data = make()
        # The same bytes, kind and name are the same file to Streamlit, which now has somebody who needs it.
        get_instance().media_file_mgr.add(
            data, mime, f"download-{next(_place) % KEPT}", file_name, is_for_static_download=True
        )
        return data

    st.download_button(label, kept, file_name=file_name, mime=mime, on_click="ignore", **look)

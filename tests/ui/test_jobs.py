"""A long job of a session: followed, stopped, and not started again by itself."""

from __future__ import annotations

import time

from streamlit.testing.v1 import AppTest


def _page() -> None:
    import time

    import streamlit as st

    from sop.ui.frame.page import _PageEnds
    from sop.ui.kit.jobs import await_job, is_running

    def work(progress) -> str:
        st_calls.append(1)
        while not ended:
            progress(0.4)
            time.sleep(0.05)
        return "made"

    st_calls = st.session_state.setdefault("calls", [])
    ended = st.session_state.setdefault("ended", [])
    try:
        st.title(await_job("key", work, "Reading the file"))
    except _PageEnds:
        st.caption("running" if is_running("key") else "not running")


def _captions(app: AppTest) -> list[str]:
    return [caption.value for caption in app.caption]


def test_a_job_is_followed_and_its_answer_shown_once_it_is_there() -> None:
    app = AppTest.from_function(_page, default_timeout=60).run()
    assert not app.exception and "running" in _captions(app)
    assert [button.label for button in app.button] == ["Stop"]
    app.session_state["ended"].append(True)
    time.sleep(0.3)
    app.run()
    assert [title.value for title in app.title] == ["made"] and len(app.session_state["calls"]) == 1


def test_a_job_that_is_stopped_starts_again_only_when_asked() -> None:
    app = AppTest.from_function(_page, default_timeout=60).run()
    app.button[0].click()
    app.run()
    time.sleep(0.3)
    app.run()
    assert any("was stopped; nothing was changed" in caption for caption in _captions(app))
    app.run()
    assert len(app.session_state["calls"]) == 1
    app.session_state["ended"].append(True)
    next(button for button in app.button if button.label == "Start again").click()
    app.run()
    assert [title.value for title in app.title] == ["made"] and len(app.session_state["calls"]) == 2

"""What a session holds after a thousand moves: the widgets that are drawn, not all that ever were."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

MOVES, DRAWN = 1000, 2


def _page() -> None:
    import streamlit as st

    from sop.ui.frame.state import forget_widgets

    forget_widgets()
    # As the sliders of Scenarios: another widget once anything else moved the value.
    move = st.session_state["move"] = st.session_state.get("move", 0) + 1
    st.slider("Price", 0, 10_000, move, key=f"slider_{move}", on_change=print, args=([move] * 100,))
    st.button("Again", key="again")
    st.caption(str(st.session_state["again"]))


def _held(app: AppTest) -> int:
    """The widgets of which Streamlit still keeps what calls them back."""
    return len(app._session_state._state._new_widget_state.widget_metadata)


def test_a_thousand_moves_leave_no_more_widgets_than_a_few() -> None:
    app = AppTest.from_function(_page, default_timeout=60).run()
    for _ in range(MOVES):
        app.run()
    assert not app.exception and app.session_state["move"] > MOVES
    assert _held(app) <= 2 * DRAWN


def test_what_is_drawn_still_answers() -> None:
    app = AppTest.from_function(_page, default_timeout=60).run()
    for _ in range(3):
        app.button[0].click()
        app.run()
        assert [caption.value for caption in app.caption] == ["True"]
        assert app.slider[0].value == app.session_state["move"]

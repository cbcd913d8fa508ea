"""The one form for acts: what is asked, what it would do, the button, a refusal in words, the way back.

    with ask("send_back", popover="Return this plan") as form:
        form.field(st.text_input, "reason", "Reason")
        form.button("Return", visit.call(return_plan, plan_id), "Return recorded.")

A field's name is the argument that its act takes. What is previewed while it is filled in stands outside a form:
its button is an `act_button` that names the session keys of the arguments, closed while the preview promises
nothing. Taking something back is an act like any other. What came of an act is told by `show_outcome`; a popover
closes over an act that was done, and stays with what was typed over one that was refused.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

import streamlit as st

from sop.core.lengths import longest
from sop.ui.frame.state import attempt

Act = Callable[..., Any]
Done = str | Callable[[Any], str]
"""What is told once it is done: a sentence, or a sentence about what the act returned; nothing where empty."""


class Form:
    """A form that is being drawn: `fields` maps each argument of its act to the session key that holds it."""

    def __init__(self, key: str) -> None:
        self.key, self.fields = key, dict[str, str]()

    def field(self, draw: Callable[..., Any], argument: str, label: str, *place: Any, **look: Any) -> None:
        """Draw a field for one argument of the act; a text takes no more than the act does."""
        self.fields[argument] = f"{self.key}_{argument}"
        if draw in (st.text_input, st.text_area):
            look.setdefault("max_chars", longest(argument))
        draw(label, *place, key=self.fields[argument], **look)

    def button(
        self, label: str, act: Act, done: Done = "", *, then: Callable[[], object] | None = None, **look: Any
    ) -> None:
        """The button that hands the fields to the act; `then` follows where it was not refused."""

        def close() -> None:
            # Under another key the browser draws the popover around the form anew, closed.
            st.session_state[_opened(self.key)] = st.session_state.get(_opened(self.key), 0) + 1
            if then is not None:
                then()

        act_button(label, act, done, self.fields, draw=st.form_submit_button, then=close, **look)


@contextmanager
def ask(key: str, *, popover: str = "", clear: bool = False, row: bool = False, **opener: Any) -> Iterator[Form]:
    """A form for an act, behind a `popover` where it has a name; `row` sets its fields side by side.

    `key` begins the keys of the fields: where a stored value is shown it holds that value's version, so that the
    form never shows what stood there before. `clear`: the form is empty again once it is sent.
    """
    with ExitStack() as within:
        if popover:
            times = st.session_state.get(_opened(key), 0)
            within.enter_context(st.popover(popover, key=f"{_opened(key)}_{times}", **opener))
        within.enter_context(st.form(key, border=False, clear_on_submit=clear))
        if row:
            within.enter_context(st.container(horizontal=True, vertical_alignment="bottom"))
        yield Form(key)


def _opened(key: str) -> str:
    """The session key that counts how often the popover of a form was closed by its act."""
    return f"opened_{key}"


def act_button(
    label: str,
    act: Act,
    done: Done = "",
    fields: Mapping[str, str] | None = None,
    *,
    then: Callable[[], object] | None = None,
    draw: Callable[..., Any] = st.button,
    **look: Any,
) -> None:
    """A button that acts when it is pressed; `then` follows where the act was not refused.

    `fields`: argument of the act → session key that holds it at that moment.
    """

    def press() -> None:
        given = {argument: st.session_state[key] for argument, key in (fields or {}).items()}
        if attempt(lambda: act(**given), done) and then is not None:
            then()

    draw(label, on_click=press, **look)

"""A screen that follows what others do draws what moved, all of it, and nothing else; spoken without a browser."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.components.v2.bidi_component.constants import EVENT_DELIM
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.state.session_state import STREAMLIT_INTERNAL_KEY_PREFIX
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from sop.services.access.mode import Access
from sop.services.access.sessions import begin_session, choose_persona, key_of, sign_out
from sop.services.company.cycle import move_to_step
from sop.services.planning.room import PlanningRoom
from sop.services.process.comments import say
from sop.services.scenarios.drafts import change_assumption, working_scenario
from sop.store import Store, open_store
from tests.web.servers import served
from tests.web.streams import DONE, opened, run, words

SHOWN = re.compile(r'"version": ?"[^"]* (\d+)"')


@pytest.fixture(scope="module")
def number(demo: Path) -> Iterator[int]:
    with served(demo, SOP_DRAWS="50") as found:
        yield found


@pytest.fixture(scope="module")
def shared(demo: Path) -> Iterator[Store]:
    store = open_store(demo)
    PlanningRoom(store).scenario_plan()
    yield store
    store.close()


class Screen:
    """A page that stays open."""

    def __init__(self, socket: ClientConnection, page: str) -> None:
        self._socket, self._page = socket, page
        self._hash = self._live = self._fragment = ""
        self.version = 0
        # A fresh server goes by way of the entry script first.
        for _ in range(2):
            for message in run(socket, page):
                self._see(message)

    def follow(self, version: int) -> list[ForwardMsg]:
        """Everything that is drawn until the page says that it shows a version."""
        again = BackMsg()
        again.rerun_script.page_name, again.rerun_script.page_script_hash = self._page, self._hash
        again.rerun_script.fragment_id = self._fragment
        widget = again.rerun_script.widget_states.widgets.add()
        widget.id = f"{STREAMLIT_INTERNAL_KEY_PREFIX}_{self._live}{EVENT_DELIM}events"
        widget.json_trigger_value = json.dumps([{"event": "moved", "value": "x"}])
        self._socket.send(again.SerializeToString())
        found = []
        while self.version < version or found[-1].WhichOneof("type") != "script_finished":
            found.append(ForwardMsg.FromString(self._socket.recv(timeout=60)))
            self._see(found[-1])
        assert found[-1].script_finished in DONE
        return found

    def _see(self, message: ForwardMsg) -> None:
        kind, element = message.WhichOneof("type"), message.delta.new_element
        if kind == "navigation":
            self._hash = message.navigation.page_script_hash
        elif kind == "delta" and element.WhichOneof("type") == "bidi_component":
            found = element.bidi_component
            told = SHOWN.search(found.json or found.mixed.json)
            if told and found.component_name.endswith("accord_live"):
                self.version, self._live, self._fragment = int(told[1]), found.id, message.delta.fragment_id


@pytest.fixture
def secret(shared: Store) -> str:
    """The cookie of a viewer."""
    found = begin_session(shared, None, Access.DEMO)
    choose_persona(shared, key_of(found), "viewer")
    return found


@pytest.fixture
def screens(number: int, secret: str, request: pytest.FixtureRequest) -> Iterator[Screen]:
    with opened(number, f"accord_{number}={secret}") as socket:
        yield Screen(socket, request.param)


def drawn_whole(messages: list[ForwardMsg]) -> bool:
    """Whether the page itself ran, and not parts of it alone."""
    return any(not m.metadata.run.fragment_ids for m in messages if m.WhichOneof("type") == "new_session")


@pytest.mark.parametrize("screens", ["sales", "cycle"], indirect=True)
def test_a_comment_draws_what_shows_comments(screens: Screen, shared: Store) -> None:
    before = screens.version
    say(shared, "head_of_sales", "plan", "sales", "Is spring in?")
    drawn = screens.follow(before + 1)
    assert not drawn_whole(drawn)
    assert "Comments (1)" in words(drawn) or "Is spring in?" in words(drawn)
    assert "Is spring in?" in "".join(t.delta.new_element.toast.body for t in drawn), words(drawn)


@pytest.mark.parametrize(("screens", "whole"), [("sales", False), ("cycle", True)], indirect=["screens"])
def test_a_step_draws_the_context_row_and_the_pages_that_show_steps(
    screens: Screen, whole: bool, shared: Store
) -> None:
    before = screens.version
    move_to_step(shared, "coordinator", "supply" if whole else "demand")
    drawn = screens.follow(before + 1)
    assert drawn_whole(drawn) is whole
    assert f"step **{'supply' if whole else 'demand'}**" in words(drawn)


@pytest.mark.parametrize("screens", ["sales"], indirect=True)
def test_a_change_of_the_plan_draws_the_page_also_beside_a_comment(screens: Screen, shared: Store) -> None:
    before = screens.version
    say(shared, "head_of_sales", "plan", "sales", "Demand goes up")
    change_assumption(shared, "head_of_sales", working_scenario(shared, "viewer").id, "demand_pct", 0.05)
    assert drawn_whole(screens.follow(before + 2))


@pytest.mark.parametrize("screens", ["sales"], indirect=True)
def test_no_part_is_drawn_for_who_became_somebody_else_in_another_window(
    screens: Screen, secret: str, shared: Store
) -> None:
    before = screens.version
    choose_persona(shared, key_of(secret), "head_of_finance")
    say(shared, "head_of_sales", "plan", "sales", "For whom?")
    drawn = screens.follow(before + 1)
    assert drawn_whole(drawn) and "Head of finance · demo persona" in words(drawn)


@pytest.mark.parametrize("screens", ["sales"], indirect=True)
def test_no_part_is_drawn_once_the_session_has_ended(screens: Screen, secret: str, shared: Store) -> None:
    before = screens.version
    sign_out(shared, key_of(secret))
    say(shared, "head_of_sales", "plan", "sales", "Nobody hears this")
    with pytest.raises(ConnectionClosed):
        screens.follow(before + 1)

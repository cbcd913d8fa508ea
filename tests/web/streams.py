"""The websocket of a page, spoken without a browser: what is shown, and events that nobody's mouse made."""

from __future__ import annotations

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.servers import HOST

DONE = (0, 3)
"""`script_finished`: a run of the page or of a fragment that came to its end."""


def opened(
    port: int, cookie: str = "", session: str = "", origin: str | None = "", **headers: str
) -> ClientConnection:
    """A websocket to the screens. `session`: the id of a Streamlit session to take up again."""
    own = f"http://{HOST}:{port}" if origin == "" else origin
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    return connect(
        f"ws://{HOST}:{port}/_stcore/stream",
        origin=own,
        subprotocols=["streamlit", "x", session] if session else ["streamlit"],
        additional_headers=more | ({"Cookie": cookie} if cookie else {}),
        max_size=None,
        open_timeout=60,
    )


def send(socket: ClientConnection, page: str, *pressed: str, fragment: str = "", query: str = "") -> None:
    """Ask for a run of a page or of a fragment, with buttons pressed by their ids. `query`: the address's."""
    message = BackMsg(rerun_script=ClientState(page_name=page, fragment_id=fragment, query_string=query))
    for button in pressed:
        widget = message.rerun_script.widget_states.widgets.add()
        widget.id, widget.trigger_value = button, True
    socket.send(message.SerializeToString())


def run(
    socket: ClientConnection, page: str, *pressed: str, query: str = "", patience: float = 60
) -> list[ForwardMsg]:
    """Have a page run as `send` asks for it; every message until it is done, each within `patience` seconds."""
    send(socket, page, *pressed, query=query)
    found = []
    while True:
        got = ForwardMsg.FromString(socket.recv(timeout=patience))
        found.append(got)
        if got.WhichOneof("type") == "script_finished" and got.script_finished in DONE:
            return found


def words(messages: list[ForwardMsg]) -> str:
    """All text that was sent."""
    return "\n".join(str(message.delta) for message in messages if message.WhichOneof("type") == "delta")


def session_of(messages: list[ForwardMsg]) -> str:
    """The id of the Streamlit session."""
    return next(m.new_session.initialize.session_id for m in messages if m.WhichOneof("type") == "new_session")


def button(messages: list[ForwardMsg], label: str) -> str:
    """The id of the button with a label."""
    elements = [m.delta.new_element for m in messages if m.WhichOneof("type") == "delta"]
    return next(e.button.id for e in elements if e.WhichOneof("type") == "button" and label in e.button.label)


__all__ = ["ConnectionClosed", "button", "opened", "run", "send", "session_of", "words"]

"""Who may begin a company here: whoever sees the terminal of the server, and nobody else on the machine.

The process makes a key, prints it once, and holds every form of the start page against it. It is worth nothing as
soon as there is a company.
"""

from __future__ import annotations

import secrets
import sys
from hmac import compare_digest
from urllib.parse import quote

from starlette.types import Scope
from streamlit import config

from sop.core.errors import SopError
from sop.services.company.workspace import workspace_folder
from sop.services.demo.demo_workspace import read_building
from sop.web.desk import DESK
from sop.web.hosts import is_own_host

START = "/start"
_KEY = secrets.token_urlsafe(12)


def start_link() -> str:
    """Where whoever serves begins, with the key."""
    return f"http://127.0.0.1:{config.get_option('server.port')}{START}?key={quote(_KEY)}"


def tell_how_to_start() -> None:
    """On the terminal: where to begin, where nothing is there yet and nobody is building the demo."""
    try:
        new = DESK.is_new() and read_building(workspace_folder()) is None
    except SopError:
        return  # It is told to whoever opens a page.
    if new:
        print(f"Nothing is here yet. Start in the browser: {start_link()}", file=sys.stderr, flush=True)


def is_start_key(shown: str) -> bool:
    """Whether somebody has the key."""
    return compare_digest(shown.strip().encode(), _KEY.encode())


def is_from_here(scope: Scope) -> bool:
    """Whether a request was made to this machine by its own name, not through a server in front."""
    hosts = [value.decode("latin-1") for name, value in scope["headers"] if name.lower() == b"host"]
    return len(hosts) == 1 and is_own_host(hosts[0])

"""What the front desk knows: the workspace if there is one, how people sign in to it, and who a browser is.

These read the database and are called from a thread of their own, never from the server's loop.
"""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass

from sop.services.access.mode import Access, read_access
from sop.services.access.sessions import begin_session, find_session, key_of
from sop.services.company.start import is_new
from sop.services.company.workspace import has_database, open_workspace, workspace_folder
from sop.store import Store
from sop.store.sign_in import Session
from sop.web.sockets import listens_beyond_loopback

NOT_YET_FOR_OTHERS = (
    "Nothing is set up here yet, and that is done on this machine alone. Let the server listen on 127.0.0.1, or "
    "make a workspace with `python -m sop init --cycle YYYY-MM`.\n"
)
NOT_FOR_OTHERS = (
    "The demo company is for this machine alone: anybody who reaches it may choose a persona. Let the server "
    "listen on 127.0.0.1, or open a workspace in which people sign in.\n"
)


@dataclass(frozen=True)
class Known:
    """Who asks: the session that their cookie opens, and in a demo the secret of a new one to hand out."""

    access: Access
    session: Session | None
    new_secret: str = ""


class Desk:
    """The workspace of this process, opened when it is there."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._place: tuple[str, str | None] | None = None
        self._store: Store | None = None
        self._begun = False

    def store(self) -> Store | None:
        """The store of the workspace; None where there is no workspace yet."""
        if not has_database():
            return None
        place = (str(workspace_folder()), os.environ.get("SOP_DATABASE_URL"))
        with self._lock:
            if self._store is None or self._place != place:
                self._store, self._place, self._begun = open_workspace(), place, False
            return self._store

    def access(self) -> Access:
        """How people sign in; where there is no workspace, all there is to see is how to begin."""
        store = self.store()
        return Access.DEMO if store is None else read_access(store)

    def is_new(self) -> bool:
        """Whether there is nothing yet: no workspace, or one without a cycle and people."""
        store = self.store()
        if store is None:
            return True
        # What has begun stays begun: it is asked of the database until then.
        self._begun = self._begun or not is_new(store)
        return not self._begun

    def refusal(self) -> str:
        """Why this process must not serve, in a sentence; empty where it may.

        Personas are refused as soon as a socket is open to other machines, and where that cannot be known.
        """
        beyond = listens_beyond_loopback() is not False
        if beyond and self.is_new():
            return NOT_YET_FOR_OTHERS
        return NOT_FOR_OTHERS if beyond and self.access() is Access.DEMO else ""

    def know(self, secret: str, *, begin: bool) -> Known:
        """Who holds a cookie's secret; with `begin`, a visitor of a demo gets a session of their own."""
        store = self.store()
        access = Access.DEMO if store is None else read_access(store)
        found = None if store is None or not secret else find_session(store, key_of(secret))
        if found is None and begin and store is not None and access is Access.DEMO:
            new = begin_session(store, None, access)
            return Known(access, find_session(store, key_of(new)), new)
        return Known(access, found)

    def still_in(self, key: str) -> bool:
        """Whether a session still holds, for somebody who only looks."""
        store = self.store()
        return store is None or find_session(store, key, used=False) is not None

    def holds(self, key: str) -> bool:
        """Whether a session still holds."""
        store = self.store()
        return store is None or find_session(store, key) is not None


DESK = Desk()

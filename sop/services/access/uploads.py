"""Where an upload may go: to the page that offers its own sender an uploader, and nowhere else.

Kept by the process that serves the page, as the page itself is: what another process serves, that one knows.
"""

from __future__ import annotations

import threading
from collections import OrderedDict

MOST = 2000
"""Pages that are remembered; of more the one that was looked at longest ago is forgotten."""

_offered: OrderedDict[str, str] = OrderedDict()
_lock = threading.Lock()


def offer_upload(page: str, key: str) -> None:
    """Let the session of `key` upload to the running `page`, named by its own id; nobody where `key` is empty."""
    with _lock:
        _offered.pop(page, None)
        if key:
            _offered[page] = key
        while len(_offered) > MOST:
            _offered.popitem(last=False)


def takes_upload(page: str, key: str) -> bool:
    """Whether the page offers an uploader to the session of `key`."""
    with _lock:
        return bool(key) and _offered.get(page) == key

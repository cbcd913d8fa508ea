"""What Python's garbage collector does while people work: it stops every session of the process."""

from __future__ import annotations

import gc

_YOUNGEST = 10_000
"""Objects made before the youngest are looked through; a run of a page makes more than Python's usual 700."""
_settled = False


def look_rarely() -> None:
    """Look for garbage less often than Python does; before anything large is loaded, nothing of which is any."""
    gc.set_threshold(_YOUNGEST, *gc.get_threshold()[1:])


def settle_memory() -> None:
    """Leave out of every later collection what this process has loaded by now; once, after the first plan.

    Libraries, inputs and plans are a million objects. Looking through all of them takes a fifth of a second, and
    nobody's slider moves meanwhile.
    """
    global _settled
    if not _settled:
        _settled = True
        look_rarely()
        gc.freeze()

"""What Python's garbage collector does while people work: it stops every session of the process."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_YOUNGEST = 10_000
"""Objects made before the youngest are looked through; a run of a page makes more than Python's usual 700."""
_settled = False


@contextmanager
def loading() -> Iterator[None]:
    """Look for no garbage while a program loads what it is made of, never again in that, and rarely in the rest.

    Next to nothing of what is loaded is garbage, and looking for some is an eighth of loading.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        _look_rarely()
        gc.enable()


def _look_rarely() -> None:
    gc.set_threshold(_YOUNGEST, *gc.get_threshold()[1:])


def settle_memory() -> None:
    """Leave out of every later collection what this process has loaded by now; once, after the first plan.

    Libraries, inputs and plans are a million objects. Looking through all of them takes a fifth of a second, and
    nobody's slider moves meanwhile.
    """
    global _settled
    if not _settled:
        _settled = True
        _look_rarely()
        gc.freeze()

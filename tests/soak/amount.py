"""How much of everything: a little in `make test`, all of it in `make soak` (SOAK=1)."""

from __future__ import annotations

import os

SOAKING = bool(os.environ.get("SOAK"))


def amount(little: int, soak: int) -> int:
    """The number of rounds of a test that is repeated: `soak` of them in `make soak`."""
    return soak if SOAKING else little

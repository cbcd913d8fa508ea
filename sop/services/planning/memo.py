"""What a process computes once: things that rest on immutable contents, kept by the digests they rest on."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sop.services.planning.room import PlanningRoom

KEPT = 24
Made = TypeVar("Made")

_lock = threading.Lock()
_by_room: WeakKeyDictionary[PlanningRoom, OrderedDict[Hashable, Any]] = WeakKeyDictionary()


def keep(room: PlanningRoom, key: Hashable, make: Callable[[], Made]) -> Made:
    """What `make` returned the first time this room asked for `key`; the oldest is forgotten.

    `key` must name everything that the result rests on. Two sessions that ask at once may both make it.
    """
    with _lock:
        kept = _by_room.setdefault(room, OrderedDict())
        if key in kept:
            kept.move_to_end(key)
            found: Made = kept[key]
            return found
    made = make()
    with _lock:
        kept[key] = made
        while len(kept) > KEPT:
            kept.popitem(last=False)
    return made

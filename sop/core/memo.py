"""What a process computes once: results that rest on immutable contents, kept by the digests they rest on."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from sop.core.format import current_style

Made = TypeVar("Made")


class Memo:
    """The last `most` results by key, the one longest unused forgotten first; safe for several threads.

    A key must name everything that its result rests on; the style in which figures are written, which is in the
    sentences of many results, is added to each. Two sessions that ask at once may both make it.
    """

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, threading.Lock()
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()

    def __contains__(self, key: Hashable) -> bool:
        return _in_style(key) in self._kept

    def find(self, key: Hashable) -> Any:
        """What is kept for `key`; None where nothing is."""
        key = _in_style(key)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What `make` returned the first time somebody asked for `key`."""
        key = _in_style(key)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                found: Made = self._kept[key]
                return found
        made = make()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return made

    def forget(self, key: Hashable) -> None:
        """Keep nothing for `key` any more."""
        with self._lock:
            self._kept.pop(_in_style(key), None)

    def values(self) -> list[Any]:
        """Everything that is kept."""
        with self._lock:
            return list(self._kept.values())


def _in_style(key: Hashable) -> Hashable:
    return current_style().key, key

"""What a process computes once: results that rest on immutable contents, kept by the digests they rest on."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import fields, is_dataclass
from math import inf
from typing import Any, TypeVar

import numpy as np

from sop.core.format import current_style

Made = TypeVar("Made")


class Memo:
    """The last `most` results by key, the one longest unused forgotten first; safe for several threads.

    `megabytes`: what the arrays of all of them may take together; the newest stays however large it is. A key must
    name everything that its result rests on; the style in which figures are written, which is in the sentences of
    many results, is added to each. Two sessions that ask at once may both make it.
    """

    def __init__(self, most: int, megabytes: float = inf) -> None:
        self._most, self._bytes, self._lock = most, megabytes * 2**20, threading.Lock()
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._weights: dict[Hashable, int] = {}

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
        weight = 0 if self._bytes == inf else array_bytes(made)
        with self._lock:
            self._kept[key], self._weights[key] = made, weight
            while len(self._kept) > self._most or (
                len(self._kept) > 1 and sum(self._weights.values()) > self._bytes
            ):
                gone, _ = self._kept.popitem(last=False)
                del self._weights[gone]
        return made

    def forget(self, key: Hashable) -> None:
        """Keep nothing for `key` any more."""
        with self._lock:
            self._kept.pop(_in_style(key), None)
            self._weights.pop(_in_style(key), None)

    def values(self) -> list[Any]:
        """Everything that is kept."""
        with self._lock:
            return list(self._kept.values())


def array_bytes(found: Any) -> int:
    """What the arrays of a result take, those in its fields and collections included, each counted once."""
    seen: dict[int, int] = {}
    left = [found]
    while left:
        each = left.pop()
        if id(each) in seen or isinstance(each, (str, bytes, int, float)):
            continue
        seen[id(each)] = each.nbytes if isinstance(each, np.ndarray) else 0
        if isinstance(each, (tuple, list)):
            left += each
        elif isinstance(each, Mapping):
            left += each.values()
        elif is_dataclass(each):
            left += [getattr(each, spec.name) for spec in fields(each)]
    return sum(seen.values())


def _in_style(key: Hashable) -> Hashable:
    return current_style().key, key

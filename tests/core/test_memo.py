"""What a process keeps: so many results and so many megabytes, the one longest unused forgotten first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sop.core.memo import Memo, array_bytes

MEGABYTE = np.zeros(2**20, dtype=np.uint8)


@dataclass(frozen=True)
class Result:
    name: str
    blocks: tuple[np.ndarray[Any, Any], ...]
    more: dict[str, Any]


@given(
    most=st.integers(1, 6),
    megabytes=st.integers(1, 8),
    asked=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 5)), max_size=40),
)
def test_what_is_kept_is_the_newest_within_number_and_size(
    most: int, megabytes: int, asked: list[tuple[int, int]]
) -> None:
    memo, model = Memo(most, megabytes), dict[int, int]()
    for key, size in asked:
        made = memo.get(key, lambda size=size: [np.zeros(2**20, dtype=np.uint8) for _ in range(size)])
        model[key] = model.pop(key, size)
        while len(model) > most or (len(model) > 1 and sum(model.values()) > megabytes):
            del model[next(iter(model))]
        assert len(made) == model[key], "what was there is given back, not made again"
        assert [len(kept) for kept in memo.values()] == list(model.values())


def test_a_thousand_moves_keep_no_more_than_a_few() -> None:
    counted, weighed = Memo(96), Memo(96, 10)
    for move in range(1000):
        for memo in (counted, weighed):
            memo.get(("plan", move), lambda: MEGABYTE.copy())
    assert len(counted.values()) == 96 and len(weighed.values()) == 10
    assert weighed.find(("plan", 999)) is not None and weighed.find(("plan", 989)) is None


def test_what_is_forgotten_makes_room() -> None:
    memo = Memo(9, 2)
    for key in ("a", "b"):
        memo.get(key, lambda: MEGABYTE.copy())
    memo.forget("a")
    memo.forget("never there")
    memo.get("c", lambda: MEGABYTE.copy())
    assert "b" in memo and "c" in memo and "a" not in memo


def test_an_array_counts_once_wherever_it_lies() -> None:
    result = Result("plan", (MEGABYTE, MEGABYTE), {"again": [MEGABYTE], "none": None})
    assert array_bytes(result) == 2**20
    assert array_bytes("text") == array_bytes(None) == 0

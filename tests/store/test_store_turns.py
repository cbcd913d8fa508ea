"""Turns at writing."""

import threading
import time
from collections.abc import Callable

import pytest

from sop.core.errors import Conflict
from sop.store.database import Turns


def test_turns_go_in_the_order_in_which_they_were_asked_for() -> None:
    turns, order, threads = Turns(), [], []
    with turns.taken(10):
        for number in range(5):
            thread = threading.Thread(target=_take, args=(turns, order, number))
            thread.start()
            threads.append(thread)
            wait_until(lambda: len(turns._waiting) > number)  # noqa: B023
    for thread in threads:
        thread.join(timeout=10)
    assert order == [0, 1, 2, 3, 4]


def test_a_turn_inside_a_turn_of_the_same_thread_is_an_error_not_a_hang() -> None:
    turns = Turns()
    with turns.taken(10), pytest.raises(RuntimeError, match="inside another"), turns.taken(10):
        pass
    with turns.taken(10):
        pass


def test_an_error_hands_the_turn_on() -> None:
    turns = Turns()
    with pytest.raises(KeyError), turns.taken(10):
        raise KeyError("in the middle of a write")
    with turns.taken(10):
        pass


def test_who_waits_too_long_is_refused_and_the_next_still_gets_a_turn() -> None:
    turns, order = Turns(), []
    with turns.taken(10):
        thread = threading.Thread(target=_refused, args=(turns, order))
        thread.start()
        thread.join(timeout=10)
    assert order == ["the database is busy, nothing was saved"]
    with turns.taken(0.01):
        pass


def wait_until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not happened():
        assert time.monotonic() < deadline, "the thread never asked for its turn"
        time.sleep(0.001)


def _take(turns: Turns, order: list[int], number: int) -> None:
    with turns.taken(10):
        order.append(number)


def _refused(turns: Turns, order: list[str]) -> None:
    try:
        with turns.taken(0.05):
            order.append("taken")
    except Conflict as refusal:
        order.append(refusal.what)

"""Turns at writing."""

import threading
import time
from collections.abc import Callable

import pytest

from sop.store.database import Turns


def test_turns_go_in_the_order_in_which_they_were_asked_for() -> None:
    turns, order, threads = Turns(), [], []
    with turns:
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
    with turns, pytest.raises(RuntimeError, match="inside another"), turns:
        pass
    with turns:
        pass


def test_an_error_hands_the_turn_on() -> None:
    turns = Turns()
    with pytest.raises(KeyError), turns:
        raise KeyError("in the middle of a write")
    with turns:
        pass


def wait_until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not happened():
        assert time.monotonic() < deadline, "the thread never asked for its turn"
        time.sleep(0.001)


def _take(turns: Turns, order: list[int], number: int) -> None:
    with turns:
        order.append(number)

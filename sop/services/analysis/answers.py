"""Answers that took many plans, kept in the store by what they rest on: the same question is answered once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

from sop.core.register import Assumptions
from sop.core.words import sha256_hex
from sop.services.planning.room import PlanningRoom
from sop.store.results import keep_result, read_result


class Told(Protocol):
    """An answer that can be kept as plain data."""

    def facts(self) -> Mapping[str, Any]: ...


Answer = TypeVar("Answer", bound=Told | None)


def answer(
    room: PlanningRoom,
    basis: str,
    assumptions: Assumptions,
    make: Callable[[], Answer],
    of_facts: Callable[[Mapping[str, Any]], Answer],
) -> Answer:
    """What `make` returned the first time anybody asked, read back by `of_facts`; None is not kept.

    `basis` and the assumptions must name everything that the answer rests on.
    """
    found = kept_answer(room, basis, assumptions, of_facts)
    if found is not None:
        return found
    made = make()
    if made is not None:
        with room.store.write() as tx:
            keep_result(tx, question_of(basis, assumptions), {}, made.facts())
    return made


def kept_answer(
    room: PlanningRoom, basis: str, assumptions: Assumptions, of_facts: Callable[[Mapping[str, Any]], Answer]
) -> Answer | None:
    """The same where somebody has asked before, else None."""
    with room.store.read() as tx:
        kept = read_result(tx, question_of(basis, assumptions))
    return None if kept is None else of_facts(kept.facts)


def question_of(basis: str, assumptions: Assumptions) -> str:
    """The digest under which the answer is kept."""
    values = ";".join(f"{key}|{scope}={value!r}" for (key, scope), value in assumptions.items())
    return sha256_hex(f"{basis} {values}")

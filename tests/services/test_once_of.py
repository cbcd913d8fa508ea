"""What is worked out of plans that are looked at: once for all who look at them, anew for any other plan."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

from sop.core.format import held_style
from sop.core.memo import Memo
from sop.core.register import Assumptions
from sop.services.planning.choices import WORKING_PLAN, View, once_of

PLAN = View(WORKING_PLAN, cast(Any, None), Assumptions(), key="plan")


def test_what_is_asked_of_the_same_plans_is_worked_out_once() -> None:
    room, made = cast(Any, SimpleNamespace(memo=Memo(20))), []

    def ask(*views: View | None, what: str = "cards", inputs: str = "inputs") -> int:
        def make() -> int:
            made.append(views)
            return len(made)

        return once_of(room, what, cast(Any, SimpleNamespace(key=inputs)), views, make)

    other = replace(PLAN, key="another")
    assert [ask(PLAN, None), ask(PLAN, None), ask(replace(PLAN), None)] == [1, 1, 1]
    assert [ask(other, None), ask(PLAN, other), ask(other, PLAN)] == [2, 3, 4]
    assert [ask(PLAN, None, what="jumps"), ask(PLAN, None, inputs="loaded since")] == [5, 6]
    with held_style("german"):
        assert ask(PLAN, None) == 7, "what is told has figures in it"
    assert ask(PLAN, None) == 1
    unknown = replace(PLAN, key="")
    assert [ask(unknown, None), ask(unknown, None), ask(PLAN, unknown)] == [8, 9, 10]

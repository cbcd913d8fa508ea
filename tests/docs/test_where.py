"""docs/where.md sends nobody astray: its functions are there, and those of the measures take part in planning."""

from __future__ import annotations

import importlib
import inspect
import sys
from operator import attrgetter
from types import CodeType, FrameType
from typing import Any

import pytest

from data.demo.generator.demo_company import demo_company
from scripts.write_docs import DOORS, readers_of, shown_door
from sop.core.calendar import Calendar
from sop.core.measures import MEASURES
from sop.core.register import REGISTER, Assumptions
from sop.engine import Planner, forecast_company
from sop.intake.assemble import assemble

MADE = sorted({entry.made for entry in MEASURES})
SHOWN = sorted({f"views.{entry.shown}" for entry in MEASURES})
ASKED = sorted(
    {door for made, _ in DOORS.values() for door in made.split() if ":" in door}
    | {shown_door(shown) for _, shown in DOORS.values() if shown}
)


def found(door: str) -> Any:
    """The function behind 'finance.pnl:build_revenue'."""
    module, _, name = door.partition(":")
    return inspect.unwrap(attrgetter(name)(importlib.import_module(f"sop.{module}")))


@pytest.mark.parametrize("door", sorted({*MADE, *SHOWN, *ASKED}))
def test_a_function_is_where_it_is_said_to_be(door: str) -> None:
    assert found(door).__code__.co_filename.endswith(f"sop/{door.partition(':')[0].replace('.', '/')}.py")


@pytest.fixture(scope="module")
def ran() -> set[CodeType]:
    """Whatever ran while a plan with everything in it was made."""
    tables = demo_company("2026-12").tables_known_at("2026-12")
    inputs, seen = assemble(tables, Calendar("2026-12"), company="demo"), set[CodeType]()

    def note(frame: FrameType, event: str, argument: object) -> None:
        seen.add(frame.f_code)

    sys.setprofile(note)
    try:
        Planner(inputs, forecast_company(inputs, by_product=False)).build(Assumptions())
    finally:
        sys.setprofile(None)
    return seen


@pytest.mark.parametrize("door", MADE)
def test_a_measure_is_made_by_the_function_that_is_named(door: str, ran: set[CodeType]) -> None:
    assert found(door).__code__ in ran


@pytest.mark.parametrize("key", [entry.key for entry in REGISTER])
def test_every_assumption_is_read_somewhere(key: str) -> None:
    """Where the docs say: by a function, or in a list of its module."""
    assert readers_of(key)

"""The demo's families are bicycles, boxes and screws: nowhere is a unit of one added to a unit of another.

Sums of units over the families, by month, year and horizon, are worked out from the plan and looked for on every
page that tells all families, on the slides and in the workbook's sheet of all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
import streamlit as st

from sop.core.measures import MEASURES
from sop.core.plan import Plan
from sop.files.pack_pptx import write_pptx
from sop.services.data import board_pack
from sop.services.planning.room import PlanningRoom
from sop.services.scenarios.drafts import working_scenario
from sop.store import open_store
from tests.files.test_board_pack import slide_texts
from tests.golden.visits import Visit, text_of

VISITS = [
    Visit("Executive review", "executive"),
    Visit("Performance", "executive"),
    Visit("Plan changes", "executive"),
    Visit("Plan changes", "executive", ("choose Plan: production",)),
    Visit("Sales", "executive", ("tab Streams",)),
    Visit("Sales", "executive", ("tab Accuracy",)),
    Visit("Production", "executive"),
    Visit("Inventory", "executive"),
    Visit("Customer lead time", "executive"),
    Visit("New products", "executive"),
    Visit("Financial", "executive", ("tab Families",)),
    Visit("Sign-off", "executive"),
    Visit("New products", "executive", ("tab Cost of a slip",)),
    Visit("Strategic initiatives", "executive", ("tab Cost of a slip",)),
    Visit("Production", "executive", ("tab Strategies",)),
]
LEAST = 1000
"""Smaller sums are figures of many other things."""
_GROUPED = re.compile(r"(?<=\d)[\u202f\u2009\u00a0 ](?=\d{3}(?!\d))")
_WHOLE = re.compile(r"(?<![\d.,])\d{4,}(?![\d.,])")


def sums_of(plan: Plan) -> dict[str, str]:
    """Sums of units over several families (or launches, or materials) as digits, with what they are sums of."""
    found = {}
    for entry in MEASURES:
        if entry.unit != "units" or entry.key not in plan or len(plan.names(entry.key)) < 2:
            continue
        total, year = plan.total(entry.key), plan.calendar.year
        spans = {month: total[t] for t, month in enumerate(plan.months)}
        for span, value in {**spans, "a year": total[:year].sum(), "all": total.sum()}.items():
            if abs(value) >= LEAST:
                found[str(round(float(abs(value))))] = f"{entry.label}, {span}"
    return found


def added_up(lines: Iterable[str], sums: dict[str, str]) -> list[str]:
    """Lines that hold one of the sums."""
    return [
        f"{line[:80]}: {digits} is {sums[digits]} of all families"
        for line in lines
        for digits in _WHOLE.findall(_GROUPED.sub("", line))
        if digits in sums
    ]


@pytest.fixture(scope="module")
def sums(demo_workspace: Path) -> dict[str, str]:
    room = PlanningRoom(open_store(demo_workspace))
    found = sums_of(room.plan(room.assumptions(working_scenario(room.store, "executive").id)))
    room.store.close()
    assert len(found) > 100
    return found


@pytest.mark.parametrize("visit", VISITS, ids=lambda visit: visit.name)
def test_no_page_adds_up_units_of_different_families(visit: Visit, sums: dict[str, str]) -> None:
    st.cache_resource.clear()
    lines = text_of(visit)
    assert not [line for line in lines if line.startswith(("exception", "error"))]
    assert added_up(lines, sums) == []


def test_no_slide_adds_up_units_of_different_families(demo_workspace: Path, sums: dict[str, str]) -> None:
    room = PlanningRoom(open_store(demo_workspace))
    pack = board_pack.read_pack(room, "executive", None)
    room.store.close()
    assert added_up(slide_texts(write_pptx(pack)), sums) == []


def test_a_sum_is_found_where_there_is_one(sums: dict[str, str]) -> None:
    digits, what = next(iter(sums.items()))
    told = f"{digits[:-3]}\u202f{digits[-3:]}"
    assert added_up([f"html: | All | {told} |"], sums) == [
        f"html: | All | {told} |: {digits} is {what} of all families"
    ]

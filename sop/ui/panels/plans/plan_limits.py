"""What limits the production plan on screen: the dearest limits, what relief returns, what stops late units."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from contextlib import nullcontext
from typing import TypeVar

import streamlit as st

from sop.analysis.supply.limits import PlanLimits
from sop.core.words import resource_names
from sop.services.planning.supply_questions import plan_limits, plan_relief
from sop.ui.frame.page import Visit
from sop.ui.kit.cards import grey_line
from sop.ui.kit.panel import panel, show_sentence
from sop.ui.kit.tables import show_table, table_html
from sop.ui.panels.plans.layout import show_table_panel
from sop.views.production.limits import (
    full_lines_table,
    limits_table,
    margin_sentence,
    margins_table,
    relief_table,
)
from sop.views.production.resources import ResourceLoad

Made = TypeVar("Made")

SHOWN_LIMITS, SHOWN_CAUSES = 5, 3
FROZEN = "Worth of relief is found by planning again, which a frozen plan is not."


def plan_key(visit: Visit) -> str:
    """What the plan shown rests on, as a key of answers found by planning again: input set and assumptions, or
    the frozen plan."""
    record = visit.view.record
    frozen = "" if record is None else record.digest
    return f"{visit.inputs.key} {frozen} {sorted(visit.view.assumptions.items())!r}"


def ask_again(visit: Visit, words: str, about: Hashable, find: Callable[[], Made]) -> Made:
    """An answer found by planning again, kept for the plan shown; `words` stand there while it is found."""
    memo, key = visit.room.memo, (words, about, plan_key(visit))
    with nullcontext() if key in memo else st.spinner(words):
        return memo.get(key, find)


def read_limits(visit: Visit, family: str | None) -> PlanLimits | None:
    """What limits the plan of a family (None: all); planning again takes part of a second, so it is kept."""
    if visit.view.record is not None:
        return None
    names = resource_names(visit.inputs.inputs)
    return ask_again(visit, "Finding what limits the plan", family, lambda: plan_limits(visit.view, family, names))


def show_limits(visit: Visit, found: PlanLimits | None, resources: tuple[ResourceLoad, ...]) -> None:
    """The limits that bind by what they cost, and what stops late units; for a frozen plan its lines."""
    if found is None:
        st.html(table_html(full_lines_table(resources), visit.money))
        st.html(grey_line(FROZEN))
        return
    table = limits_table(found.limits[:SHOWN_LIMITS])
    if table.rows:
        show_table(table, visit.money)
        left = len(found.limits) - len(table.rows)
        st.html(
            grey_line(f"Over the horizon; {left} more bind. Relief has them all" if left else "Over the horizon")
        )
    if visit.money.known:
        show_sentence(margin_sentence(found.limits, visit.money.full))
    for cause in found.causes[:SHOWN_CAUSES]:
        show_sentence(cause.sentence)


def show_relief(visit: Visit, found: PlanLimits | None, family: str | None) -> None:
    """What one more and one less of each limit is worth, what relief returns, and every late unit's cause."""
    if found is None:
        show_sentence(FROZEN)
        return
    relief = ask_again(
        visit,
        "Planning again with more of each limit",
        family,
        lambda: plan_relief(visit.view, visit.inputs.inputs, family),
    )
    if relief is None:
        return
    note = f"{visit.money.symbol} over the horizon, by planning again; what the relief itself costs is not in it"
    show_table_panel(visit, relief_table(relief.relief), note, "production-relief")
    note = (
        f"{visit.money.symbol} for one month; worth is revenue less cost and the price of late and lost units. "
        "Two-sided and by planning again, because at a corner one price is not both"
    )
    show_table_panel(visit, margins_table(relief.limits, visit.money.full), note, "production-margins")
    with panel("What stops each late or lost unit", "Found by taking each limit away", "production-causes"):
        for cause in found.causes:
            show_sentence(cause.sentence)
        if not found.causes:
            show_sentence("No unit is late or lost.")

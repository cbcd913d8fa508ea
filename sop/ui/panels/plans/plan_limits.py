"""What limits the production plan on screen: the dearest limits, what relief returns, what stops late units."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from contextlib import nullcontext
from typing import TypeVar

import streamlit as st

from sop.analysis.supply.limits import PlanLimits
from sop.services.planning.supply_questions import plan_limits, plan_relief
from sop.ui.frame.page import Visit
from sop.ui.kit.cards import grey_line
from sop.ui.kit.panel import panel, show_sentence
from sop.ui.kit.tables import show_table, table_html
from sop.ui.panels.plans.layout import show_table_panel
from sop.views.lead_time.late_now import late_now_text
from sop.views.production.limits import (
    NO_LIMIT,
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
    return ask_again(
        visit,
        "Finding what limits the plan",
        family,
        lambda: plan_limits(visit.room, visit.inputs, visit.view, family),
    )


def show_limits(visit: Visit, found: PlanLimits | None, resources: tuple[ResourceLoad, ...]) -> None:
    """The limits that bind, what the plan would gain without them, what stops late units; for a frozen plan its
    lines."""
    if found is None:
        st.html(table_html(full_lines_table(resources), visit.money))
        st.html(grey_line(FROZEN))
        return
    table = limits_table(found.limits[:SHOWN_LIMITS], visit.view.plan.near_text)
    if table.rows:
        show_table(table.without_empty_columns(), visit.money)
        left = len(found.limits) - len(table.rows)
        note = f"{visit.money.unit}: what the plan would gain without the limit, by planning again"
        if not visit.view.plan.has_profit:
            why = visit.view.plan.why_unknown("gross_margin")
            note = f"What the plan would gain without a limit is not known: {why}"
        note = note if visit.money.known else "Over the horizon"
        st.html(grey_line(f"{note}; {left} more bind" if left else note))
    else:
        show_sentence(NO_LIMIT)
    for cause in found.causes[:SHOWN_CAUSES]:
        show_sentence(cause.sentence)


def show_relief(visit: Visit, found: PlanLimits | None, family: str | None) -> None:
    """What a step more and less of each limit brings, what relief brings, and every late unit's cause."""
    if found is None:
        show_sentence(FROZEN)
        return
    relief = ask_again(
        visit,
        "Planning again with more of each limit",
        family,
        lambda: plan_relief(visit.room, visit.inputs, visit.view, family),
    )
    if relief is None:
        return
    months, near = len(visit.view.plan.months), visit.view.plan.near_text
    show_sentence(margin_sentence(relief.limits, months, visit.money.full, near))
    note = (
        f"{visit.money.symbol}, by planning again, net of what the relief costs and from its lead time on; a cost "
        "that is not known (–) is not in it"
    )
    show_table_panel(visit, relief_table(relief.relief, near), note, "production-relief")
    note = (
        f"{visit.money.symbol}, by planning again with a step more in every {visit.word} where the limit binds; a "
        "step "
        "less is not the same the other way round"
    )
    show_table_panel(visit, margins_table(relief.limits, near), note, "production-margins")
    with panel("What stops each late or lost unit", "Found by taking each limit away", "production-causes"):
        for cause in found.causes:
            show_sentence(cause.sentence)
        if not found.causes:
            late = late_now_text(visit.inputs.inputs, family)
            show_sentence(
                "No unit is late or lost" + (f" at the end of a planned {visit.word}; {late}." if late else ".")
            )

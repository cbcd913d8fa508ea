"""Plan changes: what the plan shown changes against the agreed one, why, where, and inside which time fence."""

import streamlit as st

from sop.analysis.comparison.changes import change_grid
from sop.analysis.comparison.compare import compare_plans
from sop.analysis.comparison.plan_change import HORIZON
from sop.core.calendar import period_short, worded
from sop.core.format import how_many
from sop.core.measures import HEADLINES, measure
from sop.core.present import plain
from sop.core.terms import PlanName
from sop.services.analysis.changes import read_changes, read_group
from sop.services.planning.plan_context import single_periods
from sop.ui.frame.page import Visit, end_page, page
from sop.ui.frame.text import literal
from sop.ui.kit.cards import grey_line
from sop.ui.kit.panel import download
from sop.ui.kit.tables import show_table
from sop.ui.panels.process.comments import show_comments
from sop.ui.panels.review.changes import measure_unit, show_measure_bridge
from sop.ui.panels.review.executive import explaining
from sop.views.executive.change_tables import (
    BREACHES,
    assumptions_table,
    causes_table,
    fence_sentence,
    grid_money,
    grid_table,
    measures_table,
    singles_note,
    singles_table,
    stability_note,
    stability_table,
)
from sop.views.executive.plan_changes import Changes, known_headlines, not_compared
from sop.views.executive.plan_message import plan_message, the_plan, with_unknown
from sop.views.price_words import elasticity_words


def causes(visit: Visit, changes: Changes) -> None:
    """The bridge of a chosen headline measure, and every cause against every measure."""
    with st.container(border=True, key="card_bridge"):
        since = "What changed since" if changes.change else "Difference to"
        st.header(literal(f"{since} {the_plan(changes.reference.name)}"), anchor=False)
        known = known_headlines(changes, visit.view.plan) or ("revenue",)
        labels = {entry.key: entry.label for entry in HEADLINES if entry.key in known}
        key = st.segmented_control(
            "Measure", list(labels), format_func=labels.__getitem__, default=known[0], required=True,
            key="changes_measure", label_visibility="collapsed", persist_state="session",
        )  # fmt: skip
        chosen = key or known[0]
        bridge = changes.bridge(visit.view.plan, chosen, visit.view.name)
        show_measure_bridge(bridge, chosen, changes.why, visit.view.plan, visit.money)
        if changes.change is None:
            st.caption(literal(changes.why))
            return
        st.html(grey_line("Every cause, every headline measure: columns add up · blank: nothing at all"))
        show_table(causes_table(changes, visit.money), visit.money)
        if missing := not_compared(changes, visit.view.plan):
            st.caption(literal(missing))
        if changes.change.taken_new:
            lists = " and ".join(changes.change.taken_new)
            step = changes.change.called(HORIZON)
            st.caption(f"The list of {lists} has changed: what hangs on it counts as '{step}'.")


def singles(visit: Visit, changes: Changes) -> None:
    """A group that is opened: each single change in it, whose, by whom, when, why, and what it is worth."""
    change = changes.change
    if change is None or not change.groups:
        return
    with st.container(border=True, key="card_singles"):
        st.header("Open a group of changes", anchor=False)
        group = st.pills(
            "Group of changes", change.groups, format_func=lambda step: literal(change.called(step)),
            key="changes_group", label_visibility="collapsed", persist_state="session",
        )  # fmt: skip
        if group not in change.groups:
            st.html(grey_line("Choose a group to see each change in it: whose, by whom, when, why, and its worth"))
            return
        with explaining() as progress:
            opened = read_group(visit.room, visit.person.id, visit.view, change, group, progress)
        st.html(grey_line(singles_note(opened, change, visit.money)))
        show_table(singles_table(opened, visit.money), visit.money)
        if opened.moves_price:
            st.html(grey_line(elasticity_words(visit.inputs.inputs, visit.view.assumptions)))


def tables(visit: Visit, changes: Changes) -> None:
    """Changes by plan and measure; fences, stability and assumptions beside them."""
    months = changes.months
    span = f"{period_short(months[0])} – {period_short(months[-1])}" if months else worded("no common months")
    # Without anything to compare, two sentences need no half of the page.
    with st.grid(2 if changes.stability or changes.assumptions else 1, min_column_width=500):
        with st.container(border=True, height="stretch", key="card_plans"):
            st.header("By plan and measure", anchor=False)
            st.html(grey_line(f"{span} · flows added, stocks at the end, peaks at the highest"))
            plan = st.selectbox(
                "Plan", list(PlanName), format_func=lambda name: name.title, key="changes_plan",
                label_visibility="collapsed", width=200, persist_state="session",
            )  # fmt: skip
            against = changes.reference.kind.capitalize()
            show_table(measures_table(changes.told, plan or PlanName.SALES, against), visit.money)
        with st.container(border=True, height="stretch", key="card_fences"):
            st.header("Time fences and stability", anchor=False)
            if changes.stability:
                st.html(grey_line(stability_note(changes.stability)))
            show_table(stability_table(changes.stability), visit.money)
            if changes.stability:
                with st.expander(
                    worded(
                        f"{how_many(len(changes.breaches), 'changes')} in months that are frozen or need approval"
                    )
                ):
                    show_table(BREACHES.of(changes.breaches))
            st.header("Assumptions changed", anchor=False)
            show_table(assumptions_table(changes.assumptions, visit.money.symbol))


def drill(visit: Visit, changes: Changes) -> None:
    """One measure by family (or line, launch, …) and month."""
    with st.container(border=True, key="card_grid"):
        st.header(worded("By family and month"), anchor=False)
        keys = [row.entry.key for row in changes.measures if row.entry.grain]
        with st.container(horizontal=True, vertical_alignment="center"):
            key = st.selectbox(
                "Measure", keys, format_func=lambda k: f"{measure(k).plan.title}: {measure(k).label}",
                index=keys.index("revenue" if "revenue" in keys else "consensus_demand"), key="changes_grid",
                label_visibility="collapsed", width=260, persist_state="session",
            )  # fmt: skip
            show = st.segmented_control(
                "Show", ["Difference", "Plan shown", changes.reference.kind.capitalize()], default="Difference",
                required=True, key="changes_show", label_visibility="collapsed", persist_state="session",
            )  # fmt: skip
            st.space("stretch")
            download(visit, lambda: compare_plans(visit.view.plan, changes.reference.plan), "plan-changes")
        entry, show = measure(key), show or "Difference"
        grid = change_grid(visit.view.plan, changes.reference.plan, key)
        money = grid_money(grid, show, visit.money)
        unit = measure_unit(entry, money)
        st.html(grey_line(f"{entry.label}, {unit} · {entry.definition} · blank: no difference"))
        show_table(grid_table(grid, show, single_periods(visit.inputs.inputs, visit.company)), money)


with page("Plan changes") as visit:
    with explaining() as progress:
        changes = read_changes(visit.room, visit.person.id, visit.view, visit.base, progress)
    if changes is None:
        visit.message("There is no agreed plan, no budget and no earlier year to compare this plan with.")
        end_page()
    name, cause = changes.reference.name, changes.main_cause("revenue")
    text = plan_message(
        visit.view.plan.headline, changes.headline, name, cause, visit.money.labelled, visit.view.plan.near_text
    )
    visit.message(with_unknown(text, visit.view.plan, changes.reference.plan if visit.base else None))
    show_comments(
        visit,
        "Plan changes",
        {"change": [str(plain(row[0])) for row in causes_table(changes).rows]} if changes.change else None,
    )
    fences = fence_sentence(changes)
    if fences:
        st.html(grey_line(fences))
    causes(visit, changes)
    singles(visit, changes)
    tables(visit, changes)
    drill(visit, changes)

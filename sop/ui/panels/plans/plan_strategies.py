"""Supply strategies side by side on screen: money, service and people of each, and the owner's choice."""

from __future__ import annotations

import streamlit as st

from sop.analysis.supply.strategies import StrategyOutcome
from sop.core.calendar import period_short, worded
from sop.core.format import number
from sop.core.terms import PlanName
from sop.services.planning.supply_questions import planned_strategy, strategies_beside
from sop.ui.charts import chart_small_line, nice_domain, show_chart
from sop.ui.frame.page import Visit
from sop.ui.kit.cards import grey_line, small_heading
from sop.ui.kit.edit_form import show_value_form
from sop.ui.kit.panel import panel, show_sentence
from sop.ui.panels.plans.layout import show_table_panel
from sop.ui.panels.plans.plan_limits import ask_again
from sop.views.production.strategies import beyond_sentences, money_table, service_table, strategy_sentence
from sop.views.timeline import PlanContext


def show_strategies(visit: Visit, context: PlanContext) -> None:
    """What each strategy brings and how it serves; the owner chooses one."""
    if visit.view.record is not None:
        show_sentence("Strategies are compared by planning again, which a frozen plan is not.")
        return
    found, chosen = ask_again(
        visit,
        "Planning every strategy",
        None,
        lambda: (
            strategies_beside(visit.room, visit.inputs, visit.view),
            planned_strategy(visit.inputs, visit.view),
        ),
    )
    if not found:
        show_sentence("Supply is not planned, because opening stock is not known. Load inventory to unlock it.")
        return
    months = context.plan.months
    with panel("Supply strategy", "The choice makes the plan; every limit stays a limit", "strategy"):
        show_sentence(strategy_sentence(found, chosen, len(months), visit.money.words))
        show_value_form(visit, PlanName.PRODUCTION, "supply_strategy")
        st.html(grey_line(" ".join(f"{each.name}: {worded(each.meaning)}" for each in found)))
    span = f"{period_short(months[0])} to {period_short(months[-1])}"
    show_table_panel(
        visit,
        money_table(found, chosen, visit.view.plan.near_text),
        f"{visit.money.unit}, {span}",
        "strategy-spend",
    )
    note = f"Each planned again in full. Units late, below safety stock and in stock: mean of the {context.word}s"
    show_table_panel(visit, service_table(found, chosen), note, "strategy-service")
    for sentence in beyond_sentences(found):
        st.html(grey_line(sentence))
    _show_people(found, months)


def _show_people(found: tuple[StrategyOutcome, ...], months: tuple[str, ...]) -> None:
    """The path of people under each strategy on one scale."""
    if not found[0].people:
        return
    domain = nice_domain(*(each.people for each in found))
    note = worded("All plants, at the end of each month")
    with panel("People", note, "strategy-people"), st.grid(4, min_column_width=165, gap="xsmall"):
        for each in found:
            with st.container():
                st.html(small_heading(each.name))
                first, last = each.people[0], each.people[-1]
                chart = chart_small_line(
                    [period_short(month) for month in months],
                    list(each.people),
                    [None] * len(months),
                    domain=domain,
                    decimals=0,
                    name="People",
                    alt=f"People under {each.name.lower()}: {number(first)} at first, {number(last)} at the end.",
                )
                show_chart(chart, key=f"chart-people-{each.choice}")

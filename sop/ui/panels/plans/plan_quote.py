"""The quote helper: ask when an order can be promised, what it earns, and who is pushed. Nothing is changed."""

from functools import partial
from typing import Any

import streamlit as st

from sop.analysis.supply.quotes import QuoteAnswer, check_order
from sop.core.calendar import period_name, worded
from sop.core.errors import SopError
from sop.services.planning.supply_questions import quote_under
from sop.ui.frame.fragments import fragment
from sop.ui.frame.page import Visit
from sop.ui.frame.text import literal
from sop.ui.kit.acts import ask
from sop.ui.kit.cards import grey_line
from sop.ui.kit.panel import panel, show_opened, show_sentence
from sop.ui.kit.tables import show_table
from sop.ui.panels.plans.layout import Chosen
from sop.ui.panels.plans.plan_limits import ask_again
from sop.views.lead_time.quote import arrivals_table, money_table, pushed_table, quote_sentence

ORDER = "quote_order"
"""The order asked about last in this session: it is answered anew under whatever plan is shown."""

_NOTES = {
    "When it is shipped": "units of the order by month",
    "What it brings and costs": "against the plan without it, over the horizon",
    "Who is pushed": "units later than in the plan, at the most in any month",
}


def show_quote(visit: Visit, chosen: Chosen) -> None:
    """A panel with the form of a quote and, once asked, its answer under the plan shown."""
    note = f"Planned beside everything else under {visit.view.name}; private, it changes nothing"
    with panel("Ask for a quote", note, "quote"):
        _quote(visit, chosen.family)


@fragment()
def _quote(visit: Visit, family: str | None) -> None:
    inputs = visit.inputs.inputs
    names, months = inputs.families.names, inputs.calendar.months
    with ask("quote") as form:
        with st.grid(4, min_column_width=110, gap="small"):
            form.field(st.number_input, "units", "Units", min_value=0, value=None, step=1, placeholder="200")
            start = names.index(family) if family in names else 0
            form.field(st.selectbox, f"family_{family or ''}", "Of family", names, start)
            form.field(st.selectbox, "region", "For region", inputs.regions)
            wanted = min(max(inputs.calendar.slushy, 0), len(months) - 1)
            form.field(st.selectbox, "month", worded("In month"), months, wanted, format_func=period_name)
        form.button("Quote", partial(_keep, f"family_{family or ''}"))
    order = st.session_state.get(ORDER)
    if order is None:
        st.html(
            grey_line(
                f"For example 200 of a family for a {visit.word}: promise date, what it earns, who is pushed."
            )
        )
        return
    try:
        checked = check_order(inputs, *order)
        answer = ask_again(
            visit,
            "Planning with the order",
            checked,
            lambda: quote_under(visit.room, visit.person.id, visit.view, inputs, checked),
        )
    except SopError as refusal:
        st.warning(literal(refusal.sentence), icon=":material/block:")
        return
    _show_answer(visit, answer)


def _keep(family: str, **asked: Any) -> None:
    """Keep what was asked for the session."""
    st.session_state[ORDER] = (asked[family], asked["region"], asked["units"], asked["month"])


def _show_answer(visit: Visit, answer: QuoteAnswer) -> None:
    """The answer in words, then when it is shipped, the money, and who waits longer."""
    with st.container(key="quote_answer"):
        show_sentence(quote_sentence(answer, visit.money.full))
        title = "When it is shipped, what it earns, who is pushed"
        show_opened(title, "quote_detail", _show_detail, visit, answer)


def _show_detail(visit: Visit, answer: QuoteAnswer) -> None:
    with st.grid(3, min_column_width=300):
        for table in (arrivals_table(answer), money_table(answer), pushed_table(answer)):
            with st.container():
                st.html(grey_line(f"{table.name}: {worded(_NOTES[table.name])}"))
                show_table(table.without_empty_columns(), visit.money)

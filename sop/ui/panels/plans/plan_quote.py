"""The quote helper: ask when an order can be promised, what it earns, and who is pushed. Nothing is changed."""

from __future__ import annotations

import streamlit as st

from sop.analysis.supply.quotes import QuoteAnswer, check_order
from sop.core.calendar import period_name
from sop.core.errors import SopError
from sop.core.inputs import Inputs
from sop.services.planning.supply_questions import quote_under
from sop.ui.frame.page import Visit
from sop.ui.kit.cards import grey_line
from sop.ui.panels.plans.layout import Chosen, panel, show_sentence, show_table
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


@st.fragment
def _quote(visit: Visit, family: str | None) -> None:
    _form(visit.inputs.inputs, family)
    order = st.session_state.get(ORDER)
    if order is None:
        st.html(grey_line("For example 200 of a family for a month: promise date, what it earns, who is pushed."))
        return
    try:
        checked = check_order(visit.inputs.inputs, *order)
        answer = ask_again(
            visit,
            "Planning with the order",
            checked,
            lambda: quote_under(visit.room, visit.person.id, visit.view, visit.inputs.inputs, checked),
        )
    except SopError as refusal:
        st.warning(str(refusal), icon=":material/block:")
        return
    _show_answer(visit, answer)


def _form(inputs: Inputs, family: str | None) -> None:
    """Family, region, quantity and month; what was asked is kept for the session."""
    names, months = inputs.families.names, inputs.calendar.months
    with st.form("quote", border=False):
        with st.grid(4, min_column_width=110, gap="small"):
            st.number_input("Units", min_value=0, value=None, step=1, placeholder="200", key="quote_units")
            start = names.index(family) if family in names else 0
            st.selectbox("Of family", names, start, key=f"quote_family_{family or ''}")
            st.selectbox("For region", inputs.regions, key="quote_region")
            wanted = min(max(inputs.calendar.slushy, 0), len(months) - 1)
            st.selectbox("In month", months, wanted, format_func=period_name, key="quote_month")
        st.form_submit_button("Quote", on_click=_ask, args=(f"quote_family_{family or ''}",))


def _ask(family_key: str) -> None:
    state = st.session_state
    state[ORDER] = (state[family_key], state["quote_region"], state["quote_units"], state["quote_month"])


def _show_answer(visit: Visit, answer: QuoteAnswer) -> None:
    """The answer in words, then when it is shipped, the money, and who waits longer."""
    with st.container(key="quote_answer"):
        show_sentence(quote_sentence(answer, visit.money.full))
        with st.expander(
            "When it is shipped, what it earns, who is pushed", key="quote_detail", on_change="rerun"
        ) as box:
            if not box.open:
                return
            with st.grid(3, min_column_width=300):
                for table in (arrivals_table(answer), money_table(answer), pushed_table(answer)):
                    with st.container():
                        st.html(grey_line(f"{table.name}: {_NOTES[table.name]}"))
                        show_table(table, visit.money)

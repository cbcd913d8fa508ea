"""The tour of the demo: seven stops that lead through a fictional company, at hand on every page."""

from __future__ import annotations

import streamlit as st

STOPS = (
    ("executive_review", "Executive review", "the gap to the budget, what changed, what to decide today"),
    ("plan_changes", "Plan changes", "every difference to the agreed plan, change by change, to the cent"),
    ("outlook", "Outlook", "what may come from outside, the chance of each target, how past ranges held"),
    ("scenarios", "Scenarios", "move a slider: the plan is made again and every chart follows"),
    ("production", "Production", "what limits the plan in money, and what relief is worth net of its cost"),
    ("decisions", "Decisions", "accept one: it is in the plan at once; later it says what it brought"),
    ("sign_off", "Sign-off", "propose, sign, download the snapshot that anybody can check"),
)
"""Each stop: its page, its title, and what to look at there."""


def show_tour() -> None:
    """That the company is fictional, with the way through it."""
    with st.popover(
        "Fictional",
        help="A fictional company, and a tour of it",
        icon=":material/info:",
        type="tertiary",
        width="content",
    ):
        st.markdown("Nothing here is real. A tour in seven stops:")
        for at, (page, title, what) in enumerate(STOPS, 1):
            st.page_link(f"pages/{page}.py", label=f"{at}. {title}: {what}")
    st.html('<span class="sop-paper">Fictional company</span>', width="content")

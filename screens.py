"""The screens of Accord: this file owns the order, titles and keys of the pages. `app.py` serves it."""

import streamlit as st

from sop.ui.frame.keys import Way, follow_keys
from sop.ui.frame.state import no_traceback
from sop.ui.frame.style import show_here

st.set_page_config(page_title="Accord", layout="wide")

PAGES = {
    # The review has no group: each of its pages is a tab.
    "": [
        ("executive_review", "Executive review", "e"),
        ("performance", "Performance", "p"),
        ("plan_changes", "Plan changes", "c"),
        ("decisions", "Decisions", "d"),
        ("outlook", "Outlook", "o"),
        ("scenarios", "Scenarios", "s"),
        ("sign_off", "Sign-off", "n"),
    ],
    "The seven plans": [
        ("sales", "Sales", "l"),
        ("production", "Production", "r"),
        ("inventory", "Inventory", "i"),
        ("customer_lead_time", "Customer lead time", "t"),
        ("new_products", "New products", "w"),
        ("strategic_initiatives", "Strategic initiatives", "v"),
        ("financial", "Financial", "f"),
    ],
    "Run the process": [
        ("cycle", "Cycle", "y"),
        ("meeting", "Meeting", "k"),
        ("data", "Data", "b"),
        ("assumptions", "Assumptions", "m"),
        ("settings", "Settings", "u"),
    ],
}

# Navigation is declared on every run, for anonymous sessions too: without it a deep link to a fresh server
# would run the page's file alone.
GROUPS = {
    group: [
        st.Page(f"pages/{name}.py", title=title, url_path=name, default=name == "executive_review")
        for name, title, _ in pages
    ]
    for group, pages in PAGES.items()
}
chosen = st.navigation(GROUPS, position="top")
follow_keys(
    [
        Way(letter=letter, title=title, path="" if name == "executive_review" else name)
        for pages in PAGES.values()
        for name, title, letter in pages
    ]
)
# Pages of the review are tabs, which mark themselves; a group on top does not say which of its pages is open.
for place, pages in enumerate(list(PAGES.values())[1:], start=len(PAGES[""]) + 1):
    if chosen.title in {title for _, title, _ in pages}:
        show_here(place, chosen.title)
st.session_state["navigated"] = True
wanted = st.session_state.pop("wanted", None)
for page in (page for pages in GROUPS.values() for page in pages):
    if page.title == wanted and page is not chosen:
        st.switch_page(page, query_params=st.query_params.to_dict())
with no_traceback():
    chosen.run()

"""The screens of Accord: this file owns the order and titles of the pages. `app.py` serves it."""

import streamlit as st

st.set_page_config(page_title="Accord", layout="wide")

PAGES = {
    "Review": [
        ("executive_review", "Executive review"),
        ("performance", "Performance"),
        ("plan_changes", "Plan changes"),
        ("decisions", "Decisions"),
        ("outlook", "Outlook"),
        ("scenarios", "Scenarios"),
        ("sign_off", "Sign-off"),
    ],
    "The seven plans": [
        ("sales", "Sales"),
        ("production", "Production"),
        ("inventory", "Inventory"),
        ("customer_lead_time", "Customer lead time"),
        ("new_products", "New products"),
        ("strategic_initiatives", "Strategic initiatives"),
        ("financial", "Financial"),
    ],
    "Run the process": [
        ("cycle", "Cycle"),
        ("meeting", "Meeting"),
        ("data", "Data"),
        ("assumptions", "Assumptions"),
        ("settings", "Settings"),
    ],
}

# Navigation is declared on every run, for anonymous sessions too: without it a deep link to a fresh server
# would run the page's file alone.
GROUPS = {
    group: [
        st.Page(f"pages/{name}.py", title=title, url_path=name, default=name == "executive_review")
        for name, title in pages
    ]
    for group, pages in PAGES.items()
}
chosen = st.navigation(GROUPS, position="top")
st.session_state["navigated"] = True
wanted = st.session_state.pop("wanted", None)
for page in (page for pages in GROUPS.values() for page in pages):
    if page.title == wanted and page is not chosen:
        st.switch_page(page)
chosen.run()

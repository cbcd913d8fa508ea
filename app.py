"""Accord, the executive S&OP review: `streamlit run app.py`. Its screens are in screens.py; this guards them."""

import streamlit as st

from sop.core.memory import loading

with loading():
    from sop.web.application import MIDDLEWARE, ROUTES

app = st.App("screens.py", routes=ROUTES, middleware=MIDDLEWARE)

"""Accord, the executive S&OP review: `streamlit run app.py`. Its screens are in screens.py; this guards them."""

import streamlit as st

from sop.core.memory import look_rarely

look_rarely()

from sop.web.application import MIDDLEWARE, ROUTES  # noqa: E402 - it loads nearly everything

app = st.App("screens.py", routes=ROUTES, middleware=MIDDLEWARE)

"""What `app.py` puts around the screens: the routes beside them, and the guard in front."""

from __future__ import annotations

from starlette.middleware import Middleware
from streamlit import delta_generator

from sop.services.logs import log_to_standard_error
from sop.web.guard import Guard
from sop.web.routes import ROUTES

__all__ = ["MIDDLEWARE", "ROUTES"]

log_to_standard_error()

# At its first element Streamlit asks whether somebody typed this into a prompt, and for that finds the source file
# of every module that is loaded: a tenth of the first page.
delta_generator._use_warning_has_been_displayed = True

MIDDLEWARE = [Middleware(Guard)]

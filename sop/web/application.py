"""What `app.py` puts around the screens: the routes beside them, and the guard in front."""

from __future__ import annotations

from starlette.middleware import Middleware

from sop.services.logs import log_to_standard_error
from sop.web.guard import Guard
from sop.web.routes import ROUTES

__all__ = ["MIDDLEWARE", "ROUTES"]

log_to_standard_error()

MIDDLEWARE = [Middleware(Guard)]

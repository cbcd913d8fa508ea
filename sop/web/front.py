"""The document that a browser gets for every page, and the icon: Streamlit's, told where everything is.

Without being told, its script asks below the address of a page for what lies at the root, and an icon by name
comes from a host on the internet.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from sop.services.company.workspace import ROOT

_MODULE = '<script type="module"'
_HERE = '<script>window.__streamlit = { BACKEND_BASE_URL: location.origin + "/" }</script>'
_ICON = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" \
fill="#1F5A96"/><path d="M7 21l6-10 5 7 3-5 4 8" fill="none" stroke="#fff" stroke-width="3" \
stroke-linecap="round" stroke-linejoin="round"/></svg>"""
"""Our own drawing: many lines that come to one."""


@cache
def _document() -> str:
    text = (Path(streamlit.__file__).parent / "static" / "index.html").read_text("utf-8")
    return text.replace("<title>Streamlit</title>", "<title>Accord</title>").replace(_MODULE, _HERE + _MODULE, 1)


async def front(_: Request) -> Response:
    """The document of a page."""
    return HTMLResponse(_document(), headers={"cache-control": "no-cache"})


async def icon(_: Request) -> Response:
    """The icon in the browser's tab, under the name that the document gives it."""
    return Response(_ICON, media_type="image/svg+xml", headers={"cache-control": "max-age=86400"})


PAGES: list[BaseRoute] = [
    Route(path, front, methods=["GET"])
    for path in ("/", *(f"/{file.stem}" for file in sorted((ROOT / "pages").glob("*.py"))))
]
FRONT: list[BaseRoute] = [Route("/favicon.png", icon, methods=["GET"]), *PAGES]
"""The icon, and the document at the address of every page."""

"""The plain pages beside the screens: forms that work without script, in the colours of the screens."""

from __future__ import annotations

from html import escape
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from sop.web.guard import cookie_header

_LONGEST_BODY = 10_000
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">{head}<title>{title} · Accord</title>
<style>
:root{{--bg:light-dark(#FFF,#12171E);--ink:light-dark(#1C2530,#E4E9EF);--mute:light-dark(#5A6672,#9CA8B5);
--line:light-dark(#DCE1E7,#313B47);--acc:light-dark(#1F5A96,#8AB8EA)}}
body{{font:15px/1.5 "Source Sans","Source Sans Pro",system-ui,sans-serif;display:grid;place-items:center;
min-height:90vh;margin:0;background:var(--bg);color:var(--ink)}}
main{{width:min({width},88vw);padding:2rem 0}}h1{{font-size:1.5rem;margin:0 0 .4rem}}
h2{{font-size:1.07rem;margin:0}}
p{{margin:.4rem 0}}label{{display:block;margin:.9rem 0 .2rem}}a{{color:var(--acc)}}
input,select,button{{font:inherit;width:100%;padding:.5rem;min-height:2.6rem;box-sizing:border-box;color:inherit;
background:var(--bg);border:1px solid light-dark(#AEB8C3,#5F6C7A);border-radius:4px}}
button{{margin-top:1.2rem;background:var(--acc);color:var(--bg);border-color:var(--acc);font-weight:600;cursor:pointer}}
button.second{{background:var(--bg);color:var(--acc)}}
:focus-visible{{outline:2px solid var(--acc);outline-offset:2px}}
section{{border:1px solid var(--line);border-radius:4px;padding:1rem 1.2rem;margin-top:1rem}}
.row{{display:grid;grid-template-columns:repeat(auto-fit,minmax(7.5rem,1fr));gap:0 1rem}}
.row label{{margin-top:.6rem}}fieldset{{border:0;padding:0;margin:1rem 0 0}}legend{{font-weight:600;padding:0}}
small,.mute{{color:var(--mute);font-size:.87rem}}progress{{width:100%;accent-color:var(--acc)}}
.no{{color:light-dark(#B3261E,#FF8F85)}}
</style></head><body><main><h1>{title}</h1>{body}</main></body></html>"""


def plain_page(title: str, body: str, status: int = 200, *, wide: bool = False, reload: int = 0) -> Response:
    """A page of its own; `body` is HTML whose texts are escaped. `reload`: seconds until it looks again."""
    headers = {"cache-control": "no-store", "referrer-policy": "same-origin"}
    head = f'<meta http-equiv="refresh" content="{reload}">' if reload else ""
    text = _PAGE.format(title=escape(title), body=body, head=head, width="38rem" if wide else "23rem")
    return HTMLResponse(text, status, headers)


def said(refusal: str) -> str:
    """What was refused, as one sentence of the page; nothing where nothing was."""
    return f'<p class="no" role="alert">{escape(refusal)}</p>' if refusal else ""


async def read_fields(request: Request) -> dict[str, str]:
    """The fields of a form; empty where it is too long to be one of ours."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _LONGEST_BODY:
            return {}
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def go_on(request: Request, there: str, secret: str) -> Response:
    """To another page, with the session that a secret opens; an empty one ends it."""
    answer = RedirectResponse(there, 303)
    answer.headers["set-cookie"] = cookie_header(request.scope, secret)
    answer.headers["cache-control"] = "no-store"
    return answer

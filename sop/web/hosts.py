"""Which names this installation answers to, and whose pages may talk to it.

A page of somebody else can make a browser send requests here, and by DNS even under a name of its own choosing; so
both the name that was asked for (Host) and the page that asks (Origin) must be ours. Ours are the names of this
machine for itself, and the addresses in SOP_URL.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from urllib.parse import SplitResult, urlsplit

LOOPBACK = ("localhost", "127.0.0.1", "::1")


def own_addresses(setting: str | None = None) -> tuple[SplitResult, ...]:
    """The addresses in SOP_URL, which separates them by commas."""
    wanted = os.environ.get("SOP_URL", "") if setting is None else setting
    return tuple(urlsplit(each.strip().rstrip("/").lower()) for each in wanted.split(",") if each.strip())


def is_own_host(host: str | None, own: Sequence[SplitResult] = ()) -> bool:
    """Whether a Host header names this installation; ports do not count.

    >>> [is_own_host(host) for host in ("localhost:8501", "[::1]:8501", "evil.example", "localhost@evil", None)]
    [True, True, False, False, False]
    """
    name = _host_name(host)
    return name is not None and name in (*LOOPBACK, *(each.hostname for each in own))


def is_own_origin(origin: str | None, host: str | None, own: Sequence[SplitResult] = ()) -> bool:
    """Whether an Origin header is this installation: an address of SOP_URL, or on loopback the same name and port.

    >>> [is_own_origin(f"http://localhost:{port}", "localhost:8501") for port in (8501, 3000)]
    [True, False]
    """
    if not origin or host is None:
        return False
    asked = urlsplit(origin.lower())
    if any((asked.scheme, asked.netloc) == (each.scheme, each.netloc) for each in own):
        return True
    on_loopback = _host_name(host) in LOOPBACK
    return on_loopback and asked.scheme in ("http", "https") and asked.netloc == host.lower()


def _host_name(host: str | None) -> str | None:
    """The name in a Host header; None where it is not just a name and perhaps a port."""
    if not host or any(sign in host for sign in "@/\\?# \t"):
        return None
    try:
        parts = urlsplit(f"//{host.lower()}")
        parts.port  # noqa: B018 - reading it checks it
    except ValueError:
        return None
    return parts.hostname.rstrip(".") if parts.hostname else None

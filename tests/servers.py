"""Servers that tests start: waiting until one answers."""

from __future__ import annotations

import subprocess
import time
import urllib.request
from urllib.error import URLError


def once_it_answers(address: str, server: subprocess.Popen[bytes], tries: int = 240) -> str:
    """The address, as soon as the server on it answers; `tries` are a quarter of a second apart."""
    for _ in range(tries):
        assert server.poll() is None, "the server ended"
        try:
            urllib.request.urlopen(f"{address}/_stcore/health")
        except URLError:
            time.sleep(0.25)
        else:
            return address
    raise AssertionError("the server never answered")

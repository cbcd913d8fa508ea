"""Servers that tests start: on a free port, and waiting until one answers."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

ROOT = Path(__file__).parents[1]
HOST = "127.0.0.1"


def free_port() -> int:
    """A port on which nobody answers."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def streamlit_on(script: str, **environment: str) -> Iterator[str]:
    """The address of a Streamlit server on a script of the project, as long as it is needed."""
    port = free_port()
    options = [f"--server.port={port}", f"--server.address={HOST}", "--server.headless=true"]
    command = [sys.executable, "-m", "streamlit", "run", script, *options, "--server.fileWatcherType=none"]
    server = subprocess.Popen(command, cwd=ROOT, env=os.environ | environment, stdout=subprocess.DEVNULL)
    try:
        yield once_it_answers(f"http://{HOST}:{port}", server)
    finally:
        server.terminate()
        server.wait(10)


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

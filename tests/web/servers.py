"""The app as it is started for people, and requests to it as no browser would send them."""

from __future__ import annotations

import http.client
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import requests

from tests.servers import HOST, ROOT, free_port, once_it_answers


def start(folder: Path, port: int, *options: str, **environment: str) -> subprocess.Popen[bytes]:
    """The app's server process, by the command that README names."""
    quiet = ["--server.headless=true", "--server.fileWatcherType=none"]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}", *quiet, *options]
    surroundings = {k: v for k, v in os.environ.items() if not k.startswith("SOP_")}
    surroundings |= {"SOP_WORKSPACE": str(folder), **environment}
    return subprocess.Popen(command, cwd=ROOT, env=surroundings, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


@contextmanager
def served(folder: Path, *options: str, **environment: str) -> Iterator[int]:
    """The port of the app on a workspace, as long as it is needed."""
    port = free_port()
    server = start(folder, port, *options, **environment)
    try:
        once_it_answers(f"http://{HOST}:{port}", server)
        yield port
    finally:
        server.terminate()
        server.communicate(timeout=30)


class Front:
    """A server in front of the app: it passes bytes on, to wherever the app is now, and loses its connections."""

    def __init__(self, port: int) -> None:
        self.to = port
        self._open: list[socket.socket] = []
        self._socket = socket.create_server((HOST, 0))
        self.port = int(self._socket.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()

    def lose(self) -> None:
        """End every connection."""
        found, self._open = self._open, []
        for each in found:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Pass nothing on any more."""
        self._socket.close()
        self.lose()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                asked = self._socket.accept()[0]
                try:
                    passed = socket.create_connection((HOST, self.to))
                except OSError:
                    asked.close()
                    continue
                self._open += [asked, passed]
                for one, other in ((asked, passed), (passed, asked)):
                    threading.Thread(target=_pass_on, args=(one, other), daemon=True).start()


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while data := one.recv(65536):
            other.sendall(data)
    for each in (one, other):
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)


@contextmanager
def provider_of(users: Sequence[dict[str, Any]]) -> Iterator[str]:
    """The address of an OpenID Connect provider in a process of its own, which knows `users` by their claims."""
    port = free_port()
    claims = [part for user in users for part in ("--user-claims", json.dumps(user))]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "-p", str(port), *claims]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://{HOST}:{port}"
    try:
        for _ in range(120):
            try:
                requests.get(f"{address}/.well-known/openid-configuration", timeout=1)
                break
            except requests.RequestException:
                time.sleep(0.25)
        yield address
    finally:
        process.terminate()
        process.wait(10)


def at_provider(address: str) -> dict[str, str]:
    """The app's environment with such a provider."""
    return {"SOP_OIDC_ISSUER": address, "SOP_OIDC_CLIENT_ID": "accord", "SOP_OIDC_CLIENT_SECRET": "secret"}


class Answer:
    """What came back: status, headers, body."""

    def __init__(self, reply: http.client.HTTPResponse) -> None:
        self.status, self.headers, self.text = reply.status, reply.headers, reply.read().decode("utf-8", "replace")

    @property
    def cookie(self) -> str:
        """The cookie that was set, as a browser would send it back."""
        return (self.headers.get("set-cookie") or "").split(";")[0]


def ask(port: int, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
    """A request with exactly these headers beside Host; underscores in their names are dashes."""
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body, sent)
    return Answer(connection.getresponse())


def post(port: int, path: str, fields: dict[str, str], **headers: str) -> Answer:
    """A form sent from the app's own page."""
    own = {"Origin": f"http://{HOST}:{port}", "Content_Type": "application/x-www-form-urlencoded"}
    return ask(port, path, "POST", urlencode(fields).encode(), **(own | headers))


def sign_in(port: int, account: str, password: str) -> Answer:
    """Signing in by the form."""
    return post(port, "/sign-in", {"account": account, "password": password, "next": "/settings"})


def link_in(text: str) -> str:
    """The secret of the invitation in a text."""
    found = re.search(r"/invitation\?link=([\w-]+)", text)
    assert found, text
    return found[1]

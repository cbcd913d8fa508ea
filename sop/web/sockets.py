"""On which addresses this process listens, asked of the sockets themselves: no option or launcher is trusted."""

from __future__ import annotations

import os
import socket
import stat
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

_DESCRIPTORS = Path("/dev/fd")


def listens_beyond_loopback() -> bool | None:
    """Whether anybody from outside this machine can reach a socket of this process.

    None where nothing is known: no socket listens yet, or the system does not tell.
    """
    found = set(listening_addresses())
    return None if not found else not all(ip_address(address).is_loopback for address in found)


def listening_addresses() -> Iterator[str]:
    """The address of each TCP socket on which this process listens."""
    for number in _sockets():
        with socket.socket(fileno=number) as found:
            if found.family in (socket.AF_INET, socket.AF_INET6) and _listens(found):
                yield str(found.getsockname()[0]).split("%")[0]


def _sockets() -> Iterator[int]:
    """A copy of each descriptor that is a socket; whoever takes it closes it."""
    try:
        names = [entry.name for entry in _DESCRIPTORS.iterdir()]
    except OSError:
        return
    for name in names:
        try:
            if stat.S_ISSOCK(os.fstat(int(name)).st_mode):
                yield os.dup(int(name))
        except (OSError, ValueError):
            continue


def _listens(found: socket.socket) -> bool:
    return bool(found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))

"""What the first page of a fresh server costs: CPU seconds (user and system) of the server and its children.

    python bench/cold.py --workspace DIR [--json FILE]

DIR is a demo workspace, which is copied. A server is started as README says, a session chooses a persona and has
the executive review drawn, and the time is read from /proc: until the server answers, until the first page is
there, and until a second one is. Without --workspace it says so and measures nothing.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
from pathlib import Path

from report import Figures, main

from tests.servers import once_it_answers
from tests.web.servers import HOST, ask, free_port, start
from tests.web.streams import button, opened, run

PERSONA = "Ingrid Halvorsen"
"""The executive of the demo company."""


def cpu_seconds(process: int) -> float:
    """What a process and those of its children that ended have used."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def measure(options: argparse.Namespace) -> Figures:
    """Start, look, look again."""
    if options.workspace is None:
        print("no demo workspace was named: --workspace DIR")
        return {}
    with tempfile.TemporaryDirectory(prefix="accord-cold-") as folder:
        copy = Path(shutil.copytree(options.workspace, Path(folder) / "ours"))
        port = free_port()
        server = start(copy, port, "--server.address=127.0.0.1")
        try:
            once_it_answers(f"http://{HOST}:{port}", server)
            answers = cpu_seconds(server.pid)
            cookie = ask(port, "/").cookie
            with opened(port, cookie) as socket:
                who = button(run(socket, ""), PERSONA)
                chosen = cpu_seconds(server.pid)
                run(socket, "", who)
                first = cpu_seconds(server.pid)
                run(socket, "sales")
                second = cpu_seconds(server.pid)
        finally:
            server.terminate()
            server.communicate(timeout=30)
    return {
        "answers": (answers, "s CPU until the server answers"),
        "personas": (chosen, "s CPU until personas are offered"),
        "first": (first, "s CPU until the executive review stands; at most 3"),
        "second": (second - first, "s CPU of the next page, Sales"),
    }


if __name__ == "__main__":
    main(measure, __doc__ or "", ("--workspace", {"type": Path}))

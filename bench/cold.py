"""What the first page of a fresh server costs: CPU seconds (user and system) of the server and its children.

    python bench/cold.py --workspace DIR [--json FILE]

DIR is a demo workspace, which is copied. A server is started as README says, a session chooses a persona and has
the executive review drawn, and the time is read from /proc: until the server answers, until the first page is
there, and until a second one is; beside it what a page of one word costs on a bare Streamlit server, by which a
busy machine can be told. Modules are compiled by a start before, as every start but the first finds them. Without
--workspace it says so and measures nothing.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from report import Figures, main

from tests.servers import HOST, free_port, once_it_answers
from tests.web.servers import ask, start
from tests.web.streams import button, opened, run

PERSONA = "Ingrid Halvorsen"
"""The executive of the demo company."""


def cpu_seconds(process: int) -> float:
    """What a process and those of its children that ended have used."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def ended(server: subprocess.Popen[bytes], port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A server that answers, stopped at the end."""
    try:
        once_it_answers(f"http://{HOST}:{port}", server)
        yield server
    finally:
        server.terminate()
        server.communicate(timeout=30)


def bare(folder: Path) -> float:
    """CPU seconds until a server without any of the product has drawn a page of one word."""
    (folder / "app.py").write_text('import streamlit as st\n\napp = st.App("page.py")\n')
    (folder / "page.py").write_text('import streamlit as st\n\nst.write("hello")\n')
    port = free_port()
    quiet = ["--server.headless=true", "--server.fileWatcherType=none", "--server.address=127.0.0.1"]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}", *quiet]
    shut = subprocess.DEVNULL
    with ended(subprocess.Popen(command, cwd=folder, stdout=shut, stderr=shut), port) as server:
        with opened(port) as socket:
            run(socket, "")
        return cpu_seconds(server.pid)


def look(workspace: Path) -> list[float]:
    """CPU seconds until a server answers, offers personas, has drawn the executive review, and Sales."""
    port, spent = free_port(), []
    with ended(start(workspace, port, "--server.address=127.0.0.1"), port) as server:
        spent.append(cpu_seconds(server.pid))
        with opened(port, ask(port, "/").cookie) as socket:
            who = button(run(socket, ""), PERSONA)
            spent.append(cpu_seconds(server.pid))
            for page, pressed in (("", [who]), ("sales", [])):
                run(socket, page, *pressed)
                spent.append(cpu_seconds(server.pid))
    return spent


def measure(options: argparse.Namespace) -> Figures:
    """Start, look, look again."""
    if options.workspace is None:
        print("no demo workspace was named: --workspace DIR")
        return {}
    with tempfile.TemporaryDirectory(prefix="accord-cold-") as folder:
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = f"{folder}/compiled"
        copies = [Path(shutil.copytree(options.workspace, Path(folder) / name)) for name in ("before", "ours")]
        look(copies[0])
        bare(Path(folder))
        word = bare(Path(folder))
        answers, chosen, first, second = look(copies[1])
    return {
        "bare": (word, "s CPU until a bare Streamlit server has drawn one word"),
        "answers": (answers, "s CPU until the server answers"),
        "personas": (chosen, "s CPU until personas are offered"),
        "first": (first, "s CPU until the executive review stands; at most 3"),
        "second": (second - first, "s CPU of the next page, Sales"),
    }


if __name__ == "__main__":
    main(measure, __doc__ or "", ("--workspace", {"type": Path}))

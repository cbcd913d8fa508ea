"""The command that opens the app in a browser."""

from __future__ import annotations

import argparse
import importlib.util
import os
import socket
import sys

from sop.cli.terminal import add_command, chosen_folder, print_step
from sop.core.errors import SetupError
from sop.services.company.workspace import ROOT, has_database

HOST, PORT = "127.0.0.1", 8501

_SERVE = """\
Open the app on this machine only. Where nothing is yet, it prints a link to begin by: the demo, a company of your
own, or a backup. To serve others, put a server with TLS in front of it and name its address in SOP_URL:
docs/access.md says how."""

_EXAMPLES = """\
examples:
  python -m sop serve
  python -m sop serve --demo                                   with the demo company, the first time
  python -m sop --workspace data/workspaces/ours serve --port 8600"""


def add_commands(commands: argparse._SubParsersAction) -> None:
    """Add `serve`."""
    serve = add_command(commands, "serve", run_serve, "open the app in a browser", _SERVE, _EXAMPLES)
    serve.add_argument(
        "--demo", action="store_true", help="build the demo company meanwhile where there is no workspace yet"
    )
    serve.add_argument("--port", type=int, default=PORT, help="port to answer on (default: %(default)s)")


def run_serve(args: argparse.Namespace) -> int:
    """Hand over to Streamlit; this process becomes the server, so that stopping it stops the app."""
    folder = chosen_folder(args)
    require_streamlit()
    require_free_port(args.port)
    if args.demo and not has_database(folder):
        # Loads the forecast libraries, for which commands that forecast nothing should not wait.
        from sop.services.demo.demo_workspace import start_demo

        start_demo(folder)
    print_step(f"Accord answers on http://{HOST}:{args.port} (stop it with Ctrl-C).")
    options = [
        f"--server.address={HOST}",
        f"--server.port={args.port}",
        "--server.headless=true",
        "--server.fileWatcherType=none",
    ]
    os.chdir(ROOT)
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), *options]
    os.execve(sys.executable, command, os.environ | {"SOP_WORKSPACE": str(folder.resolve())})


def require_streamlit() -> None:
    """Raises SetupError where the library for the screens is not installed."""
    if importlib.util.find_spec("streamlit") is None:
        raise SetupError(
            "the library 'streamlit' is not installed", remedy="Install it with `pip install -r requirements.txt`"
        )


def require_free_port(port: int) -> None:
    """Raises SetupError where nobody may answer on the port, most often because another program does."""
    if not 0 < port < 65536:
        raise SetupError(f"{port} is not a port", remedy="Choose one between 1024 and 65535 with --port")
    with socket.socket() as probe:
        # As the server itself does: a port that its last owner just left is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise SetupError(
                f"port {port} cannot be used",
                why=error.strerror or "another program answers there",
                remedy=f"Stop that program, or choose another port, for example --port {port % 65535 + 1}",
            ) from error

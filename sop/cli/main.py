"""The parser of the whole command line, and how every outcome becomes text and an exit code."""

from __future__ import annotations

import argparse
import importlib
import io
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sop import __version__
from sop.cli.commands import COMMANDS
from sop.cli.terminal import print_json, print_refusal
from sop.core.errors import SopError
from sop.services.faults import explain
from sop.services.lifeline import end_with_parent
from sop.services.logs import log_to_file

DONE, REFUSED, STOPPED = 0, 2, 130

_DESCRIPTION = """\
Accord, the executive S&OP review: from a company's tables to a signed consensus plan.

This is everything that is not a screen. The commands act as the coordinator of the workspace, the person who
loads data and runs the cycle; changing assumptions and signing is done by each function in the browser."""

_EPILOG = """\
first steps:
  python -m sop serve                                   start in the browser: the demo, or your own company
  python -m sop demo                                    a fictional company with eight signed past plans

your own company on the command line:
  python -m sop --workspace data/workspaces/ours init --cycle 2026-12 --name "Our company" --currency EUR
  python -m sop --workspace data/workspaces/ours template products products.csv
  python -m sop --workspace data/workspaces/ours import products products.csv
  python -m sop --workspace data/workspaces/ours import sales_actuals sales.csv --until 2026-11
  python -m sop --workspace data/workspaces/ours plan

where the data are:
  --workspace DIR, else the folder in SOP_WORKSPACE, else data/workspaces/default of this project. Where
  SOP_DATABASE_URL names a PostgreSQL database, the data are there and the folder holds the signing keys.

exit code: 0 done (warnings are listed), 2 refused (nothing was changed; one sentence says why and what to do)."""


def build_parser(given: Sequence[str] | None = None) -> argparse.ArgumentParser:
    """The parser with every command; where arguments are `given`, only what their command needs is loaded."""
    parser = argparse.ArgumentParser(
        prog="python -m sop",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--workspace", metavar="DIR", help="the workspace folder")
    parser.add_argument("--version", action="version", version=f"Accord {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    wanted = {module for module, _ in COMMANDS.values()} if given is None else _module_of(given)
    for name, (module, short) in COMMANDS.items():
        if module not in wanted:
            commands.add_parser(name, help=short)
        elif name not in commands.choices:
            importlib.import_module(f"sop.cli.{module}").add_commands(commands)
    return parser


def _module_of(given: Sequence[str]) -> set[str]:
    """The module of the command that is given; none where there is no such command."""
    before = argparse.ArgumentParser(add_help=False)
    before.add_argument("--workspace", nargs="?")
    rest = before.parse_known_args(given)[1]
    name = next((each for each in rest if not each.startswith("-")), "")
    return {COMMANDS[name][0]} if name in COMMANDS else set()


def run_command(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code: 0 done, 2 refused, 130 stopped by the user."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A file name need not be text of this terminal; telling of it never fails.
            stream.reconfigure(errors="backslashreplace")
    args = build_parser(arguments).parse_args(arguments)
    log_to_file()
    end_with_parent()
    try:
        with _cleared_up_when_told_to_end():
            code: int = args.run(args)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read the output (head, less) has seen enough; Python must not complain about it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        print("Stopped; what was not finished is not kept.", file=sys.stderr)
        return STOPPED
    except Exception as error:  # noqa: BLE001 - the last boundary of the command line
        return _refused(explain(error, "this command"), args)
    return code


@contextmanager
def _cleared_up_when_told_to_end() -> Iterator[None]:
    """Told to end (SIGTERM), a command clears up as it does for Ctrl-C."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _refused(refusal: SopError, args: argparse.Namespace) -> int:
    if getattr(args, "json", False):
        print_json({"accepted": False, "message": refusal.sentence, "error": refusal.fields()})
    print_refusal(refusal)
    return REFUSED

"""The command that builds the demo company."""

from __future__ import annotations

import argparse
from datetime import date

from sop.cli.output import print_step
from sop.cli.place import chosen_folder
from sop.core.calendar import month_index

_DEMO = """\
Build a fictional manufacturer of cargo bicycles: four years of history, eight past plans that were made on what
was known at the time and signed, and an open cycle with something to decide. It takes about half a minute."""

_EXAMPLES = """\
examples:
  python -m sop demo                                           in the default workspace
  python -m sop --workspace data/workspaces/try demo --cycle 2026-12

A workspace that holds data already is never touched."""


def add_commands(commands: argparse._SubParsersAction) -> None:
    """Add `demo`."""
    demo = commands.add_parser(
        "demo", help="build the fictional demo company", description=_DEMO, epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    demo.add_argument("--cycle", metavar="YYYY-MM", help="first open month (default: the current month)")
    demo.set_defaults(run=run_demo)


def run_demo(args: argparse.Namespace) -> int:
    """Build the demo workspace with a line for each step."""
    folder = chosen_folder(args)
    # Loads the forecast libraries, for which commands that forecast nothing should not wait.
    from sop.services.demo_workspace import build_demo_workspace

    first_open = args.cycle or f"{date.today():%Y-%m}"
    month_index(first_open)
    print_step("Building the demo company, which is fictional; this is done once.")
    location = build_demo_workspace(folder, first_open, lambda share, what: print_step(f"  {share:4.0%}  {what}"))
    print(f"The demo company is in {location}. Open it with `python -m sop serve`.")
    return 0

"""The command that builds the demo company, and closes its months."""

from __future__ import annotations

import argparse
from datetime import date

from sop.cli.terminal import add_command, chosen_folder, opened, print_step
from sop.core.calendar import BUCKETS, MONTH, period_of, require_period, worded
from sop.core.errors import BadInput
from sop.core.words import literal
from sop.services.company.cycle import OWNER

_DEMO = """\
Build a fictional manufacturer of cargo bicycles: four years of history, eight past plans that were made on what
was known at the time and signed, and an open cycle with something to decide. It takes about half a minute.
What was interrupted in a database of SOP_DATABASE_URL is finished by the same command. Its tables are files to
copy from (data/demo); where another year is wanted, all their dates are moved by whole years.

--bucket has it plan in weeks or 4-4-5 periods from the open cycle on, as a company that changes its calendar: its
tables stay by month and are shared by working days, and its past plans are compared on what both cover.

--advance closes the open month of a demo that is there: its plan is signed by every function where none is agreed
yet, the month's actuals come in, and the next month opens with the working plan's assumptions. So an override is
seen in accuracy and value added. Tables imported over the demo's stay as they are; the command says which."""

_EXAMPLES = """\
examples:
  python -m sop demo                                           in the default workspace
  python -m sop --workspace data/workspaces/try demo --cycle 2026-12
  python -m sop demo --bucket week                             its open cycle in weeks, two years of them
  python -m sop demo --advance                                 close the open month of the demo
  python -m sop demo --advance 3                               close three months, one after the other

A workspace that holds data already is never built over, and one that is not the demo is never advanced."""

FINE = tuple(bucket.key for bucket in BUCKETS if bucket.mean_days <= MONTH.mean_days)
"""Periods in which a company can plan whose tables are told by month."""


def add_commands(commands: argparse._SubParsersAction) -> None:
    """Add `demo`."""
    demo = add_command(commands, "demo", run_demo, "build the fictional demo company", _DEMO, _EXAMPLES)
    demo.add_argument("--cycle", metavar="YYYY-MM", help=worded("first open month (default: the current month)"))
    demo.add_argument(
        "--bucket",
        "--calendar",
        dest="calendar",
        default="",
        choices=list(FINE),
        help=worded("periods in which it plans from the open cycle on (default: months)"),
    )
    demo.add_argument(
        "--advance",
        metavar="N",
        type=int,
        nargs="?",
        const=1,
        help=worded("close N months of the demo that is there"),
    )


def run_demo(args: argparse.Namespace) -> int:
    """Build the demo workspace, or close months of it, with a line for each step."""
    return _build(args) if args.advance is None else _advance(args)


def _advance(args: argparse.Namespace) -> int:
    if args.cycle or args.calendar or args.advance < 1:
        raise BadInput(
            worded("--advance takes a number of months from 1 up and goes without --cycle and --bucket")
        )
    with opened(args) as store:
        from sop.services.analysis.review_ahead import keep_review
        from sop.services.demo.advance import advance_demo
        from sop.services.planning.room import PlanningRoom

        for _ in range(args.advance):
            done = advance_demo(store, lambda share, what: print_step(f"  {share:4.0%}  {what}"))
            print(f"{done.closed} is closed: {done.signing}; {done.opened} is open.")
            print(f"  New versions of {', '.join(done.loaded)}.")
            if done.kept:
                print(f"  Left as they were imported: {literal(', '.join(done.kept))}.")
        # Of the last month only: nobody opens the review of those between.
        keep_review(PlanningRoom(store), OWNER)
    return 0


def _build(args: argparse.Namespace) -> int:
    folder = chosen_folder(args)
    # Loads the forecast libraries, for which commands that forecast nothing should not wait.
    from sop.services.demo.demo_workspace import build_demo_workspace

    first_open = args.cycle or period_of(date.today())
    require_period(first_open)
    print_step("Building the demo company, which is fictional; this is done once.")
    location = build_demo_workspace(
        folder, first_open, lambda share, what: print_step(f"  {share:4.0%}  {what}"), args.calendar
    )
    print(f"The demo company is in {location}. Open it with `python -m sop serve`.")
    return 0

"""Commands that open and close plan cycles: `init` and `cycle close`."""

from __future__ import annotations

import argparse

from sop.cli.people import link_address
from sop.cli.terminal import add_command, opened
from sop.core.calendar import FREQUENCIES, Calendar, worded
from sop.core.terms import Role
from sop.services.access.people import invite_from_here
from sop.services.company.cycle import OWNER, close_and_roll, current_cycle, initialise
from sop.services.company.start import CALENDARS, YEARS, company_of, first_period
from sop.services.data.imports import read_table_states

_INIT = """\
Make a workspace and open its first cycle. --cycle is the first open period: everything before it is closed
history, and the plan starts with it. It is written as the calendar has it: 2026-12 a month, 2026-W27 an ISO
week, 2026-P07 a 4-4-5 period, 2026-Q4 a quarter; a month means the period that holds its first day. `serve` on
nothing asks the same in the browser.

People sign in to it. Its first administrator sets a password by the one-time link that is printed, and adds
everybody else on the Settings page; the commands act as its coordinator."""

_INIT_EXAMPLES = """\
examples:
  python -m sop init --cycle 2026-12
  python -m sop --workspace data/workspaces/ours init --cycle 2026-12 --name "Our company" --currency CZK
  python -m sop init --bucket quarter --cycle 2026-Q4 --fiscal-year-from 4
  python -m sop init --bucket week --cycle 2026-W27 --every month
  python -m sop init --bucket 4-5-4 --cycle 2026-P07 --fiscal-year-from 2

then import the two tables that every plan needs, products and sales_actuals:
  python -m sop template products products.csv
  python -m sop import products products.csv"""

_CLOSE = """\
Close the open cycle and open the next; the working plan's assumptions carry over. The periods before its first
open one are history then: import their actuals next."""


def add_commands(commands: argparse._SubParsersAction) -> None:
    """Add `init` and `cycle`."""
    init = add_command(
        commands, "init", run_init, "make a workspace and open its first cycle", _INIT, _INIT_EXAMPLES
    )
    init.add_argument("--cycle", required=True, metavar="PERIOD", help="first open period, such as 2026-12")
    init.add_argument("--name", default="Our company", help="the company's name (default: %(default)s)")
    init.add_argument("--currency", default="EUR", help="the company's currency (default: %(default)s)")
    init.add_argument(
        "--bucket",
        "--calendar",
        dest="calendar",
        default="",
        choices=list(CALENDARS),
        help="periods that are planned (default: as in --cycle)",
    )
    init.add_argument(
        "--every",
        default="",
        choices=[every for every in FREQUENCIES if every],
        help="how often a cycle closes, where that is not with each period",
    )
    init.add_argument(
        "--fiscal-year-from",
        default="1",
        metavar="MONTH",
        help=worded("first month of the fiscal year, 1 to 12, or of weeks its first one, W1 to W52"),
    )
    init.add_argument("--horizon", type=int, metavar="PERIODS", help=f"periods planned (default: {YEARS} years)")
    cycle = commands.add_parser("cycle", help="close the open cycle and open the next", description=_CLOSE)
    steps = cycle.add_subparsers(title="commands", metavar="COMMAND", required=True)
    add_command(steps, "close", run_close, "close the open cycle and open the next", _CLOSE)


def run_init(args: argparse.Namespace) -> int:
    """Make the workspace ready. Nothing is made where the month, horizon, fiscal year or currency is none."""
    first_open = first_period(args.cycle, args.calendar, args.fiscal_year_from)
    company = company_of(args.name, args.currency, first_open, args.fiscal_year_from, args.horizon, args.every)
    with opened(args, create=True) as store:
        cycle = initialise(store, first_open, company)
        planned = Calendar(cycle.first_open, cycle.horizon).count(cycle.horizon)
        print(f"{company.name}: the cycle {cycle.first_open} is open, planning {planned}.")
        print(f"The data are in {store.location}.")
        link = link_address(invite_from_here(store, Role.ADMINISTRATOR.value))
    print("The first administrator signs in as `administrator`. Serve the app and set the password by this link,")
    print(f"which works once, within 7 days: {link}")
    print("Next: import products and sales_actuals; `python -m sop template products` shows the columns.")
    return 0


def run_close(args: argparse.Namespace) -> int:
    """Close the open cycle and open the next."""
    with opened(args) as store:
        before = current_cycle(store, OWNER).first_open
        cycle = close_and_roll(store, OWNER)
        behind = [state.table for state, _ in read_table_states(store) if state.months_behind]
    calendar = Calendar(cycle.first_open, cycle.horizon)
    print(f"The cycle is closed; {cycle.first_open} is open now, planning {calendar.count(cycle.horizon)}.")
    if behind:
        several = f"{before} to {calendar.last_closed}, which are history now,"
        closed = f"{before}, which is history now," if calendar.at(-1) == before else several
        print(f"Next: import {closed} into {', '.join(behind)}.")
    return 0

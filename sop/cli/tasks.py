"""The command `tasks`: the daily list of what is open, as lines, as a calendar, or by mail."""

from __future__ import annotations

import argparse

from sop.agreement.cycle_steps import step_title
from sop.cli.terminal import add_command, opened, print_json, write_result
from sop.core.format import how_many
from sop.core.words import literal
from sop.files.calendar_file import calendar_file
from sop.services.company.cycle import OWNER
from sop.services.process.mail import send_mail
from sop.services.process.steps import read_cycle_run
from sop.services.process.tasks import list_tasks
from sop.views.process.cycle_tables import task_lines

_TASKS = """\
List the tasks that are open, the overdue first: who is to do what until when.

--mail sends the list where a mail server is configured: SOP_SMTP names it (smtp://host:25, smtps://user:word@host:465),
SOP_MAIL_FROM who sends and SOP_MAIL_TO, with commas, who gets it. Without them nothing is ever sent."""

_EXAMPLES = """\
examples:
  python -m sop tasks
  python -m sop tasks --ics cycle.ics
  python -m sop tasks --owner head_of_sales --mail"""


def add_commands(commands: argparse._SubParsersAction) -> None:
    """Add `tasks`."""
    tasks = add_command(commands, "tasks", run_tasks, "list the tasks that are open", _TASKS, _EXAMPLES)
    tasks.add_argument("--owner", metavar="PERSON", help="only the tasks of this person, by id")
    tasks.add_argument("--ics", metavar="FILE", help="write steps and tasks as a calendar; - for standard output")
    tasks.add_argument("--mail", action="store_true", help="send the list by mail")
    tasks.add_argument("--json", action="store_true", help="print the tasks as JSON")


def run_tasks(args: argparse.Namespace) -> int:
    """Print, write or send the open tasks."""
    with opened(args) as store:
        run = read_cycle_run(store, OWNER)
        tasks = [t for t in list_tasks(store, OWNER) if t.is_open and args.owner in (None, t.owner)]
    if args.ics:
        dates = {step_title(step): day for step, day in run.plan.dates(run.cycle.first_open).items()}
        write_result(args.ics, calendar_file(run.cycle.first_open, dates, tasks, run.names))
        return 0
    if args.json:
        print_json([vars(task) for task in tasks])
        return 0
    lines = task_lines(tasks, run.names, run.today)
    title = f"{run.cycle.first_open}: {how_many(len(lines), 'open tasks')}"
    print("\n".join(literal(line) for line in (title, *lines)))
    if args.mail:
        to = send_mail(f"Accord, cycle {title}", "\n".join(lines) or "Nothing is open.")
        print(f"Sent to {to}.")
    return 0

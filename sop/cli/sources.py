"""Commands about sources: `sources` lists, adds and removes them, `refresh` brings all of them up to date."""

from __future__ import annotations

import argparse
from typing import get_args

from sop.cli.terminal import add_command, opened, print_json, print_rows
from sop.core.errors import BadInput
from sop.core.format import number, signed
from sop.core.words import literal
from sop.intake.refresh import KINDS, RefreshReport
from sop.intake.sources import MONTH, DataSource
from sop.intake.subject import Mode
from sop.services.company.cycle import OWNER
from sop.services.data.sources import (
    add_source,
    preview_refresh,
    read_sources_state,
    refresh_sources,
    remove_source,
)

_SOURCES = f"""\
List the sources of the company's tables, add one or remove one. A source is a file pattern in a folder, or a query
on a connection; folders and connections are those that the operator allows in the file that SOP_SOURCES names
(docs/sources.md). In a pattern * stands for what varies and {MONTH} for the last closed month."""

_SOURCES_EXAMPLES = f"""\
examples:
  python -m sop sources
  python -m sop sources add "ERP sales" sales_actuals --folder erp --file "sales_{MONTH}.csv"
  python -m sop sources add Stock inventory --connection warehouse --query "SELECT * FROM monthly_stock"
  python -m sop sources remove Stock"""

_REFRESH = """\
Read every source, check all of them and make what they hold current: all of it in one transaction or nothing.
What each adds, changes, takes away and restates is told in units and money."""

_REFRESH_EXAMPLES = """\
examples:
  python -m sop refresh --dry-run
  python -m sop refresh
  python -m sop refresh --json"""


def add_commands(commands: argparse._SubParsersAction) -> None:
    """Add `sources` and `refresh`."""
    listed = add_command(
        commands, "sources", run_sources, "list, add and remove sources of tables", _SOURCES, _SOURCES_EXAMPLES
    )
    add = listed.add_argument
    add(
        "act", nargs="?", choices=("list", "add", "remove"), default="list", help="what to do; list without a word"
    )
    add("name", nargs="?", metavar="NAME", help="the source's name")
    add("table", nargs="?", metavar="TABLE", help="the table that it fills")
    add("--folder", metavar="NAME", help="the folder that its file is in")
    add("--file", metavar="PATTERN", help="the file's name in that folder")
    add("--connection", metavar="NAME", help="the connection that is asked")
    add("--query", metavar="SELECT", help="what it is asked")
    add("--mode", choices=get_args(Mode), default="periods", help="what it replaces (periods)")
    add("--owner", metavar="PERSON", default="", help="the id of whoever answers for it")
    add("--json", action="store_true", help="print the list as JSON")
    refresh = add_command(
        commands, "refresh", run_refresh, "bring all sources up to date", _REFRESH, _REFRESH_EXAMPLES
    )
    refresh.add_argument("--dry-run", action="store_true", help="say what would happen and store nothing")
    refresh.add_argument("--json", action="store_true", help="print the report as JSON")


def run_sources(args: argparse.Namespace) -> int:
    """List, add or remove sources."""
    with opened(args) as store:
        if args.act == "add":
            source = add_source(store, OWNER, read_source(args))
            print(literal(f"{source.name} fills {source.table_name} from {source.from_words}."))
        elif args.act == "remove":
            source = remove_source(store, OWNER, args.name or "")
            print(literal(f"{source.name} is removed; what it brought to {source.table_name} stays."))
        else:
            _print_sources(args, read_sources_state(store, OWNER).sources)
    return 0


def read_source(args: argparse.Namespace) -> DataSource:
    """The source that the command line spells. Raises BadInput where it is a file and a query, or neither."""
    file, query = (args.folder, args.file), (args.connection, args.query)
    if not args.name or not args.table or all(file) == all(query) or any(query if all(file) else file):
        raise BadInput(
            "a source has a name, a table, and one file or one query",
            remedy="Name it and its table, then --folder and --file, or --connection and --query",
        )
    kind, (place, what) = ("file", file) if all(file) else ("query", query)
    return DataSource(args.name, args.table, kind, place, what, args.owner, args.mode)  # type: ignore[arg-type]


def _print_sources(args: argparse.Namespace, sources: tuple[DataSource, ...]) -> None:
    fields = [
        {
            "source": each.name,
            "table": each.table_name,
            "from": each.from_words,
            "owner": each.owner,
            "refreshed": each.refreshed_at[:16].replace("T", " ") or "never",
            "file": each.file,
        }
        for each in sources
    ]
    if args.json:
        print_json({"sources": fields})
    elif not fields:
        print("There is no source yet; --help shows how to add one.")
    else:
        print_rows(list(fields[0]), [list(row.values()) for row in fields])


def run_refresh(args: argparse.Namespace) -> int:
    """Bring all sources up to date, or say what would happen; 2 where anything stands against it."""
    with opened(args) as store:
        report = (preview_refresh if args.dry_run else refresh_sources)(store, OWNER)
    if args.json:
        print_json(report.fields())
    else:
        print_refresh(report)
    return 0 if report.accepted else 2


def print_refresh(report: RefreshReport) -> None:
    """The outcome in one sentence, what stands against each source, and what each changes."""
    print(literal(report.message))
    # The sentence above tells the first one.
    for why_not in [outcome.why_not for outcome in report.outcomes if outcome.why_not][1:]:
        print(literal(f"  {why_not}"))
    rows = [
        (
            outcome.source.name,
            outcome.source.table_name,
            KINDS[kind],
            number(moved.rows),
            "" if moved.units is None else f"{moved.units:+,.12g}",
            "" if moved.money is None else signed(moved.money, 2),
        )
        for outcome in report.outcomes
        if outcome.accepted and outcome.report is not None
        for kind, moved in outcome.report.difference.moved.items()
        if moved.rows
    ]
    print_rows(("source", "table", "rows are", "rows", "units", "money"), rows)

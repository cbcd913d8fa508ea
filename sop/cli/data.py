"""Commands that bring data in and take it back: `template`, `import`, `accounts` and `undo`."""

from __future__ import annotations

import argparse
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from sop.cli.terminal import add_command, opened, print_json, print_rows, print_step, write_result
from sop.core.calendar import worded
from sop.core.errors import BadInput, SopError
from sop.core.findings import Finding
from sop.core.format import how_many, number
from sop.core.tables import TABLES, table
from sop.core.words import literal
from sop.files.export import csv_of
from sop.files.templates import NOTES, template_csv, template_xlsx
from sop.finance.account_words import propose_lines, with_proposed
from sop.finance.accounts import account_map
from sop.intake.check import QUESTIONS, Progress, untold
from sop.intake.incoming import ImportReport, ImportRequest
from sop.services.company.cycle import OWNER
from sop.services.data.imports import import_table, preview_import, read_accounts, undo_import

_LONG_BYTES = 20_000_000
"""From this size on it is told how far an import is."""
LISTED = 20
"""Rows of one rule that are listed one by one without --all."""

_TEMPLATE = """\
Write the header of a table for you to fill in: as CSV, or as a workbook with a note on every column where OUT
ends in .xlsx. Without OUT, the columns and their meaning are shown."""

_TEMPLATE_EXAMPLES = f"""\
examples:
  python -m sop template products
  python -m sop template sales_actuals sales.csv
  python -m sop template budget budget.xlsx

tables:
  {", ".join(spec.name for spec in TABLES[:9])},
  {", ".join(spec.name for spec in TABLES[9:19])},
  {", ".join(spec.name for spec in TABLES[19:])}"""

_IMPORT = """\
Check a CSV, Excel or Parquet file and make it the table's content: all of it or nothing. Every finding names
file, line, column, value, rule and remedy. Errors and unanswered questions refuse the file; warnings are listed
and kept with the data. Importing the same file again changes nothing."""

_IMPORT_EXAMPLES = """\
examples:
  python -m sop import products products.csv
  python -m sop import sales_actuals sales.xlsx --sheet 2026 --until 2026-11
  python -m sop import inventory stock.csv --map receipts=production issues=shipments --set plant=Main
  python -m sop import sales_actuals november.csv --add --dry-run

--map and --set are remembered for the table's next file. --answers answers a question that a file raised, for
example --answers missing_months=missing.

questions and their answers:
""" + "\n".join(f"  {name}: {' | '.join(choices) or 'a name'}" for name, choices in QUESTIONS.items())


_ACCOUNTS = """\
List every account of the ledger with its line of the financial plan, and what its name (in six languages) or its
number (SKR03, SKR04, French PCG, usual American numbers) proposes where it has none. Nothing is taken by itself:
write them to a file, look at each, and import it as account_map."""

_ACCOUNTS_EXAMPLES = """\
examples:
  python -m sop accounts
  python -m sop accounts account_map.csv
  python -m sop import account_map account_map.csv --add"""

_UNDO = """\
Bring back what a table was before its last import; again goes one import further back. Refused where another table
needs rows that would go."""

_UNDO_EXAMPLES = """\
examples:
  python -m sop undo sales_actuals
  python -m sop undo products --json"""


def add_commands(commands: argparse._SubParsersAction) -> None:
    """Add `template`, `import`, `accounts` and `undo`."""
    template = add_command(
        commands, "template", run_template, "write the header of a table to fill in", _TEMPLATE, _TEMPLATE_EXAMPLES
    )
    template.add_argument("table", metavar="TABLE", help="a table of the data contract, for example products")
    template.add_argument(
        "out", metavar="OUT", nargs="?", help="file to write (.csv or .xlsx), '-' for CSV on screen"
    )
    _add_import_options(
        add_command(commands, "import", run_import, "check a file and load it", _IMPORT, _IMPORT_EXAMPLES)
    )
    undo = add_command(commands, "undo", run_undo, "take back a table's last import", _UNDO, _UNDO_EXAMPLES)
    undo.add_argument("table", metavar="TABLE", help="the table whose last import is taken back")
    listed = add_command(
        commands, "accounts", run_accounts, "list the ledger's accounts and propose their lines", _ACCOUNTS,
        _ACCOUNTS_EXAMPLES,
    )  # fmt: skip
    listed.add_argument(
        "out",
        metavar="OUT",
        nargs="?",
        help="CSV to write with lines and proposals, to check and import; '-' for screen",
    )
    undo.add_argument("--json", action="store_true", help="print the outcome as JSON")


def run_accounts(args: argparse.Namespace) -> int:
    """List the ledger's accounts with their lines and proposals, or write them as a table to check and import."""
    with opened(args) as store:
        accounts = read_accounts(store, OWNER)
    if not accounts:
        raise BadInput("there is no ledger yet", remedy="Import financials first")
    proposed = propose_lines(accounts)
    if args.out is not None:
        write_result(args.out, csv_of(account_map(with_proposed(accounts, proposed))))
        return 0
    rows = []
    for account in accounts:
        each = proposed.get((account.kind, account.name))
        line, effect = (each.line, each.effect) if each else (account.line, account.effect if account.line else "")
        rows.append((account.kind, account.name, f"{account.amount:,.0f}", line, effect, each.why if each else ""))
    print_rows(("kind", "account", worded("last 12 months"), "line", "effect", "proposed by"), rows)
    without = sum(not account.line for account in accounts)
    print(
        f"\n{without} of {how_many(len(accounts), 'accounts', 'have')} no line; "
        f"{len(proposed)} of them have a proposal, which counts once it is imported."
    )
    return 0


def run_undo(args: argparse.Namespace) -> int:
    """Bring back what a table was before its last import."""
    with opened(args) as store:
        report = undo_import(store, OWNER, args.table)
    if args.json:
        print_json(report.fields())
    else:
        print(literal(report.message))
    return 0


def _add_import_options(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("table", metavar="TABLE", help="the table that the file fills")
    add("file", metavar="FILE", help="CSV, XLSX, XLS, XLSB, ODS or Parquet; the type is known by its bytes")
    _add_pairs(command, "--map", "THEIRS=OURS", "their header is our column")
    _add_pairs(command, "--set", "COLUMN=VALUE", "one value for every row of a column")
    add("--until", metavar="YYYY-MM", help=worded("last month to import; later rows are set aside and counted"))
    add("--sum", action="store_true", help="add up rows that share a key: order lines, invoices, days")
    how = command.add_mutually_exclusive_group()
    how.add_argument("--add", action="store_true", help="put rows over stored ones by key and keep all others")
    how.add_argument("--replace", action="store_true", help="make the file the whole table and delete the rest")
    add("--delete", metavar="COUNT", help="confirm how many stored rows are deleted")
    add("--sheet", metavar="NAME", help="which sheet of a workbook")
    add("--decimal", metavar="MARK", help="the file's decimal mark, '.' or ',', where it cannot be told")
    _add_pairs(command, "--answers", "QUESTION=ANSWER", "answers to questions the file raised")
    add("--dry-run", action="store_true", help="say what would happen and store nothing")
    add("--all", action="store_true", help=f"list every row that was found, not the first {LISTED} of each rule")
    add("--json", action="store_true", help="print the report as JSON")


def _add_pairs(command: argparse.ArgumentParser, name: str, metavar: str, meaning: str) -> None:
    command.add_argument(name, metavar=metavar, nargs="+", action="extend", default=[], help=meaning)


def run_template(args: argparse.Namespace) -> int:
    """Write or show a template, in the words of the workspace where there is one. Raises NotFound for an unknown
    table."""
    spec = table(args.table)
    with suppress(SopError), opened(args):
        pass
    if args.out is None:
        print(f"{spec.name}: {worded(spec.meaning)}. Key: {', '.join(spec.full_key)}.")
        for name, required, _, unit, limits, default, meaning in NOTES.of(spec.columns).rows:
            parts = [meaning, unit, limits, f"default {default}" if default else ""]
            need = "must be filled" if required == "yes" else "optional"
            print(f"  {name:<24} {need:<15} {'; '.join(str(part) for part in parts if part)}")
        return 0
    workbook = args.out.lower().endswith(".xlsx")
    write_result(args.out, template_xlsx(spec) if workbook else template_csv(spec))
    return 0


def run_import(args: argparse.Namespace) -> int:
    """Import a file, or preview it; 2 where it was refused."""
    request = read_request(args)
    with opened(args) as store:
        work = preview_import if args.dry_run else import_table
        report = work(store, OWNER, request, _teller(request.source))
    if args.json:
        print_json(report.fields())
    else:
        print_report(report, everything=args.all)
    return 0 if report.accepted else 2


def _teller(source: Path | str | bytes) -> Progress:
    """What tells how far the import of a long file is; of others nothing has to be told. Ctrl-C stops it."""
    path = source if isinstance(source, Path) else Path()
    if not path.is_file() or path.stat().st_size < _LONG_BYTES:
        return untold
    told = iter(range(0, 100, 10))
    coming = [next(told)]

    def tell(share: float) -> None:
        while coming and share * 100 >= coming[0]:
            print_step(f"Reading and checking {literal(path.name)}: {coming[0]}% done. Ctrl-C stops it.")
            coming[:] = [step for step in (next(told, None),) if step is not None]

    return tell


def read_request(args: argparse.Namespace) -> ImportRequest:
    """The request that the command line spells. Raises BadInput on a pair without '='."""
    answers = _pairs("--answers", args.answers)
    answers |= {"sheet": args.sheet} if args.sheet else {}
    answers |= {"decimal": args.decimal} if args.decimal else {}
    answers |= {"same_key": "sum"} if args.sum else {}
    answers |= {"removed_rows": args.delete} if args.delete else {}
    return ImportRequest(
        args.table,
        Path(args.file),
        mapping=_pairs("--map", args.map),
        set_values=_pairs("--set", args.set),
        until=args.until,
        mode="add" if args.add else "replace" if args.replace else "periods",
        answers=answers,
    )


def _pairs(option: str, given: list[str]) -> dict[str, str]:
    pairs = [text.partition("=") for text in given]
    names = [name for name, _, _ in pairs]
    for name in names:
        if names.count(name) > 1:
            raise BadInput(f"'{name}' is given twice", where=option, remedy="Keep one of them")
    for text, (name, equals, value) in zip(given, pairs, strict=True):
        if not (name and equals and value):
            raise BadInput(f"'{text}' is no pair", where=option, remedy="Write it as name=value")
    return {name: value for name, _, value in pairs}


def print_report(report: ImportReport, *, everything: bool) -> None:
    """The outcome in one sentence, then every finding, the worst first, with its rows."""
    print(literal(report.message))
    for line in report.total_lines:
        print(f"  {line}")
    for finding in report.findings:
        rows = _rows_of(finding, report.checked.all_findings)
        if len(rows) < 2:
            print(literal(f"  {finding.level}: {finding}"))
            continue
        print(literal(f"  {finding.level}: {replace(finding, line=None, value='')}"))
        _print_rows(rows, everything)


def _rows_of(finding: Finding, rows: tuple[Finding, ...]) -> list[Finding]:
    """The rows that a folded finding stands for."""
    kind = (finding.level, finding.rule, finding.column)
    return [row for row in rows if (row.level, row.rule, row.column) == kind] if finding.count > 1 else []


def _print_rows(rows: list[Finding], everything: bool) -> None:
    shown = rows if everything else rows[:LISTED]
    for row in shown:
        value = f": {row.value}" if row.value else ""
        print(literal(f"      line {row.line}, {row.column or 'row'}{value}"))
    if len(shown) < len(rows):
        print(f"      and {number(len(rows) - len(shown))} more; --all lists them, --json gives them as fields")

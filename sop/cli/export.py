"""Commands that take plans out and check them: `export` and `verify`."""

from __future__ import annotations

import argparse
from pathlib import Path

from sop.cli.terminal import add_command, chosen_folder, opened, print_json, print_step, write_result
from sop.core.errors import BadInput
from sop.core.format import number
from sop.files.snapshot import verify_snapshot
from sop.services.company.cycle import OWNER
from sop.services.company.workspace import keys_folder

_EXPORT = """\
Write a plan to a file: as a snapshot (a zip that anyone can check offline), as a board pack (PowerPoint or PDF, by
the ending of OUT), as a workbook, or as CSV with one row for each plan line. Without --plan it is the agreed plan
in force. `inputs` writes the loaded tables as a workbook whose sheets `import` reads back. `parquet` writes all
plans and the loaded tables as a zip of Parquet files; docs/open-data.md says what their columns are."""

_EXPORT_EXAMPLES = """\
examples:
  python -m sop export snapshot plan.zip
  python -m sop export pack pack.pptx                  slides with charts that can be edited
  python -m sop export pack pack.pdf --plan working    two pages of summary, then a page for each subject
  python -m sop export xlsx plan.xlsx
  python -m sop export inputs inputs.xlsx              the loaded tables, to be changed and imported again
  python -m sop export parquet data.zip                every plan and table for other programs
  python -m sop export csv lines.csv --plan 7          a plan by its number in `python -m sop show`
  python -m sop export xlsx draft.xlsx --plan working  the working plan as it stands, which nobody has signed"""

_VERIFY = """\
Check a snapshot without database and network: is it what was signed, and by whom? What was altered is named.
A snapshot brings its own public key; give one that came to you by another way to know who signed."""

_VERIFY_EXAMPLES = """\
examples:
  python -m sop verify plan.zip
  python -m sop verify plan.zip --key accord-public.pem

exit code: 0 valid, 2 not valid."""


def add_commands(commands: argparse._SubParsersAction) -> None:
    """Add `export` and `verify`."""
    export = add_command(
        commands,
        "export",
        run_export,
        "write a plan as snapshot, pack, workbook or CSV, or all data as Parquet",
        _EXPORT,
        _EXPORT_EXAMPLES,
    )
    export.add_argument(
        "format", choices=("snapshot", "pack", "xlsx", "csv", "inputs", "parquet"), help="what to write"
    )
    export.add_argument("out", metavar="OUT", help="the file to write; one that is there is replaced")
    export.add_argument(
        "--plan", metavar="NUMBER", default="agreed", help="number, 'agreed' (default) or 'working'"
    )
    verify = add_command(commands, "verify", run_verify, "check a snapshot offline", _VERIFY, _VERIFY_EXAMPLES)
    verify.add_argument("file", metavar="FILE", help="a snapshot (zip)")
    verify.add_argument("--key", metavar="PEM", help="file with a public key that you trust")
    verify.add_argument("--json", action="store_true", help="print the report as JSON")


def run_export(args: argparse.Namespace) -> int:
    """Write a plan to a file. Raises NotFound where there is no such plan."""
    # Loads the forecast libraries, for which commands that forecast nothing should not wait.
    from sop.services.data.board_pack import export_pdf, export_pptx, export_snapshot, export_workbook
    from sop.services.data.exports import chosen_plan, export_lines
    from sop.services.planning.room import PlanningRoom

    packs = {".pptx": export_pptx, ".pdf": export_pdf}
    if args.format == "pack" and Path(args.out).suffix.lower() not in packs:
        raise BadInput(
            "a board pack is a .pptx or a .pdf",
            where=args.out,
            why="the ending of OUT says which",
            remedy="Name a file such as pack.pptx",
        )
    if args.format == "inputs":
        return _export_inputs(args)
    if args.format == "parquet":
        return _export_parquet(args)
    with opened(args) as store:
        plan = chosen_plan(store, OWNER, args.plan)
        room = PlanningRoom(store)
        if args.format == "pack":
            content = packs[Path(args.out).suffix.lower()](room, OWNER, plan)
        elif args.format == "xlsx":
            content = export_workbook(room, OWNER, plan)
        elif args.format == "csv":
            content = export_lines(store, OWNER, plan)
        elif plan is None:
            raise BadInput(
                "the working plan has no snapshot",
                why="a snapshot shows what was proposed and signed",
                remedy="Propose the plan first, or export xlsx or csv",
            )
        else:
            content = export_snapshot(room, OWNER, plan.id, keys_folder(chosen_folder(args)))
    write_result(args.out, content)
    name = f"plan {plan.id} ({plan.cycle}, revision {plan.revision}, {plan.state})" if plan else "the working plan"
    print_step(f"{name} is in {args.out}, {number(len(content))} bytes.")
    return 0


def _export_inputs(args: argparse.Namespace) -> int:
    from sop.services.data.exports import export_inputs

    with opened(args) as store:
        content = export_inputs(store, OWNER)
    write_result(args.out, content)
    print_step(
        f"the loaded tables are in {args.out}, {number(len(content))} bytes; `import` reads its sheets back."
    )
    return 0


def _export_parquet(args: argparse.Namespace) -> int:
    from sop.services.data.open_data import export_parquet
    from sop.services.planning.room import PlanningRoom

    with opened(args) as store:
        content = export_parquet(PlanningRoom(store), OWNER)
    write_result(args.out, content)
    print_step(f"all plans and tables are in {args.out}, {number(len(content))} bytes.")
    return 0


def run_verify(args: argparse.Namespace) -> int:
    """Check a snapshot; 2 where it is not valid."""
    report = verify_snapshot(args.file, _read_key(args.key) if args.key else None)
    if args.json:
        print_json(report.fields())
    else:
        print(report.text())
    return 0 if report.valid else 2


def _read_key(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise BadInput(
            "the key cannot be read", where=path, why=error.strerror or "", remedy="Name a PEM file"
        ) from error

"""What commands share: the workspace they work on, and how they print; results on standard output, all else on
standard error.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sop.core.calendar import MONTH, bucket_of, speak_in
from sop.core.errors import BadInput, SopError
from sop.core.faults import explain_os_error
from sop.core.format import exact_number, use_style
from sop.core.words import literal

if TYPE_CHECKING:
    from sop.store import Store


def add_command(
    commands: argparse._SubParsersAction,
    name: str,
    run: Callable[[argparse.Namespace], int],
    short: str,
    text: str,
    examples: str = "",
) -> argparse.ArgumentParser:
    """A command by its name: what runs it, its line in the list, what it does, and how it is used."""
    kind = argparse.RawDescriptionHelpFormatter
    command: argparse.ArgumentParser = commands.add_parser(
        name, help=short, description=text, epilog=examples, formatter_class=kind
    )
    command.set_defaults(run=run)
    return command


def print_json(fields: Any) -> None:
    """Print plain fields as JSON."""
    print(json.dumps(fields, ensure_ascii=False, indent=2))


def print_refusal(refusal: SopError) -> None:
    """Print a refusal as the one sentence it is."""
    print(literal(f"refused: {refusal}"), file=sys.stderr)


def print_step(text: str) -> None:
    """Tell what is going on, beside the result."""
    print(text, file=sys.stderr, flush=True)


def print_rows(header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows as columns of even width, numbers to the right."""
    if not rows:
        return
    cells = [[literal(_cell(cell)) for cell in row] for row in (header, *rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(header))]
    right = [all(isinstance(row[i], int | float) for row in rows) for i in range(len(header))]
    for row in cells:
        padded = (c.rjust(w) if r else c.ljust(w) for c, w, r in zip(row, widths, right, strict=True))
        print("  " + "  ".join(padded).rstrip())


def _cell(cell: object) -> str:
    return exact_number(cell) if isinstance(cell, float) and math.isfinite(cell) else str(cell)


def write_result(path: str, content: bytes) -> None:
    """Write a file, or standard output where the path is '-'. Raises SetupError or BadInput where it cannot be.

    The file is there whole or as it was before: it is written beside its place and moved there.
    """
    if path == "-":
        sys.stdout.buffer.write(content)
        return
    try:
        place = Path(path).resolve()
        if place.exists() and not place.is_file():  # a pipe or a device, beside which nothing is put
            place.write_bytes(content)
            return
        draft = place.with_name(f".accord-{os.getpid()}.new")
        try:
            draft.write_bytes(content)
            if place.exists():
                shutil.copymode(place, draft)
            draft.replace(place)
        finally:
            draft.unlink(missing_ok=True)
    except (OSError, ValueError) as error:
        raise explain_os_error(error, "the file cannot be written", path, "nothing was written") from error


@contextmanager
def opened(args: argparse.Namespace, *, create: bool = False) -> Iterator[Store]:
    """The store that the command line names, closed at the end. Raises NotFound, BadInput and SetupError."""
    # Everything that reads a database takes a second to load, which a list of commands need not wait for.
    from sop.services.company.cycle import read_company
    from sop.services.company.workspace import open_workspace
    from sop.store.cycles import read_current_cycle

    store = open_workspace(chosen_folder(args), create=create)
    with store.read() as tx:
        use_style(read_company(tx).number_style)
        cycle = read_current_cycle(tx)
    speak_in(bucket_of(cycle.first_open) if cycle else MONTH)
    try:
        yield store
    finally:
        store.close()


def chosen_folder(args: argparse.Namespace) -> Path:
    """The workspace folder. Raises BadInput where --workspace and SOP_DATABASE_URL name two databases."""
    from sop.services.company.workspace import workspace_folder

    if args.workspace and os.environ.get("SOP_DATABASE_URL"):
        raise BadInput(
            "--workspace and SOP_DATABASE_URL name two databases",
            remedy="Use one: unset SOP_DATABASE_URL, or leave --workspace out",
        )
    return workspace_folder(args.workspace)

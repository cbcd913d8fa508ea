"""Workbooks that openpyxl does not read (.xls, .xlsb, .ods): read by python-calamine in a guarded child."""

import io
import json
import subprocess
import zipfile
from pathlib import Path
from typing import Any

from sop.core.aside import command_aside
from sop.core.errors import BadInput
from sop.core.findings import Finding
from sop.core.format import how_many, number
from sop.files.archive import require_modest
from sop.files.readers.limits import REMEDY, Limits, check_parts, too_large
from sop.files.readers.workbook import SheetFacts, SheetRows, choose_sheet

_CHILD = Path(__file__).with_name("odd_child.py")
_MEMORY = 2_000_000_000
_SECONDS = 60
_SAVE = "Save it as .xlsx without a password"


def read_odd_workbook(data: bytes, name: str, sheet: str | None, table: str | None, limits: Limits) -> SheetRows:
    """The rows of the meant sheet, as `read_workbook` gives them; number formats are not known.

    Raises BadInput on hostile, damaged, protected and empty workbooks, and on those that take too long.
    """
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            require_modest(archive.infolist(), limits.zip, name, REMEDY)
            check_parts(archive, name, limits)
    answer = _ask_child(data, name, sheet, table, limits)
    facts = [SheetFacts(title, visible, filled) for title, visible, filled in answer["sheets"]]
    title, findings = choose_sheet(facts, name, sheet, table)
    rows = [(line, cells) for line, cells, _ in answer["rows"] if any(cell is not None for cell in cells)]
    numeric = [tuple(flags) for _, cells, flags in answer["rows"] if any(cell is not None for cell in cells)]
    for line, cells in rows:
        if any(cell is not None and len(cell) > limits.cell_characters for cell in cells):
            raise too_large(
                f"{name} line {line}", "a cell is too long", f"{number(limits.cell_characters)} characters"
            )
    what = "number formats of this kind of file are not read: keys that show zeros by their format lose them"
    note = Finding("note", "number_formats", what, "Save it as .xlsx if keys have zeros in front", file=name)
    return SheetRows(title, rows, numeric, [*findings, note])


def _ask_child(data: bytes, name: str, sheet: str | None, table: str | None, limits: Limits) -> dict[str, Any]:
    """What the child process says of the file. Raises BadInput where it found damage, gave up or was stopped."""
    most = (_MEMORY, _SECONDS, limits.rows, limits.columns, limits.cells)
    command = command_aside(_CHILD, sheet or "", table or "", *map(str, most))
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=2 * _SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise BadInput("reading the workbook takes too long", where=name, remedy=REMEDY) from error
    try:
        answer: dict[str, Any] = json.loads(done.stdout) if done.returncode == 0 else {"error": "stopped"}
    except ValueError as error:
        raise BadInput("the workbook cannot be read", where=name, remedy=_SAVE) from error
    if answer.get("error") == "size":
        what = f"the table reaches to row {number(answer['rows'])} and column {number(answer['columns'])}"
        allowed = (
            f"{how_many(number(limits.rows), 'rows')}, "
            f"{how_many(number(limits.columns), 'columns')}, {how_many(number(limits.cells), 'cells')}"
        )
        raise too_large(name, what, allowed)
    refusals = {
        "password": "the workbook has a password",
        "damaged": f"the workbook is damaged or no workbook ({answer.get('why', '')})",
        "stopped": "the workbook cannot be read within the limits of memory and time",
    }
    if "error" in answer:
        raise BadInput(refusals[answer["error"]], where=name, remedy=_SAVE)
    return answer

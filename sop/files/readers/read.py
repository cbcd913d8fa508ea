"""One door for every file: its bytes, their type, the guards, the reader, the table."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sop.core.errors import BadInput
from sop.core.findings import Finding
from sop.core.words import sha256_hex
from sop.files.readers.kind import check_name, read_kind
from sop.files.readers.limits import Limits
from sop.files.readers.parquet import read_parquet
from sop.files.readers.table import build_frame
from sop.files.readers.text import decode, find_delimiter, read_rows
from sop.files.readers.workbook import read_workbook
from sop.intake.raw import RawTable

DEFAULT_LIMITS = Limits()


def read_file(
    source: Path | str | bytes,
    name: str | None = None,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    table: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> RawTable:
    """A CSV, Excel or Parquet file as text cells, with what the reader found.

    `source` is a path or the bytes; `name` is how findings call the file. `sheet` and `encoding` answer the
    reader's questions; `table` is the contract table meant, whose name a sheet may carry.
    Raises BadInput when the file is missing, hostile, damaged, too large or no table.
    """
    data = source if isinstance(source, bytes) else _read_bytes(Path(source), limits)
    name = name or (str(source) if not isinstance(source, bytes) else "upload")
    limits.require_bytes(len(data), name)
    kind = read_kind(data, name)
    digest = sha256_hex(data)
    findings = check_name(kind, name)
    if kind == "parquet":
        frame, typed = read_parquet(data, name, limits)
        return RawTable(name, kind, digest, frame, _lines(frame), tuple(findings), typed)
    if kind == "xlsx":
        return _read_sheet(data, name, sheet, table, limits, digest, findings)
    text, questions = decode(data, name, encoding)
    delimiter = find_delimiter(text)
    frame, lines, _, more = build_frame(read_rows(text, delimiter, name, limits), name)
    return RawTable(name, kind, digest, frame, lines, (*findings, *questions, *more), delimiter=delimiter)


def _read_bytes(path: Path, limits: Limits) -> bytes:
    if not path.is_file():
        raise BadInput("there is no such file", where=str(path), remedy="Check the path and its spelling")
    limits.require_bytes(path.stat().st_size, str(path))
    try:
        return path.read_bytes()
    except PermissionError as error:
        raise BadInput(
            "the file may not be read", where=str(path), remedy="Give yourself the right to read it"
        ) from error


def _lines(frame: pd.DataFrame) -> tuple[int, ...]:
    return tuple(range(2, len(frame) + 2))


def _read_sheet(
    data: bytes,
    name: str,
    sheet: str | None,
    table: str | None,
    limits: Limits,
    digest: str,
    findings: list[Finding],
) -> RawTable:
    found = read_workbook(data, name, sheet, table, limits)
    frame, lines, columns, more = build_frame(found.rows, name)
    numeric = dict(zip((line for line, _ in found.rows), found.numeric, strict=True))
    typed = pd.DataFrame(
        {
            header: [i < len(numeric[line]) and numeric[line][i] for line in lines]
            for header, i in zip(frame.columns, columns, strict=True)
        },
        dtype=bool,
    )
    return RawTable(name, "xlsx", digest, frame, lines, (*findings, *found.findings, *more), typed)

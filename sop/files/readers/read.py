"""One door for every file: its bytes, their type (a name can say anything), the guards, the reader, the table."""

import io
import zipfile
from collections.abc import Collection
from pathlib import Path

import pandas as pd

from sop.core.errors import BadInput
from sop.core.findings import Finding
from sop.core.words import sha256_hex
from sop.files.readers.limits import Limits
from sop.files.readers.parquet import read_parquet
from sop.files.readers.text import build_frame, decode, find_delimiter, read_rows
from sop.files.readers.workbook import read_workbook
from sop.intake.subject import FileKind, RawTable

DEFAULT_LIMITS = Limits()


def read_file(
    source: Path | str | bytes,
    name: str | None = None,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    table: str | None = None,
    wanted: Collection[str] = (),
    limits: Limits = DEFAULT_LIMITS,
) -> RawTable:
    """A CSV, Excel or Parquet file as text cells, with what the reader found.

    `source` is a path or the bytes; `name` is how findings call the file. `sheet` and `encoding` answer the
    reader's questions; `table` is the contract table meant, whose name a sheet may carry, and `wanted` the
    plain names of columns by which the header is known.
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
        return RawTable(name, kind, digest, frame, tuple(range(2, len(frame) + 2)), tuple(findings), typed)
    if kind == "xlsx":
        return _read_sheet(data, name, sheet, table, wanted, limits, digest, findings)
    text, questions = decode(data, name, encoding)
    delimiter = find_delimiter(text)
    frame, lines, _, more = build_frame(read_rows(text, delimiter, name, limits), name, wanted)
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


def _read_sheet(
    data: bytes,
    name: str,
    sheet: str | None,
    table: str | None,
    wanted: Collection[str],
    limits: Limits,
    digest: str,
    findings: list[Finding],
) -> RawTable:
    found = read_workbook(data, name, sheet, table, limits)
    frame, lines, columns, more = build_frame(found.rows, name, wanted)
    numeric = dict(zip((line for line, _ in found.rows), found.numeric, strict=True))
    typed = pd.DataFrame(
        {
            header: [i < len(numeric[line]) and numeric[line][i] for line in lines]
            for header, i in zip(frame.columns, columns, strict=True)
        },
        dtype=bool,
    )
    return RawTable(name, "xlsx", digest, frame, lines, (*findings, *found.findings, *more), typed)


_REFUSED = (
    (
        b"\xd0\xcf\x11\xe0",
        "an old Excel file (.xls) or one with a password",
        "Save it as .xlsx without a password",
    ),
    (b"%PDF", "a PDF", "Export the table itself as CSV or Excel"),
    (b"\x1f\x8b", "a compressed file", "Unpack it first"),
    (b"7z\xbc\xaf", "a compressed file", "Unpack it first"),
    (b"Rar!", "a compressed file", "Unpack it first"),
    (b"SQLite format 3", "a database", "Export the table as CSV or Parquet"),
    (b"\x89PNG", "a picture", "Export the table itself as CSV or Excel"),
)
_ENDINGS = {"csv": (".csv", ".txt", ".tsv"), "xlsx": (".xlsx", ".xlsm"), "parquet": (".parquet", ".pq")}
_TITLES = {"csv": "delimited text", "xlsx": "an Excel workbook", "parquet": "a Parquet file"}


def read_kind(data: bytes, name: str) -> FileKind:
    """csv, xlsx or parquet. Raises BadInput on anything else, saying what it is."""
    for magic, what, remedy in _REFUSED:
        if data.startswith(magic):
            raise BadInput(f"this is {what}", where=name, remedy=remedy)
    if data.startswith(b"PAR1"):
        return "parquet"
    if data.startswith(b"PK"):
        return _require_workbook(data, name)
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"<", b"{"):
        raise BadInput(
            "this is a web page, XML or JSON, not a table", where=name, remedy="Save it as CSV or Excel (.xlsx)"
        )
    return "csv"


def _require_workbook(data: bytes, name: str) -> FileKind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if "xl/workbook.xml" in archive.NameToInfo:
                return "xlsx"
    except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError) as error:
        raise BadInput(f"the file is damaged ({error})", where=name, remedy="Save it again in Excel") from error
    raise BadInput(
        "this is a zip archive, not an Excel workbook (.xlsx)",
        where=name,
        remedy="Unpack it, or save the table as .xlsx or CSV",
    )


def check_name(kind: FileKind, name: str) -> list[Finding]:
    """A note when the name's ending promises another type than the bytes are."""
    ending = f".{name.rsplit('.', 1)[-1].lower()}" if "." in name else ""
    known = {known: kind for kind, endings in _ENDINGS.items() for known in endings}
    if known.get(ending, kind) == kind:
        return []
    return [
        Finding(
            "note",
            "file_type",
            f"the name ends in {ending} but the file is {_TITLES[kind]}; read as that",
            file=name,
        )
    ]

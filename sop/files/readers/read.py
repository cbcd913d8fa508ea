"""One door for every file: its bytes, their type (a name can say anything), the guards, the reader, the table."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from sop.core.errors import BadInput, SopError
from sop.core.faults import explain_os_error, printable
from sop.core.findings import Finding
from sop.core.lengths import longest
from sop.core.words import sha256_hex
from sop.files.readers.limits import Limits
from sop.files.readers.parquet import read_parquet
from sop.files.readers.plain_text import read_plain
from sop.files.readers.text import build_frame, decode, find_delimiter, read_rows
from sop.intake.subject import FileKind, RawTable

if TYPE_CHECKING:
    from sop.files.readers.workbook import SheetRows

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
    Raises BadInput when the file is missing, hostile, damaged, too large or no table; that is the boundary of
    the files: whatever a library makes of one is one sentence.
    """
    try:
        return _read(source, name, sheet, encoding, table, wanted, limits)
    except SopError:
        raise
    except (MemoryError, Exception) as error:
        raise BadInput(
            f"the file cannot be read ({type(error).__name__}), nothing was stored",
            where=printable(name or (str(source) if not isinstance(source, bytes) else "upload")),
            why="it is damaged, or of a kind that is not known here",
            remedy="Open it in the program that made it and save it again, best as CSV",
        ) from error


def _read(
    source: Path | str | bytes,
    name: str | None,
    sheet: str | None,
    encoding: str | None,
    table: str | None,
    wanted: Collection[str],
    limits: Limits,
) -> RawTable:
    data = source if isinstance(source, bytes) else read_bytes(Path(source), limits)
    name = printable(name or (str(source) if not isinstance(source, bytes) else "upload"), longest("file_name"))
    limits.require_bytes(len(data), name)
    kind = read_kind(data, name)
    digest = sha256_hex(data)
    findings = check_name(kind, name)
    if kind == "parquet":
        frame, typed = read_parquet(data, name, limits)
        return RawTable(name, kind, digest, frame, range(2, len(frame) + 2), tuple(findings), typed)
    if kind != "csv":
        # Loading what reads workbooks takes longer than reading most of them, and few files are any.
        from sop.files.readers.odd_workbook import read_odd_workbook
        from sop.files.readers.workbook import read_workbook

        work = read_workbook if kind == "xlsx" else read_odd_workbook
        return _sheet_table(
            work(data, name, sheet, table, limits.row_by_row), name, kind, wanted, digest, findings
        )
    text, questions = decode(data, name, encoding)
    # A long file is not held twice.
    del data
    delimiter = find_delimiter(text)
    plain = read_plain(text, delimiter, name, wanted, limits)
    if plain is not None:
        return RawTable(name, kind, digest, *plain, (*findings, *questions), delimiter=delimiter)
    frame, lines, _, more = build_frame(read_rows(text, delimiter, name, limits.row_by_row), name, wanted)
    return RawTable(name, kind, digest, frame, lines, (*findings, *questions, *more), delimiter=delimiter)


def read_bytes(path: Path, limits: Limits = DEFAULT_LIMITS, name: str = "") -> bytes:
    """The bytes of a plain file, no more than may be read, and all of them as it stood.

    `name`: how a refusal calls it, where its path is nobody's business. Raises BadInput.
    """
    where = name or printable(str(path))
    try:
        before = path.stat()
        if stat.S_ISDIR(before.st_mode):
            raise BadInput("this is a folder", where=where, remedy="Name the file in it")
        if not stat.S_ISREG(before.st_mode):
            raise BadInput("this is a pipe or a device, not a file", where=where, remedy="Save it as a file first")
        limits.require_bytes(before.st_size, where)
        with path.open("rb") as file:
            data = file.read(limits.file_bytes + 1)
        after = path.stat()
    except (PermissionError, FileNotFoundError, NotADirectoryError) as error:
        denied = isinstance(error, PermissionError)
        what = "the file may not be read" if denied else "there is no such file"
        remedy = "Give yourself the right to read it" if denied else "Check the path and its spelling"
        raise BadInput(what, where=where, remedy=remedy) from error
    except (OSError, ValueError) as error:
        fault = explain_os_error(error, "the file cannot be read", where)
        raise BadInput(fault.what, where=fault.where, why=fault.why, remedy=fault.remedy) from error
    if len(data) != before.st_size or (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        remedy = "Wait until it is written, then import it"
        raise BadInput("the file changed while it was read", where=where, remedy=remedy)
    return data


def _sheet_table(
    found: SheetRows, name: str, kind: FileKind, wanted: Collection[str], digest: str, findings: list[Finding]
) -> RawTable:
    frame, lines, columns, more = build_frame(found.rows, name, wanted)
    numeric = dict(zip((line for line, _ in found.rows), found.numeric, strict=True))
    typed = pd.DataFrame(
        {
            header: [i < len(numeric[line]) and numeric[line][i] for line in lines]
            for header, i in zip(frame.columns, columns, strict=True)
        },
        dtype=bool,
    )
    return RawTable(name, kind, digest, frame, lines, (*findings, *found.findings, *more), typed)


_REFUSED = (
    (b"%PDF", "a PDF", "Export the table itself as CSV or Excel"),
    (b"\x1f\x8b", "a compressed file", "Unpack it first"),
    (b"7z\xbc\xaf", "a compressed file", "Unpack it first"),
    (b"Rar!", "a compressed file", "Unpack it first"),
    (b"SQLite format 3", "a database", "Export the table as CSV or Parquet"),
    (b"\x89PNG", "a picture", "Export the table itself as CSV or Excel"),
)
_ENDINGS: dict[FileKind, tuple[str, ...]] = {
    "csv": (".csv", ".txt", ".tsv"),
    "xlsx": (".xlsx", ".xlsm"),
    "parquet": (".parquet", ".pq"),
    "xls": (".xls",),
    "xlsb": (".xlsb",),
    "ods": (".ods",),
}
_TITLES: dict[FileKind, str] = {
    "csv": "delimited text",
    "xlsx": "an Excel workbook",
    "parquet": "a Parquet file",
    "xls": "an old Excel workbook (.xls)",
    "xlsb": "a binary Excel workbook (.xlsb)",
    "ods": "an OpenDocument workbook (.ods)",
}
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_BOOKS: dict[str, FileKind] = {"xl/workbook.xml": "xlsx", "xl/workbook.bin": "xlsb", "content.xml": "ods"}
"""The part of a zip that says what kind of workbook it is."""


def read_kind(data: bytes, name: str) -> FileKind:
    """What kind of file the bytes are. Raises BadInput on anything else, saying what it is."""
    for magic, what, remedy in _REFUSED:
        if data.startswith(magic):
            raise BadInput(f"this is {what}", where=name, remedy=remedy)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        if _ENCRYPTED in data:
            raise BadInput("the workbook has a password", where=name, remedy="Save it as .xlsx without a password")
        return "xls"
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
            found = next((kind for part, kind in _BOOKS.items() if part in archive.NameToInfo), None)
            if found:
                return found
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

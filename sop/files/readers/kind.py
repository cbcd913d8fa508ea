"""Which type a file is, by its bytes: a name can say anything."""

from __future__ import annotations

import io
import zipfile

from sop.core.errors import BadInput
from sop.core.findings import Finding
from sop.intake.raw import FileKind

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

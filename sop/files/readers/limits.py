"""How large a file may be, and what a workbook's zip may hold. Every limit is checked before the memory it guards
is used.

Refused: too many parts, too much when unpacked, parts that pack more than real sheets do (zip bombs), a document
type declaration (entity bombs) and more XML tags than a bearable table needs. The tags are counted while the parts
stream by, so nothing is held in memory and no declared range is believed.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass, replace
from xml.parsers import expat

from sop.core.errors import BadInput
from sop.core.format import how_many, number
from sop.files.archive import ArchiveLimits, chunks_of

MEGABYTE = 1_000_000
_SLOW_ROWS, _SLOW_CELLS = 1_000_000, 10_000_000


WORKBOOK_ZIP = ArchiveLimits(
    archive_bytes=200 * MEGABYTE,
    entries=2_000,
    entry_bytes=200 * MEGABYTE,
    total_bytes=200 * MEGABYTE,
    ratio=100.0,
    ratio_from_bytes=5 * MEGABYTE,
)
"""What the zip of a workbook may hold: real sheets pack 5 to 40 times."""


@dataclass(frozen=True)
class Limits:
    """The most that is read: bytes of the file, rows, columns and cells of the table, and what a zip may hold.

    `rows` and `cells` hold for text and Parquet, which are read by columns; see `row_by_row`.
    `sheet_tags` are the XML tags of a workbook's sheets (a cell has about six), `other_tags` those of other parts.
    """

    file_bytes: int = 400 * MEGABYTE
    rows: int = 5_000_000
    columns: int = 200
    cells: int = 60_000_000
    cell_characters: int = 10_000
    zip: ArchiveLimits = WORKBOOK_ZIP
    sheet_tags: int = 12_000_000
    other_tags: int = 1_500_000

    @property
    def row_by_row(self) -> Limits:
        """The limits of what is read row by row, which takes several times the memory: workbooks, odd text."""
        return replace(self, rows=min(self.rows, _SLOW_ROWS), cells=min(self.cells, _SLOW_CELLS))

    def require_bytes(self, size: int, name: str) -> None:
        """Raise BadInput when the file is too large or empty."""
        if size > self.file_bytes:
            raise too_large(
                name, f"the file has {number(size / MEGABYTE)} MB", f"{number(self.file_bytes / MEGABYTE)} MB"
            )
        if size == 0:
            raise BadInput("the file is empty", where=name, remedy="Export it again with its header and rows")

    def require_shape(self, rows: int, columns: int, name: str) -> None:
        """Raise BadInput when the table has too many rows, columns or cells."""
        if columns > self.columns:
            raise too_large(
                name, f"the table reaches to column {number(columns)}", how_many(number(self.columns), "columns")
            )
        if rows > self.rows:
            raise too_large(
                name,
                f"the table has more than {how_many(number(self.rows), 'rows')}",
                how_many(number(self.rows), "rows"),
            )
        if rows * columns > self.cells:
            raise too_large(
                name,
                f"the table has {how_many(number(rows * columns), 'cells')}",
                how_many(number(self.cells), "cells"),
            )


def too_large(name: str, what: str, limit: str) -> BadInput:
    """The refusal of something that is larger than its limit."""
    return BadInput(
        what,
        where=name,
        why=f"at most {limit} are read",
        remedy="Export only the columns and months that are needed, or split the file",
    )


_SHEET = re.compile(r"^(?:xl/worksheets/[^/]+|content)\.xml$")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
REMEDY = "Copy the table into a new workbook and save that"


def check_parts(archive: zipfile.ZipFile, name: str, limits: Limits) -> bool:
    """Stream every XML part once; whether any sheet holds formulas.

    Raises BadInput on a document type, on damage and on more tags than the limits allow.
    """
    tags = {"sheets": 0, "other parts": 0}
    most = {"sheets": limits.sheet_tags, "other parts": limits.other_tags}
    formulas = False
    for entry in archive.infolist():
        if not entry.filename.endswith((".xml", ".rels")):
            continue
        group = "sheets" if _SHEET.match(entry.filename) else "other parts"
        try:
            _require_plain_xml(archive, entry, name)
            for chunk in chunks_of(archive, entry):
                tags[group] += chunk.count(b"<")
                formulas = formulas or (group == "sheets" and bool(_FORMULA.search(chunk)))
                if tags[group] > most[group]:
                    raise too_large(
                        name, f"its {group} hold over {number(most[group])} tags", "about 2,000,000 cells"
                    )
        except (
            expat.ExpatError,
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            NotImplementedError,
            RuntimeError,
        ) as error:
            what = f"its part {entry.filename} cannot be read ({error})"
            raise BadInput(
                what, where=name, remedy="Open it in Excel and save it again without a password"
            ) from error
    return formulas


def _require_plain_xml(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> None:
    """Tokenise the part up to its root element: a document type can only stand before it."""
    root: list[str] = []
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        what = f"its part {entry.filename} declares a document type"
        raise BadInput(what, where=name, why="workbooks have none (an entity attack)", remedy=REMEDY)

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda tag, _: root.append(tag)
    with archive.open(entry) as part:
        while not root and (chunk := part.read(4096)):
            parser.Parse(chunk)

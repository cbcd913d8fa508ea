"""How large a file may be. Every limit is checked before the memory it guards is used."""

from __future__ import annotations

from dataclasses import dataclass

from sop.core.errors import BadInput

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Limits:
    """The most that is read: bytes of the file, rows, columns and cells of the table, and what a zip may hold.

    `zip_ratio` judges entries of more than `zip_ratio_from_bytes` when unpacked: real sheets pack 5 to 40 times.
    `sheet_tags` are the XML tags of a workbook's sheets (a cell has about six), `other_tags` those of other parts.
    """

    file_bytes: int = 200 * MEGABYTE
    rows: int = 1_000_000
    columns: int = 200
    cells: int = 10_000_000
    cell_characters: int = 10_000
    zip_entries: int = 2_000
    zip_bytes: int = 200 * MEGABYTE
    zip_ratio: float = 100.0
    zip_ratio_from_bytes: int = 5 * MEGABYTE
    sheet_tags: int = 12_000_000
    other_tags: int = 1_500_000

    def require_bytes(self, size: int, name: str) -> None:
        """Raise BadInput when the file is too large or empty."""
        if size > self.file_bytes:
            raise too_large(
                name, f"the file has {size / MEGABYTE:,.0f} MB", f"{self.file_bytes / MEGABYTE:,.0f} MB"
            )
        if size == 0:
            raise BadInput("the file is empty", where=name, remedy="Export it again with its header and rows")

    def require_shape(self, rows: int, columns: int, name: str) -> None:
        """Raise BadInput when the table has too many rows, columns or cells."""
        if columns > self.columns:
            raise too_large(name, f"the table reaches to column {columns:,}", f"{self.columns:,} columns")
        if rows > self.rows:
            raise too_large(name, f"the table has more than {self.rows:,} rows", f"{self.rows:,} rows")
        if rows * columns > self.cells:
            raise too_large(name, f"the table has {rows * columns:,} cells", f"{self.cells:,} cells")


def too_large(name: str, what: str, limit: str) -> BadInput:
    """The refusal of something that is larger than its limit."""
    return BadInput(
        what,
        where=name,
        why=f"at most {limit} are read",
        remedy="Export only the columns and months that are needed, or split the file",
    )

"""A file as it was read: text cells, before anybody decides what they mean."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from sop.core.findings import Finding

FileKind = Literal["csv", "xlsx", "parquet"]


@dataclass(frozen=True)
class RawTable:
    """A file's cells as text, exactly as they stand, with what the reader found.

    `frame`: one column per header, text cells, missing = None. `lines`: the source line of each row (header
    included in the count). `typed`: same shape as `frame`, True where the file says that a cell is a number, so
    that no decimal mark has to be settled; None when no cell is (CSV). `delimiter`: of a CSV file.
    """

    name: str
    kind: FileKind
    sha256: str
    frame: pd.DataFrame
    lines: tuple[int, ...]
    findings: tuple[Finding, ...] = ()
    typed: pd.DataFrame | None = field(default=None, repr=False)
    delimiter: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The headers, in the file's order."""
        return tuple(self.frame.columns)

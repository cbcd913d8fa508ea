"""Frames of contract tables: their canonical text, its digest, and Parquet bytes.

Two files with the same rows have the same digest, whatever the order of their rows and columns, their name,
or the empty columns they carry. `_file` and `_line`, where a row came from, are kept but not part of it.
"""

import csv
import io
from typing import Any

import pandas as pd

from sop.core.errors import BadInput
from sop.core.tables import table
from sop.core.words import sha256_hex
from sop.store.schema import clean_text

Frame = pd.DataFrame
"""Rows of a table as they pass between the store, the files and what is worked out from them."""

SOURCE_COLUMNS = ("_file", "_line")


def frame_sha256(table_name: str, frame: pd.DataFrame) -> str:
    """The digest of a contract table's content. Raises BadInput on a column that is not in the contract."""
    return sha256_hex(canonical_csv(table_name, frame))


def canonical_csv(table_name: str, frame: pd.DataFrame) -> str:
    """The table as CSV: contract column order without empty columns, rows sorted by key, numbers shortest.

    A missing value and an empty text are both empty; 2.0 is written 2.
    """
    contract = table(table_name)
    unknown = set(frame.columns) - set(contract.column_names) - set(SOURCE_COLUMNS)
    if unknown:
        raise BadInput(f"{table_name} has no column {', '.join(sorted(unknown))}", remedy="Leave it out")
    names = [name for name in contract.column_names if name in frame]
    texts = {name: [_cell(value) for value in frame[name].tolist()] for name in names}
    names = [name for name in names if any(texts[name])]
    key = [name for name in contract.full_key if name in names]
    order = key + [name for name in names if name not in key]
    # Rows with the same key are ordered by the rest, so that the text never depends on the file's order.
    rows = sorted(zip(*(texts[name] for name in order), strict=True))
    place = [order.index(name) for name in names]
    return _csv([names, *([row[i] for i in place] for row in rows)])


def to_parquet(frame: pd.DataFrame) -> bytes:
    """The frame as Parquet bytes."""
    buffer = io.BytesIO()
    frame.reset_index(drop=True).to_parquet(buffer, engine="pyarrow", compression="zstd")
    return buffer.getvalue()


def from_parquet(payload: bytes) -> pd.DataFrame:
    """The frame back from `to_parquet`, with its types."""
    return pd.read_parquet(io.BytesIO(payload), engine="pyarrow")


def _cell(value: Any) -> str:
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return ""
    if isinstance(value, bool | str):
        return clean_text(str(value))
    if isinstance(value, float) and not value.is_integer():
        return repr(value)
    return str(int(value)) if isinstance(value, int | float) else clean_text(str(value))


def _csv(rows: list[Any]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()

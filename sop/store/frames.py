"""Frames of contract tables: their canonical text, its digest, and Parquet bytes.

Two files with the same rows have the same digest, whatever the order of their rows and columns, their name,
or the empty columns they carry. `_file` and `_line`, where a row came from, are kept but not part of it.
"""

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sop.core.errors import BadInput
from sop.core.open_data import OpenRow, OpenTable
from sop.core.tables import table
from sop.store.schema import clean_text

Frame = pd.DataFrame
"""Rows of a table as they pass between the store, the files and what is worked out from them."""

SOURCE_COLUMNS = ("_file", "_line")
_PART = 50_000
"""Rows that are written at a time."""
_LONG = 500_000
"""Rows from which on a table is packed in parts."""


def frame_sha256(table_name: str, frame: pd.DataFrame) -> str:
    """The digest of a contract table's content. Raises BadInput on a column that is not in the contract."""
    digest = hashlib.sha256()
    for part in canonical_parts(table_name, frame):
        digest.update(part.encode())
    return digest.hexdigest()


def canonical_parts(table_name: str, frame: pd.DataFrame) -> Iterator[str]:
    """The table as CSV, some rows at a time: contract column order without empty columns, rows sorted by key.

    Numbers are the shortest: 2.0 is written 2. A missing value and an empty text are both empty.
    """
    contract = table(table_name)
    unknown = set(frame.columns) - set(contract.column_names) - set(SOURCE_COLUMNS)
    if unknown:
        raise BadInput(f"{table_name} has no column {', '.join(sorted(unknown))}", remedy="Leave it out")
    texts = {name: _texts(frame[name]) for name in contract.column_names if name in frame}
    names = [name for name, (different, _) in texts.items() if any(different)]
    key = [name for name in contract.full_key if name in names]
    order = key + [name for name in names if name not in key]
    yield _csv([names])
    if not names:
        return
    # Rows with the same key are ordered by the rest, so that the text never depends on the file's order.
    rows = np.lexsort([texts[name][1] for name in reversed(order)])
    for start in range(0, len(rows), _PART):
        part = rows[start : start + _PART]
        yield _csv(zip(*(texts[name][0][texts[name][1][part]] for name in names), strict=True))


_TYPES = {"text": "string", "month": "string", "time": "string", "whole": "Int64", "number": "float64"}


def frame_of(table: OpenTable, rows: Iterable[OpenRow]) -> Frame:
    """Rows of an open table as a frame with its columns and types, also where there is none."""
    frame = pd.DataFrame(list(rows), columns=list(table.column_names))
    return frame.astype({column.name: _TYPES[column.kind] for column in table.columns})


def to_parquet(frame: pd.DataFrame) -> bytes:
    """The frame as Parquet bytes."""
    buffer = io.BytesIO()
    numbered = frame if frame.index.equals(pd.RangeIndex(len(frame))) else frame.reset_index(drop=True)
    if len(numbered) <= _LONG:
        numbered.to_parquet(buffer, engine="pyarrow", compression="zstd")
        return buffer.getvalue()
    # A long table is written some rows at a time: as a whole it would be held once more, every text spelled out.
    texts = [name for name in numbered if numbered[name].dtype == object and name != SOURCE_COLUMNS[1]]
    head = pa.Schema.from_pandas(numbered.iloc[:1])
    fields = [pa.field(each.name, pa.string() if each.name in texts else each.type) for each in head]
    schema = pa.schema(fields, metadata=head.metadata)
    with pq.ParquetWriter(buffer, schema, compression="zstd") as writer:
        for start in range(0, len(numbered), _LONG):
            part = numbered.iloc[start : start + _LONG]
            writer.write_table(pa.Table.from_pandas(part, schema, preserve_index=False))
    return buffer.getvalue()


def from_parquet(payload: bytes) -> pd.DataFrame:
    """The frame back from `to_parquet`, with its types."""
    # Not by `pandas.read_parquet`, which loads all that reads folders of files.
    return pq.ParquetFile(io.BytesIO(payload)).read(use_pandas_metadata=True).to_pandas()


def _texts(column: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """The different texts of a column in order, and by row the place of each; every value is written once."""
    codes, values = pd.factorize(column)
    written = [_cell(value) for value in [*values.tolist(), None]]
    texts = sorted(set(written))
    place = {text: i for i, text in enumerate(texts)}
    return np.array(texts, dtype=object), np.array([place[text] for text in written], dtype=np.int32)[codes]


def _cell(value: Any) -> str:
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return ""
    if isinstance(value, bool | str):
        return clean_text(str(value))
    if isinstance(value, float) and not value.is_integer():
        return repr(value)
    return str(int(value)) if isinstance(value, int | float) else clean_text(str(value))


def _csv(rows: Iterable[Any]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()

"""Parquet: sizes from the metadata first, then every value as text."""

import io
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sop.core.errors import BadInput
from sop.core.format import number
from sop.files.readers.limits import MEGABYTE, Limits, too_large

_THRIFT_BYTES = 20 * MEGABYTE


def read_parquet(data: bytes, name: str, limits: Limits) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(text cells, which columns are numbers). Raises BadInput when damaged, nested or too large."""
    try:
        file = _open(data)
        _require_size(file, name, limits)
        texts = [field.name for field in file.schema_arrow if field.type in (pa.string(), pa.large_string())]
        table = _open(data, read_dictionary=texts).read(use_threads=False)
        columns = {field.name: _texts(table.column(field.name), name, limits) for field in table.schema}
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        raise BadInput(f"the Parquet file is damaged ({error})", where=name, remedy="Write it again") from error
    frame = pd.DataFrame(columns, dtype=object, index=range(table.num_rows), copy=False)
    numbers = {
        field.name
        for field in table.schema
        if pa.types.is_integer(field.type) or pa.types.is_floating(field.type) or pa.types.is_decimal(field.type)
    }
    numeric = {name: np.full(table.num_rows, name in numbers) for name in table.schema.names}
    return frame, pd.DataFrame(numeric, copy=False)


def _open(data: bytes, **options: Any) -> pq.ParquetFile:
    return pq.ParquetFile(
        io.BytesIO(data),
        thrift_string_size_limit=_THRIFT_BYTES,
        thrift_container_size_limit=1_000_000,
        **options,
    )


def _require_size(file: pq.ParquetFile, name: str, limits: Limits) -> None:
    meta = file.metadata
    limits.require_shape(meta.num_rows, meta.num_columns, name)
    unpacked = sum(meta.row_group(i).total_byte_size for i in range(meta.num_row_groups))
    if unpacked > limits.zip.total_bytes:
        what = f"the table unpacks to {number(unpacked / MEGABYTE)} MB"
        raise too_large(name, what, f"{number(limits.zip.total_bytes / MEGABYTE)} MB")
    names = file.schema_arrow.names
    if len(set(names)) < len(names):
        raise BadInput("two columns have the same name", where=name, remedy="Give every column its own name")
    for field in file.schema_arrow:
        if pa.types.is_nested(field.type) or pa.types.is_binary(field.type):
            raise BadInput(
                f"the column '{field.name}' holds {field.type}, not single values",
                where=name,
                remedy="Write one value per cell",
            )


def _texts(column: pa.ChunkedArray, name: str, limits: Limits) -> np.ndarray:
    """The column's values as text; each distinct value is turned into text once."""
    encoded = column.combine_chunks()
    if not pa.types.is_dictionary(encoded.type):
        encoded = encoded.dictionary_encode()
    encoded = encoded.chunk(0) if isinstance(encoded, pa.ChunkedArray) else encoded
    encoded.validate(full=True)
    texts = [_text(value, name, limits) for value in encoded.dictionary.to_pylist()]
    distinct = np.array([*texts, None], dtype=object)
    return distinct[encoded.indices.cast(pa.int32()).fill_null(len(texts)).to_numpy(zero_copy_only=False)]


def _text(value: Any, name: str, limits: Limits) -> str | None:
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, str) and len(value) > limits.cell_characters:
        raise too_large(name, f"a cell has {number(len(value))} characters", number(limits.cell_characters))
    text = str(value).strip().removesuffix(" 00:00:00")
    return text or None

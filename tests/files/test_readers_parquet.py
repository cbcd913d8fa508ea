"""Parquet: values as text, and sizes judged before anything is unpacked."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sop.core.errors import BadInput
from sop.files.archive import ArchiveLimits
from sop.files.readers import Limits, read_file


def _bytes(columns: dict[str, object]) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer)
    return buffer.getvalue()


def test_values_become_the_text_they_stand_for() -> None:
    raw = read_file(
        _bytes(
            {
                "product": ["00123", "1E5"],
                "quantity": [5, None],
                "price": [1.5, 2.0],
                "cost": pa.array([Decimal("1.10"), Decimal("2.25")]),
                "day": [date(2026, 12, 1), None],
            }
        ),
        "p.parquet",
    )
    assert raw.kind == "parquet"
    assert raw.frame["product"].tolist() == ["00123", "1E5"]
    assert raw.frame["quantity"].tolist() == ["5", None]
    assert raw.frame["price"].tolist() == ["1.5", "2"]
    assert raw.frame["cost"].tolist() == ["1.10", "2.25"]
    assert raw.frame["day"].tolist() == ["2026-12-01", None]
    assert raw.typed is not None
    assert raw.typed.iloc[0].tolist() == [False, True, True, True, False]


def test_a_timestamp_at_midnight_is_a_date() -> None:
    frame = pd.DataFrame({"month": pd.to_datetime(["2026-12-01"]), "b": [1]})
    buffer = io.BytesIO()
    frame.to_parquet(buffer)
    assert read_file(buffer.getvalue(), "p.parquet").frame["month"].tolist() == ["2026-12-01"]


def test_too_many_rows_are_refused_by_the_metadata() -> None:
    with pytest.raises(BadInput, match="more than 10 rows"):
        read_file(_bytes({"a": list(range(11))}), "p.parquet", limits=Limits(rows=10))


def test_a_table_that_unpacks_too_large_is_refused() -> None:
    data = _bytes({"a": ["x" * 1000 + str(i) for i in range(1000)]})
    with pytest.raises(BadInput, match="unpacks to"):
        read_file(data, "p.parquet", limits=Limits(zip=ArchiveLimits(total_bytes=100_000)))


def test_a_long_repeated_text_does_not_multiply_in_memory() -> None:
    data = _bytes({"a": pa.DictionaryArray.from_arrays(pa.array([0] * 100_000), pa.array(["x" * 9_000]))})
    frame = read_file(data, "p.parquet").frame
    assert len({id(text) for text in frame["a"]}) == 1


def test_nested_columns_are_refused() -> None:
    with pytest.raises(BadInput, match="single values"):
        read_file(_bytes({"a": [[1, 2], [3]]}), "p.parquet")


def test_a_damaged_file_is_refused_in_words() -> None:
    data = _bytes({"a": [1, 2, 3]})
    for broken in (data[:-10], data[:20] + b"PAR1", b"PAR1" + b"\xff" * 40 + b"PAR1"):
        with pytest.raises(BadInput, match="damaged"):
            read_file(broken, "p.parquet")

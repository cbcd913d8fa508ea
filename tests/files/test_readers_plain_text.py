"""Text read by columns and row by row: the same table, the same findings."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.core.errors import BadInput
from sop.files.readers import Limits, plain_text, read_file
from sop.intake.subject import RawTable

WANTED = ("month", "product", "region", "quantity")
HEADER = "month,product,region,quantity\n"
CELL = st.sampled_from(
    [
        "",
        " ",
        "a",
        " b ",
        "Köln",
        '"x,y"',
        '""',
        '"',
        'q"r',
        '" z "',
        "1.5",
        "#N/A",
        "Total",
        "\u2028",
        "a\tb",
        "\x0c",
    ]
)
LINE = st.one_of(
    st.lists(CELL, min_size=4, max_size=4).map(",".join),
    st.lists(CELL, min_size=1, max_size=5).map(",".join),
    st.sampled_from(
        ["", ",,,", "month,product,region,quantity", "Printed by me,,,", "2026-01,P,R,5\r", '"a\nb",,,1']
    ),
)
FULL = "2026-01,P-1,North,5\n"


def _both(text: str) -> tuple[RawTable, RawTable | None]:
    """The table read row by row, and by columns where it can be."""
    return _read(text, 10**9), None if _by_column(text) is None else _read(text, 1)


def _by_column(text: str) -> plain_text.Plain | None:
    return plain_text.read_plain(text, ",", "f.csv", WANTED, Limits())


def _read(text: str, least: int) -> RawTable:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain_text, "_LEAST_ROWS", least)
        return read_file(text.encode(), "f.csv", wanted=WANTED)


def _same(one: RawTable, other: RawTable) -> bool:
    frames = [table.frame.astype(object).where(table.frame.notna(), None) for table in (one, other)]
    return (
        frames[0].equals(frames[1])
        and list(one.lines) == list(other.lines)
        and one.findings == other.findings
        and one.delimiter == other.delimiter
    )


@settings(max_examples=150, deadline=None)
@given(st.lists(LINE, max_size=6), st.booleans(), st.booleans(), st.integers(0, 240))
def test_a_text_reads_alike_by_columns_and_by_rows(odd: list[str], ends: bool, returns: bool, place: int) -> None:
    lines = [FULL[:-1]] * 240
    lines[place:place] = odd
    text = (HEADER + "\n".join(lines)) + ("\n" if ends else "")
    text = text.replace("\r\n", "\n").replace("\n", "\r\n") if returns else text
    try:
        by_row, by_column = _both(text)
    except BadInput:
        assert _by_column(text) is None
    else:
        assert by_column is None or _same(by_row, by_column)


@pytest.mark.parametrize("quoted", [False, True])
def test_an_ordinary_export_is_read_by_columns(quoted: bool) -> None:
    cells = [
        f'"{cell}"' if quoted else cell for cell in ("2026-01", "P-1", "North, inner" if quoted else "North", "5")
    ]
    by_row, by_column = _both(HEADER + f"{','.join(cells)}\n" * 250)
    assert by_column is not None and _same(by_row, by_column)
    assert isinstance(by_column.lines, range)
    assert len({id(cell) for cell in by_column.frame["product"]}) == 1


@pytest.mark.parametrize(
    "odd",
    ["Title\n", "\n", ",,,\n", HEADER, 'a"b,,,1\n', '"open,,,\n', "1,2,3\n", "1,2,3,4,5\n", "x" * 9**5 + ",,,\n"],
)  # fmt: skip
def test_whatever_is_odd_is_read_row_by_row(odd: str) -> None:
    text = HEADER + FULL * 200 + odd + FULL * 50
    assert _by_column(text) is None


def test_a_line_below_the_table_is_read_row_by_row() -> None:
    text = HEADER + FULL * 250 + "Printed by J. Smith,,,\n"
    assert _by_column(text) is None
    assert pd.notna(_read(text, 1).frame["quantity"]).all()

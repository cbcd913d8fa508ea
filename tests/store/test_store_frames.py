"""The canonical text of a contract table and its digest."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.core.errors import BadInput, NotFound
from sop.store.frames import canonical_parts, frame_sha256, from_parquet, to_parquet


def test_the_canonical_text_follows_the_contract_and_sorts_by_key() -> None:
    frame = pd.DataFrame(
        {
            "quantity": [5.0, 12.5],
            "region": ["West", "East"],
            "product": ["00123", "00123"],
            "month": ["2026-11", "2026-11"],
            "revenue": [50.0, np.nan],
            "_line": [2, 3],
        }
    )
    assert "".join(canonical_parts("sales_actuals", frame)) == (
        "month,product,region,quantity,revenue\n2026-11,00123,East,12.5,\n2026-11,00123,West,5,50\n"
    )


def test_an_identifier_keeps_its_text() -> None:
    one = pd.DataFrame({"product": ["00123"], "name": ["x"], "family": ["F"]})
    other = pd.DataFrame({"product": ["123"], "name": ["x"], "family": ["F"]})
    assert frame_sha256("products", one) != frame_sha256("products", other)


def test_an_empty_optional_column_and_where_rows_came_from_do_not_count() -> None:
    bare = pd.DataFrame({"product": ["A"], "name": ["x"], "family": ["F"]})
    same = bare.assign(price=[None], unit=[""], _file=["p.csv"], _line=[7])
    assert frame_sha256("products", bare) == frame_sha256("products", same)


def test_missing_is_not_zero() -> None:
    missing = pd.DataFrame({"product": ["A"], "name": ["x"], "family": ["F"], "price": [np.nan]})
    assert frame_sha256("products", missing) != frame_sha256("products", missing.fillna({"price": 0.0}))


def test_a_cell_with_comma_quote_and_line_break_cannot_pass_for_two_cells() -> None:
    one = pd.DataFrame({"product": ["A"], "name": ['x,"y"\nz'], "family": ["F"]})
    assert "".join(canonical_parts("products", one)).splitlines()[1] == 'A,"x,""y""'


def test_a_column_outside_the_contract_is_refused() -> None:
    with pytest.raises(BadInput, match="colour"):
        frame_sha256("products", pd.DataFrame({"product": ["A"], "colour": ["red"]}))


def test_a_table_outside_the_contract_is_refused() -> None:
    with pytest.raises(NotFound, match="no table 'prices'"):
        frame_sha256("prices", pd.DataFrame())


def test_parquet_gives_back_text_numbers_and_gaps_as_they_were() -> None:
    frame = pd.DataFrame({"product": ["00123", None], "price": [1.25, np.nan], "_line": [2, 3]})
    pd.testing.assert_frame_equal(from_parquet(to_parquet(frame)), frame)


_ROWS = st.lists(
    st.tuples(st.sampled_from(["A", "B", "É"]), st.floats(allow_nan=False, allow_infinity=False)),
    min_size=1,
    max_size=6,
)


@given(rows=_ROWS, order=st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=60)
def test_the_order_of_rows_and_columns_never_changes_the_digest(rows: list, order) -> None:
    frame = pd.DataFrame(rows, columns=["product", "price"]).assign(name="x", family="F")
    columns = list(frame.columns)
    order.shuffle(columns)
    shuffled = frame.sample(frac=1, random_state=order.randint(0, 9))[columns]
    assert frame_sha256("products", frame) == frame_sha256("products", shuffled)


@given(rows=_ROWS, change=st.floats(0.001, 1e6))
@settings(deadline=None, max_examples=60)
def test_another_price_is_another_digest(rows: list, change: float) -> None:
    frame = pd.DataFrame(rows, columns=["product", "price"]).assign(name="x", family="F")
    other = frame.copy()
    other.loc[0, "price"] = change if other.loc[0, "price"] != change else -change
    assert frame_sha256("products", frame) != frame_sha256("products", other)

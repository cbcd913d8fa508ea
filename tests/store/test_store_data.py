"""Importing, undoing and reading back contract tables."""

import contextlib

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sop.core.errors import NotFound
from sop.store import Store, data
from sop.store.transaction import Transaction


def products(price: float) -> pd.DataFrame:
    return pd.DataFrame(
        {"product": ["00123", "B"], "name": ["x", "y"], "family": ["F", "F"], "price": [price, 2.0]}
    ).assign(_file="products.csv", _line=[2, 3])


def store_products(tx: Transaction, price: float) -> data.Stored:
    return data.add_table(tx, "products", products(price), file_name="products.csv", file_sha256=f"f{price}")


def current_price(store: Store) -> float | None:
    with store.read() as tx:
        frame = data.read_current_tables(tx).get("products")
    return None if frame is None else float(frame["price"][0])


def test_a_stored_table_comes_back_with_its_types_and_source_lines(store: Store) -> None:
    with store.write() as tx:
        store_products(tx, 1.5)
    with store.read() as tx:
        pd.testing.assert_frame_equal(data.read_current_tables(tx)["products"], products(1.5))


def test_a_version_says_who_imported_which_file_when_and_what_was_found(store: Store) -> None:
    finding = {"level": "warning", "rule": "negative_sales", "count": 3}
    with store.write(by="jana", role="coordinator") as tx:
        data.add_table(
            tx,
            "products",
            products(1.5),
            file_name="products.csv",
            file_sha256="abc",
            mode="add",
            findings=[finding],
            cycle="2026-12",
        )
        at = tx.at
    with store.read() as tx:
        version = data.read_heads(tx)["products"]
    assert (version.by, version.imported_at, version.file_name, version.file_sha256) == (
        "jana",
        at,
        "products.csv",
        "abc",
    )
    assert (version.row_count, version.mode, version.cycle, version.findings) == (2, "add", "2026-12", [finding])


def test_the_same_content_again_changes_nothing_and_says_so(store: Store) -> None:
    with store.write() as tx:
        first = store_products(tx, 1.5)
    with store.write() as tx:
        frame = products(1.5)[::-1]
        again = data.add_table(tx, "products", frame, file_name="renamed.csv", file_sha256="other")
    assert (first.changed, again.changed) == (True, False)
    assert again.version == first.version
    with store.write() as tx:
        assert data.undo_import(tx, "products") is None


def test_undo_goes_back_one_import_at_a_time_until_the_table_is_empty(store: Store) -> None:
    for price in (1.0, 2.0, 3.0):
        with store.write() as tx:
            store_products(tx, price)
    prices = []
    for _ in range(3):
        with store.write() as tx:
            data.undo_import(tx, "products")
        prices.append(current_price(store))
    assert prices == [2.0, 1.0, None]


def test_an_import_after_an_undo_is_undone_to_what_stood_before_it(store: Store) -> None:
    with store.write() as tx:
        store_products(tx, 1.0)
        store_products(tx, 2.0)
        data.undo_import(tx, "products")
        store_products(tx, 3.0)
        back = data.undo_import(tx, "products")
    assert back is not None
    assert current_price(store) == 1.0


def test_undo_without_an_import_is_refused(store: Store) -> None:
    with store.write() as tx, pytest.raises(NotFound, match="no import to undo"):
        data.undo_import(tx, "products")


def test_an_undone_import_stays_readable_by_its_digest(store: Store) -> None:
    with store.write() as tx:
        store_products(tx, 1.0)
        signed_on = store_products(tx, 2.0).version.sha256
        data.undo_import(tx, "products")
    with store.read() as tx:
        frame = data.read_tables_by_sha256(tx, {"products": signed_on})["products"]
    assert frame["price"][0] == 2.0


def test_a_digest_that_was_never_stored_is_named(store: Store) -> None:
    with store.read() as tx, pytest.raises(NotFound, match="products was never stored"):
        data.read_tables_by_sha256(tx, {"products": "0" * 64})


def test_versions_are_listed_newest_first_without_other_tables(store: Store) -> None:
    regions = pd.DataFrame({"plant": ["Brno"]})
    with store.write() as tx:
        store_products(tx, 1.0)
        data.add_table(tx, "plants", regions, file_name="plants.csv", file_sha256="p")
        store_products(tx, 2.0)
    with store.read() as tx:
        versions = data.read_versions(tx, "products")
        assert [data.read_frame(tx, version.id)["price"][0] for version in versions] == [2.0, 1.0]


@given(acts=st.lists(st.sampled_from([1.0, 2.0, 3.0, "undo"]), max_size=8))
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_of_imports_and_undos_leaves_what_a_pile_of_sheets_would(store: Store, acts: list) -> None:
    pile: list[float] = []
    with contextlib.suppress(Rollback), store.write() as tx:
        for act in acts:
            if act != "undo":
                store_products(tx, act)
                # The same content again is no import.
                pile += [act] if pile[-1:] != [act] else []
            elif pile:
                data.undo_import(tx, "products")
                pile.pop()
        frames = data.read_current_tables(tx)
        assert [frames["products"]["price"][0]] == pile[-1:] if pile else frames == {}
        raise Rollback


class Rollback(Exception):
    """Ends an example without keeping it."""

"""What is fetched from folders, object stores and databases, and what is refused in one sentence."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from sop.core.errors import BadInput
from sop.files.readers import read_bytes, read_file
from sop.intake.sources import DataSource
from sop.sources.fetch import fetch_all, fetch_source
from sop.sources.places import Connection, Places
from tests.sources.foreign import PRODUCTS, QUERY, fill_server, fill_sqlite, run_on

FILE = DataSource("Products", "products", "file", "erp", "products_*.csv", "jana")
ASKED = DataSource("ERP sales", "sales_actuals", "query", "dwh", QUERY, "jana")
MONTH = "2026-03"
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "erp"
    place.mkdir()
    return place


def _file(folder: Path, pattern: str = FILE.what, month: str = MONTH) -> bytes:
    found = fetch_source(replace(FILE, what=pattern), Places({"erp": str(folder)}), month)
    return read_bytes(found.content, name=found.name) if isinstance(found.content, Path) else found.content


def test_the_one_file_that_a_pattern_names_is_read(folder: Path) -> None:
    (folder / "products_2026-03.csv").write_text(PRODUCTS)
    (folder / "other.csv").write_text("x")
    (folder / "~$products_2026-03.csv").write_text("a lock")
    assert _file(folder) == PRODUCTS.encode() == _file(folder, "products_{month}.csv")
    with pytest.raises(BadInput, match=r"no file is named products_2026-04\.csv"):
        _file(folder, "products_{month}.csv", "2026-04")


def test_two_files_none_and_a_folder_that_is_gone_are_one_sentence_each(folder: Path) -> None:
    with pytest.raises(BadInput, match="Products: no file is named products"):
        _file(folder)
    for month in ("02", "03"):
        (folder / f"products_2026-{month}.csv").write_text(PRODUCTS)
    with pytest.raises(BadInput, match="names 2 files, such as products_2026-02"):
        _file(folder)
    with pytest.raises(BadInput, match="its folder cannot be read, because no such file") as refused:
        _file(folder / "gone")
    assert str(folder) not in str(refused.value)


def test_a_link_out_of_the_folder_is_refused_and_one_within_is_read(folder: Path) -> None:
    (folder.parent / "secret.csv").write_text("key\n1\n")
    (folder / "products_a.csv").symlink_to(folder.parent / "secret.csv")
    with pytest.raises(BadInput, match="is a link out of its folder"):
        _file(folder)
    (folder / "sub").symlink_to(folder.parent)
    with pytest.raises(BadInput, match="is a link out of its folder"):
        _file(folder, "sub/secret.csv")
    (folder / "now.csv").write_text(PRODUCTS)
    (folder / "latest.csv").symlink_to(folder / "now.csv")
    assert _file(folder, "latest.csv") == PRODUCTS.encode()


def test_folders_pipes_and_links_to_nowhere_are_refused(folder: Path) -> None:
    (folder / "products_a.csv").mkdir()
    with pytest.raises(BadInput, match="this is a folder"):
        _file(folder)
    (folder / "products_a.csv").rmdir()
    os.mkfifo(folder / "products_a.csv")
    with pytest.raises(BadInput, match="this is a pipe"):
        _file(folder)
    (folder / "products_a.csv").unlink()
    (folder / "products_a.csv").symlink_to(folder / "nothing")
    with pytest.raises(BadInput, match="no file is named"):
        _file(folder)


def test_a_place_that_is_not_allowed_is_not_looked_at(folder: Path) -> None:
    with pytest.raises(BadInput, match="no folder 'erp' that may be read"):
        fetch_source(FILE, Places({"other": str(folder)}), MONTH)


# -- an object store: here a zip archive, which the same library reads


def _zipped(folder: Path, **files: str) -> str:
    with zipfile.ZipFile(folder / "store.zip", "w") as archive:
        for name, content in files.items():
            archive.writestr(f"{name}.csv", content)
    return f"zip://::{folder / 'store.zip'}"


def _remote(address: str, pattern: str) -> bytes:
    found = fetch_source(replace(FILE, what=pattern), Places({"erp": address}), MONTH)
    assert isinstance(found.content, bytes)
    return found.content


def test_a_file_of_an_object_store_is_read(folder: Path) -> None:
    address = _zipped(folder, products_1=PRODUCTS, other="x")
    assert _remote(address, "products_*.csv") == PRODUCTS.encode() == _remote(address, "products_1.csv")
    with pytest.raises(BadInput, match="Products: no file has that name"):
        _remote(address, "nothing_*.csv")
    with pytest.raises(BadInput, match="no file has that name"):
        _remote(address, "nothing.csv")


def test_an_object_store_with_two_files_or_that_is_not_there_is_one_sentence(folder: Path) -> None:
    with pytest.raises(BadInput, match="names 2 files: a1"):
        _remote(_zipped(folder, a1="x", a2="y"), "a*.csv")
    with pytest.raises(BadInput, match="it cannot be read"):
        _remote(f"zip://::{folder / 'none.zip'}", "a*.csv")
    with pytest.raises(BadInput, match=r"cannot be read|not installed"):
        _remote("nostore://bucket", "a*.csv")


# -- databases


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.database)])
def connection(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch) -> Iterator[Connection]:
    """A database with sales, of each kind."""
    monkeypatch.setenv("SOURCE_USER", "postgres")
    if request.param == "sqlite":
        yield Connection("dwh", fill_sqlite(tmp_path / "erp.db"), seconds=60)
        return
    from tests.conftest import new_database

    with new_database(request.getfixturevalue("postgres_server")) as url:
        yield Connection("dwh", fill_server(url), user_from="SOURCE_USER", seconds=60)


def _ask(connection: Connection, query: str) -> list[dict[str, str | None]]:
    found = fetch_source(replace(ASKED, what=query), Places(connections={"dwh": connection}), MONTH)
    assert isinstance(found.content, bytes)
    return read_file(found.content, found.name).frame.to_dict("records")


def test_a_query_gives_its_rows_as_text(connection: Connection) -> None:
    rows = _ask(connection, QUERY + " ORDER BY month;")
    assert rows[0].pop("revenue") in ("50.5", "50.50")
    assert rows[0] == {"month": "2026-02", "product": "P-1", "region": "North", "quantity": "5"}
    assert _ask(connection, "SELECT '00123' AS product, NULL AS name, 'a%b:c' AS family") == [
        {"product": "00123", "name": None, "family": "a%b:c"}
    ]


def test_figures_of_more_than_one_type_are_read_as_they_stand(connection: Connection) -> None:
    rows = _ask(connection, "SELECT 1 AS q UNION ALL SELECT 2.5 UNION ALL SELECT NULL ORDER BY 1")
    assert {row["q"] and float(row["q"]) for row in rows} == {1.0, 2.5, None}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT * FROM sales WHERE 1 = 0", "ERP sales: the query returns no rows"),
        ("SELECT * FROM nothing", "ERP sales: it cannot be read .*nothing"),
        ("SELECT FROM", "it cannot be read|no columns"),
        (f"{ENDLESS} SELECT i FROM n", "more than|memory|answer"),
        (f"{ENDLESS} SELECT max(i) FROM n", "within|cannot be"),
    ],
)  # fmt: skip
def test_what_returns_nothing_too_much_or_hangs_is_one_sentence(
    connection: Connection, query: str, said: str
) -> None:
    with pytest.raises(BadInput, match=said):
        _ask(replace(connection, rows=50_000, seconds=5 if "max(i)" in query else 60), query)


def test_too_many_rows_are_refused_with_the_limit(connection: Connection) -> None:
    with pytest.raises(BadInput, match="returns more than 1 rows"):
        _ask(replace(connection, rows=1), QUERY)


def test_credentials_that_are_gone_or_wrong_are_one_sentence(connection: Connection, monkeypatch) -> None:
    gone = replace(connection, password_from="SOURCE_PASSWORD")
    with pytest.raises(BadInput, match="does not hold SOURCE_PASSWORD"):
        _ask(gone, QUERY)


def test_a_server_that_is_not_there_is_one_sentence_without_the_password(monkeypatch) -> None:
    monkeypatch.setenv("SOURCE_PASSWORD", "geheim")
    away = Connection("dwh", "postgresql://127.0.0.1:9/geheim", "", "SOURCE_PASSWORD", seconds=60)
    with pytest.raises(BadInput, match="ERP sales: it cannot be read") as refused:
        _ask(away, QUERY)
    assert "geheim" not in str(refused.value)


def test_a_driver_that_is_not_installed_is_named() -> None:
    with pytest.raises(BadInput, match="no driver for nodatabase"):
        _ask(Connection("dwh", "nodatabase+nodriver://h/db", seconds=30), QUERY)


def test_the_database_itself_refuses_to_be_written(connection: Connection) -> None:
    """Beneath the check of words: SQLite is opened to be read, PostgreSQL reads in its own transaction."""
    calls = "SELECT setval('counter', 5) AS month" if "postgresql" in connection.url else QUERY
    if "postgresql" in connection.url:
        run_on(
            make_url(connection.url).set(drivername="postgresql+psycopg", username="postgres"),
            "CREATE SEQUENCE counter",
        )
        with pytest.raises(BadInput, match="read-only transaction"):
            _ask(connection, calls)
    else:
        with pytest.raises(BadInput, match="not authorized"):
            _ask(connection, "SELECT load_extension('x') AS month FROM sales")


def test_one_source_that_hangs_does_not_hold_up_the_others(connection: Connection, folder: Path) -> None:
    (folder / "products_1.csv").write_text(PRODUCTS)
    places = Places({"erp": str(folder)}, {"dwh": replace(connection, seconds=4)})
    hung, found = fetch_all([replace(ASKED, what=f"{ENDLESS} SELECT max(i) AS i FROM n"), FILE], places, MONTH)
    assert isinstance(hung, BadInput) and not isinstance(found, BadInput)

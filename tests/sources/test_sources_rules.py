"""What a source may be: patterns that stay in their folder, queries that only read, places of the operator."""

from __future__ import annotations

from pathlib import Path

import pytest

from sop.core.errors import BadInput, SetupError
from sop.intake.sources import DataSource, pattern_for, require_pattern, require_select, require_source
from sop.sources.places import Connection, credential, read_places


@pytest.mark.parametrize(
    "pattern", ["sales_*.csv", "2026/sales.parquet", "sales_{month}.csv", "Umsatz 2026?.xlsx"]
)
def test_patterns_within_a_folder(pattern: str) -> None:
    require_pattern(pattern)


@pytest.mark.parametrize(
    "pattern",
    ["", " ", "/etc/passwd", "../x.csv", "a/../../x.csv", "**/x.csv", "C:\\x.csv", "s3://b/x.csv", "a::b.csv",
     "./x.csv", "x\n.csv", "a//b.csv", "{year}.csv"],
)  # fmt: skip
def test_patterns_that_lead_elsewhere_are_refused(pattern: str) -> None:
    with pytest.raises(BadInput, match="no file pattern"):
        require_pattern(pattern)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM sales",
        "select month, 'insert; drop' AS note from sales;",
        'WITH s AS (SELECT 1 AS a) SELECT a AS "delete" FROM s',
        "SELECT a -- update later\nFROM sales /* drop */",
        "SELECT created, updated_at, into_stock FROM sales WHERE name LIKE '%it''s%'",
    ],
)
def test_queries_that_read(query: str) -> None:
    require_select(query)


@pytest.mark.parametrize(
    "query",
    [
        "", "DROP TABLE sales", "SELECT 1; DELETE FROM sales", "INSERT INTO sales VALUES (1)",
        "PRAGMA query_only = 0",
        "WITH x AS (DELETE FROM sales RETURNING *) SELECT * FROM x", "SELECT * INTO other FROM sales",
        "COPY sales TO PROGRAM 'sh'", "ATTACH 'x' AS y", "SELECT 1 /*! ; DROP TABLE sales */", "SELECT 'open",
        "EXPLAIN SELECT 1", "SELECT * FROM sales FOR UPDATE", "select 1 commit drop table sales",
    ],
)  # fmt: skip
def test_queries_that_do_more_are_refused(query: str) -> None:
    with pytest.raises(BadInput, match="query"):
        require_select(query)


def test_a_pattern_may_name_the_last_closed_month() -> None:
    source = DataSource("Sales", "sales_actuals", "file", "erp", "sales_{month}.csv", "jana")
    assert pattern_for(source, "2026-11") == "sales_2026-11.csv"


@pytest.mark.parametrize("name", ["", "../x", "a\nb", "x" * 121, "<b>"])
def test_a_source_has_a_name(name: str) -> None:
    with pytest.raises(BadInput):
        require_source(DataSource(name, "products", "file", "erp", "p.csv", "jana"))


def _write(folder: Path, text: str) -> Path:
    path = folder / "sources.toml"
    path.write_text(text)
    return path


def test_places_are_what_the_operator_wrote(tmp_path: Path) -> None:
    places = read_places(
        _write(tmp_path, '[folders]\nerp = "/srv/erp"\n[connections.dwh]\nurl = "postgresql://h/db"\nrows = 5\n')
    )
    assert places.require("file", "erp") == "/srv/erp"
    assert places.require("query", "dwh") == Connection("dwh", "postgresql://h/db", rows=5)
    with pytest.raises(BadInput, match="Those are: erp"):
        places.require("file", "/srv/erp")
    with pytest.raises(BadInput, match="Those are: dwh"):
        places.require("query", "sqlite:////etc/x.db")


def test_nothing_may_be_read_where_the_operator_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOP_SOURCES", raising=False)
    with pytest.raises(BadInput, match="none yet"):
        read_places().require("file", "erp")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[folders", "cannot be read"),
        ('[connections.x]\nurl = "postgresql://u:geheim@h/db"\n', "holds a password"),
        ('[folders]\nx = "ftp://u:geheim@h/db"\n', "holds a password"),
        ('[connections.x]\nurl = "postgresql://h/db"\npassword = "geheim"\n', "cannot be read"),
        ("[connections.x]\nseconds = 3\n", "cannot be read"),
        ('[connections.x]\nurl = "sqlite:////x"\nseconds = 0\n', "cannot be read"),
        ("[folders]\nx = 3\n", "no address"),
    ],
)
def test_what_the_operator_wrote_wrong_is_one_sentence_without_the_password(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(SetupError, match=said) as refused:
        read_places(_write(tmp_path, text))
    assert "geheim" not in str(refused.value)


def test_credentials_that_are_gone_name_their_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    connection = Connection("dwh", "postgresql://h/db", password_from="DWH_PASSWORD")
    monkeypatch.setenv("DWH_PASSWORD", "geheim")
    assert credential(connection, connection.password_from) == "geheim"
    monkeypatch.delenv("DWH_PASSWORD")
    with pytest.raises(BadInput, match="does not hold DWH_PASSWORD"):
        credential(connection, connection.password_from)

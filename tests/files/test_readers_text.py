"""CSV: encodings, delimiters, quotes, title rows and identifiers."""

from __future__ import annotations

import pytest

from sop.core.errors import BadInput
from sop.files.readers import Limits, read_file


def _rules(raw: object) -> list[tuple[str, str]]:
    return [(finding.level, finding.rule) for finding in raw.findings]  # type: ignore[attr-defined]


def test_identifiers_keep_their_text() -> None:
    raw = read_file(b"product,name\n00123,A\n1E5,B\nMAR-1,C\n1.10,D\nNULL,E\n", "p.csv")
    assert list(raw.frame["product"]) == ["00123", "1E5", "MAR-1", "1.10", "NULL"]
    assert raw.lines == (2, 3, 4, 5, 6)


def test_an_empty_cell_is_missing_and_spaces_around_are_not_part_of_a_text() -> None:
    raw = read_file(b"a,b\n  x ,\n", "p.csv")
    assert raw.frame.iloc[0].tolist() == ["x", None]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(mark: str) -> None:
    text = "\n".join(mark.join(row) for row in (["a", "b", "c"], ["1,5", "x", "y"], ["2,5", "z", "w"]))
    text = text.replace("1,5", '"1,5"').replace("2,5", '"2,5"')
    raw = read_file(text.encode(), "p.csv")
    assert raw.columns == ("a", "b", "c")
    assert raw.frame["a"].tolist() == ["1,5", "2,5"]


def test_unquoted_decimal_commas_do_not_hide_a_semicolon() -> None:
    raw = read_file(b"product;price;cost\nA;1,50;0,75\nB;2,50;1,25\n", "p.csv")
    assert raw.delimiter == ";"
    assert raw.frame["price"].tolist() == ["1,50", "2,50"]


def test_excels_sep_line_names_the_delimiter() -> None:
    raw = read_file(b"sep=|\na|b\n1|2\n", "p.csv")
    assert (raw.columns, raw.lines) == (("a", "b"), (3,))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_is_read_without_a_question(encoding: str) -> None:
    raw = read_file("name,b\nKočí,1\n".encode(encoding), "p.csv")
    assert raw.frame["name"].tolist() == ["Kočí"]
    assert raw.findings == ()


def test_bytes_that_are_not_utf8_are_asked_about_with_the_line_that_shows_it() -> None:
    raw = read_file("name,b\nplain,1\nGröße,2\n".encode("cp1252"), "p.csv")
    (question,) = raw.findings
    assert (question.level, question.rule, question.line, question.value) == ("question", "encoding", 3, "Größe,2")


def test_an_answered_encoding_is_used() -> None:
    raw = read_file("name,b\nKočí,1\n".encode("cp1250"), "p.csv", encoding="cp1250")
    assert (raw.frame["name"].tolist(), raw.findings) == (["Kočí"], ())


def test_an_unknown_encoding_is_refused() -> None:
    with pytest.raises(BadInput, match="no known encoding"):
        read_file(b"\xff\xe1a,b\n", "p.csv", encoding="klingon")


def test_rows_above_the_header_are_named_and_left_out() -> None:
    raw = read_file(b"Sales report\n\nmonth,product\n2026-01,A\n", "p.csv")
    assert (raw.columns, raw.lines) == (("month", "product"), (4,))
    assert _rules(raw) == [("warning", "title_rows")]
    assert raw.findings[0].value == "Sales report"


def test_a_row_with_more_cells_than_the_header_is_an_error_on_its_line() -> None:
    raw = read_file(b"month,quantity\n2026-01,1\n2026-02,1,5\n", "p.csv")
    assert [(f.level, f.rule, f.line) for f in raw.findings] == [("error", "ragged_row", 3)]


def test_a_doubled_header_and_an_unnamed_column_are_errors() -> None:
    raw = read_file(b"a,a,,b\n1,2,3,4\n", "p.csv")
    assert sorted(_rules(raw)) == [("error", "doubled_header"), ("error", "unnamed_column")]
    assert raw.columns == ("a", "b")


def test_a_quoted_line_break_keeps_the_lines_right() -> None:
    raw = read_file(b'a,b\n"two\nlines",1\nx,2\n', "p.csv")
    assert raw.lines == (2, 4)


def test_an_open_quote_is_refused_with_its_line() -> None:
    with pytest.raises(BadInput, match="line 3"):
        read_file(b'a,b\n1,2\n"open,3\n4,5\n', "p.csv")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"%PDF-1.7", "PDF"),
        (b"\x1f\x8b\x08", "compressed"),
        (b"<html><table></table></html>", "web page"),
        (b'{"a": 1}', "JSON"),
        (b"a,b\n1,\x00\x00\x002\n", "not a text file"),
    ],
)
def test_what_is_no_table_is_refused_in_words(data: bytes, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        read_file(data, "upload.csv")


def test_the_type_is_known_by_bytes_not_by_name() -> None:
    raw = read_file(b"a,b\n1,2\n", "table.xlsx")
    assert raw.kind == "csv"
    assert _rules(raw) == [("note", "file_type")]


def test_limits_on_bytes_rows_columns_and_cells_are_kept() -> None:
    data = b"a,b\n" + b"1,2\n" * 50
    for limits in (Limits(file_bytes=100), Limits(rows=10), Limits(columns=1), Limits(cells=60)):
        with pytest.raises(BadInput, match="at most"):
            read_file(data, "p.csv", limits=limits)


def test_a_cell_of_a_megabyte_is_refused() -> None:
    with pytest.raises(BadInput, match="line 2"):
        read_file(b"a,b\n" + b"x" * 100_000 + b",2\n", "p.csv")


def test_a_missing_file_is_refused_in_words() -> None:
    with pytest.raises(BadInput, match="no such file"):
        read_file("/nowhere/sales.csv")

"""Templates and imports on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from sop.core.tables import TABLES
from tests.cli.small import FIRST_OPEN, PRODUCTS, Command, sales_csv, stored_rows
from tests.disks import fill, small_disk


@pytest.fixture
def ready(accord: Command, tmp_path: Path) -> Command:
    """A workspace with the two products and no sales."""
    (tmp_path / "products.csv").write_text(PRODUCTS)
    assert accord("init", "--cycle", FIRST_OPEN).code == 0
    assert accord("import", "products", tmp_path / "products.csv").code == 0
    return accord


@pytest.mark.parametrize("table", [spec.name for spec in TABLES])
def test_a_template_explains_every_column(accord: Command, table: str) -> None:
    shown = accord("template", table)
    columns = next(spec for spec in TABLES if spec.name == table).column_names
    assert shown.code == 0
    assert [line.split()[0] for line in shown.out.splitlines()[1:]] == list(columns)


def test_a_template_is_written_as_csv_or_workbook_by_its_name(accord: Command, tmp_path: Path) -> None:
    assert accord("template", "plants", tmp_path / "plants.csv").code == 0
    assert accord("template", "plants", tmp_path / "plants.xlsx").code == 0
    header = (tmp_path / "plants.csv").read_text("utf-8-sig").strip().split(",")
    assert header[0] == "plant"
    sheet = load_workbook(tmp_path / "plants.xlsx")["plants"]
    assert [cell.value for cell in sheet[1]] == header


def test_an_unknown_table_is_refused_naming_those_there_are(accord: Command) -> None:
    refused = accord("template", "sales")
    assert (refused.code, refused.out) == (2, "")
    assert "sales_actuals" in refused.err and refused.err.count("\n") == 1


def test_a_template_that_cannot_be_written_is_refused(accord: Command, tmp_path: Path) -> None:
    refused = accord("template", "plants", tmp_path / "nowhere" / "plants.csv")
    assert refused.code == 2 and "cannot be written" in refused.err


def test_an_import_says_what_it_did(ready: Command, tmp_path: Path) -> None:
    (tmp_path / "sales.csv").write_text(sales_csv(24))
    done = ready("import", "sales_actuals", tmp_path / "sales.csv")
    assert done.code == 0
    assert "48 rows imported (48 added, 0 changed, 0 unchanged, 0 removed)" in done.out
    again = ready("import", "sales_actuals", tmp_path / "sales.csv")
    assert again.code == 0 and "the same rows are stored already" in again.out


def test_a_refusal_lists_line_column_value_and_remedy_and_changes_nothing(ready: Command, tmp_path: Path) -> None:
    (tmp_path / "sales.csv").write_text(sales_csv(24) + "2025-12,X-9,North,1,9\n")
    refused = ready("import", "sales_actuals", tmp_path / "sales.csv")
    assert refused.code == 2 and "refused, nothing was changed" in refused.out
    assert "sales.csv line 50, product" in refused.out and "'X-9'" in refused.out
    assert stored_rows(ready, "sales_actuals") == 0


def test_json_gives_each_finding_as_fields(ready: Command, tmp_path: Path) -> None:
    (tmp_path / "sales.csv").write_text(sales_csv(24) + "2025-12,X-9,North,1,9\n")
    refused = ready("import", "sales_actuals", tmp_path / "sales.csv", "--json")
    report = json.loads(refused.out)
    (row,) = [row for row in report["rows"] if row["level"] == "error"]
    assert (refused.code, report["accepted"], report["imported"]) == (2, False, False)
    assert (row["line"], row["column"], row["value"], row["rule"]) == (50, "product", "X-9", "unknown_product")
    assert row["remedy"] and row["file"].endswith("sales.csv")


def test_later_months_are_set_aside_and_counted(ready: Command, tmp_path: Path) -> None:
    (tmp_path / "sales.csv").write_text(sales_csv(25, "2026-02"))
    assert ready("import", "sales_actuals", tmp_path / "sales.csv").code == 2
    done = ready("import", "sales_actuals", tmp_path / "sales.csv", "--until", "2025-12")
    assert done.code == 0 and "2 rows after 2025-12 set aside" in done.out


def test_headers_are_mapped_and_a_value_is_set_for_all_rows(ready: Command, tmp_path: Path) -> None:
    (tmp_path / "stock.csv").write_text(
        "month,product,receipts,issues,closing\n2025-11,P-1,5,2,10\n2025-12,P-1,5,2,13\n"
    )
    mapping = ("--map", "receipts=production", "issues=shipments", "--set", "plant=Main=East")
    done = ready("import", "inventory", tmp_path / "stock.csv", *mapping, "--json")
    report = json.loads(done.out)
    assert (done.code, report["rows_imported"], report["set_values"]) == (0, 2, {"plant": "Main=East"})
    assert report["mapping"]["receipts"] == "production"


def test_a_pair_without_its_sign_is_refused(ready: Command, tmp_path: Path) -> None:
    refused = ready("import", "products", tmp_path / "products.csv", "--set", "plant")
    assert refused.code == 2 and "--set: 'plant' is no pair. Write it as name=value." in refused.err


def test_a_dry_run_stores_nothing(ready: Command, tmp_path: Path) -> None:
    (tmp_path / "sales.csv").write_text(sales_csv(24))
    preview = ready("import", "sales_actuals", tmp_path / "sales.csv", "--dry-run")
    assert preview.code == 0 and "48 rows would be imported" in preview.out
    assert stored_rows(ready, "sales_actuals") == 0


def test_rows_are_added_by_key(loaded: Command, tmp_path: Path) -> None:
    header = "month,product,region,quantity,revenue\n"
    (tmp_path / "more.csv").write_text(header + "2025-12,P-1,North,12,108\n2025-12,P-1,South,1,9\n")
    done = loaded("import", "sales_actuals", tmp_path / "more.csv", "--add")
    assert "(1 added, 1 changed, 51 unchanged, 0 removed)" in done.out


def test_a_month_is_added_to_history_and_the_whole_table_only_goes_when_confirmed(
    loaded: Command, tmp_path: Path
) -> None:
    header = "month,product,region,quantity,revenue\n"
    (tmp_path / "december.csv").write_text(header + "2025-12,P-1,North,12,108\n2025-12,P-2,North,1,9\n")
    december = ("import", "sales_actuals", tmp_path / "december.csv")
    assert "(0 added, 2 changed, 50 unchanged, 0 removed)" in loaded(*december).out
    asked = loaded(*december, "--replace")
    assert asked.code == 2 and "confirm with --delete 50" in asked.out
    assert loaded(*december, "--replace", "--delete", "49").code == 2
    assert loaded(*december, "--replace", "--delete", "50").code == 0 and stored_rows(loaded, "sales_actuals") == 2
    undone = loaded("undo", "sales_actuals")
    assert undone.code == 0 and "the 52 rows from december.csv are back" in undone.out
    assert json.loads(loaded("undo", "sales_actuals", "--json").out)["file"] == "sales.csv"


def test_order_lines_are_added_up_with_the_totals_of_file_and_result(ready: Command, tmp_path: Path) -> None:
    lines = "".join(f"SO{i},2025-12-0{i},P-1,North,10,90\n" for i in range(1, 5))
    (tmp_path / "orders.csv").write_text("order,month,product,region,quantity,revenue\n" + lines)
    orders = ("import", "sales_actuals", tmp_path / "orders.csv")
    assert "--sum" in ready(*orders).out
    done = ready(*orders, "--sum")
    assert done.code == 0 and "quantity: 40 in the file, 40 in the result" in done.out
    assert stored_rows(ready, "sales_actuals") == 1


def test_one_column_is_mapped_from_one_header(ready: Command, tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("sku,item,name,family\nP-1,P-1,Box,Boxes\n")
    twice = ready("import", "products", tmp_path / "p.csv", "--map", "sku=product", "item=product")
    assert twice.code == 2 and "'sku' and 'item' are both mapped to product" in twice.err
    both = ready("import", "products", tmp_path / "p.csv", "--map", "sku=product", "sku=name")
    assert both.code == 2 and "'sku' is given twice" in both.err


def test_a_question_is_answered_on_the_command_line(ready: Command, tmp_path: Path) -> None:
    rows = sales_csv(26).splitlines(keepends=True)
    (tmp_path / "gap.csv").write_text("".join(row for row in rows if not row.startswith("2025-03")))
    asked = ready("import", "sales_actuals", tmp_path / "gap.csv")
    assert asked.code == 2 and "question:" in asked.out and "2025-03" in asked.out
    answer = ("--answers", "missing_months=missing")
    assert ready("import", "sales_actuals", tmp_path / "gap.csv", *answer).code == 0


def test_like_findings_are_listed_to_a_limit_and_all_on_request(ready: Command, tmp_path: Path) -> None:
    (tmp_path / "sales.csv").write_text(sales_csv(24, "2027-02"))
    command = ("import", "sales_actuals", tmp_path / "sales.csv")
    some, every = ready(*command).out, ready(*command, "--all").out
    # The 13 months from 2026-01 on are not closed: 26 rows.
    assert (some.count("      line "), every.count("      line ")) == (20, 26)
    assert "and 6 more; --all lists them" in some


def test_a_missing_file_is_one_sentence_and_the_same_as_fields(ready: Command) -> None:
    refused = ready("import", "products", "no-such-file.csv", "--json")
    assert refused.code == 2
    assert refused.err.startswith("refused: no-such-file.csv: there is no such file")
    error = json.loads(refused.out)["error"]
    assert (error["where"], error["what"]) == ("no-such-file.csv", "there is no such file")


def test_control_characters_of_a_file_never_reach_the_terminal(ready: Command, tmp_path: Path) -> None:
    (tmp_path / "sales.csv").write_text(sales_csv(24) + "2025-12,X\x1b[31m,North,1,9\n")
    assert "\x1b" not in ready("import", "sales_actuals", tmp_path / "sales.csv").out


def test_what_a_full_disk_does_not_take_leaves_the_file_as_it_was(accord: Command, tmp_path: Path) -> None:
    with small_disk(tmp_path / "small", "64k") as place:
        (place / "old.xlsx").write_bytes(b"as it was")
        filler = fill(place)
        for name in ("new.csv", "old.xlsx"):
            refused = accord("template", "plants", place / name)
            assert (
                refused.code == 2
                and "cannot be written, nothing was written, because the disk is full" in refused.err
            )
            assert "Free some space" in refused.err
        assert {file.name for file in place.iterdir()} == {"old.xlsx", filler.name}
        assert (place / "old.xlsx").read_bytes() == b"as it was"
        filler.unlink()
        assert accord("template", "plants", place / "old.xlsx").code == 0
        assert load_workbook(place / "old.xlsx").sheetnames


def test_a_result_goes_to_a_device_as_it_is(accord: Command) -> None:
    assert accord("template", "plants", "/dev/null").code == 0
    assert Path("/dev/null").is_char_device()

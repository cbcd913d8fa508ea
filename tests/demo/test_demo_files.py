"""The demo company's files: what the generator writes, each month only what changed, and told in other years."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd
import pytest

from data.demo.generator.demo_company import demo_company
from data.demo.generator.written import written_files
from sop.core.calendar import periods_apart, periods_between, shift_period
from sop.core.errors import BadInput, SetupError
from sop.core.register import assumption
from sop.core.tables import TABLE_NAMES, table
from sop.core.terms import Role
from sop.files.company_folder import CompanyFolder, read_company_folder
from sop.files.readers import read_file
from sop.intake.check import check_table
from sop.services.demo.build import PAST_CYCLES
from sop.services.demo.demo_tables import read_demo
from sop.store.frames import frame_sha256

MEBIBYTE = 2**20


@pytest.fixture(scope="module")
def demo() -> CompanyFolder:
    """The files as they stand."""
    return read_demo()


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode())))


def keys(name: str, content: bytes) -> list[tuple[str, ...]]:
    header, *body = rows(content)
    places = [header.index(column) for column in table(name).full_key if column in header]
    return [tuple(row[place] for place in places) for row in body]


def test_the_generator_writes_the_same_bytes(demo: CompanyFolder) -> None:
    written = dict(written_files())
    stored = {str(file.relative_to(demo.folder)): file for file in demo.folder.rglob("*.csv")}
    assert set(written) == set(stored)
    assert [name for name, content in written.items() if stored[name].read_bytes() != content] == []


def test_no_file_is_larger_than_a_mebibyte_and_all_are_of_the_contract(demo: CompanyFolder) -> None:
    files = list(demo.folder.rglob("*.csv"))
    assert max(file.stat().st_size for file in files) <= MEBIBYTE
    assert {file.stem for file in files} <= set(TABLE_NAMES)


def test_each_month_has_only_what_it_added_or_changed(demo: CompanyFolder) -> None:
    known: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    start = demo.known_at(demo.months[0])
    for month, files in [("", start), *((month, demo.brought_by(month)) for month in demo.months)]:
        for name, content in files.items():
            told = {(name, key): row for key, row in zip(keys(name, content), rows(content)[1:], strict=True)}
            assert len(told) == len(rows(content)) - 1, f"{month} {name} has a key twice"
            same = [key for key, row in told.items() if known.get(key) == row]
            assert not same, f"{month} {name} tells again {same[:3]}"
            known |= told


@pytest.mark.parametrize("first_open", ["2025-12", "2026-12", "2027-08"])
def test_what_is_known_at_a_month_is_what_the_company_knew(demo: CompanyFolder, first_open: str) -> None:
    made = demo_company("2026-12").tables_known_at(first_open)
    tables: dict[str, pd.DataFrame] = {}
    for name, content in demo.known_at(first_open).items():
        checked = check_table(table(name), read_file(content, name), first_open=first_open, tables=tables)
        worse = [f.rule for f in checked.findings if f.level != "note" and f.rule != "behind"]
        assert checked.ok and not worse, f"{name}: {worse}"
        tables[name] = checked.frame
    assert {name: frame_sha256(name, frame) for name, frame in tables.items()} == {
        name: frame_sha256(name, frame) for name, frame in made.items()
    }


# -- which months it is told for


@pytest.mark.parametrize("month", range(1, 13))
@pytest.mark.parametrize("year", [2023, 2026, 2027, 2031])
def test_any_month_can_be_the_open_one_with_its_past_cycles_and_a_year_to_go(
    demo: CompanyFolder, year: int, month: int
) -> None:
    first_open = f"{year}-{month:02d}"
    told = demo.told_for(first_open)
    first_cycle = shift_period(first_open, -PAST_CYCLES)
    assert periods_apart(told.history_from, first_cycle) >= 36
    assert set(periods_between(first_cycle, shift_period(first_open, 12))) <= set(told.months)
    assert periods_apart(demo.months[0], told.months[0]) == 12 * told.years
    # The same month of the year, so that seasons stay where they are.
    assert told.opened[5:] == demo.opened[5:]
    assert told.told_from(told.history_from) == told


@pytest.mark.parametrize(
    ("first_open", "years"), [("2026-07", -1), ("2026-08", 0), ("2026-12", 0), ("2027-07", 0), ("2027-08", 1)]
)
def test_a_year_of_months_is_told_as_it_stands(demo: CompanyFolder, first_open: str, years: int) -> None:
    assert demo.told_for(first_open).years == years


def test_months_and_days_move_and_nothing_else_does(demo: CompanyFolder) -> None:
    later = demo.told_for("2028-12")
    assert later.years == 2
    stood, moved = demo.brought_by("2026-11"), later.brought_by("2028-11")
    assert set(stood) == set(moved)
    for name in stood:
        dated = {column.name for column in table(name).columns if column.kind in ("month", "date")}
        header, *before = rows(stood[name])
        for old, new in zip(before, rows(moved[name])[1:], strict=True):
            for column, was, now in zip(header, old, new, strict=True):
                moves = column in dated and was
                assert now == (was.replace(was[:4], str(int(was[:4]) + 2), 1) if moves else was)
    assert later.brought_by("2026-01") == {} == demo.brought_by("2029-01")


def test_a_history_that_is_not_its_own_by_whole_years_is_not_gone_on_with(demo: CompanyFolder) -> None:
    assert demo.told_from("2022-11") is None
    moved = demo.told_from("2019-12")
    assert moved is not None and moved.years == -3


def test_a_text_that_is_no_month_is_not_told_for(demo: CompanyFolder) -> None:
    with pytest.raises(BadInput, match="not a month"):
        demo.told_for("November")


# -- who decided what


def test_there_is_one_person_a_role(demo: CompanyFolder) -> None:
    assert sorted(demo.people) == sorted(role.value for role in Role)
    assert len(set(demo.people.values())) == len(Role)


def test_changes_and_decisions_are_of_assumptions_by_who_owns_them(demo: CompanyFolder) -> None:
    first = shift_period(demo.opened, -PAST_CYCLES)
    told = [(each.cycle, each.assumption, each.by) for each in demo.changes]
    for cycle, key, by in [*told, *((each.cycle, each.assumption, each.by) for each in demo.decisions)]:
        assert first <= cycle <= demo.opened
        assert assumption(key).owner is Role(by).function
    assert {change.cycle for change in demo.changes} > {demo.opened, first}
    assert any(change.value is None for change in demo.changes)


# -- files that are not what they should be


@pytest.fixture
def folder(demo: CompanyFolder, tmp_path: Path) -> Path:
    """A small company of one's own: two months, a name and its people."""
    for month in ("2026-01", "2026-02"):
        (tmp_path / "months" / month).mkdir(parents=True)
    (tmp_path / "company.toml").write_text((demo.folder / "company.toml").read_text("utf-8"), "utf-8")
    return tmp_path


def test_a_folder_is_read_as_it_stands(folder: Path) -> None:
    found = read_company_folder(folder)
    assert (found.name, found.months, found.last_told) == (
        "Velorum Cargo Cycles",
        ("2026-01", "2026-02"),
        "2026-02",
    )


@pytest.mark.parametrize(
    ("was", "now", "why"),
    [
        ("[company]", "[company", "Expected"),
        ('currency = "EUR"\n', "", "currency"),
        ('kind = "subcontract"\n', "", "kind"),
        ('scope = "Fleet"', 'scop = "Fleet"', "scop"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(folder: Path, was: str, now: str, why: str) -> None:
    about = folder / "company.toml"
    about.write_text(about.read_text("utf-8").replace(was, now), "utf-8")
    with pytest.raises(SetupError, match=f"company.toml: the company cannot be read.*{why}"):
        read_company_folder(folder)


def test_a_month_that_is_missing_is_refused(folder: Path) -> None:
    (folder / "months" / "2026-04").mkdir()
    with pytest.raises(SetupError, match="a month is missing"):
        read_company_folder(folder)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="the company cannot be read"):
        read_company_folder(tmp_path / "nowhere")

"""Periods that are not the company's, limits that end, a calendar changed within a cycle: a sentence each."""

from __future__ import annotations

from pathlib import Path

import pytest

from sop.core.calendar import WEEK, speak_in
from sop.core.errors import BadInput, Conflict
from sop.intake.incoming import ImportRequest
from sop.services.company.cycle import close_and_roll, current_cycle, initialise
from sop.services.company.settings import read_settings_page, set_planning_rules
from sop.services.company.start import company_of, first_period
from sop.services.data.imports import import_table
from sop.services.planning.room import PlanningRoom
from sop.store import Store, open_store
from sop.store.data import add_table, read_current_tables
from tests.companies import Shape, company_tables
from tests.other_periods import FILES, OtherPeriods
from tests.services.planned_company import make_room


def company(folder: Path, bucket: str, first: str, horizon: int | None = None) -> Store:
    """A new workspace that plans in a bucket."""
    opened = open_store(folder)
    initialise(opened, first, company_of("Ours", "EUR", first_period(first, bucket), horizon=horizon))
    return opened


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_file_of_other_periods_is_told_of_in_one_sentence(tmp_path: Path, file: OtherPeriods) -> None:
    store = company(tmp_path, file.bucket, file.first)
    report = import_table(store, "coordinator", ImportRequest(file.table, file.content.encode(), "file.csv"))
    found = [each for each in report.findings if each.what == file.says]
    assert [each.level for each in found] == [file.level], report.findings
    assert found[0].remedy or file.level == "note"
    with store.read() as tx:
        assert (file.table in read_current_tables(tx)) is not file.refused
    store.close()


def test_a_plan_of_weeks_beyond_its_capacity_says_how_the_hours_go_on(tmp_path: Path) -> None:
    speak_in(WEEK)
    store = company(tmp_path, "week", "2026-W02", 20)
    with store.write(by="coordinator", role="coordinator") as tx:
        for name, frame in company_tables(Shape(history=5, horizon=3, products=3, families=2)).items():
            add_table(tx, name, frame, file_name=f"{name}.csv", file_sha256="0" * 64)
    room = PlanningRoom(store)
    found = [each for each in room.input_set().inputs.findings if each.rule == "carried_on"]
    hours = next(each for each in found if each.table == "capacity")
    assert "carry on after it: as a year before, else as the last week" in hours.what
    assert hours.remedy == "Import capacity to 2026-W21"
    store.close()


@pytest.fixture
def room(tmp_path: Path) -> PlanningRoom:
    return make_room(tmp_path, Shape(history=5, horizon=12, products=3, families=2))


def change(room: PlanningRoom, **rules: object) -> str:
    """Set planning rules as the CEO does; what the settings page says."""
    page = read_settings_page(room.store, "executive")
    kept = {"horizon": page.company.horizon, "frozen": 1, "slushy": 3, "fiscal_start": 1, **rules}
    set_planning_rules(room.store, "executive", **kept, expected_version=page.versions["company"])
    return read_settings_page(room.store, "executive").message


def test_a_calendar_changed_in_the_middle_of_a_cycle_waits_for_the_next(room: PlanningRoom) -> None:
    before = room.plan(room.assumptions(), room.input_set()).months
    said = change(room, calendar="week")
    assert "from the next cycle on in weeks" in said
    assert room.plan(room.assumptions(), room.input_set()).months == before
    assert current_cycle(room.store, "coordinator").first_open == "2026-01"
    assert close_and_roll(room.store, "coordinator").first_open == "2026-W06"


def test_the_month_of_a_4_4_5_year_does_not_change_within_a_cycle(room: PlanningRoom) -> None:
    change(room, calendar="4-4-5")
    close_and_roll(room.store, "coordinator")
    with pytest.raises(BadInput, match="the periods of the open cycle are those of a 4-4-5 year from Jan"):
        change(room, fiscal_start=4)
    with pytest.raises(Conflict, match="changed"):
        set_planning_rules(
            room.store, "executive", horizon=12, frozen=1, slushy=3, fiscal_start=1, expected_version=0
        )

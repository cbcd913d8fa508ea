"""History behind the forecast: what was found, who decided, taking it back; products without a forecast."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from sop.core.errors import NotAllowed
from sop.services.planning.choices import list_views, read_view
from sop.services.planning.overrides import decide_history, read_history
from sop.services.planning.room import PlanningRoom
from sop.services.scenarios.drafts import own_draft, working_scenario
from sop.store.data import add_table, read_current_tables
from sop.store.settings import read_person
from sop.views.sales.history import ForecastHistory
from tests.services.planned_company import SHORT, make_room

SALES, MONTH = "head_of_sales", "2025-08"


def spike(room: PlanningRoom) -> None:
    """In one month a family and region booked a hundred times what it usually does."""
    with room.store.read() as tx:
        frame = read_current_tables(tx)["sales_actuals"].copy()
    first = frame.iloc[0]
    odd = (frame["product"] == first["product"]) & (frame["region"] == first["region"]) & (frame["month"] == MONTH)
    frame.loc[odd, "quantity"] = 100 * frame["quantity"].mean().round()
    with room.store.write(by="coordinator", role="coordinator") as tx:
        add_table(tx, "sales_actuals", frame, file_name="sales_actuals.csv", file_sha256="1" * 64)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlanningRoom]:
    room = make_room(tmp_path_factory.mktemp("history"), replace(SHORT, history=14))
    spike(room)
    room.input_set()
    yield room
    room.store.close()


def history_of(room: PlanningRoom, person: str = SALES, view: str = "working") -> ForecastHistory:
    with room.store.read() as tx:
        who = read_person(tx, person)
    choice = next(choice for choice in list_views(room, person) if choice.key == view)
    return read_history(room, who, read_view(room, person, choice))


def test_a_correction_is_told_with_what_was_booked_and_used(room):
    found = history_of(room)
    (row,) = found.rows
    assert (row.what, row.month, row.state, row.act) == ("Outlier", MONTH, "Corrected", "Restore as booked")
    booked, used = found.totals(row.family, row.region)
    at = found.inputs.history.months.index(MONTH)
    assert booked[at] == row.was and used[at] == pytest.approx(row.now)
    assert found.locked == "" and found.message(None, None) == "1 month corrected; 0 decided by people"


def test_a_restored_month_counts_as_booked_with_who_and_why_until_it_is_taken_back(room):
    before, working = room.input_set().forecast.mean, working_scenario(room.store, SALES).id
    decide_history(room, SALES, working, history_of(room).rows[0], "a tender that comes back")
    (row,) = history_of(room).rows
    assert (row.state, row.act, row.by) == ("Restored as booked", "Take back", "Head of sales")
    assert row.decided is not None and row.decided.reason == "a tender that comes back"
    assert (room.input_set().forecast.mean != before).any()
    decide_history(room, SALES, working, row, "")
    assert history_of(room).rows[0].state == "Corrected"
    assert np.array_equal(room.input_set().forecast.mean, before)


def test_a_draft_decides_for_itself_alone(room):
    draft = own_draft(room.store, "executive")
    decide_history(room, "executive", draft.id, history_of(room).rows[0], "what if")
    assert history_of(room, "executive", f"scenario-{draft.id}").rows[0].state == "Restored as booked"
    assert history_of(room, "executive").rows[0].state == "Corrected"


def test_only_the_owner_decides_in_the_working_plan(room):
    found = history_of(room, "head_of_finance")
    assert "belongs to Sales" in found.locked
    with pytest.raises(NotAllowed):
        decide_history(room, "head_of_finance", working_scenario(room.store, SALES).id, found.rows[0], "why not")


def test_a_decision_about_what_is_no_longer_found_can_still_be_taken_back(room):
    found, working = history_of(room), working_scenario(room.store, SALES).id
    since = replace(found.rows[0], key="history_train_since", month="2025-06")
    decide_history(room, SALES, working, since, "new customers since")
    row = next(row for row in history_of(room).rows if row.kind == "decided")
    assert (row.month, row.act) == ("2025-06", "Take back")
    booked, used = history_of(room).totals(row.family, row.region)
    at = found.inputs.history.months.index("2025-06")
    assert np.isnan(used[:at]).all() and np.isfinite(booked[:at]).all() and np.isfinite(used[at:]).all()
    decide_history(room, SALES, working, row, "")
    assert not any(row.kind == "decided" for row in history_of(room).rows)


def test_every_series_tells_its_method_and_why(room):
    found = history_of(room)
    assert len(found.methods) == len(found.inputs.families.names) * len(found.inputs.regions)
    assert all(row.method and row.why for row in found.methods)


def test_products_without_a_forecast_are_listed_with_the_reason(tmp_path):
    room = make_room(tmp_path, replace(SHORT, history=8, products=7))  # the sixth is retired
    assert history_of(room).no_forecast == (("P-005", "Product 5", "retired"),)

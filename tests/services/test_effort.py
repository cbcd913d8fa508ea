"""Where effort with data pays: closed months restated since the last plan, and inputs by what hangs on them."""

from __future__ import annotations

from pathlib import Path

import pytest

from sop.core.errors import NotAllowed
from sop.services.agreement import plan_acts
from sop.services.background import BackgroundJob
from sop.services.data.effort import rank_inputs, read_restatements, value_restated
from sop.services.data.imports import read_data_state
from sop.services.planning.room import PlanningRoom
from sop.store.data import add_table, read_table
from sop.views.inputs_ranked import RESTATED, RESTS_ON, effect_table, rank
from tests.services.planned_company import FUNCTIONS, make_room


def restate_sales(room: PlanningRoom, units: float) -> str:
    """Sell so many units more in one row of a closed month; which month."""
    with room.store.write(by="coordinator", role="coordinator") as tx:
        sales = read_table(tx, "sales_actuals")
        assert sales is not None
        month = str(sales["month"].max())
        row = sales.index[sales["month"].eq(month)][0]
        sales.loc[row, ["quantity", "revenue"]] += [units, 10 * units]
        add_table(tx, "sales_actuals", sales, file_name="again.csv", file_sha256="1" * 64)
    return month


def agree(room: PlanningRoom) -> None:
    """The working plan proposed and signed by all."""
    record = plan_acts.propose_plan(room, "coordinator")
    for person in FUNCTIONS.values():
        plan_acts.sign(room.store, person, record.id, record.digest)


def test_what_was_restated_since_the_last_plan_is_told_in_units_and_money(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    assert read_restatements(room, "coordinator") is None
    agree(room)
    before = read_restatements(room, "coordinator")
    assert before is not None and not before.tables and "No closed month" in before.sentence
    month = restate_sales(room, 5.0)
    found = read_restatements(room, "coordinator")
    assert found is not None
    (table,) = found.tables
    assert (table.table, table.file, table.moved.months) == ("sales_actuals", "again.csv", (month,))
    assert (table.moved.rows, table.moved.units, table.moved.money) == (1, 5.0, 50.0)
    assert "1 row of closed months restated since the plan agreed Jan 2026, rev 1: sales_actuals" in found.sentence
    assert RESTATED.of(found.tables).figure("sales_actuals", "Units") == 5.0
    assert found.fields()["tables"] == [
        {"table": "sales_actuals", "rows": 1, "units": 5.0, "money": 50.0, "months": [month], "file": "again.csv"}
    ]


def test_what_restated_months_move_in_the_plan_is_told_as_headlines_and_by_family(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    agree(room)
    assert value_restated(room, "coordinator", room.input_set()) is None
    before = room.scenario_plan()
    restate_sales(room, 5_000.0)
    found = value_restated(room, "coordinator", room.input_set())
    effect = found.result() if isinstance(found, BackgroundJob) else found
    assert effect is not None
    # Nothing but the restated row tells the two apart: closed months as they were give the plan as it was.
    now = room.scenario_plan()
    assert dict(effect.was) == dict(before.headline) and dict(effect.now) == dict(now.headline)
    assert effect.moved["revenue"] == now.headline["revenue"] - before.headline["revenue"] != 0
    assert effect_table(effect).figure("Revenue", "Moved by") == effect.moved["revenue"]
    year = now.calendar.year
    units = (now.by_family("consensus_demand") - before.by_family("consensus_demand"))[:, :year].sum(axis=1)
    assert {each.family: each.units for each in effect.families if each.units} == {
        name: moved for name, moved in zip(now.names("consensus_demand"), units, strict=True) if moved
    }
    assert sum(each.revenue or 0 for each in effect.families) == effect.moved["revenue"]
    assert "they move Revenue" in effect.sentence


def test_inputs_are_ranked_by_what_they_move_with_what_their_tables_lack(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    worth = rank_inputs(room, "coordinator", room.input_set(), "revenue")
    found = worth.result() if isinstance(worth, BackgroundJob) else worth
    ranked = rank(found, read_data_state(room.store, "coordinator").tables)
    assert len(ranked) > 2 and [row.moves for row in ranked] == sorted((row.moves for row in ranked), reverse=True)
    assert all(row.moves > 0 for row in ranked)
    price = next(row for row in ranked if row.name == "Net price")
    assert price.tables == RESTS_ON["price_pct"] and not price.behind


def test_whoever_may_not_read_plans_sees_neither(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    with pytest.raises(NotAllowed):
        read_restatements(room, "administrator")
    with pytest.raises(NotAllowed):
        rank_inputs(room, "administrator", room.input_set(), "ebit")

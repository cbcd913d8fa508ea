"""What the plan pages load beyond the plan: channels, deliveries, production by plant, limits with their worth."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from sop.core.errors import NotAllowed
from sop.core.plan import PlanDetail
from sop.services.data.exports import table_csv
from sop.services.planning.choices import View, list_views, read_view
from sop.services.planning.plan_context import channel_sales, plan_context, young_revenue
from sop.services.planning.room import PlanningRoom
from sop.services.planning.supply_questions import plan_limits
from sop.store.data import add_table
from tests.companies import Shape
from tests.services.planned_company import make_room

RICH = Shape(history=5, horizon=12, products=3, families=2)
LATE = replace(RICH, zero_capacity=True)


@pytest.fixture
def room(tmp_path: Path) -> PlanningRoom:
    """A company with every table, its cycle 2026-01 open: P-000 and P-002 are Family A, P-001 is Family B."""
    return make_room(tmp_path, RICH)


def add(room: PlanningRoom, name: str, frame: pd.DataFrame) -> None:
    with room.store.write(by="coordinator", role="coordinator") as tx:
        add_table(tx, name, frame, file_name=name, file_sha256="0" * 64)


def add_sales(room: PlanningRoom, sold: list[tuple[str, str, float]]) -> None:
    """Sales of P-000 at a price of 10 by month and channel."""
    rows = [(month, "P-000", "Region 0", channel, units, units * 10) for month, channel, units in sold]
    columns = ["month", "product", "region", "channel", "quantity", "revenue"]
    add(room, "sales_actuals", pd.DataFrame(rows, columns=columns))


def working(room: PlanningRoom) -> View:
    return read_view(room, "executive", list_views(room, "executive")[0])


def test_channels_are_added_up_over_twelve_months_the_largest_first(room: PlanningRoom) -> None:
    months = [f"{year}-{month:02d}" for year in (2024, 2025) for month in range(1, 13)]
    sold = [(month, "Dealer", 3.0 if month < "2025" else 4.0) for month in months] + [("2025-12", "Direct", 2.0)]
    add_sales(room, sold)
    dealer, direct = channel_sales(room, "executive", "Family A")
    assert (dealer.channel, dealer.units, dealer.revenue) == ("Dealer", 48.0, 48_000.0)
    assert (dealer.units_before, dealer.revenue_before) == (36.0, 36_000.0)
    assert (direct.units, direct.units_before) == (2.0, 0.0)


def test_a_year_before_that_the_history_does_not_cover_is_not_known(room: PlanningRoom) -> None:
    add_sales(room, [("2024-12", "Dealer", 4.0), ("2025-12", "Dealer", 7.0)])
    (dealer,) = channel_sales(room, "executive", None)
    assert dealer.units == 7.0
    assert dealer.units_before != dealer.units_before


def test_sales_without_channels_have_no_channels(room: PlanningRoom) -> None:
    assert channel_sales(room, "executive", None) == ()


def test_deliveries_count_in_full_by_the_promised_day_in_the_month_promised(room: PlanningRoom) -> None:
    lines = [
        ("1", "2025-11-01", "2025-12-10", "2025-12-10", 5.0, 5.0),
        ("2", "2025-11-11", "2025-12-10", "2025-12-11", 5.0, 5.0),
        ("3", "2025-11-21", "2025-12-31", "2025-12-21", 5.0, 4.0),
        ("4", "2025-12-01", "2025-12-31", None, 5.0, 0.0),
    ]
    frame = pd.DataFrame(
        [(n, "P-001", "Region 0", ordered, due, due, done, q, got) for n, ordered, due, done, q, got in lines],
        columns=["order_line", "product", "region", "ordered", "requested", "promised", "delivered",
                 "quantity_ordered", "quantity_delivered"],
    )  # fmt: skip
    add(room, "deliveries", frame)
    facts = plan_context(room, "executive", working(room), None).facts
    assert facts.promised is not None
    at = facts.promised.months.index("2025-12")
    # Four lines of five units each, at one net price; one of them came whole by its day.
    assert facts.promised.in_money
    assert facts.promised.kept[1, at] / facts.promised.due[1, at] == 1 / 4
    # Lines 1 to 3 waited 39, 30 and 30 days for 5, 5 and 4 units; the open one has not ended waiting.
    assert facts.mean_wait([1])[at] == pytest.approx((39 * 5 + 30 * 9) / 14)


def test_production_is_known_by_plant_and_cover_by_family(room: PlanningRoom) -> None:
    context = plan_context(room, "executive", working(room), None)
    stock = context.inputs.stock
    assert stock is not None
    at, own = context.facts.plant_months.index("2025-12"), stock.months.index("2025-12")
    assert context.facts.made_at["Plant"][:, at].tolist() == stock.production[:, own].tolist()
    assert set(context.cover_days) == {"Family A", "Family B", ""}
    assert len(context.cover_days[""]) == len(context.months)


def test_limits_of_a_plan_without_hours_are_its_lines_and_name_the_late_family(tmp_path: Path) -> None:
    room = make_room(tmp_path, LATE)
    found = plan_limits(room, room.input_set(), working(room), None)
    assert found is not None
    assert {limit.name for limit in found.limits if limit.kind == "line"} == {"L1", "L2"}
    assert all(limit.months > 0 for limit in found.limits)
    assert found.causes and all(cause.family in cause.sentence for cause in found.causes)
    assert not any("2026-" in cause.sentence for cause in found.causes)


def test_limits_of_one_family_are_those_that_act_on_it(tmp_path: Path) -> None:
    room = make_room(tmp_path, LATE)
    found = plan_limits(room, room.input_set(), working(room), "Family A")
    assert found is not None
    # Family A runs on the first line only.
    assert [limit.name for limit in found.limits if limit.kind == "line"] == ["L1"]
    assert {cause.family for cause in found.causes} <= {"Family A"}


def test_a_frozen_plan_has_no_limits_to_value(room: PlanningRoom) -> None:
    view = working(room)
    frozen = replace(view, plan=replace(view.plan, detail=PlanDetail()))
    assert plan_limits(room, room.input_set(), frozen, None) is None


def test_young_products_share_of_revenue_is_a_fraction_of_it(room: PlanningRoom) -> None:
    shares = young_revenue(room, working(room))
    assert all(share is None or 0 <= share <= 1 for share in shares)


def test_a_download_needs_permission_and_neutralises_what_a_spreadsheet_would_run(room: PlanningRoom) -> None:
    frame = pd.DataFrame({"Family": ["=1+1"], "Units": [2.5]})
    assert table_csv(room.store, "viewer", frame).decode("utf-8-sig") == "Family,Units\r\n'=1+1,2.5\r\n"
    with pytest.raises(NotAllowed):
        table_csv(room.store, "administrator", frame)


def test_whoever_may_not_read_plans_gets_no_context(room: PlanningRoom) -> None:
    with pytest.raises(NotAllowed):
        plan_context(room, "administrator", working(room), None)

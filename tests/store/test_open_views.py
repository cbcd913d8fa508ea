"""The views that other programs read: their columns, what they hide, and that nothing is written through them."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from sop.core.errors import SetupError, SopError
from sop.core.open_data import OPEN_TABLES, OpenTable, open_table
from sop.store import Store, scenarios
from sop.store.frames import frame_of
from sop.store.open_views import add_plan_figures, read_open_rows

LINE = {
    "plan": "sales",
    "measure": "revenue",
    "family": "Cargo 'Ö' 自転車",
    "region": "",
    "resource": "",
    "unit": "EUR",
}
CONTENT = {
    "company": {"name": "Bikes", "currency": "EUR"},
    "summary": "All well.",
    "headline": [
        {"measure": "cash", "label": "Cash", "value": None, "unit": "EUR", "definition": "its low"},
        {"measure": "lead_time", "label": "Lead time", "value": "14.5", "unit": "days", "definition": "longest",
         "worst_family": "Cargo", "worst_value": 21, "worst_month": "2026-12"},
    ],
    "lines": [LINE | {"month": "2027-01", "value": "-1234.56"}, LINE | {"month": "2026-12", "value": 7}],
}  # fmt: skip
"""What matters of a content: money as exact text, a month before another, a figure that is not known."""


@pytest.fixture
def opened(company: Store) -> Store:
    """The small company with figures beside its plan, a saved scenario and somebody's private draft."""
    with company.write(by="olga", role="head_of_sales") as tx:
        add_plan_figures(tx, 1, CONTENT)
        scenarios.add_scenario(tx, "2026-12", "Price war", "saved", "What if?")
        scenarios.add_scenario(tx, "2026-12", "Between us", "draft")
    return company


@pytest.mark.parametrize("table", OPEN_TABLES, ids=lambda table: table.name)
def test_a_view_has_the_columns_that_the_dictionary_names_and_takes_no_row(
    opened: Store, table: OpenTable
) -> None:
    with opened.read() as tx:
        assert tuple(tx.session.execute(text(f"SELECT * FROM {table.view}")).keys()) == table.column_names
        rows = read_open_rows(tx, table, {})
    assert list(frame_of(table, rows).columns) == list(table.column_names)
    keys = [tuple(row[name] for name in table.key) for row in rows]
    assert len(set(keys)) == len(keys)
    for change in (f"DELETE FROM {table.view}", f"UPDATE {table.view} SET {table.columns[0].name} = NULL"):
        with pytest.raises(SetupError), opened.write() as tx:
            tx.session.execute(text(change))


def test_figures_come_out_as_they_were_signed(opened: Store) -> None:
    with opened.read() as tx:
        lines = read_open_rows(tx, open_table("plan_lines"), {"measure": "revenue"})
        headlines = read_open_rows(tx, open_table("plan_headlines"), {"plan_id": 1})
    named = {"plan_id": 1, "cycle": "2026-12", "revision": 1} | LINE
    assert lines == [
        named | {"month": "2026-12", "value": 7},
        named | {"month": "2027-01", "value": -1234.56},
    ]
    assert [(row["measure"], row["value"], row["worst_family"], row["worst_value"]) for row in headlines] == [
        ("cash", None, None, None),
        ("lead_time", 14.5, "Cargo", 21),
    ]


def test_private_drafts_are_in_no_view(opened: Store) -> None:
    with opened.read() as tx:
        names = [row["name"] for row in read_open_rows(tx, open_table("scenarios"), {})]
        seen = {row["scenario_id"] for row in read_open_rows(tx, open_table("assumptions"), {})}
    assert sorted(names) == ["Price war", "Working plan"]
    assert 3 not in seen


def test_what_is_open_of_a_plan_does_not_change_any_more(opened: Store) -> None:
    with pytest.raises(SopError, match="append-only"), opened.write() as tx:
        tx.session.execute(text("UPDATE plan_figures SET figures = '{}'"))

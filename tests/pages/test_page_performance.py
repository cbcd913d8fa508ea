"""The Performance page, run without a browser: what it says agrees with what it shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.screens import blocks, open_page, table, words
from tests.pages.starter import figure

PAGE = "performance"


def family_rows(app: AppTest) -> dict[str, list[str]]:
    """Family → the cells of its row: actual, plan, difference, %, on plan, cumulative."""
    return {row[0]: row[1:] for row in table(app, "On plan")[1:]}


def test_nobody_sees_performance_before_signing_in(demo_workspace: Path) -> None:
    app = open_page(PAGE, None)
    assert "who are you today" in app.title[0].value and not app.header


def test_the_page_shows_every_panel_without_an_exception(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    assert not app.exception and not app.error
    assert [heading.value for heading in app.header] == [
        "Revenue: All families",
        "Revenue by family, Nov 26",
        "Forecast accuracy by lag",
        "How the forecast for one month moved",
        "Price, volume and mix",
        "On time in full, by promise",
    ]
    assert "nan" not in words(app).lower().split()


def test_the_message_agrees_with_the_table_of_families(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    found = re.match(
        r"Nov 2026: revenue (\d+)% of the agreed plan, (\d+) of (\d+) families within tolerance"
        r"(?:; outside: (.+))?\.$",
        app.title[0].value,
    )
    assert found, app.title[0].value
    app.segmented_control(key="performance_measure").set_value("sales").run()
    families = family_rows(app)
    assert "All families" not in families, "units of different families are not added up"
    assert int(found[3]) == len(families)
    assert int(found[2]) == sum(row[4] == "✓" for row in families.values())
    named = re.findall(r"([^,]+?) ([\d\u202f]+) units? (behind|ahead)", found[4] or "")
    assert named or int(found[2]) == int(found[3])
    for name, units, where in named:
        assert figure(families[name.strip()][2]) == figure(units) * (-1 if where == "behind" else 1)
    app.segmented_control(key="performance_measure").set_value("revenue").run()
    actual, plan = (figure(cell) for cell in family_rows(app)["All families"][:2])
    assert abs(actual / plan * 100 - int(found[1])) < 0.5 + 100 * 0.01 / plan, "to the decimals of the table"


def test_revenue_adds_up_to_all_families_and_units_of_different_families_do_not(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    rows = family_rows(app)
    whole = rows.pop("All families")
    for column in (0, 1):
        parts = [figure(row[column]) for row in rows.values() if row[column] != "–"]
        assert sum(parts) == pytest.approx(figure(whole[column]), abs=0.005 * (len(parts) + 1)), column
    app.segmented_control(key="performance_measure").set_value("demand").run()
    assert "All families" not in family_rows(app)
    assert any("are not added up" in caption.value for caption in app.caption)


def test_stocks_and_service_have_no_cumulative_difference(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    for measure in ("inventory", "past_due", "service"):
        app.segmented_control(key="performance_measure").set_value(measure).run()
        assert not app.exception
        assert "Cumulative" not in table(app, "On plan")[0]


def test_a_family_can_be_chosen_and_its_vintages_follow(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    app.selectbox(key="performance_family").set_value("Trike").run()
    assert not app.exception and app.header[0].value == "Revenue: Trike"
    assert "Trike" in next(text for text in blocks(app) if "Consensus demand for" in text)


def test_a_starter_sees_actuals_and_the_reason_for_every_blank(poor_workspace: Path) -> None:
    app = open_page(PAGE)
    assert not app.exception and not app.error
    assert (
        app.title[0].value == "Dec 2025: no agreed plan covers this month, so nothing can be compared with it yet."
    )
    captions = [caption.value for caption in app.caption]
    assert "the deliveries table is not loaded" in captions
    assert "no agreed plan covers these months" in captions
    assert any("needs order" in caption.replace("\\", "") for caption in captions)
    assert "nan" not in words(app).lower().split()
    titles, *families = table(app, "Actual")
    assert families and "On plan" not in titles, "no column stays without a figure"

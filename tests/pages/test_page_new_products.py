"""The New products page."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.plan_sheets import figure, figures, says_nothing_wrong
from tests.pages.screens import open_page, table, words
from tests.pages.workspaces import copy_of

PAGE = "new_products"


def test_nobody_sees_launches_before_signing_in(demo_workspace: Path) -> None:
    app = open_page(PAGE, None)
    assert "who are you today" in app.title[0].value
    assert "Compact Urban" not in words(app)


def test_the_message_agrees_with_the_table_of_launches(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    says_nothing_wrong(app)
    selling, launches, revenue, *_ = figures(app.title[0].value)
    titles, *rows = table(app, "Probability")
    assert launches == len(rows)
    assert len({row[titles.index("Family")] for row in rows}) > 1, "whose units are not added up"
    in_money = [figure(row[titles.index("Revenue, 12 months, M€")]) for row in rows]
    assert revenue == pytest.approx(sum(in_money), abs=0.02)
    assert selling == sum(figure(row[titles.index("Units, 12 months")]) > 0 for row in rows) < launches
    late = max(
        rows, key=lambda row: figure(row[titles.index("Slip")]) if "month" in row[titles.index("Slip")] else 0
    )
    assert late[0] in app.title[0].value


def test_every_launch_is_judged_for_readiness_and_one_can_be_chosen(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    rows = table(app, "What is missing")
    assert [row[0] for row in rows[1:]] == ["Compact Urban", "Delivery XL"]
    app.selectbox(key="plan_launch").set_value("Delivery XL").run()
    says_nothing_wrong(app)


def open_tab(name: str, person: str = "executive") -> AppTest:
    """The page with one of its tabs open."""
    app = open_page(PAGE, person, launch_depth=name)
    says_nothing_wrong(app)
    return app


def test_the_pipeline_shows_gates_in_order_and_what_launches_rest_on(demo_workspace: Path) -> None:
    app = open_tab("Pipeline")
    titles, *rows = table(app, "4 Market launch")
    assert titles == ["Launch", "1 Concept", "2 Prototype", "3 Industrialised", "4 Market launch"]
    compact = rows[0]
    assert compact[1].startswith("✓") and ", was " in compact[4]
    titles, *rows = table(app, "Takes from")
    assert rows[0][titles.index("Takes from")] == "20% of its volume from Longtail"


def test_what_launches_bring_less_what_they_take_is_what_remains(demo_workspace: Path) -> None:
    _, *rows = table(open_tab("Brings and takes"), "Takes, units")
    for row in rows:
        assert figure(row[1]) + figure(row[2]) == pytest.approx(figure(row[3]), abs=1)
        assert figure(row[4]) + figure(row[5]) == pytest.approx(figure(row[6]), abs=0.011)
    sold = sum(figure(row[1]) for row in rows[:-1])
    shown = table(open_tab("Brings and takes"), "Units, 12 months")
    assert sold == pytest.approx(sum(figure(row[7]) for row in shown[1:]), abs=2)


def test_every_further_month_of_slip_costs_more_volume(demo_workspace: Path) -> None:
    rows = table(open_tab("Cost of a slip"), "Slip further by")[1:]
    units = [figure(row[1]) for row in rows]
    assert len(rows) == 6 and units == sorted(units, reverse=True) and units[0] < 0


@pytest.mark.parametrize("tab", ["Ramp", "Launches that came"])
def test_every_tab_opens(demo_workspace: Path, tab: str) -> None:
    open_tab(tab)


def test_a_slip_is_tried_with_its_path_in_words_and_stored_only_when_kept(
    demo_workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOP_WORKSPACE", str(copy_of(demo_workspace, tmp_path)))
    app = open_page(PAGE, "head_of_product")
    slider = next(item for item in app.slider if item.label == "Launch slips, months")
    slider.set_value(2.0).run()
    said = words(app)
    assert (
        "Compact Urban: launch slips 2 months" in said and "units of demand → frees" in said and "EBIT −" in said
    )
    keep = next(button for button in app.button if button.label == "Keep in Working plan")
    keep.click().run()
    assert "needs its reason" in app.error[0].value
    reason = next(
        field for field in app.text_input if field.label == "Reason" and str(field.key).startswith("keep_")
    )
    reason.set_value("The tool is late")
    next(button for button in app.button if button.label == "Keep in Working plan").click().run()
    says_nothing_wrong(app)
    titles, *rows = table(app, "Probability")
    assert rows[0][titles.index("Slip")] == "+5 months"
    assert "The tool is late" in words(app)


def test_who_does_not_own_launches_may_try_but_not_keep(demo_workspace: Path) -> None:
    app = open_page(PAGE, "head_of_finance")
    assert "Keep in Working plan" not in [button.label for button in app.button]
    assert "Launch slips belongs to Product" in words(app) or "belong" in words(app)


def test_without_launches_the_page_says_what_unlocks_it(poor_workspace: Path) -> None:
    app = open_page(PAGE)
    says_nothing_wrong(app)
    assert app.title[0].value == "The new products plan is not available: no launches loaded."
    assert "Load launches and launch gates to unlock it." in words(app)

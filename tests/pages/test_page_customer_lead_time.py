"""The Customer lead time page."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sop.access import may
from sop.core.terms import Role
from tests.pages.plan_sheets import figure, figures, says_nothing_wrong
from tests.pages.screens import family_sheet, open_page, table, tables, words
from tests.pages.workspaces import room_of

PAGE = "customer_lead_time"


def tab(app: AppTest, name: str) -> AppTest:
    """The page with another tab opened."""
    app.session_state["waiting_depth"] = name
    return app.run()


def quoted(app: AppTest, units: int | None, family: str) -> AppTest:
    """The page after a quote for the family was asked."""
    app.number_input(key="quote_units").set_value(units)
    app.selectbox(key="quote_family_").set_value(family)
    next(button for button in app.button if button.label == "Quote").click()
    return app.run()


def test_nobody_sees_lead_times_before_signing_in(demo_workspace: Path) -> None:
    app = open_page(PAGE, None)
    assert "who are you today" in app.title[0].value
    assert not tables(app)


def test_the_message_names_the_family_that_drifts_with_its_cause_as_its_row_does(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    says_nothing_wrong(app)
    sentence = app.title[0].value
    rows = {row[0]: row for row in table(app, "Peak, days")[1:]}
    family = sentence.split(":")[0]
    days, over, late, *most = figures(sentence)
    _, _, target, _, _, peak, month, row_over, _, _, _, late_then, cause = rows[family]
    assert (days, over, late) == (figure(peak), figure(row_over), figure(late_then))
    assert all(units > late for units in most)
    assert abs(days - figure(target) - over) <= 1
    assert f"in {month}, " in sentence
    assert cause and f"because of {cause};" in sentence
    assert over == max(figure(row[7]) for row in rows.values())


def test_a_familys_message_agrees_with_its_sheet_month_by_month(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    app.selectbox(key="plan_family").set_value("Heavy duty").run()
    says_nothing_wrong(app)
    days, _, late, *most = figures(app.title[0].value)
    _, sheet = family_sheet(app)
    planned = slice(6, 18)
    waits = [figure(cell) for cell in sheet["Order book", "Lead time, days"][planned]]
    assert days == max(waits)
    past_due = [figure(cell) for cell in sheet["Order book", "Past due"][planned]]
    assert late == past_due[waits.index(days)]
    assert max(past_due) == max([late, *most])


def test_each_tab_shows_its_table_only_when_it_is_opened(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    assert "The rest waits" not in words(app)
    served = table(tab(app, "Made to stock"), "Served from stock, %")[1:]
    assert all(0 <= figure(row[2]) <= 100 for row in served)
    levers = table(tab(app, "Close the gap"), "EBIT, 12 months, M€")[1:]
    assert levers[0][0] == "As planned"
    assert min(figure(row[3]) for row in levers[1:]) <= figure(levers[0][3])
    assert levers[1][0] in words(app).split("What would close")[0]
    assert table(tab(app, "Delivered on time"), "As promised, %")[1:]
    check = table(tab(app, "Check by Little's law"), "By Little's law, days")[1:]
    assert all(abs(figure(row[2]) - figure(row[1]) - figure(row[3])) <= 1.01 for row in check)
    says_nothing_wrong(app)


def test_a_quote_is_answered_in_words_whose_figures_stand_in_its_tables(in_small: Path) -> None:
    app = quoted(open_page(PAGE), 20, "Family B")
    says_nothing_wrong(app)
    assert "20 of Family B for " in words(app)
    app.session_state["quote_detail"] = True
    app.run()
    says_nothing_wrong(app)
    assert sum(figure(row[1]) for row in table(app, "Share, %")[1:]) == 20
    money = {row[0]: figure(row[1]) for row in table(app, "Difference, €")[1:]}
    earned = money.pop("Earned")
    assert sum(money.values()) == pytest.approx(earned, abs=len(money))
    verb = "earns" if earned >= 0 else "loses"
    assert f"it {verb} {abs(earned):,.0f} €".replace(",", "\u202f") in words(app)


def test_a_quote_without_a_quantity_is_refused_in_one_sentence(in_small: Path) -> None:
    app = quoted(open_page(PAGE), None, "Family B")
    assert not app.exception
    assert [warning.value for warning in app.warning] == [
        "A quote needs a quantity in whole units above 0. Write how many, for example 200."
    ]


def test_a_quote_changes_nothing(in_small: Path) -> None:
    before = dict(room_of(in_small).assumptions())
    quoted(open_page(PAGE), 20, "Family A")
    assert dict(room_of(in_small).assumptions()) == before


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_every_role_sees_the_page_and_only_owners_may_change_its_assumptions(in_small: Path, role: str) -> None:
    app = open_page(PAGE, role)
    if not may(Role(role), "read_plans"):
        assert "may not open this page" in app.error[0].value
        assert not tables(app)
        return
    # The form is folded for whoever may change none of them.
    app.session_state["closed-customer_lead_time-standard_lead_time_days"] = True
    app.run()
    app.selectbox(key="edit_what_customer_lead_time-standard_lead_time_days").set_value(
        "lead_time_target_days"
    ).run()
    says_nothing_wrong(app)
    send = next(button for button in app.button if button.label.startswith("Change "))
    assert send.disabled == (role != "head_of_sales")


def test_without_an_order_book_the_page_says_what_is_missing_and_what_unlocks_it(poor_workspace: Path) -> None:
    app = open_page(PAGE)
    says_nothing_wrong(app)
    assert app.title[0].value.startswith("The customer lead time plan is not available: ")
    assert "Load order book to unlock it." in words(app)
    assert not tables(app)

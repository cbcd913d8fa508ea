"""The Plan changes page, run without a browser: message, bridge, causes and tables tell the same story."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from sop.core.terms import PlanName
from sop.services.planning.choices import list_views, read_view
from tests.pages.screens import open_page, table, words
from tests.pages.starter import figure
from tests.pages.workspaces import room_of

PAGE = "plan_changes"


def millions(minor: float, place: str) -> str:
    """Cents as millions, half up at a place: rounded as decimals, because 61.15 as a float is below 61.15."""
    return str((Decimal(round(minor)) / 10**8).quantize(Decimal(place), ROUND_HALF_UP))


def test_nobody_sees_changes_before_signing_in(demo_workspace: Path) -> None:
    app = open_page(PAGE, None)
    assert "who are you today" in app.title[0].value and not app.header


def test_the_page_shows_every_panel_without_an_exception(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    assert not app.exception and not app.error
    assert [heading.value for heading in app.header] == [
        "What changed since the agreed plan of Nov 2026, rev 1",
        "Open a group of changes",
        "By plan and measure",
        "Time fences and stability",
        "Assumptions changed",
        "By family and month",
    ]
    assert "nan" not in words(app).lower().split()


def test_the_message_agrees_with_the_causes_and_the_tables(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    found = re.match(
        r"Next 12 months: revenue ([\d.]+) M€, ([\d.]+) M€ (above|below) the agreed plan of Nov 2026, rev 1"
        r"; largest cause: (.+), ([+−][\d.]+) M€\.",
        app.title[0].value,
    )
    assert found, app.title[0].value
    gap = float(found[2]) * (1 if found[3] == "above" else -1)
    causes = {row[0]: row[1] for row in table(app, "Cause")[1:]}
    # Message and table round the same cents, each to its own place; a table's 61.15 cannot be rounded again.
    room = room_of(demo_workspace)
    revenue = read_view(room, "executive", list_views(room, "executive")[0]).plan.headline["revenue"]
    room.store.close()
    assert revenue is not None
    assert (found[1], causes["Plan shown"]) == (millions(revenue, "0.1"), millions(revenue, "0.01"))
    first_word = re.split(r"[ :]", found[4])[0].lower()
    told = [figure(text) for name, text in causes.items() if name.lower().startswith(first_word)]
    assert any(abs(value - figure(found[5])) <= 0.051 for value in told)
    measures = {row[0]: row[1:] for row in table(app, "Measure")[1:]}
    agreed, shown, difference, _ = (figure(cell) for cell in measures["Revenue, M€"])
    assert measures["Revenue, M€"][1] == causes["Plan shown"] and abs(difference - gap) <= 0.051
    assert abs(shown - agreed - difference) <= 0.011
    total = table(app, "Dec 26")[-1]
    # The grid of differences has a scale of its own: thousands, where the plan is told in millions.
    assert total[0] == "Total" and abs(figure(total[-1]) / 1000 - difference) <= 0.0051


def test_every_headline_measure_has_a_bridge(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    for measure in app.segmented_control(key="changes_measure").options:
        app.segmented_control(key="changes_measure").select(measure).run()
        assert not app.exception, measure
        assert "they add up exactly" in words(app)


def test_every_group_opens_to_its_single_changes_which_add_up_to_it(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    causes = {row[0]: row[1:] for row in table(app, "Cause")[1:]}
    for group in app.pills(key="changes_group").options:
        app.pills(key="changes_group").set_value(group).run()
        assert not app.exception, group
        header, *rows = table(app, "Change")
        assert header[:5] == ["Change", "Owner", "By", "When", "Why"]
        drawn = rows[-1][0].startswith("Standard error")
        *singles, whole = rows[:-1] if drawn else rows
        for column, told in enumerate(whole[5:], 5):
            # A group that shows as nothing in every measure is not told by itself above.
            assert whole[0] not in causes or told == causes[whole[0]][column - 5], (group, header[column])
            added = sum(0.0 if "under" in row[column] else figure(row[column]) for row in singles)
            rounding = 0.0051 if "€" in header[column] else 0.051
            total = 0.0 if "under" in told else figure(told)
            assert abs(added - total) <= rounding * (len(singles) + 1), (group, header[column])


def test_a_single_change_says_whose_it_is_who_made_it_when_and_why(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    (sales,) = (name for name in app.pills(key="changes_group").options if name.startswith("Sales: "))
    app.pills(key="changes_group").set_value(sales).run()
    rows = {row[0]: row[1:5] for row in table(app, "Change")[1:]}
    owner, by, when, why = rows["Net price"]
    assert (owner, by, why) == ("Sales", "Bram Verhoeven", "List price rises by half a percent")
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", when)
    loaded = [row for row in rows.values() if row[3].startswith("loaded from ")]
    assert loaded and all(row[1] != "–" for row in rows.values() if row[3])


def test_every_plan_and_every_measure_can_be_opened(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    for plan in PlanName:
        app.selectbox(key="changes_plan").set_value(plan).run()
        assert not app.exception and len(table(app, "Measure")) > 1, plan
    for measure in ("production", "utilisation", "customer_lead_time", "inventory_value", "people"):
        app.selectbox(key="changes_grid").set_value(measure).run()
        assert not app.exception, measure


def test_against_an_older_plan_there_are_differences_and_the_reason_why_no_causes(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    older = len(app.selectbox(key="base").options) - 1
    app.selectbox(key="base").select_index(older).run()
    assert not app.exception
    assert app.header[0].value == "Difference to the agreed plan of Oct 2026, rev 1"
    assert any(
        caption.value.startswith("Causes are known against the last agreed plan") for caption in app.caption
    )


def test_a_starter_is_compared_with_the_year_before_and_money_is_no_formula(poor_workspace: Path) -> None:
    app = open_page(PAGE)
    assert not app.exception and not app.error
    message = app.title[0].value.replace("\\$", "$")
    assert re.match(r"Next 12 months: revenue [\d.]+ M\$, .* the last 12 months\.", message)
    assert app.title[0].value.count("\\$") == message.count("$") > 0
    assert any("No plan has been agreed yet" in caption.value for caption in app.caption)
    assert "nan" not in words(app).lower().split()

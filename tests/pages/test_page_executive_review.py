"""The executive review page, run without a browser: what it says agrees with what it shows."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from sop.services.agreement.frozen_plans import waive
from sop.services.agreement.plan_acts import propose_plan
from sop.services.planning.room import PlanningRoom
from sop.services.scenarios.drafts import entries, list_scenarios
from sop.store import open_store
from sop.views.people_words import count_words
from tests.pages.screens import blocks, open_page, table, words

PAGE = "executive_review"


def test_nobody_sees_a_plan_before_signing_in(demo_workspace: Path) -> None:
    app = open_page(PAGE, None)
    assert "revenue" not in words(app).lower()
    assert "who are you today" in app.title[0].value


def test_the_page_shows_every_panel_without_an_exception(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    assert not app.exception and not app.error
    headings = [heading.value for heading in app.header]
    assert headings == [
        "What changed since the agreed plan",
        "Decide today",
        "What will happen",
        "Exceptions: from outside first, then by money",
        "Strategy: initiatives and launches",
    ]
    assert "nan" not in words(app).lower().split()


def test_the_message_agrees_with_the_cards_and_the_bridge(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    message = app.title[0].value
    gaps = r"([\d.]+) M€ (above|below) the budget, ([\d.]+) M€ (above|below) the agreed plan"
    found = re.match(rf"Next 12 months: revenue ([\d.]+) M€, {gaps}", message)
    assert found, message
    revenue, _, _, gap, side = found.groups()
    card = next(text for text in blocks(app) if text.startswith("Revenue "))
    sign = "+" if side == "above" else "−"
    assert f"{revenue} M€ " in card and f"{sign}{gap} agreed" in card
    row = next(row for row in table(app, "How it is read") if row[0].startswith("Revenue"))
    assert row[1] == revenue and sign + gap in row


def test_the_message_tells_what_the_recommended_decisions_are_worth(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    rows = [text for text in blocks(app) if "Recommendation: " in text]
    yes = [row for row in rows if "Recommendation: Yes" in row]
    told = re.search(r"(\w+) decisions? (?:is|are) worth ([\d.]+) M€", app.title[0].value)
    assert told and count_words(len(yes)) == told[1].lower(), (yes, app.title[0].value)
    together = re.search(r"All recommended together, re-planned: EBIT \+([\d.]+) M€", words(app))
    alone = re.search(r"EBIT, 12 months: ▲ \+([\d.]+)", yes[0])
    worth = alone if len(yes) == 1 else together
    assert worth and told[2] == f"{float(worth[1]):.1f}"


def test_the_bridge_explains_any_headline_measure(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    assert "Revenue, next 12 months, M€" in words(app)
    app.selectbox(key="bridge_measure").select("Lead time").run()
    assert not app.exception
    assert "Lead time, next 12 months, days peak" in words(app)


def test_trying_puts_the_change_into_the_persons_own_draft(demo_workspace: Path) -> None:
    app = open_page(PAGE, "head_of_finance")
    app.button(key="try_0").click().run()
    assert not app.exception
    store = open_store(demo_workspace)
    scenarios = {scenario.kind: scenario for scenario in list_scenarios(store, "head_of_finance")}
    draft, working = (
        {(entry.key, entry.scope) for entry in entries(store, "head_of_finance", scenarios[kind].id)}
        for kind in ("draft", "working")
    )
    store.close()
    assert len(draft - working) == 1


def test_a_viewer_sees_the_decisions_but_has_no_button(demo_workspace: Path) -> None:
    app = open_page(PAGE, "viewer")
    assert "Decide today" in [heading.value for heading in app.header]
    assert not [button for button in app.button if button.key and button.key.startswith(("decide_", "try_"))]


def test_an_older_plan_is_compared_by_family_and_says_so(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    bases = app.selectbox(key="base")
    oldest = len(bases.options) - 1
    agreed_for = re.fullmatch(r"agreed (\w+ \d+), rev 1", bases.options[oldest])
    assert agreed_for
    bases.select_index(oldest).run()
    assert not app.exception
    assert app.header[0].value == f"Difference to the plan agreed for {agreed_for[1]}, by family"
    assert f"the plan agreed for {agreed_for[1]}" in app.title[0].value


def test_a_frozen_proposal_is_explained_with_its_own_assumptions(
    demo_workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "proposed"
    shutil.copytree(demo_workspace, folder)
    store = open_store(folder)
    waive(store, "executive", "2026-12", "minimum_cash", "the bank agreed in writing", "2099-12")
    record = propose_plan(PlanningRoom(store), "coordinator")
    store.close()
    monkeypatch.setenv("SOP_WORKSPACE", str(folder))
    app = open_page(PAGE)
    working = app.title[0].value
    app.selectbox(key="view").select(f"plan-{record.id}").run()
    assert not app.exception and not app.error
    assert app.title[0].value == working
    assert app.header[0].value == "What changed since the agreed plan"


def test_a_company_that_starts_sees_what_it_has_and_what_would_unlock_the_rest(poor_workspace: Path) -> None:
    app = open_page(PAGE)
    assert not app.exception and not app.error
    # Each dollar sign is escaped, or two of them would be a formula.
    assert re.match(r"Next 12 months: revenue [\d.]+ M\\\$, .* the last 12 months", app.title[0].value)
    text = words(app)
    assert " not known: " in text and "import" in text and "no agreed plan covers this month" in text
    assert app.header[0].value == "Difference to last 12 months, by family"
    assert "nan" not in text.lower().split()

"""The executive review page, run without a browser: what it says agrees with what it shows."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sop.services.agreement.frozen_plans import waive
from sop.services.agreement.plan_acts import propose_plan
from sop.services.company.cycle import CompanySettings, initialise
from sop.services.planning.room import PlanningRoom
from sop.services.scenarios.drafts import entries, list_scenarios
from sop.store import open_store
from sop.store.data import add_table
from sop.store.frames import frame_sha256
from sop.views.people_words import count_words
from tests.companies import FIRST_OPEN, Shape, company_tables

APP = Path(__file__).parents[2] / "screens.py"
POOR = Shape(orders=False, capacity=False, people=False, materials=False, strategy=False, ledger=False, horizon=24)
"""Products, sales and stock, all made to stock: what a company starts with."""


def open_page(person: str | None = "executive") -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=60)
    if person:
        app.session_state["person"] = person
    return app.run()


def shown(app: AppTest) -> str:
    """All HTML and text of the page."""
    return " ".join([*(element.value for element in app.title), *(block.proto.body for block in app.get("html"))])


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


@pytest.fixture
def poor_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    store = open_store(tmp_path)
    initialise(store, FIRST_OPEN, CompanySettings(name="Starter", currency="USD", fictional=True))
    with store.write(by="coordinator", role="coordinator") as tx:
        for name, frame in company_tables(POOR).items():
            add_table(tx, name, frame, file_name=name, file_sha256=frame_sha256(name, frame))
    store.close()
    monkeypatch.setenv("SOP_WORKSPACE", str(tmp_path))
    return tmp_path


def test_nobody_sees_a_plan_before_signing_in(demo_workspace: Path) -> None:
    app = open_page(None)
    assert "revenue" not in shown(app).lower()
    assert "who are you today" in app.title[0].value


def test_the_page_shows_every_panel_without_an_exception(demo_workspace: Path) -> None:
    app = open_page()
    assert not app.exception and not app.error
    headings = [heading.value for heading in app.header]
    assert headings == [
        "What changed since the agreed plan",
        "Decide today",
        "What will happen",
        "Exceptions: from outside first, then by money",
        "Strategy: initiatives and launches",
    ]
    assert "nan" not in plain(shown(app)).lower().split()


def test_the_message_agrees_with_the_cards_and_the_bridge(demo_workspace: Path) -> None:
    app = open_page()
    message = app.title[0].value
    gaps = r"([\d.]+) M€ (above|below) the budget, ([\d.]+) M€ (above|below) the agreed plan"
    found = re.match(rf"Next 12 months: revenue ([\d.]+) M€, {gaps}", message)
    assert found, message
    revenue, _, _, gap, side = found.groups()
    card = next(block.proto.body for block in app.get("html") if ">Revenue</abbr></a></h2>" in block.proto.body)
    sign = "+" if side == "above" else "−"
    assert f"{revenue} M€ " in plain(card) and f"{sign}{gap} agreed" in plain(card)
    table = plain(next(block.proto.body for block in app.get("html") if "How it is read" in block.proto.body))
    assert re.search(rf" Revenue, M€ {revenue} [\d.]+ {re.escape(sign + gap)} ", table)


def test_the_message_tells_what_the_recommended_decisions_are_worth(demo_workspace: Path) -> None:
    app = open_page()
    rows = [plain(block.proto.body) for block in app.get("html") if '"sop-decision"' in block.proto.body]
    yes = [row for row in rows if "Recommendation: Yes" in row]
    told = re.search(r"(\w+) decisions? (?:is|are) worth ([\d.]+) M€", app.title[0].value)
    assert told and count_words(len(yes)) == told[1].lower(), (yes, app.title[0].value)
    together = re.search(r"All recommended together, re-planned: EBIT \+([\d.]+) M€", shown(app))
    alone = re.search(r"EBIT, 12 months: ▲ \+([\d.]+)", yes[0])
    worth = alone if len(yes) == 1 else together
    assert worth and told[2] == f"{float(worth[1]):.1f}"


def test_the_bridge_explains_any_headline_measure(demo_workspace: Path) -> None:
    app = open_page()
    assert "Revenue, next 12 months, M€" in shown(app)
    app.selectbox(key="bridge_measure").select("Lead time").run()
    assert not app.exception
    assert "Lead time, next 12 months, days peak" in shown(app)


def test_trying_puts_the_change_into_the_persons_own_draft(demo_workspace: Path) -> None:
    app = open_page("head_of_finance")
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
    app = open_page("viewer")
    assert "Decide today" in [heading.value for heading in app.header]
    assert not [button for button in app.button if button.key and button.key.startswith(("decide_", "try_"))]


def test_an_older_plan_is_compared_by_family_and_says_so(demo_workspace: Path) -> None:
    app = open_page()
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
    app = open_page()
    working = app.title[0].value
    app.selectbox(key="view").select(f"plan-{record.id}").run()
    assert not app.exception and not app.error
    assert app.title[0].value == working
    assert app.header[0].value == "What changed since the agreed plan"


def test_a_company_that_starts_sees_what_it_has_and_what_would_unlock_the_rest(poor_workspace: Path) -> None:
    app = open_page()
    assert not app.exception and not app.error
    # Each dollar sign is escaped, or two of them would be a formula.
    assert re.match(r"Next 12 months: revenue [\d.]+ M\\\$, .* the last 12 months", app.title[0].value)
    text = plain(shown(app))
    assert " not known: " in text and "import" in text and "no agreed plan covers this month" in text
    assert app.header[0].value == "Difference to last 12 months, by family"
    assert "nan" not in text.lower().split()

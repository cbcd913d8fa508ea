"""Text is text: whatever people, files, families and companies are called, no page makes a link or picture of it.

Every place that Streamlit reads as Markdown, and all HTML, is looked at on every page, in its tabs, dialogs and
toasts, of a company whose every name tries.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.descriptor import FieldDescriptor
from streamlit.testing.v1 import AppTest

from sop.core.errors import BadInput
from sop.core.terms import PlanName, Role
from sop.services.access.people import change_person
from sop.services.agreement.plan_acts import propose_plan, return_plan
from sop.services.company.cycle import CompanySettings, initialise
from sop.services.planning.room import PlanningRoom
from sop.services.process.agenda import add_own_item
from sop.services.process.comments import say
from sop.services.process.meeting import begin_meeting
from sop.services.process.tasks import give_task
from sop.services.scenarios.drafts import change_assumption, save_as, working_scenario
from sop.services.scenarios.live_changes import changes_since
from sop.store import open_store
from sop.store.data import add_table
from sop.ui.frame.text import literal
from sop.ui.panels.review.explained import TITLE
from tests.companies import FIRST_OPEN, Shape, company_tables
from tests.pages.screens import open_page, press

EVIL = (
    "![a](http://evil.example/a.png) [b](http://evil.example) www.evil.example <img src=http://evil.example/c.png>"
)
SHAPE = Shape(history=5, horizon=6, products=3, families=2)
CALLED = ("Family A", "Family B", "Region 0", "New one", "Leaner", "Tender lost", "Supplier strike", "Motor")
"""What tables call families, a region, a launch, an initiative, events and a material."""
PAGES = sorted(file.stem for file in (Path(__file__).parents[2] / "pages").glob("*.py"))
MARKDOWN = {"body", "label", "help", "title", "text", "content"}
"""Fields of Streamlit's messages that it reads as Markdown, whatever they belong to."""
_LIVE = re.compile(r"(?<!\\)\]\(|(?<!\\)<\w|https?://|www\.evil", re.IGNORECASE)
"""What makes a link, a picture or an element of a text."""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company, its people, families, products, customers, files, reasons and plans called so."""
    folder = tmp_path_factory.mktemp("hostile")
    store = open_store(folder)
    initialise(store, FIRST_OPEN, CompanySettings(name=EVIL, horizon=SHAPE.horizon, fictional=True))
    with store.write(by="coordinator", role="coordinator") as tx:
        for name, frame in company_tables(SHAPE).items():
            frame = frame.replace({each: f"{each} {EVIL}" for each in CALLED})
            if name == "products":
                frame["name"] = [f"{each} {EVIL}" for each in frame["name"]]
            add_table(tx, name, frame, file_name=f"{EVIL}.csv", file_sha256="0" * 64)
    for role in Role:
        change_person(store, "administrator", role.value, f"{role.value} {EVIL[:80]}", role, True)
    room = PlanningRoom(store)
    working = working_scenario(store, "executive").id
    change_assumption(store, "head_of_sales", working, "demand_pct", 0.02, reason=EVIL)
    returned = propose_plan(room, "coordinator", label=EVIL)
    return_plan(store, "head_of_sales", returned.id, EVIL)
    propose_plan(room, "coordinator", label=EVIL)
    save_as(store, "head_of_sales", working, EVIL[:80], EVIL)
    say(store, "head_of_sales", "plan", "sales", EVIL)
    give_task(store, "coordinator", EVIL, "head_of_sales", FIRST_OPEN, note=EVIL)
    add_own_item(store, "coordinator", EVIL, EVIL)
    begin_meeting(store, "executive")
    store.close()
    return folder


@pytest.fixture
def in_hostile(hostile: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SOP_WORKSPACE", str(hostile))
    return hostile


def texts(message: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a message that is read as Markdown, with its place."""
    for field, value in message.ListFields():
        inner = list(value) if field.is_repeated else [value]
        for each in inner:
            if field.type == FieldDescriptor.TYPE_MESSAGE:
                yield from texts(each, f"{place}.{field.name}")
            elif field.type == FieldDescriptor.TYPE_STRING and field.name in MARKDOWN:
                yield f"{place}.{field.name}", each


def shown(app: AppTest) -> tuple[list[tuple[str, str]], list[str]]:
    """All that is read as Markdown, and all HTML."""
    markdown, html = [], []
    for node in _nodes(app._tree):
        if getattr(node, "proto", None) is None:
            continue
        if node.type == "html":
            html.append(node.proto.body)
        elif node.type not in (
            "code",
            "arrow_data_frame",
            "dataframe",
            "vega_lite_chart",
            "arrow_vega_lite_chart",
        ):
            markdown += texts(node.proto, node.type)
    return markdown, html


def _nodes(block: Any) -> Iterator[Any]:
    yield block
    for child in getattr(block, "children", {}).values():
        yield from _nodes(child)


class _Elements(HTMLParser):
    """Elements that fetch or lead somewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        outside = any(
            "evil" in (value or "") for name, value in attrs if name in ("src", "href", "style", "action")
        )
        if (
            outside
            or tag in ("img", "script", "iframe", "object")
            or any(name.startswith("on") for name, _ in attrs)
        ):
            self.found.append(tag)


def alive(app: AppTest) -> list[str]:
    """What became of a name on a page."""
    markdown, html = shown(app)
    found = [f"{place}: {text[:200]}" for place, text in markdown if _LIVE.search(text.replace("\\\\", ""))]
    for body in html:
        reader = _Elements()
        reader.feed(body)
        found += [f"html: <{tag}>" for tag in reader.found]
    return found


@pytest.mark.parametrize("name", PAGES)
def test_no_page_makes_anything_of_a_name_whoever_looks(in_hostile: Path, name: str) -> None:
    for role in Role:
        app = open_page(name, role.value, comments=True, changes=True)
        assert not app.exception and alive(app) == [], role


@pytest.mark.parametrize("name", [plan.value for plan in PlanName if plan is not PlanName.FINANCIAL])
def test_nor_does_the_dialog_that_explains_a_figure(in_hostile: Path, name: str) -> None:
    # On Financial its button lies in a part that is folded.
    app = press(open_page(name, "executive"), TITLE)
    assert not app.exception and alive(app) == []
    assert any(button.label == TITLE for button in app.button)


def test_nor_does_what_is_told_of_others(in_hostile: Path) -> None:
    """The sentences of the audit trail themselves, as toasts."""
    store = open_store(in_hostile)
    told = [line for at in range(0, 40, 3) for line in changes_since(store, "viewer", at)]
    store.close()
    assert any("evil" in line for line in told)
    app = open_page("executive_review", "viewer", changes_to_tell=tuple(told))
    assert alive(app) == [] and len(app.toast) == len(told)


def test_nor_does_the_choice_of_a_persona(in_hostile: Path) -> None:
    app = open_page("executive_review", None)
    assert not app.exception and alive(app) == []


def test_nor_does_a_toast_or_a_refusal(in_hostile: Path) -> None:
    app = open_page("executive_review", "executive", done=EVIL, changes_to_tell=(EVIL,))
    assert alive(app) == [] and len(app.toast) == 2
    app = open_page("executive_review", "executive", refusal=str(BadInput(EVIL, why=EVIL)))
    assert alive(app) == [] and app.error


def test_the_test_itself_would_see_one(in_hostile: Path) -> None:
    def script() -> None:
        import streamlit as st

        from tests.pages.test_hostile_names import EVIL

        st.button(EVIL)
        st.html(EVIL)

    assert len(alive(AppTest.from_function(script).run())) == 2


@pytest.mark.parametrize("text", ["sales_actuals", "Family A", "Revenue 5, 3%", "2026-12, 09:30", "a - b", "x=1"])
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert literal(text) == text

"""Ids in links, on the running app: nobody is shown by an address what they could not have chosen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sop.core.terms import Role
from sop.services.access.mode import Access
from sop.services.access.sessions import begin_session, choose_persona, key_of
from sop.services.planning.room import PlanningRoom
from sop.services.scenarios.drafts import change_assumption, own_draft, save_as
from sop.store import Store, open_store
from tests.web.servers import served
from tests.web.streams import opened, run, words

SECRET, SHARED = "A plan nobody knows of yet", "A plan for everybody"


@pytest.fixture(scope="module")
def number(demo: Path) -> Iterator[int]:
    with served(demo, SOP_DRAWS="50") as found:
        yield found


@pytest.fixture(scope="module")
def linked(demo: Path) -> Iterator[tuple[Store, int, int]]:
    """The store, the draft of the head of sales with a change of its own, and a scenario that they saved."""
    store = open_store(demo)
    saved = save_as(store, "head_of_sales", own_draft(store, "head_of_sales").id, SHARED)
    draft = own_draft(store, "head_of_sales").id
    change_assumption(store, "head_of_sales", draft, "demand_pct", 0.31, reason=SECRET)
    # The forecast is there, so that pages show plans and not how far it is.
    PlanningRoom(store).scenario_plan()
    yield store, draft, saved.id
    store.close()


def shown(number: int, store: Store, role: Role, page: str, query: str) -> str:
    """What somebody in a role is shown at an address."""
    secret = begin_session(store, None, Access.DEMO)
    choose_persona(store, key_of(secret), role.value)
    with opened(number, f"accord_{number}={secret}") as socket:
        return words(run(socket, page, query=query))


def test_its_owner_sees_it_and_what_was_saved_is_for_everybody(
    number: int, linked: tuple[Store, int, int]
) -> None:
    store, draft, saved = linked
    # Also on the first visit of a fresh server, which goes by way of the entry script.
    assert f"scenario-{draft}" in shown(number, store, Role.HEAD_OF_SALES, "financial", f"view=scenario-{draft}")
    assert SECRET in shown(number, store, Role.HEAD_OF_SALES, "scenarios", "")
    text = shown(number, store, Role.VIEWER, "financial", f"view=scenario-{saved}")
    assert SHARED in text and f"scenario-{saved}" in text


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.HEAD_OF_SALES, Role.ADMINISTRATOR)])
def test_the_draft_of_another_is_not_shown(number: int, linked: tuple[Store, int, int], role: Role) -> None:
    store, draft, _ = linked
    plans = f"view=scenario-{draft}&base=scenario-{draft}"
    for page, query in (("financial", plans), ("scenarios", f"scenario={draft}&beside={draft}")):
        text = shown(number, store, role, page, query)
        assert "vega_lite_chart" in text and SECRET not in text and f"scenario-{draft}" not in text, page


@pytest.mark.parametrize("query", ["view=plan-999999", "base=plan-0", "view=plan-1&base=scenario-1%27--"])
def test_an_id_of_nothing_leads_to_the_usual_page(number: int, linked: tuple[Store, int, int], query: str) -> None:
    text = shown(number, linked[0], Role.VIEWER, "financial", query)
    assert "heading" in text and "Traceback" not in text and "exception" not in text


def test_no_link_leads_an_administrator_to_a_plan(number: int, linked: tuple[Store, int, int]) -> None:
    store, draft, saved = linked
    for query in (f"view=scenario-{draft}", f"view=scenario-{saved}", "view=plan-1"):
        text = shown(number, store, Role.ADMINISTRATOR, "financial", query)
        assert "may not open this page" in text and "vega_lite_chart" not in text

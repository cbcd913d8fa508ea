"""A link restores a view, to those who may see it; what it asks for and nobody may choose counts for nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sop.services.scenarios.drafts import own_draft, save_as
from tests.pages.screens import APP
from tests.pages.workspaces import room_of


def follow(link: dict[str, str], person: str) -> AppTest:
    """The front page, opened by an address."""
    app = AppTest.from_file(str(APP), default_timeout=120)
    app.session_state["person"] = person
    for name, value in link.items():
        app.query_params[name] = value
    return app.run()


def chosen(app: AppTest, key: str) -> object:
    return next(box.value for box in app.selectbox if box.key == key)


def test_what_is_shown_comes_from_the_address_to_those_who_may_see_it(workspace: Path) -> None:
    store = room_of(workspace).store
    draft = own_draft(store, "head_of_sales")
    saved = save_as(store, "head_of_sales", draft.id, "Second shift")
    app = follow({"view": f"scenario-{saved.id}"}, "head_of_finance")
    assert not app.exception and chosen(app, "view") == f"scenario-{saved.id}"
    assert app.session_state["address"] == {"view": f"scenario-{saved.id}"}
    mine = {"view": f"scenario-{draft.id}"}
    assert chosen(follow(mine, "head_of_sales"), "view") == f"scenario-{draft.id}"
    assert chosen(follow(mine, "head_of_finance"), "view") == "working"


@pytest.mark.parametrize("value", ["", "scenario-999999", "plan-0", "<b>", "x" * 5000])
def test_an_address_that_asks_for_nothing_there_is_the_usual_page(workspace: Path, value: str) -> None:
    app = follow({"view": value, "base": value}, "executive")
    assert not app.exception and chosen(app, "view") == "working" and app.session_state["address"] == {}

"""Pages of a company whose order book, lead time and shipments contradict each other: none breaks, all is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from sop.services.company.cycle import CompanySettings, initialise
from sop.store import open_store
from sop.store.data import add_table
from tests.pages.screens import message, open_page, words
from tests.test_service import FIRST, tables

INFERRED = "710 units were past due at the end of Dec 2025, inferred from the order book and the stated lead time"


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The maker of aircraft with 276 days of orders and 60 days of lead time, and one closed month."""
    store = open_store(tmp_path)
    initialise(store, FIRST, CompanySettings(name="Works", horizon=12))
    with store.write(by="coordinator", role="coordinator") as tx:
        for name, frame in tables(907.0).items():
            add_table(tx, name, frame, file_name=f"{name}.csv", file_sha256="0" * 64)
    store.close()
    monkeypatch.setenv("SOP_WORKSPACE", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("page", ["customer_lead_time", "production"])
def test_what_is_inferred_is_in_the_message_though_no_month_end_shows_it(workspace: Path, page: str) -> None:
    app = open_page(page, "coordinator")
    assert not app.exception
    assert INFERRED in message(app)


def test_no_inferred_past_due_stands_among_actuals(workspace: Path) -> None:
    app = open_page("performance", "coordinator")
    assert not app.exception
    assert "Past due cannot be shown: needs past due in order book." in [each.value for each in app.caption]


def test_the_gate_tells_both_figures(workspace: Path) -> None:
    app = open_page("sign_off", "coordinator")
    assert not app.exception
    told = words(app)
    assert "276 days of shipments" in told and "60 days" in told

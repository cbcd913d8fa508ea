"""Every page of a company of weeks, of 4-4-5 periods and of quarters: no fault, and the company's own words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sop.core.calendar import BUCKETS, MONTH, WEEK, Bucket, first_day, period_of, speak_in
from sop.services.company.cycle import CompanySettings, initialise
from sop.services.planning.room import PlanningRoom
from sop.store import open_store
from tests.companies import FIRST_OPEN
from tests.pages.screens import APP, blocks, message, open_page
from tests.pages.workspaces import RICH
from tests.services.planned_company import load_tables

PAGES = sorted(path.stem for path in (APP.parent / "pages").glob("*.py"))
RETAIL, QUARTER = BUCKETS[2], BUCKETS[-1]
SPEAKING = ("sales", "production", "inventory", "financial", "settings")
"""Pages that name what is planned."""
PLANNED = {WEEK.key: 60, RETAIL.key: 16, QUARTER.key: 6}
MONTHS_THEY_ARE = re.compile(
    r"(?:\d|twelve|three|few|of|in|whole|calendar|by|each|a|these|such|open|first|next|last|same|closed|common)"
    r"[ \u202f]months?\b|months (?:ahead|by which|from)|by, months|plan, months",
    re.IGNORECASE,
)
"""Spans that are counted in months, and durations, whatever the periods."""


@pytest.fixture(scope="module", params=[WEEK, RETAIL, QUARTER], ids=lambda bucket: bucket.key)
def company(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bucket]:
    """A generated company with every table, by month, that plans in a bucket; the app opens it."""
    bucket: Bucket = request.param
    folder: Path = tmp_path_factory.mktemp("rhythm")
    store = open_store(folder)
    settings = CompanySettings(name="Generated", horizon=PLANNED[bucket.key], fictional=True)
    initialise(store, period_of(first_day(FIRST_OPEN), bucket), settings)
    load_tables(store, RICH)
    PlanningRoom(store).input_set()
    store.close()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOP_WORKSPACE", str(folder))
        yield bucket
    speak_in(MONTH)


def texts(app: AppTest) -> list[str]:
    """What a page says: its message, its HTML, captions, labels and helps."""
    shown = [message(app), *blocks(app)]
    for kind in ("caption", "markdown", "header", "subheader"):
        shown += [str(each.value) for each in getattr(app, kind)]
    for kind in ("selectbox", "number_input", "text_input", "button", "checkbox", "radio"):
        shown += [f"{each.label} {getattr(each, 'help', '') or ''}" for each in getattr(app, kind)]
    return shown


@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_and_speaks_of_the_company_s_periods(company: Bucket, name: str) -> None:
    app = open_page(name, "executive")
    assert not app.exception and not app.error, [each.value for each in (*app.exception, *app.error)]
    said = [(text, found.start()) for text in texts(app) for found in re.finditer(r"\bmonth", text, re.I)]
    around = [text[max(at - 12, 0) : at + 20] for text, at in said]
    assert [text for text in around if not MONTHS_THEY_ARE.search(text)] == []
    word = "period" if company is RETAIL else company.word
    assert name not in SPEAKING or any(re.search(rf"\b{word}", text, re.I) for text in texts(app))

"""Every chart really draws in a browser: a specification can be valid and still show nothing."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright

from tests.servers import ROOT, streamlit_on
from tests.ui.gallery import DRAWN, ODD

pytestmark = pytest.mark.browser

CHROMIUM = Path("/usr/bin/chromium")
CHROMIUM_OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]

# What a reader must find written in each chart.
WRITTEN = {
    "bridge": {
        "Agreed",
        "Forecast",
        "Load",
        "New",
        "60.0",
        "+1.0",
        "−2.0",
        "59.0 (−1.0)",
        "Budget",
        "5.0 (+54.0)",
    },
    "fan": {"today", "agreed 2.0 · 24%", "budget 2.0 · 62%", "plan 4.0", "low 3.2", "high 4.8"},
    "outlook": {"today", "agreed 2.0", "plan 4.0"},
    "load": {"200", "▬ demonstrated capacity", "Oct2026", "Nov", "Dec2026", "Jan"},
    "small columns": {"4.0", "2.0", "Oct 26"},
    "small line": {"4.0", "2.0"},
    "strip": {"Compact", "+1 months"},
    "plan": {"Oct2026", "Nov"},
    "variance": {"+1", "+2"},
    "tornado": {"Price", "+1.0 · +1%", "−1.0 · −1%"},
    "terms": {"Oct2026", "Jan"},
    "categories": {"lag 1", "lag 2", "1", "target 1"},
    "indicator": {"2.0", "Oct 26"},
    "tradeoff": {"now 96.0", "A", "B"},
}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The address of a server that shows the gallery."""
    with streamlit_on("tests/ui/gallery.py", PYTHONPATH=str(ROOT)) as found:
        yield found


@pytest.fixture(scope="module", params=["light", "dark"])
def gallery(request: pytest.FixtureRequest, address: str) -> Iterator[Page]:
    """The gallery as a browser with that theme draws it."""
    if not CHROMIUM.exists():
        pytest.skip(f"no browser at {CHROMIUM}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_OPTIONS)
        opened = browser.new_page(viewport={"width": 1440, "height": 900}, color_scheme=request.param)
        opened.goto(address)
        drawn = len(DRAWN) + len(ODD)
        opened.locator("[data-testid=stVegaLiteChart] svg").nth(drawn - 1).wait_for(timeout=120_000)
        yield opened
        browser.close()


def texts(gallery: Page, name: str) -> list[tuple[str, float]]:
    """Every text of a chart with its height on the page."""
    chart = gallery.locator(f".st-key-chart_{list(DRAWN).index(name)} svg text")
    read = "all => all.map(one => [one.textContent, one.getBoundingClientRect().y, one.getAttribute('opacity')])"
    return [(text, y) for text, y, opacity in chart.evaluate_all(read) if text and opacity != "0"]


@pytest.mark.parametrize("name", DRAWN)
def test_a_chart_draws_marks(gallery: Page, name: str) -> None:
    drawn = gallery.locator(f".st-key-chart_{list(DRAWN).index(name)} svg [class*=mark-] > :is(path, line)")
    assert drawn.count() >= 3
    assert gallery.locator("[data-testid=stException]").count() == 0


@pytest.mark.parametrize("name", WRITTEN)
def test_a_chart_writes_its_figures_and_names(gallery: Page, name: str) -> None:
    gallery.locator(f".st-key-chart_{list(DRAWN).index(name)}").scroll_into_view_if_needed()
    assert {text for text, _ in texts(gallery, name)} >= WRITTEN[name]


def test_labels_at_the_end_of_lines_never_overlap(gallery: Page) -> None:
    words = ("agreed", "budget", "plan", "low", "high")
    heights = sorted(y for text, y in texts(gallery, "fan") if text.startswith(words))
    assert len(heights) == 5
    assert min(b - a for a, b in pairwise(heights)) >= 11


def test_the_name_of_capacity_stands_clear_of_the_row_of_utilisation(gallery: Page) -> None:
    heights = dict(texts(gallery, "load under high capacity"))
    assert heights["▬ demonstrated capacity"] - heights["200"] >= 11


def test_nothing_on_the_page_fails_the_accessibility_check(gallery: Page) -> None:
    assert [found["id"] for found in Axe().run(gallery).response["violations"]] == []


def test_a_chart_of_figures_that_nobody_draws_on_purpose_draws_what_is_known(gallery: Page) -> None:
    """One point, all negative, all missing: every chart stands, nothing is written that is no figure."""
    wrong = {}
    for place, name in enumerate(ODD):
        chart = gallery.locator(f".st-key-odd_{place} [data-testid=stVegaLiteChart]")
        told = chart.locator("svg text").all_text_contents()
        if not chart.locator("svg").count() or any("NaN" in text or "null" in text for text in told):
            wrong[name] = told
    assert wrong == {}
    assert gallery.get_by_test_id("stException").count() == 0

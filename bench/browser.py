"""What a person waits for, in a real browser: a slider move until the last chart stands, and each page's load.

    python bench/browser.py [--json FILE] [--moves 15] [--workspace DIR]

The slider of the Scenarios page is compared, in the same run, with a page of as many charts that computes
nothing; the ratio is what the product adds. Pages are opened in a warm server and timed to their last chart.
Without --workspace a demo with two past cycles is built in a temporary folder. Needs Chromium (SOP_CHROMIUM or
/usr/bin/chromium); without it the bench says so and measures nothing.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from report import Figures, main

ROOT = Path(__file__).resolve().parents[1]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync", "--no-first-run"]
FIRST_OPEN = "2026-12"
PAGES = (
    "executive_review",
    "performance",
    "plan_changes",
    "scenarios",
    "sign_off",
    "sales",
    "production",
    "inventory",
    "customer_lead_time",
    "new_products",
    "strategic_initiatives",
    "financial",
    "data",
    "assumptions",
)
QUIET_MS = 400

# Notes when a chart on the page was last drawn: any change inside one of Streamlit's charts.
WATCH = """
(() => {
  window.__last = 0; window.__drawn = new Set();
  new MutationObserver(changes => {
    for (const change of changes) {
      const place = change.target.closest ? change.target : change.target.parentElement;
      const chart = place?.closest('[data-testid=stVegaLiteChart]');
      if (chart) { window.__last = performance.now(); window.__drawn.add(chart); }
    }
  }).observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
})();
"""

IDLE_PAGE = """
import sys
sys.path.insert(0, {root!r})
import streamlit as st
from sop.ui.charts import chart_small_columns, chart_small_line, show_chart
from sop.ui.frame.style import show_style
from sop.ui.charts import current_theme

show_style(current_theme())
months = [f"M{{i}}" for i in range(24)]

@st.fragment
def body():
    k = st.slider("Slider", -50, 50, 0)
    figures = [100 + k + (i % 7) for i in range(24)]
    with st.grid(4):
        for n in range({charts}):
            draw = chart_small_columns if n % 2 else chart_small_line
            with st.container(border=True):
                show_chart(draw(months, figures, figures, alt="idle"), f"c{{n}}")
body()
"""


def chromium() -> str | None:
    """The browser to drive, if there is one."""
    found = os.environ.get("SOP_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    return found if Path(found).exists() else None


def demo_workspace(folder: Path) -> Path:
    """A demo with two past cycles."""
    from sop.services.demo.build import build_demo
    from sop.store import open_store

    folder.mkdir(parents=True, exist_ok=True)
    store = open_store(folder)
    build_demo(store, FIRST_OPEN, past_cycles=2)
    store.close()
    return folder


@contextmanager
def server(script: Path, **environment: str) -> Iterator[str]:
    """A Streamlit server on a free port of this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port),
               "--server.address", "127.0.0.1", "--server.headless", "true"]  # fmt: skip
    process = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_up(url)
        yield url
    finally:
        process.terminate()
        process.wait(20)


def _wait_until_up(url: str) -> None:
    for _ in range(240):
        try:
            urllib.request.urlopen(f"{url}/_stcore/health", timeout=1)
        except OSError:
            time.sleep(0.25)
        else:
            return
    raise SystemExit(f"the app did not answer on {url}")


def settle(page, since: float, timeout: float = 30.0) -> float | None:
    """Milliseconds from `since` (page clock) to the last chart change, once quiet; None if none changed."""
    end = time.time() + timeout
    while time.time() < end:
        last, now = page.evaluate("[window.__last, performance.now()]")
        if last > since and now - last > QUIET_MS:
            return last - since
        time.sleep(0.03)
    return None


def slider_times(page, name: str, moves: int) -> tuple[list[float], int]:
    """Key press to last chart, for each move of a slider; and the most charts that one move drew."""
    slider = page.get_by_role("slider", name=name).first
    slider.focus()
    found, charts = [], 0
    for i in range(moves + 3):
        page.evaluate("window.__drawn.clear()")
        since = page.evaluate("performance.now()")
        page.keyboard.press("ArrowRight" if (i // 8) % 2 == 0 else "ArrowLeft")
        spent = settle(page, since)
        charts = max(charts, page.evaluate("window.__drawn.size"))
        if spent is not None and i >= 3:
            found.append(spent)
    return found, charts


def open_app(browser, url: str, path: str = ""):
    """A page of the app, signed in as the CEO."""
    page = browser.new_context(viewport={"width": 1440, "height": 1000}).new_page()
    page.add_init_script(WATCH)
    page.goto(f"{url}/{path}", wait_until="commit")
    page.locator("[class*=st-key-persona-executive] button").click(timeout=60_000)
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]", timeout=60_000)
    return page


def page_loads(page) -> Figures:
    """Click to last chart of every page in the navigation (pages without charts: to the end of the run)."""
    figures: Figures = {}
    for name in PAGES:
        link = find_link(page, name)
        since = page.evaluate("performance.now()")
        link.click()
        page.wait_for_timeout(150)
        page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]", timeout=60_000)
        ended = page.evaluate("performance.now()") - since
        figures[f"page_{name}"] = (settle(page, since, timeout=3.0) or ended, "ms")
    return figures


def find_link(page, name: str):
    """The link to a page in the navigation on top, whose groups open one at a time."""
    title = {"sign_off": "Sign-off"}.get(name, name.replace("_", " ").capitalize())
    for group in page.locator("[data-testid=stTopNavSection]").all():
        group.click()
        link = page.get_by_role("menuitem", name=title, exact=True)
        page.wait_for_timeout(200)
        if link.count():
            return link.first
        page.keyboard.press("Escape")
    raise SystemExit(f"the navigation has no page '{name}'")


def measure(options: argparse.Namespace) -> Figures:
    from playwright.sync_api import sync_playwright

    if chromium() is None:
        raise SystemExit("browser bench skipped: no Chromium; install it or set SOP_CHROMIUM")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        workspace = options.workspace or demo_workspace(Path(folder) / "demo")
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        with server(ROOT / "app.py", SOP_WORKSPACE=str(workspace)) as url:
            page = open_app(browser, url, "scenarios")
            settle(page, 0.0)
            ours, charts = slider_times(page, "Demand against forecast", options.moves)
            loads = page_loads(page)
        idle = Path(folder) / "idle.py"
        idle.write_text(IDLE_PAGE.format(root=str(ROOT), charts=charts), encoding="utf-8")
        with server(idle) as url:
            page = browser.new_context(viewport={"width": 1440, "height": 1000}).new_page()
            page.add_init_script(WATCH)
            page.goto(url, wait_until="commit")
            page.get_by_role("slider", name="Slider").wait_for(timeout=60_000)
            settle(page, 0.0)
            theirs, _ = slider_times(page, "Slider", options.moves)
        browser.close()
    return {
        "slider_charts": (charts, "charts"),
        "slider_to_last_chart": (statistics.median(ours), "ms"),
        "slider_idle_page": (statistics.median(theirs), "ms"),
        "slider_ratio": (statistics.median(ours) / statistics.median(theirs), "ratio"),
    } | loads


if __name__ == "__main__":
    main(
        measure,
        __doc__ or "",
        ("--moves", {"type": int, "default": 15}),
        ("--workspace", {"type": Path, "default": None, "help": "a workspace to open instead of a new demo"}),
    )

"""What a person waits for, in a real browser: a slider move until the last chart stands, and each page's load.

    python bench/browser.py [--json FILE] [--moves 15] [--workspace DIR] [--dash PYTHON]

The slider of the Scenarios page goes to places where it never was, and back over those where it was, told apart.
It is compared, in the same run, with a page of as many charts that computes nothing (the ratio is what the product
adds), and with a page of Dash that draws as many; --dash names a Python that has it where this one has not. Beside
each stands the CPU that its server spends on a move. Pages are opened twice in a warm server: timed to their last
chart, and by the CPU that the server spends on the second visit. Without --workspace a demo with two past cycles
is built in a temporary folder. Needs Chromium (SOP_CHROMIUM or /usr/bin/chromium); without it the bench says so
and measures nothing.
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
from dataclasses import dataclass
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
      const chart = place?.closest('[data-testid=stVegaLiteChart], .js-plotly-plot');
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
    k = st.slider("Slider", -50, 50, -50)
    figures = [100 + k + (i % 7) for i in range(24)]
    with st.grid(4):
        for n in range({charts}):
            draw = chart_small_columns if n % 2 else chart_small_line
            with st.container(border=True):
                show_chart(draw(months, figures, figures, alt="idle"), f"c{{n}}")
body()
"""

DASH_PAGE = """
import sys
from dash import Dash, Input, Output, dcc, html

MONTHS = [f"M{{i}}" for i in range(24)]
app = Dash(__name__)
app.layout = html.Div([
    dcc.Slider(-50, 50, 1, value=-50, marks=None, id="slider"),
    html.Div([dcc.Graph(id=f"c{{n}}", style={{"width": "23%", "height": "150px", "display": "inline-block"}})
              for n in range({charts})]),
])

@app.callback([Output(f"c{{n}}", "figure") for n in range({charts})], Input("slider", "value"))
def draw(k):
    figures = [100 + k + (i % 7) for i in range(24)]
    kinds = ({{"type": "bar"}}, {{"type": "scatter", "mode": "lines"}})
    layout = {{"margin": {{"l": 30, "r": 10, "t": 10, "b": 20}}, "showlegend": False}}
    return [{{"data": [{{**kinds[n % 2], "x": MONTHS, "y": figures}}, {{**kinds[1], "x": MONTHS, "y": figures}}],
              "layout": layout}} for n in range({charts})]

app.run(port=int(sys.argv[1]), debug=False)
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


@dataclass(frozen=True)
class Served:
    """A server: where it answers, and its process."""

    url: str
    process: int

    def cpu(self) -> float:
        """Milliseconds of CPU that its process has spent so far."""
        fields = Path(f"/proc/{self.process}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def streamlit(script: Path) -> list[str]:
    """The command that serves a script, its port left to say."""
    options = ["--server.address", "127.0.0.1", "--server.headless", "true", "--server.port"]
    return [sys.executable, "-m", "streamlit", "run", str(script), *options]


@contextmanager
def server(command: list[str], health: str = "_stcore/health", **environment: str) -> Iterator[Served]:
    """A server on a free port of this machine, which ends its command."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [*command, str(port)],
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_up(f"{url}/{health}")
        yield Served(url, process.pid)
    finally:
        process.terminate()
        process.wait(20)


def _wait_until_up(url: str) -> None:
    for _ in range(240):
        try:
            urllib.request.urlopen(url, timeout=1)
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


WARMING = 3
"""Moves of a slider before those that count."""


def slider_times(
    page, served: Served, slider, moves: int, key: str = "ArrowRight"
) -> tuple[list[float], float, int]:
    """Key press to last chart, for each move of a slider one way; CPU of the server for each, in milliseconds; and
    the most charts that one move drew."""
    slider.focus()
    found, charts, begun = [], 0, 0.0
    for i in range(moves + WARMING):
        page.evaluate("window.__drawn.clear()")
        if i == WARMING:
            begun = served.cpu()
        since = page.evaluate("performance.now()")
        page.keyboard.press(key)
        spent = settle(page, since)
        charts = max(charts, page.evaluate("window.__drawn.size"))
        if spent is not None and i >= WARMING:
            found.append(spent)
    return found, (served.cpu() - begun) / moves, charts


def bare_slider(browser, served: Served, moves: int) -> tuple[list[float], float]:
    """The same on a page with one slider that computes nothing."""
    page = browser.new_context(viewport={"width": 1440, "height": 1000}).new_page()
    page.add_init_script(WATCH)
    page.goto(served.url, wait_until="commit")
    slider = page.get_by_role("slider").first
    slider.wait_for(timeout=60_000)
    settle(page, 0.0)
    found, cpu, _ = slider_times(page, served, slider, moves)
    page.context.close()
    return found, cpu


def open_app(browser, url: str, path: str = ""):
    """A page of the app, signed in as the CEO."""
    page = browser.new_context(viewport={"width": 1440, "height": 1000}).new_page()
    page.add_init_script(WATCH)
    page.goto(f"{url}/{path}", wait_until="commit")
    page.locator("[class*=st-key-persona-executive] button").click(timeout=60_000)
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]", timeout=60_000)
    return page


def page_loads(page, served: Served) -> Figures:
    """Click to last chart of every page in the navigation (pages without charts: to the end of the run).

    On its second visit, by when it is warm, also the CPU that the server spends on it.
    """
    figures: Figures = {}
    for visit in range(2):
        for name in PAGES:
            link = find_link(page, name)
            since, spent = page.evaluate("performance.now()"), served.cpu()
            link.click()
            page.wait_for_timeout(150)
            page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]", timeout=60_000)
            ended = page.evaluate("performance.now()") - since
            figures[f"page_{name}"] = (settle(page, since, timeout=3.0) or ended, "ms")
            if visit:
                figures[f"page_{name}_cpu"] = (served.cpu() - spent, "ms CPU")
    each = [value for name, (value, _) in figures.items() if name.endswith("_cpu")]
    return figures | {
        "page_switch_cpu": (statistics.median(each), "ms CPU"),
        "page_switch_cpu_most": (max(each), "ms CPU"),
    }


def find_link(page, name: str):
    """The link to a page in the navigation on top, whose groups open one at a time."""
    title = {"sign_off": "Sign-off"}.get(name, name.replace("_", " ").capitalize())
    tab = page.get_by_test_id("stHeader").get_by_role("link", name=title, exact=True)
    if tab.count():
        return tab.first
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
        with server(streamlit(ROOT / "app.py"), SOP_WORKSPACE=str(workspace)) as served:
            page = open_app(browser, served.url, "scenarios")
            settle(page, 0.0)
            slider = page.get_by_role("slider", name="Demand against forecast").first
            ours, our_cpu, charts = slider_times(page, served, slider, options.moves)
            visited, visited_cpu, _ = slider_times(page, served, slider, options.moves, "ArrowLeft")
            loads = page_loads(page, served)
        idle = Path(folder) / "idle.py"
        idle.write_text(IDLE_PAGE.format(root=str(ROOT), charts=charts), encoding="utf-8")
        with server(streamlit(idle)) as served:
            theirs, their_cpu = bare_slider(browser, served, options.moves)
        dash = dash_times(browser, options.dash, Path(folder), charts, options.moves, statistics.median(ours))
        browser.close()
    return {
        "slider_charts": (charts, "charts"),
        "slider_to_last_chart": (statistics.median(ours), "ms"),
        "slider_cpu": (our_cpu, "ms CPU"),
        "slider_visited": (statistics.median(visited), "ms"),
        "slider_visited_cpu": (visited_cpu, "ms CPU"),
        "slider_idle_page": (statistics.median(theirs), "ms"),
        "slider_idle_page_cpu": (their_cpu, "ms CPU"),
        "slider_ratio": (statistics.median(ours) / statistics.median(theirs), "ratio"),
        **dash,
        **loads,
    }


def dash_times(browser, python: str, folder: Path, charts: int, moves: int, ours: float) -> Figures:
    """The slider of a Dash page with as many charts, and how many times as long `ours` takes; nothing, saying so,
    where Dash is absent."""
    if subprocess.run([python, "-c", "import dash"], capture_output=True, check=False).returncode:
        print("slider_dash skipped: Dash is not installed; see requirements-bench.txt, or name a Python by --dash")
        return {}
    script = folder / "dash_page.py"
    script.write_text(DASH_PAGE.format(charts=charts), encoding="utf-8")
    with server([python, str(script)], health="") as served:
        found, cpu = bare_slider(browser, served, moves)
    theirs = statistics.median(found)
    return {
        "slider_dash": (theirs, "ms"),
        "slider_dash_cpu": (cpu, "ms CPU"),
        "slider_dash_ratio": (ours / theirs, "ratio"),
    }


if __name__ == "__main__":
    main(
        measure,
        __doc__ or "",
        ("--moves", {"type": int, "default": 15}),
        ("--dash", {"default": sys.executable, "help": "a Python that has Dash"}),
        ("--workspace", {"type": Path, "default": None, "help": "a workspace to open instead of a new demo"}),
    )

"""Where one machine ends: a made company from import to its first plan and pages, and what bounds each step.

    python bench/scale.py [--scale 1] [--families 200] [--regions 20] [--products 20000] [--months 36]

Every product sells in three of the regions, so that every family sells in all of them; there are lines with
capacity, routings and stock. `--scale 0.1` takes a tenth of the products and a third (its root) of families and
regions. Each step runs in a process of its own: CPU seconds with children that ended, the most memory it took,
seconds by the clock, and the three functions of Accord in which it was found most often, twenty looks a second.
Pages are opened one after the other, each with what the server did meanwhile and with its message, which proves
that it was drawn: that of the executive review, which values decisions and draws in the background, before the
others, which have that beside them and find kept what it worked out. The company has no customers' orders,
launches, budget or signed plans; pages of those say so and are soon drawn.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from report import Figures, main

if TYPE_CHECKING:
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

ROOT = Path(__file__).resolve().parents[1]
FIRST_OPEN, HORIZON, REGIONS_EACH = "2026-12", 24, 3
STEPS = ("import", "forecast", "plan", "again")
FIRST_PAGE = "executive_review"
PAGES = (FIRST_PAGE, *sorted(page.stem for page in (ROOT / "pages").glob("*.py") if page.stem != FIRST_PAGE))
PERSON = "Jana"
LOOKS_A_SECOND = 20
PATIENCE_SECONDS = 1200


class Looks:
    """Where the threads of this process are found, by the function of Accord that is deepest in each."""

    def __init__(self) -> None:
        self.found: Counter[str] = Counter()
        threading.Thread(target=self._look, daemon=True, name="looks").start()

    def _look(self) -> None:
        own = threading.get_ident()
        while True:
            time.sleep(1 / LOOKS_A_SECOND)
            for thread, frame in sys._current_frames().items():
                if thread != own and (name := _deepest(frame)):
                    self.found[name] += 1

    def told(self) -> list[str]:
        """The three functions in which it was found most often, with their shares."""
        return _most_often(self.found)


def _most_often(found: Counter[str]) -> list[str]:
    total = max(found.total(), 1)
    return [f"{name} {count / total:.0%}" for name, count in found.most_common(3)]


def _deepest(frame: FrameType | None) -> str:
    """The deepest function of Accord in a stack that neither waits nor loads."""
    if frame is not None and frame.f_code.co_name in ("wait", "accept", "select", "get"):
        return ""
    while frame is not None:
        if frame.f_code.co_name == "<module>":
            return ""
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(ROOT / "sop"):
            return f"{path.relative_to(ROOT / 'sop')}:{frame.f_code.co_name}"
        frame = frame.f_back
    return ""


# -- the company


def write_company(folder: Path, families: int, regions: int, products: int, months: int) -> int:
    """Its tables as CSV; how many rows of sales there are."""
    import numpy as np

    from sop.core.calendar import shift_period

    chance, lines = np.random.default_rng(7), max(families // 5, 1)
    family = [i % families for i in range(products)]
    first = np.arange(products) // families * REGIONS_EACH
    sold_in = np.stack([(first + k) % regions for k in range(REGIONS_EACH)])
    past = [shift_period(FIRST_OPEN, -back) for back in range(months, 0, -1)]
    season = 1 + 0.3 * np.sin(2 * np.pi * np.arange(months) / 12)
    _write(folder, "products", "product,name,family,price,unit_cost", (
        f"P-{i:06d},Product {i},Family {family[i]:03d},{20 + i % 90},{8 + i % 40}" for i in range(products)
    ))  # fmt: skip
    level = chance.gamma(2.0, 30.0, (REGIONS_EACH, products))
    with (folder / "sales_actuals.csv").open("w") as file:
        file.write("month,product,region,quantity,revenue\n")
        for t, month in enumerate(past):
            units = chance.poisson(level * season[t])
            for k in range(min(REGIONS_EACH, regions)):
                file.writelines(
                    f"{month},P-{i:06d},Region {sold_in[k, i]:02d},{n},{n * (20 + i % 90) * 0.95:.2f}\n"
                    for i, n in enumerate(units[k].tolist())
                )
    each = (level.sum(axis=0) * 1.1).astype(int)
    _write(folder, "inventory", "month,plant,product,opening,production,shipments,closing", (
        f"{past[-1]},Plant {family[i] % 4},P-{i:06d},{n},{n},{n},{n}" for i, n in enumerate(each.tolist())
    ))  # fmt: skip
    load = np.zeros(lines)
    np.add.at(load, [f % lines for f in family], each * 0.5)
    ahead = [shift_period(FIRST_OPEN, t) for t in range(HORIZON)]
    _write(folder, "resources", "resource,plant,kind", (f"L{n},Plant {n % 4},line" for n in range(lines)))
    _write(folder, "capacity", "month,resource,capacity_hours", (
        f"{month},L{n},{load[n] * 1.05:.0f}" for month in ahead for n in range(lines)
    ))  # fmt: skip
    _write(folder, "routings", "family,resource,hours_per_unit,labour_hours_per_unit,variable_cost", (
        f"Family {f:03d},L{f % lines},0.5,0.4,6" for f in range(families)
    ))  # fmt: skip
    return REGIONS_EACH * products * months


def _write(folder: Path, table: str, header: str, rows: Any) -> None:
    (folder / f"{table}.csv").write_text("\n".join([header, *rows]) + "\n")


# -- the steps, each in a process of its own


def run_step(step: str, folder: Path) -> None:
    """One step in a workspace."""
    from sop.core.register import Assumptions
    from sop.core.terms import Role
    from sop.intake.incoming import ImportRequest
    from sop.services.company.cycle import CompanySettings, open_cycle, save_company
    from sop.services.data.imports import import_table
    from sop.services.planning.forecasting import KeptForecasts
    from sop.services.planning.room import PlanningRoom
    from sop.store import open_store
    from sop.store.settings import save_person

    store = open_store(folder)
    if step == "import":
        with store.write(by="jana", role="coordinator") as tx:
            save_company(tx, company := CompanySettings(fictional=True))
            save_person(tx, "jana", PERSON, Role.COORDINATOR)
            open_cycle(tx, FIRST_OPEN, company)
        for table in ("products", "sales_actuals", "inventory", "resources", "capacity", "routings"):
            report = import_table(store, "jana", ImportRequest(table, folder / f"{table}.csv"))
            assert report.imported, report.message
    else:
        room = PlanningRoom(store, KeptForecasts(store))
        inputs = room.input_set()
        if step != "forecast":
            room.plan(Assumptions(), inputs)
        if step == "again":
            room.plan(Assumptions({("demand_pct", ""): 0.05}), inputs)
    store.close()


def child(step: str, folder: Path) -> None:
    """Run a step and print what it took."""
    looks, began = Looks(), time.perf_counter()
    run_step(step, folder)
    own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    cpu = sum(each.ru_utime + each.ru_stime for each in (own, others))
    seconds = time.perf_counter() - began
    print(json.dumps({"cpu": cpu, "seconds": seconds, "memory": own.ru_maxrss / 1024, "where": looks.told()}))


def serve(folder: Path, port: int) -> None:
    """The app in this process, which says every second where it is found."""
    looks = Looks()

    def tell() -> None:
        while True:
            time.sleep(1)
            draft = folder / ".where.new"
            draft.write_text(json.dumps(looks.found))
            draft.replace(folder / "where.json")

    threading.Thread(target=tell, daemon=True, name="tells").start()
    from streamlit.web.cli import main as streamlit

    sys.argv = ["streamlit", "run", "app.py", f"--server.port={port}", "--server.headless=true"]
    sys.argv += ["--server.fileWatcherType=none", "--server.address=127.0.0.1"]
    streamlit()


def open_pages(folder: Path) -> Figures:
    """Pages of a fresh server, one after the other; each is printed with what the server did meanwhile."""
    from cold import cpu_seconds, ended
    from sessions import memory

    from tests.servers import free_port
    from tests.web.servers import ask
    from tests.web.streams import button, opened, run

    port = free_port()
    surroundings = {k: v for k, v in os.environ.items() if not k.startswith("SOP_")}
    surroundings["SOP_WORKSPACE"] = str(folder)
    command = [sys.executable, __file__, "--serve", str(folder), str(port)]
    quiet = subprocess.DEVNULL
    server = subprocess.Popen(command, cwd=ROOT, env=surroundings, stdout=quiet, stderr=quiet)
    figures: Figures = {}
    with ended(server, port), opened(port, ask(port, "/").cookie) as socket:
        pressed: tuple[str, ...] = (button(run(socket, ""), PERSON),)
        first = cpu_seconds(server.pid)
        for page in PAGES:
            found, before, began = _found(folder), cpu_seconds(server.pid), time.perf_counter()
            got = run(socket, "" if page == FIRST_PAGE else page, *pressed, patience=PATIENCE_SECONDS)
            took, cpu, pressed = time.perf_counter() - began, cpu_seconds(server.pid) - before, ()
            size = sum(message.ByteSize() for message in got) / 2**20
            where = "  ".join(_most_often(_found(folder) - found))
            print(f"  {page:22} {took:7.2f} s {cpu:6.2f} s CPU {size:6.2f} MB sent  {where}", flush=True)
            print(f"    {len(_elements(got))} elements: {_message(got)}")
            for fault in _faults(got):
                print(f"    tells: {fault}")
            figures[f"page_{page}"] = (took, "s by the clock")
            figures[f"page_{page}_sent"] = (size, "MB sent")
        figures["pages_cpu"] = (cpu_seconds(server.pid) - first, "s CPU")
        figures["pages_memory"] = (memory(server.pid), "MB at the end")
    return figures


def _found(folder: Path) -> Counter[str]:
    """Where the server was found so far, once it has told of what was done until now."""
    time.sleep(1.1)
    place = folder / "where.json"
    return Counter(json.loads(place.read_text())) if place.exists() else Counter()


def _elements(messages: Sequence[ForwardMsg]) -> list[Any]:
    """What a page drew."""
    deltas = [each.delta for each in messages if each.WhichOneof("type") == "delta"]
    return [each.new_element for each in deltas if each.WhichOneof("type") == "new_element"]


def _message(messages: Sequence[ForwardMsg]) -> str:
    """What a page says first: a page that is soon drawn proves by it that it was drawn."""
    said = (each.heading.body for each in _elements(messages) if each.WhichOneof("type") == "heading")
    return next(said, "NOTHING: this page was not drawn")[:150]


def _faults(messages: Sequence[ForwardMsg]) -> list[str]:
    """What a page tells as an error."""
    elements = _elements(messages)
    told = [each.exception.message for each in elements if each.WhichOneof("type") == "exception"]
    alerts = [each.alert for each in elements if each.WhichOneof("type") == "alert"]
    return told + [each.body for each in alerts if each.format == each.ERROR]


def measure(options: argparse.Namespace) -> Figures:
    """Make the company, go through the steps, open the pages."""
    root = options.scale**0.5
    families, regions = max(round(options.families * root), 2), max(round(options.regions * root), REGIONS_EACH)
    products = max(round(options.products * options.scale), families)
    figures: Figures = {
        "families": (families, "families"), "regions": (regions, "regions"), "products": (products, "products"),
    }  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="accord-scale-") as name:
        folder = Path(name)
        rows = write_company(folder, families, regions, products, options.months)
        figures["rows"] = (rows, "rows of sales")
        for step in STEPS:
            command = [sys.executable, __file__, "--child", step, name]
            done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT)
            found = json.loads(done.stdout)
            figures |= _told(step, found)
        if options.pages:
            figures |= open_pages(folder)
    return figures


def _told(step: str, found: dict[str, Any]) -> Figures:
    """The figures of a step; where it was found is printed."""
    print(f"{step:9} {found['cpu']:7.1f} s CPU {found['memory']:6.0f} MB  {'  '.join(found['where'])}", flush=True)
    return {f"{step}_cpu": (found["cpu"], "s CPU"), f"{step}_memory": (found["memory"], "MB at most")}


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(sys.argv[2], Path(sys.argv[3]))
    elif sys.argv[1:2] == ["--serve"]:
        serve(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        main(
            measure,
            __doc__ or "",
            ("--scale", {"type": float, "default": 1.0}),
            ("--families", {"type": int, "default": 200}),
            ("--regions", {"type": int, "default": 20}),
            ("--products", {"type": int, "default": 20_000}),
            ("--months", {"type": int, "default": 36}),
            ("--no-pages", {"dest": "pages", "action": "store_false"}),
        )

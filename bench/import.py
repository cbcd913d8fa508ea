"""How long importing takes and how much memory it needs: `python bench/import.py [ROWS…]` (1 and 5 million else).

Sales with a row for each month, product and region are made with a seed, written as CSV and imported as a person
would do it: read, check, compare, store. Each size runs in a process of its own, so that its peak is its own.
Then the inputs of a plan are assembled from 750,000 rows.

    rows      CPU s  peak MiB  findings
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

FIRST_OPEN, MONTHS, REGIONS = "2026-12", 48, 5
ASSEMBLED = 750_000
TARGETS = {1_000_000: (20, 600), 5_000_000: (None, 1024)}
"""Rows → the most CPU seconds and MiB that are wanted."""


def write_sales(folder: Path, rows: int) -> int:
    """Products and sales of about so many rows as CSV; how many products there are."""
    import numpy as np

    from sop.core.calendar import shift_period

    products = max(rows // (MONTHS * REGIONS), 1)
    with (folder / "products.csv").open("w") as file:
        file.write("product,name,family,price,unit_cost\n")
        file.writelines(
            f"P-{i:06d},Product {i},Family {i % 20},{10 + i % 90},{5 + i % 40}\n" for i in range(products)
        )
    chance = np.random.default_rng(7)
    with (folder / "sales.csv").open("w") as file:
        file.write("month,product,region,quantity,revenue\n")
        for back in range(MONTHS, 0, -1):
            month = shift_period(FIRST_OPEN, -back)
            units = chance.integers(1, 500, (products, REGIONS))
            for i in range(products):
                file.writelines(
                    f"{month},P-{i:06d},Region {r},{units[i, r]},{units[i, r] * (10 + i % 90) * 0.97:.2f}\n"
                    for r in range(REGIONS)
                )
    return products


def import_once(folder: Path) -> dict[str, float]:
    """Import both files into an empty workspace; CPU seconds and rows of the sales, and what was found."""
    from sop.intake.incoming import ImportRequest
    from sop.services.data.imports import import_table
    from sop.store import cycles, open_store, settings

    store = open_store(folder)
    with store.write() as tx:
        settings.save_person(tx, "jana", "Jana", "coordinator")
        cycles.add_cycle(tx, FIRST_OPEN, 24)
    import_table(store, "jana", ImportRequest("products", folder / "products.csv"))
    before = time.process_time()
    report = import_table(store, "jana", ImportRequest("sales_actuals", folder / "sales.csv"))
    seconds = time.process_time() - before
    assert report.imported, report.message
    store.close()
    return {"rows": report.rows_after, "seconds": seconds, "findings": len(report.checked.all_findings)}


def assemble_once(folder: Path) -> dict[str, float]:
    """Import, then assemble the inputs of a plan; CPU seconds of the assembly alone."""
    from sop.core.calendar import Calendar
    from sop.intake.assemble import assemble
    from sop.store import data, open_store

    import_once(folder)
    store = open_store(folder)
    with store.read() as tx:
        tables = data.read_current_tables(tx)
    store.close()
    before = time.process_time()
    assemble(tables, Calendar(FIRST_OPEN, 24))
    return {"rows": len(tables["sales_actuals"]), "seconds": time.process_time() - before, "findings": 0}


def measure(rows: int, what: str) -> dict[str, float]:
    """One measurement in a process of its own, with the memory that it took at most."""
    with tempfile.TemporaryDirectory() as name:
        write_sales(Path(name), rows)
        command = [sys.executable, __file__, "--child", what, name]
        return dict(json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout))


def main() -> None:
    """Print a line for each size, and one for the assembly."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="*", type=int, default=[1_000_000, 5_000_000])
    parser.add_argument("--child", nargs=2, metavar=("WHAT", "FOLDER"), help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.child:
        found = {"import": import_once, "assemble": assemble_once}[args.child[0]](Path(args.child[1]))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({**found, "peak": peak}))
        return
    print(f"{'':10}{'rows':>10} {'CPU s':>8} {'peak MiB':>9} {'findings':>9}   wanted")
    for rows in args.rows:
        found = measure(rows, "import")
        seconds, memory = TARGETS.get(rows, (None, None))
        wanted = f"{seconds or '–'} s, {memory or '–'} MiB"
        print(_line("import", found), wanted, sep="   ")
    print(_line("assemble", measure(ASSEMBLED, "assemble")), "3 s", sep="   ")


def _line(name: str, found: dict[str, float]) -> str:
    numbers = f"{found['rows']:>10,} {found['seconds']:>8.1f} {found['peak']:>9,.0f} {found['findings']:>9,}"
    return f"{name:10}{numbers}"


if __name__ == "__main__":
    main()

"""What a fresh server loads for its first page: nothing that no first page needs, and no garbage is looked for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
LATER = (
    "alembic", "authlib", "dask", "hierarchicalforecast", "openpyxl", "pptx", "scipy.optimize", "scipy.stats",
    "sop.services.data.board_pack", "sop.ui.panels.plans.plan_accuracy", "statsforecast", "statsmodels", "typst",
    "xlsxwriter",
)  # fmt: skip
"""What is loaded where it is used: by imports, forecasts, exports, upgrades, packs and other pages."""
_LOAD = """
import ast, pathlib, sys
import sop.web.application
for file in ("screens.py", "pages/executive_review.py"):
    tree = ast.parse(pathlib.Path(file).read_text())
    imports = [each for each in tree.body if isinstance(each, ast.Import | ast.ImportFrom)]
    exec(compile(ast.Module(imports, []), file, "exec"))
print(*(name for name in sys.argv[1:] if name in sys.modules))
"""


def test_the_first_page_loads_nothing_that_it_does_not_need() -> None:
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("SOP_")}
    command = [sys.executable, "-c", _LOAD, *LATER]
    done = subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []


def test_while_a_server_loads_no_garbage_is_looked_for_and_none_of_it_is_looked_through_later() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _WATCH], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    looked, settled, on, youngest = done.stdout.split()
    assert int(looked) == 0 and int(settled) > 10_000 and on == "True" and int(youngest) == 10_000


_WATCH = """
import gc
from sop.core.memory import loading
looks = []
gc.callbacks.append(lambda phase, told: looks.append(phase))
before = len(looks)
with loading():
    import sop.core.inputs
    during = len(looks) - before
gc.callbacks.clear()
print(during, gc.get_freeze_count(), gc.isenabled(), gc.get_threshold()[0])
"""

"""What a fresh server loads for its first page: nothing that no first page needs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
LATER = (
    "alembic", "authlib", "dask", "hierarchicalforecast", "openpyxl", "pptx", "scipy.optimize", "scipy.stats",
    "statsforecast", "statsmodels", "typst", "xlsxwriter",
)  # fmt: skip
"""Libraries that are loaded where they are used: by imports, forecasts, exports, upgrades and packs."""
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

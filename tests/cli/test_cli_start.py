"""Commands that forecast nothing start without the forecast libraries."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("command", [["template", "products"], ["verify", "no-such-file"]])
def test_a_light_command_loads_no_forecast_library(command: list[str]) -> None:
    script = (
        "import runpy, sys\n"
        "try:\n"
        "    runpy.run_module('sop', run_name='__main__')\n"
        "except SystemExit:\n"
        "    print(sorted({'statsforecast', 'statsmodels', 'highspy'} & set(sys.modules)))\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script, *command], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ended.stdout.splitlines()[-1] == "[]"

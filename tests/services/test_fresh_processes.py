"""Workers never run the main file of whoever starts them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_a_main_file_without_a_guard_runs_once(tmp_path: Path) -> None:
    main = tmp_path / "page.py"
    main.write_text(
        "from sop.services.planning.forecasting import fresh_processes\n"
        "print('the main file runs')\n"
        "with fresh_processes(2) as pool:\n"
        "    print(list(pool.map(abs, [-1, -2, -3])))\n"
    )
    command = [sys.executable, str(main)]
    ended = subprocess.run(
        command, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True, timeout=120
    )
    assert ended.stdout.splitlines() == ["the main file runs", "[1, 2, 3]"]

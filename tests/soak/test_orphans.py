"""Five seconds after a program was killed, nothing of it runs: no worker, no reader of a file, none of theirs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.demos import copy_of_demo
from tests.soak.amount import amount
from tests.soak.processes import of_sessions, orphans

ROOT = Path(__file__).parents[2]
ASIDE = """
import subprocess, sys
from pathlib import Path
from sop.core.aside import command_aside
subprocess.run(command_aside(Path(sys.argv[1])), input=b"", capture_output=True)
"""
PROPOSE = """
import sys
from pathlib import Path
from sop.services.agreement.plan_acts import propose_plan
from sop.services.planning.room import PlanningRoom
from sop.services.company.cycle import OWNER
from sop.store import open_store
propose_plan(PlanningRoom(open_store(Path(sys.argv[1]))), OWNER, draws=5000)
"""
SOP = [sys.executable, "-m", "sop", "--workspace"]
WORK: dict[str, tuple[list[str], int]] = {
    "demo build": ([*SOP, "{new}", "demo", "--cycle", "2026-12"], 3),
    "draws": ([*SOP, "{demo}", "plan", "--json"], 5),
    "propose": ([sys.executable, "-c", PROPOSE, "{demo}"], 5),
    "close": ([*SOP, "{demo}", "cycle", "close"], 1),
    "read a file or a database aside": ([sys.executable, "-c", ASIDE, "{sleeper}"], 2),
}
"""By what is done: the command, and how many processes it is when it is killed."""
STARTED_SECONDS = 120


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc who is there")
@pytest.mark.parametrize("work", list(WORK))
def test_five_seconds_after_it_was_killed_nothing_of_it_runs(
    work: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    command, processes = WORK[work]
    for number in range(amount(1, 5)):
        place = tmp_path / str(number)
        place.mkdir()
        (place / "sleeper.py").write_text("import time\ntime.sleep(60)\n")
        names = {"new": str(place / "new"), "sleeper": str(place / "sleeper.py"), "demo": str(place)}
        if any("{demo}" in part for part in command):
            copy_of_demo(place, tmp_path_factory)
        given = [names.get(part[1:-1], part) for part in command]
        kill_with_at_least(processes, given, 0.5 * number)
    print(f"\nkilled {work} x {amount(1, 5)}: 0 orphans")


def kill_with_at_least(processes: int, command: list[str], later: float) -> None:
    """Kill a program so much later than it has become so many processes, and see that they end with it."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SOP_")} | {"SOP_DRAWS": "5000"}
    quiet = subprocess.DEVNULL
    program = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=quiet, stderr=quiet, start_new_session=True
    )
    until = time.monotonic() + STARTED_SECONDS
    while len(of_sessions({program.pid})) < processes:
        assert program.poll() is None and time.monotonic() < until, "it ended before it was killed"
        time.sleep(0.05)
    time.sleep(later)
    program.send_signal(signal.SIGKILL)
    program.wait()
    assert orphans({program.pid}) == []

"""No process outlives the one that started it by five seconds, and what a killed one left behind is cleared."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from sop.core.errors import Conflict
from sop.services.company.workspace import move_workspace
from sop.services.demo import demo_workspace
from sop.services.demo.demo_workspace import build_demo_workspace
from sop.services.lifeline import claim, clear_leftovers
from sop.store import open_store

ROOT = Path(__file__).parents[2]
POOL = """
import os, sys, time
from sop.services.planning.forecasting import fresh_processes
with fresh_processes(2, loaded={loaded!r}) as pool:
    print(*[pool.submit(os.getpid).result() for _ in range(4)], *pool._processes, flush=True)
    list(pool.map(time.sleep, [60, 60]))
"""


def gone(process: int, seconds: float = 5.0) -> bool:
    """Whether a process ends within so many seconds; one that nobody waited for counts as ended."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("loaded", ["", "sop.services.analysis.draw_task"])
def test_workers_of_a_killed_program_end_within_five_seconds(loaded: str) -> None:
    command = [sys.executable, "-c", POOL.format(loaded=loaded)]
    parent = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    workers = {int(each) for each in parent.stdout.readline().split()}
    assert workers
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    assert [worker for worker in workers if not gone(worker)] == []


def test_a_command_ends_with_the_program_that_started_it_and_clears_up(tmp_path: Path) -> None:
    script = f"""
import subprocess, sys, time
from sop.services.lifeline import child_environment
child = subprocess.Popen(
    [sys.executable, "-m", "sop", "--workspace", {str(tmp_path / "ours")!r}, "demo", "--cycle", "2026-12"],
    env=child_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
)
print(child.pid, flush=True)
time.sleep(120)
"""
    parent = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    deadline = time.monotonic() + 120
    while not list(tmp_path.glob("ours.unfinished-*")) and time.monotonic() < deadline:
        time.sleep(0.1)
    parent.kill()
    parent.wait()
    assert gone(child, 10)
    assert [each for each in tmp_path.glob("ours*") if not gone(child, 0)] == []


def test_leftovers_of_a_killed_build_are_cleared_and_work_of_others_is_not(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    place = tmp_path / "ours [1]"
    left, alive, elsewhere = (tmp_path / f"{place.name}.unfinished-{n}" for n in (ended.pid, os.getpid(), 999_999))
    for folder in (left, alive, elsewhere):
        claim(folder)
    (elsewhere / "host.txt").write_text(f"not {socket.gethostname()}")
    clear_leftovers(place, ("unfinished",))
    assert [left.exists(), alive.exists(), elsewhere.exists()] == [False, True, True]


def test_of_two_builds_at_once_one_gets_the_place_and_the_other_leaves_nothing(
    tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.delenv("SOP_DATABASE_URL", raising=False)
    both, numbers = threading.Barrier(2), iter((1, 2))
    unfinished = demo_workspace._unfinished
    monkeypatch.setattr(demo_workspace, "_unfinished", lambda place, _: unfinished(place, next(numbers)))
    monkeypatch.setattr("sop.services.demo.build.build_demo", lambda *_, **__: both.wait(20))
    outcomes: list[str] = []

    def build() -> None:
        try:
            outcomes.append(build_demo_workspace(tmp_path / "ours", "2026-12", lambda share, what: None))
        except Conflict as refusal:
            outcomes.append(refusal.what)

    threads = [threading.Thread(target=build) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(outcomes) == [str(tmp_path / "ours"), f"there is a workspace in {tmp_path / 'ours'}"]
    assert [each.name for each in tmp_path.iterdir()] == ["ours"]
    open_store(tmp_path / "ours").close()


def test_a_workspace_is_moved_where_the_file_system_has_no_links(tmp_path: Path, monkeypatch) -> None:
    made, place = tmp_path / "made", tmp_path / "place"
    for folder in (made, made / "keys"):
        folder.mkdir()
    open_store(made).close()

    def no_links(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("sop.services.company.workspace.os.link", no_links)
    move_workspace(made, place)
    assert sorted(each.name for each in place.iterdir()) == ["accord.sqlite", "keys"]
    (made / "accord.sqlite").touch()
    with pytest.raises(Conflict, match="there is a workspace"):
        move_workspace(made, place)


def test_what_must_not_be_done_twice_at_once_is_refused_on_a_server(database_url: str) -> None:
    one, other = open_store(url=database_url), open_store(url=database_url)
    with one.only_one("a demo is being built"):
        if database_url.startswith("sqlite"):
            with other.only_one("x"):
                pass
        else:
            with pytest.raises(Conflict, match="a demo is being built"), other.only_one("a demo is being built"):
                pass
    with other.only_one("x"):
        pass
    one.close()
    other.close()

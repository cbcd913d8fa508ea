"""The installation: serving the app, the demo workspace, missing libraries, a reader that goes away."""

from __future__ import annotations

import importlib.util
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from urllib.error import URLError

import pytest

from sop.cli.serve import require_free_port
from sop.core.errors import SetupError
from sop.services.demo import demo_workspace
from tests.cli.small import FIRST_OPEN, Command, stored_rows
from tests.servers import ROOT, free_port


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as reply:
            return bool(reply.status == 200)
    except (URLError, OSError):
        return False


def test_a_port_in_use_is_refused_naming_another(loaded: Command) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        refused = loaded("serve", "--port", port)
    assert refused.code == 2 and f"port {port} cannot be used" in refused.err and "--port" in refused.err


@pytest.mark.parametrize("port", [0, 65_536, -1])
def test_a_number_that_is_no_port_is_refused(port: int) -> None:
    with pytest.raises(SetupError, match="is not a port"):
        require_free_port(port)


def test_a_missing_streamlit_is_refused(loaded: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    refused = loaded("serve")
    assert refused.code == 2 and "pip install -r requirements.txt" in refused.err


def test_a_missing_library_is_a_sentence_not_a_traceback() -> None:
    script = (
        "import sys, runpy; sys.modules['pandas'] = None; sys.argv = ['sop', 'plan']; "
        "runpy.run_module('sop', run_name='__main__')"
    )
    ended = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("The library 'pandas' is not installed.") and "make run" in ended.stderr


def test_a_reader_that_goes_away_is_no_error() -> None:
    command = f"{sys.executable} -m sop template products | head -c 1"
    ended = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.stderr == ""


def test_the_app_answers_where_it_says_and_stops_when_told(loaded: Command, folder: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "sop", "--workspace", str(folder), "serve", "--port", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE)
    try:
        ready = any(_answers(f"http://127.0.0.1:{port}/_stcore/health") or time.sleep(0.25) for _ in range(240))
    finally:
        server.terminate()
        said = server.communicate(timeout=30)[1].decode()
    assert ready and f"http://127.0.0.1:{port}" in said
    assert not _answers(f"http://127.0.0.1:{port}/_stcore/health")


def test_a_demo_that_was_stopped_leaves_nothing(
    accord: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sop.services.demo.build.build_demo", stopped)
    ended = accord("demo", "--cycle", FIRST_OPEN)
    assert ended.code == 130 and "Traceback" not in ended.err
    assert list(folder.parent.iterdir()) == []


def test_a_finished_demo_is_moved_to_its_place(
    accord: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def built(_: object, __: str, progress: Callable[[float, str], None], calendar: str) -> None:
        progress(1.0, "built")

    monkeypatch.setattr("sop.services.demo.build.build_demo", built)
    done = accord("demo", "--cycle", FIRST_OPEN)
    assert done.code == 0 and "100%  built" in done.err
    assert (folder / "accord.sqlite").is_file() and list(folder.parent.iterdir()) == [folder]


def test_a_demo_never_touches_a_workspace_that_is_there(loaded: Command) -> None:
    assert "there is a workspace in" in loaded("demo").err
    assert stored_rows(loaded, "sales_actuals") == 52


def test_serving_with_the_demo_begins_to_build_it_only_where_nothing_is(
    accord: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[Path] = []
    monkeypatch.setattr(demo_workspace, "start_demo", begun.append)
    monkeypatch.setattr("os.execve", lambda program, command, environment: None)
    accord("serve", "--demo", "--port", free_port())
    assert begun == [folder]
    accord("init", "--cycle", FIRST_OPEN)
    accord("serve", "--demo", "--port", free_port())
    assert begun == [folder]

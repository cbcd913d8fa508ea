"""Commands of scripts that run by themselves, without the package: each ends with the process that started it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_BEGIN = """\
import os, runpy, sys, threading, time

def watch(parent):
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)

threading.Thread(target=watch, args=(int(sys.argv[1]),), daemon=True).start()
sys.argv = sys.argv[2:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""
"""What such a process does first: a parent that was killed waits for no answer and stops nobody."""


def command_aside(script: Path, *arguments: str) -> list[str]:
    """The command of a script in a process of its own, isolated from the environment's Python settings."""
    return [sys.executable, "-I", "-c", _BEGIN, str(os.getpid()), str(script), *arguments]

"""Worker processes that start from nothing: they never run the caller's main file again.

A process that Python spawns first runs the file that the program was started with. Under Streamlit and in tests
that file is a page, and a page that runs in a worker ends the worker.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.context import SpawnContext, SpawnProcess
from types import ModuleType

_LOCK = threading.Lock()


class FreshProcess(SpawnProcess):
    """A spawned process to which the caller's main file is unknown."""

    def start(self) -> None:
        """Start the process."""
        with _nameless_main():
            super().start()


class FreshContext(SpawnContext):
    """The ways of `multiprocessing`, with fresh processes."""

    Process = FreshProcess


def fresh_processes(count: int) -> ProcessPoolExecutor:
    """A pool of fresh processes; what they work on must be importable by name."""
    return ProcessPoolExecutor(count, FreshContext())


@contextmanager
def _nameless_main() -> Iterator[None]:
    """Put a main module without a file in place while a process is being started."""
    with _LOCK:
        main, blank = sys.modules["__main__"], ModuleType("__main__")
        sys.modules["__main__"] = blank
        try:
            yield
        finally:
            # Streamlit may have begun another run meanwhile, with a main module of its own.
            if sys.modules["__main__"] is blank:
                sys.modules["__main__"] = main

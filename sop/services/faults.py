"""The last boundary: whatever was raised becomes one sentence; what nobody foresaw goes to the log with a number.

Screens, the front desk, the command line and jobs in the background hand over what they caught; none of them shows
a traceback. The boundaries of the store, the files and the workers have said most of it before.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, CancelledError
from contextlib import contextmanager

from sop.core.errors import SetupError, SopError, Unexpected
from sop.core.faults import explain_os_error
from sop.services.logs import LOG_FILE

LOG = logging.getLogger("accord")
_DASK = ("KilledWorker", "CommClosedError", "FutureCancelledError", "NoValidWorkerError")
"""What Dask raises where workers are lost; by name, because most installations never load it."""


def explain(error: BaseException, doing: str = "this") -> SopError:
    """What was raised, as a sentence; `doing`: what was going on, in words."""
    if isinstance(error, SopError):
        return error
    if isinstance(error, MemoryError):
        return SetupError(
            f"there is not enough memory for {doing}",
            why="the machine or its container gives no more",
            remedy="What was saved before is kept; give it more memory, or close other programs",
        )
    LOG.error("unexpected fault", exc_info=error, extra={"reference": (reference := secrets.token_hex(4))})
    if isinstance(error, OSError):
        return explain_os_error(error, f"{doing} could not be done", kept="what was saved before is kept")
    return Unexpected(
        f"Accord itself failed at {doing}",
        why=f"of a fault that nobody foresaw ({type(error).__name__})",
        remedy=(
            "What was saved before is kept; look whether this was saved before you do it again. The fault is in "
            f"the log of this program ({LOG_FILE} says where) under {reference}"
        ),
    )


@contextmanager
def work_of_others(kept: str) -> Iterator[None]:
    """The boundary of the workers: one that was lost is a `SetupError` that says what is `kept`."""
    try:
        yield
    except (BrokenExecutor, CancelledError) as error:
        raise _lost(error, kept) from error
    except Exception as error:
        if type(error).__name__ not in _DASK:
            raise
        raise _lost(error, kept) from error


def _lost(error: BaseException, kept: str) -> SetupError:
    return SetupError(
        f"a process that worked for this one ended before its work was done; {kept}",
        why=f"it was killed or ran out of memory ({type(error).__name__})",
        remedy="Start it again: it goes on from there",
    )

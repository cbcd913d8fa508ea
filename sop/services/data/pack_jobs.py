"""Board packs that are made in the background: whoever asks how far one is loads nothing that makes any."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from sop.agreement.records import PlanRecord
from sop.core.memo import Memo
from sop.services.acting import reading
from sop.services.background import BackgroundJob
from sop.services.planning.room import PlanningRoom

if TYPE_CHECKING:
    from sop.services.data.board_pack import PackFiles

PackJob = BackgroundJob["PackFiles"]
_KEPT_PACKS = 16
_jobs = Memo(_KEPT_PACKS)
"""By room, person and plan; a pack is some megabytes."""
_lock = threading.Lock()


def start_pack(room: PlanningRoom, person_id: str, record: PlanRecord | None) -> PackJob:
    """Make a board pack in the background, in place of the one that this person asked for before.

    Raises NotAllowed.
    """
    with reading(room.store, person_id, "export"):
        key = (id(room), person_id, record.id if record else 0)

    def make(report: Callable[[float], None]) -> PackFiles:
        from sop.services.data.board_pack import make_files

        return make_files(room, person_id, record, report)

    with _lock:
        _jobs.forget(key)
        return _jobs.get(key, lambda: PackJob(make, "board-pack"))


def pack_job(room: PlanningRoom, person_id: str, record: PlanRecord | None) -> PackJob | None:
    """The job that this person asked for last, running or done; None where none was, or it is long ago."""
    job: PackJob | None = _jobs.find((id(room), person_id, record.id if record else 0))
    return job

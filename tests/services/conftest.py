"""What several tests of services open."""

from __future__ import annotations

from pathlib import Path

import pytest

from sop.services.planning.room import PlanningRoom
from sop.store import open_store
from tests.copies import copy_database


@pytest.fixture
def room(template: PlanningRoom, tmp_path: Path) -> PlanningRoom:
    """A workspace of the test's own: a copy of its module's `template`."""
    copy_database(template.store, tmp_path / "accord.sqlite")
    return PlanningRoom(open_store(tmp_path))

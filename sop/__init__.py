"""Accord: the executive S&OP review. See docs/architecture.md for the floors of this package."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sop.services.data.open_data import Workspace

__version__ = "0.2.0"

# openpyxl reads with lxml wherever that is installed (python-pptx needs it); lxml expands what defusedxml refuses.
os.environ["OPENPYXL_LXML"] = "False"


def open_workspace(folder: Path | str | None = None) -> Workspace:
    """A workspace to read with Python: plans, lines and scenarios as frames (docs/open-data.md).

    `folder`: the workspace, else the one that SOP_WORKSPACE or SOP_DATABASE_URL names. Raises
    `sop.core.errors.NotFound` where there is none.
    """
    # Whoever imports the package for something else should not wait for the whole of it.
    from sop.services.data.open_data import read_workspace

    return read_workspace(folder)

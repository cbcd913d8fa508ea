"""Tables from a page as files, for those who may take them away."""

from __future__ import annotations

import pandas as pd

from sop.files.export import csv_of
from sop.services.acting import reading
from sop.store import Store


def table_csv(store: Store, person_id: str, frame: pd.DataFrame) -> bytes:
    """A page's table as CSV. Raises NotAllowed for who may not export."""
    with reading(store, person_id, "export"):
        return csv_of(frame)

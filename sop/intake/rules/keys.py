"""Rules about keys: every row stands for something else."""

from __future__ import annotations

import pandas as pd

from sop.core.findings import Finding
from sop.intake.subject import Subject


def repeats(subject: Subject) -> tuple[pd.Series, pd.Series]:
    """(rows equal in every column to an earlier one, rows with the key of an earlier one but other values)."""
    frame = subject.frame
    key = list(subject.spec.full_key)
    known = frame[frame[list(subject.spec.key)].notna().any(axis=1)]
    same_key = known.duplicated(key).reindex(frame.index, fill_value=False)
    same_row = known.duplicated().reindex(frame.index, fill_value=False)
    return same_row, same_key & ~same_row


def check_duplicates(subject: Subject) -> list[Finding]:
    """Rows that repeat another one cell by cell are asked about: copies, or equal events."""
    same_row, _ = repeats(subject)
    if subject.answers.get("duplicates") == "drop":
        return subject.at(same_row, "warning", "duplicates", "the row repeats an earlier one and is dropped")
    remedy = "Answer duplicates=drop if they are copies; add their quantities up if they are not"
    return subject.at(same_row, "question", "duplicates", "the row repeats an earlier one in every cell", remedy)


def check_conflicting_duplicates(subject: Subject) -> list[Finding]:
    """Rows with the same key and different values are an error: nobody can tell which one holds."""
    _, conflict = repeats(subject)
    key = ", ".join(subject.spec.full_key)
    what = f"an earlier row has the same key ({key}) with other values"
    remedy = "Keep the right one, or add them up to one row"
    return subject.at(conflict, "error", "conflicting_duplicate", what, remedy, subject.spec.key[-1])

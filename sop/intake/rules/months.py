"""Rules about the months of a table: closed, none missing, none lost."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from sop.core.calendar import periods_between
from sop.core.findings import Finding
from sop.core.tables import ACTUALS, Column
from sop.intake.subject import RowRule, Subject

_SHOWN = 6


def _not_closed(subject: Subject, column: Column) -> pd.Series:
    """Rows of actuals that belong to months from the cycle's first open one on."""
    late = subject.frame[column.name].fillna("").str[:7] >= subject.first_open
    if subject.spec.name == "financials":
        return late & subject.frame["scenario"].eq("actual")
    return late & (subject.spec.name in (*ACTUALS, "deliveries"))


def _all_months(subject: Subject) -> set[str]:
    """Months with a row, in the file or among the stored rows that stay."""
    frames = [subject.frame] if subject.kept is None else [subject.frame, subject.kept]
    return {month for frame in frames for month in frame["month"].dropna().unique()}


def missing_months(subject: Subject) -> tuple[str, ...]:
    """Months between the table's first and last in which the whole table has no row, what is stored included."""
    months = _all_months(subject) if subject.spec.has_months else set()
    return tuple(m for m in periods_between(min(months), max(months)) if m not in months) if months else ()


def check_missing_months(subject: Subject) -> list[Finding]:
    """Months in which the whole table has no row are asked about: missing is not zero."""
    missing = missing_months(subject)
    if not missing:
        return []
    shown = ", ".join(missing[:_SHOWN]) + (", …" if len(missing) > _SHOWN else "")
    what = f"no row at all in {len(missing)} month(s) between the first and the last: {shown}"
    if subject.answers.get("missing_months") == "missing":
        return subject.finding("warning", "missing_months", what, "They stay missing", "month", count=len(missing))
    remedy = "Bring these months, or answer missing_months=missing if nothing is known of them"
    return subject.finding("question", "missing_months", what, remedy, "month", shown, count=len(missing))


def check_behind(subject: Subject) -> list[Finding]:
    """Actuals that end before the last closed month are a warning: what follows is missing, not zero."""
    months = _all_months(subject) if subject.spec.name in ACTUALS else set()
    if not months or max(months) >= subject.last_closed:
        return []
    what = f"the table ends in {max(months)} but the last closed month is {subject.last_closed}"
    remedy = "Import the months after it; until then they are missing"
    return subject.finding("warning", "behind", what, remedy, "month")


def check_lost_months(subject: Subject) -> list[Finding]:
    """Stored months that a replacing file does not have are a warning: they would go."""
    if subject.kept is not None or subject.stored is None or not subject.spec.has_months:
        return []
    lost = sorted(set(subject.stored["month"].dropna()) - set(subject.frame["month"].dropna()))
    if not lost:
        return []
    what = f"{len(lost)} stored month(s), {lost[0]} to {lost[-1]}, are not in this file and would go"
    remedy = "Import with mode add to keep them"
    return subject.finding("warning", "lost_months", what, remedy, "month", count=len(lost))


def count_true_zeros(subject: Subject) -> int:
    """Months without a row between a series' first one and the table's last, in transactional tables.

    Months in which the whole table has no row are missing, not zero. Series are the plan's: channels and customers
    are added up.
    """
    spec, frame = subject.spec, subject.frame
    if not (spec.transactional and spec.has_months):
        return 0
    gaps = set(missing_months(subject))
    closed = frame[frame["month"].notna() & (frame["month"] <= subject.last_closed)]
    if closed.empty:
        return 0
    last = max(closed["month"])
    starts = Counter(closed.groupby([name for name in spec.key if name != "month"])["month"].min())
    expected = sum(count * len(set(periods_between(start, last)) - gaps) for start, count in starts.items())
    return int(expected - len(closed.drop_duplicates(list(spec.key))))


def check_true_zeros(subject: Subject) -> list[Finding]:
    """A note that counts the closed months without a row that count as zero sales."""
    count = count_true_zeros(subject)
    what = f"{count:,} months without a row, after their series' first, count as zero"
    return subject.finding("note", "true_zeros", what, count=count) if count else []


MONTHS = (
    RowRule(
        "Actuals of a month that is not closed yet are an error, unless `until` sets them aside.",
        lambda subject: [subject.spec.column(name) for name in (subject.spec.dated_by,) if name],
        _not_closed,
        "error", "open_month", "{value} is not closed yet (the cycle's first open month is {subject.first_open})",
        "Set later rows aside: until {subject.last_closed}",
    ),
    check_missing_months,
    check_behind,
    check_lost_months,
    check_true_zeros,
)  # fmt: skip

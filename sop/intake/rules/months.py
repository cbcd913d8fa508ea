"""Rules about the months of a table: closed, none missing; and about stored rows: none deleted by surprise."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd

from sop.core.calendar import bucket_of, first_day, in_order, is_open, last_day, periods_between, worded
from sop.core.findings import Finding
from sop.core.format import does, how_many, number
from sop.core.tables import ACTUALS, CLOSED_ONLY, Column, Table
from sop.intake.coded import coded, key_ids, row_ids
from sop.intake.completeness import gaps_between
from sop.intake.subject import RowRule, Subject

_SHOWN = 6
_FEW = 0.5
"""Share of a month's stored rows that a restatement may leave out without being asked."""


def _not_closed(subject: Subject, column: Column) -> pd.Series:
    """Rows of actuals that belong to months from the cycle's first open one on."""
    dates = coded(subject.frame[column.name])
    late = pd.Series(dates.where(lambda date: is_open(date, subject.first_open)), subject.frame.index)
    if subject.spec.name == "financials":
        return late & subject.frame["scenario"].eq("actual")
    return late & (subject.spec.name in CLOSED_ONLY)


def _all_months(subject: Subject) -> set[str]:
    """Months with a row, in the file or among the stored rows that stay."""
    frames = [subject.frame] if subject.kept is None else [subject.frame, subject.kept]
    return {month for frame in frames for month in frame["month"].dropna().unique()}


def missing_months(subject: Subject) -> tuple[str, ...]:
    """Months between the table's first and last in which the whole table has no row, what is stored included."""
    return gaps_between(_all_months(subject)) if subject.spec.has_months else ()


def check_missing_months(subject: Subject) -> list[Finding]:
    """Months in which the whole table has no row are asked about: missing is not zero."""
    missing = missing_months(subject)
    if not missing:
        return []
    shown = ", ".join(missing[:_SHOWN]) + (", …" if len(missing) > _SHOWN else "")
    what = f"no row at all in {how_many(len(missing), f'{subject.word}s')} between the first and the last: {shown}"
    if subject.answers.get("missing_months") == "missing":
        return subject.finding("warning", "missing_months", what, "They stay missing", "month", count=len(missing))
    remedy = f"Bring these {subject.word}s, or answer missing_months=missing if nothing is known of them"
    return subject.finding("question", "missing_months", what, remedy, "month", shown, count=len(missing))


def check_behind(subject: Subject) -> list[Finding]:
    """Actuals that end before the last closed month are a warning: what follows is missing, not zero.

    An indicator that was published in that month is up to date, whatever earlier month it tells of.
    """
    months = _all_months(subject) if subject.spec.name in ACTUALS else set()
    last = in_order(months)[-1] if months else ""
    known = in_order(months | _published(subject))[-1] if months else ""
    if not last or last_day(known) >= first_day(subject.last_closed):
        return []
    what = f"the table ends in {last} but the last closed {subject.word} is {subject.last_closed}"
    remedy = f"Import the {subject.word}s after it; until then they are missing"
    return subject.finding("warning", "behind", what, remedy, "month")


def _published(subject: Subject) -> set[str]:
    """The months in which rows were published, here and among those that stay."""
    rows = [frame for frame in (subject.frame, subject.kept) if frame is not None and "published_month" in frame]
    return {month for frame in rows for month in frame["published_month"].dropna()}


def check_losses(subject: Subject) -> list[Finding]:
    """Stored rows that would be deleted are asked about, with their count; a few of a restated month a warning.

    A month that the file covers is replaced by what the file says of it. Where that would take most rows of
    a month, all that is known of a series, or rows outside the months of the file, somebody has to say how many
    are deleted.
    """
    stored, new = subject.stored, subject.frame
    if stored is None or not len(new):
        return []
    spec, kept = subject.spec, subject.kept
    ours, theirs = key_ids(spec, stored, new)
    goes = pd.Series(~np.isin(ours, theirs), stored.index)
    if kept is not None:
        goes &= ~stored.index.isin(kept.index)
    count = int(goes.sum())
    if not count:
        return []
    period = spec.covered_by
    months = stored[period][goes] if period else pd.Series(dtype=object)
    span = f", {months.min()} to {months.max()}" if len(months) else ""
    such = _key_text(spec, stored[goes].iloc[0])
    which = f"{number(count)} of {how_many(number(len(stored)), 'stored rows')}{span}, such as {such}"
    if subject.mode == "periods" and len(months):
        lost = months.value_counts() / stored[period].value_counts().reindex(months.unique())
        if lost.max() <= _FEW and not _whole_series(spec, stored, goes):
            what = f"{which}, are in {period}s that this file covers and not in the file: they are removed"
            remedy = "To keep them, import with --add (after an undo, where this is imported)"
            return subject.finding("warning", "rows_go", what, remedy, period, count=count)
    if subject.answers.get("removed_rows") == str(count):
        return subject.finding("warning", "removed_rows", f"{which}, are deleted as confirmed", count=count)
    what = f"{which}, are not in this file and would be deleted"
    remedy = f"Import with --add to keep them, or confirm with --delete {count} (answer removed_rows={count})"
    return subject.finding("question", "removed_rows", what, remedy, count=count)


def _whole_series(spec: Table, stored: pd.DataFrame, goes: pd.Series) -> bool:
    """Whether all stored rows of some series go, of more than one month: a product that a file leaves out."""
    series = row_ids((stored[name] for name in spec.full_key if name != spec.covered_by), len(stored))
    each = goes.groupby(series)
    return bool((each.all() & (each.size() > 1)).any())


def _key_text(spec: Table, row: pd.Series) -> str:
    """The key of a stored row in words."""
    return " ".join(str(row[name]) for name in spec.full_key if row[name] is not None)


def count_true_zeros(subject: Subject) -> int:
    """Months without a row between a series' first one and the table's last, in transactional tables.

    Months in which the whole table has no row are missing, not zero. Series are the plan's: channels and customers
    are added up.
    """
    spec, frame = subject.spec, subject.frame
    if not (spec.transactional and spec.has_months):
        return 0
    gaps = set(missing_months(subject))
    series = [name for name in spec.key if name != "month"]
    months = coded(frame["month"])
    rows = months.where(lambda month: not is_open(month, subject.first_open))
    if not rows.any():
        return 0
    closed = rows.copy()
    for name in series:
        closed &= frame[name].notna().to_numpy(bool)
    names = in_order(months.texts)
    place = np.array([names.index(text) for text in months.texts], dtype=np.int32)[months.codes]
    last = names[place[rows].max()]
    ids = row_ids((frame[name] for name in series), len(frame))
    starts = np.full(ids.max() + 1, len(names))
    np.minimum.at(starts, ids[closed], place[closed])
    firsts = Counter(starts[starts < len(names)].tolist())
    expected = sum(count * len(set(periods_between(names[i], last)) - gaps) for i, count in firsts.items()
                   if bucket_of(names[i]) is bucket_of(last))  # fmt: skip
    ids *= len(names)
    ids += place
    marks = ids if rows.all() else ids[rows]
    marks.sort()
    return int(expected - np.count_nonzero(marks[1:] != marks[:-1]) - 1)


def check_true_zeros(subject: Subject) -> list[Finding]:
    """A note that counts the closed months without a row that count as zero sales."""
    count = count_true_zeros(subject)
    what = worded(
        f"{how_many(number(count), 'months')} without a row, after their series' first, "
        f"{does(count, 'count')} as zero",
        counted=True,
    )
    return subject.finding("note", "true_zeros", what, count=count) if count else []


MONTHS = (
    RowRule(
        "Actuals of a month that is not closed yet are an error, unless `until` sets them aside.",
        lambda subject: [subject.spec.column(name) for name in (subject.spec.dated_by,) if name],
        _not_closed,
        "error", "open_month",
        "{value} is not closed yet (the cycle's first open {subject.word} is {subject.first_open})",
        "Set later rows aside: until {subject.last_closed}",
    ),
    check_missing_months,
    check_behind,
    check_losses,
    check_true_zeros,
)  # fmt: skip

"""Rules about months and dates: readable, closed, none missing."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from sop.core.calendar import periods_between
from sop.core.findings import Finding
from sop.core.tables import ACTUALS
from sop.intake.parse import parse_date
from sop.intake.read import CLOSING_MONTH, month_of_rows
from sop.intake.subject import Subject

_SHOWN = 6


def check_date_order(subject: Subject) -> list[Finding]:
    """Dates in which day and month could be swapped are asked about; a mix is an error."""
    if subject.date_order.choice:
        return []
    examples = " and ".join(subject.date_order.examples)
    if subject.date_order.contradiction:
        what = f"some dates have the day first and others the month: {examples}"
        return [subject.finding("error", "date_order", what, "Write dates as YYYY-MM-DD", value=examples)]
    remedy = "Answer date_order=dmy (day first) or date_order=mdy (month first)"
    return [
        subject.finding(
            "question", "date_order", f"{examples} could have the day or the month first", remedy, value=examples
        )
    ]


def check_months(subject: Subject) -> list[Finding]:
    """A cell of a month or date column must be one, with a four-digit year."""
    if subject.date_order.contradiction:
        return []
    findings = []
    for column in subject.spec.columns:
        if column.kind in ("month", "date"):
            rows = subject.cells[column.name].notna() & subject.values[column.name].isna()
            form = (
                "YYYY-MM, for example 2026-12" if column.kind == "month" else "YYYY-MM-DD, for example 2026-12-31"
            )
            what = f"'{{value}}' is not a {column.kind}"
            findings += subject.at(rows, "error", f"bad_{column.kind}", what, f"Write {form}", column.name)
    return findings


def check_month_forms(subject: Subject) -> list[Finding]:
    """The same month written in several forms is a warning: two exports were joined."""
    if "month" not in subject.cells:
        return []
    order = subject.date_order.choice or "dmy"
    forms: dict[str, dict[str, str]] = {}
    for text in subject.cells["month"].dropna().unique():
        if found := parse_date(text, order):
            forms.setdefault(found.month, {}).setdefault(text, found.form)
    twice = {month: texts for month, texts in forms.items() if len(set(texts.values())) > 1}
    if not twice:
        return []
    month, texts = next(iter(twice.items()))
    what = f"{len(twice)} month(s) are written in more than one form, such as {' and '.join(texts)} for {month}"
    return [subject.finding("warning", "month_forms", what, "Write all months as YYYY-MM", "month")]


def not_closed(subject: Subject) -> pd.Series:
    """Rows of actuals that belong to months from the cycle's first open one on."""
    months = month_of_rows(subject.spec, subject.frame)
    if months is None:
        return pd.Series(False, index=subject.frame.index)
    late = months.fillna("") >= subject.first_open
    if subject.spec.name == "financials":
        return (late & subject.frame["scenario"].eq("actual")).astype(bool)
    actuals = subject.spec.name in ACTUALS or subject.spec.name in CLOSING_MONTH
    return (late & actuals).astype(bool)


def check_open_months(subject: Subject) -> list[Finding]:
    """Actuals of a month that is not closed yet are an error, unless `until` sets them aside."""
    column = CLOSING_MONTH.get(subject.spec.name, "month")
    what = f"{{value}} is not closed yet (the cycle's first open month is {subject.first_open})"
    remedy = f"Set later rows aside: until {subject.last_closed}"
    return subject.at(not_closed(subject), "error", "open_month", what, remedy, column)


def missing_months(subject: Subject) -> tuple[str, ...]:
    """Months between the table's first and last in which the whole table has no row, what is stored included."""
    if not subject.spec.has_months:
        return ()
    months = set(subject.frame["month"].dropna())
    if subject.mode == "add" and subject.stored is not None:
        months |= set(subject.stored["month"].dropna())
    return tuple(m for m in periods_between(min(months), max(months)) if m not in months) if months else ()


def check_missing_months(subject: Subject) -> list[Finding]:
    """Months in which the whole table has no row are asked about: missing is not zero."""
    missing = missing_months(subject)
    if not missing:
        return []
    shown = ", ".join(missing[:_SHOWN]) + (", …" if len(missing) > _SHOWN else "")
    what = f"no row at all in {len(missing)} month(s) between the first and the last: {shown}"
    if subject.answers.get("missing_months") == "missing":
        return [
            subject.finding("warning", "missing_months", what, "They stay missing", "month", count=len(missing))
        ]
    remedy = "Bring these months, or answer missing_months=missing if nothing is known of them"
    return [subject.finding("question", "missing_months", what, remedy, "month", shown, count=len(missing))]


def count_true_zeros(subject: Subject) -> int:
    """Months without a row between a series' first one and the table's last, in transactional tables.

    Months in which the whole table has no row are missing, not zero. Series are the plan's: channels and customers
    are added up.
    """
    spec, frame = subject.spec, subject.frame
    if not (spec.transactional and spec.has_months) or not len(frame):
        return 0
    gaps = set(missing_months(subject))
    closed = frame[frame["month"].notna() & (frame["month"] <= subject.last_closed)]
    if not len(closed):
        return 0
    last = max(closed["month"])
    series = [name for name in spec.key if name != "month"]
    starts = Counter(closed.groupby(series)["month"].min())
    expected = sum(count * len(set(periods_between(start, last)) - gaps) for start, count in starts.items())
    return int(expected - len(closed.drop_duplicates(list(spec.key))))


def check_behind(subject: Subject) -> list[Finding]:
    """Actuals that end before the last closed month are a warning: what follows is missing, not zero."""
    if subject.spec.name not in ACTUALS:
        return []
    frames = (
        [subject.frame, subject.stored]
        if subject.mode == "add" and subject.stored is not None
        else [subject.frame]
    )
    months = [month for frame in frames for month in frame["month"].dropna().unique()]
    if not months or max(months) >= subject.last_closed:
        return []
    what = f"the table ends in {max(months)} but the last closed month is {subject.last_closed}"
    return [
        subject.finding(
            "warning", "behind", what, "Import the months after it; until then they are missing", "month"
        )
    ]


def check_lost_months(subject: Subject) -> list[Finding]:
    """Stored months that a replacing file does not have are a warning: they would go."""
    if subject.mode == "add" or subject.stored is None or not subject.spec.has_months:
        return []
    lost = sorted(set(subject.stored["month"].dropna()) - set(subject.frame["month"].dropna()))
    if not lost:
        return []
    what = f"{len(lost)} stored month(s), {lost[0]} to {lost[-1]}, are not in this file and would go"
    return [
        subject.finding(
            "warning", "lost_months", what, "Import with mode add to keep them", "month", count=len(lost)
        )
    ]


def check_true_zeros(subject: Subject) -> list[Finding]:
    """A note that counts the closed months without a row that count as zero sales."""
    count = count_true_zeros(subject)
    if not count:
        return []
    what = f"{count:,} months without a row, after their series' first, count as zero"
    return [subject.finding("note", "true_zeros", what, count=count)]

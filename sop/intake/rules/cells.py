"""Rules about single cells: filled, readable as what their column holds, within its limits, in one currency."""

from __future__ import annotations

import re
from datetime import date, timedelta

import numpy as np
import pandas as pd

from sop.core.calendar import WEEK, bucket_of
from sop.core.findings import Finding
from sop.core.format import how_many, number
from sop.core.tables import FIRST_YEAR, YEARS_AHEAD, Column
from sop.intake.coded import coded
from sop.intake.parse import (
    CURRENCIES,
    LATE,
    NOT_A_NUMBER,
    SHEET_ERROR,
    DateText,
    Settled,
    not_in_calendar,
    parse_date,
)
from sop.intake.subject import RowRule, Subject, of_kind

_CONTROL = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


def _matches(subject: Subject, column: Column, pattern: re.Pattern[str]) -> pd.Series:
    return pd.Series(subject.coded(column.name).where(pattern.search), subject.cells.index)


def _too_long(subject: Subject, column: Column) -> pd.Series:
    most = subject.spec.length_of(column)
    return pd.Series(subject.coded(column.name).where(lambda text: len(text) > most), subject.cells.index)


def _unread(subject: Subject, column: Column) -> pd.Series:
    """Cells that their column cannot hold; none where the file's own forms contradict each other.

    Instants whose time zone is not known are asked about instead.
    """
    reading = subject.reading
    mark = {"number": reading.decimal, "month": reading.order, "date": reading.order}.get(column.kind)
    texts = subject.cells[column.name]
    contradicted = mark is not None and mark.contradiction
    unread = texts.notna() & subject.values[column.name].isna() & (not contradicted)
    if column.kind in ("month", "date") and unread.any():
        unread &= ~texts.map(lambda text: text is not None and reading.is_open_instant(text)).astype(bool)
    return unread


def check_rows(subject: Subject) -> list[Finding]:
    """A file without any row to store is an error: it would empty the table."""
    if len(subject.frame):
        return []
    what = (
        f"all {how_many(number(len(subject.set_aside)), 'rows', 'are')} set aside"
        if len(subject.set_aside)
        else "there are no rows"
    )
    return subject.finding("error", "no_rows", what, "Bring at least one row; undo an import to empty a table")


def check_filled(subject: Subject) -> list[Finding]:
    """An empty cell in a required column is an error: missing is not zero."""
    found: list[Finding] = []
    for name in subject.spec.required_names:
        empty = subject.cells[name].isna()
        if not empty.all():
            remedy = "Fill it, or leave the row out where nothing is known"
            found += subject.at(empty, "error", "empty_cell", f"{name} is empty", remedy, name)
        elif len(empty) and name in subject.raw.columns:
            found += subject.finding("error", "empty_cell", f"the whole column {name} is empty", "Fill it", name)
    return found


def _which(
    subject: Subject, mark: Settled, rule: str, mixed: str, remedy: str, either: str, ask: str
) -> list[Finding]:
    """What the file leaves open is asked about; texts that contradict each other are an error."""
    examples = " and ".join(mark.examples)
    if mark.contradiction:
        return subject.finding("error", rule, f"{mixed}: {examples}", remedy, value=examples)
    return [] if mark.choice else subject.finding("question", rule, f"{examples} {either}", ask, value=examples)


def check_decimal_mark(subject: Subject) -> list[Finding]:
    """Numbers that could be read with a decimal dot or a decimal comma are asked about; a mix is an error."""
    return _which(
        subject, subject.reading.decimal, "decimal",
        "some numbers have a decimal dot and others a decimal comma",
        "Write all numbers with the same decimal mark",
        "could mean thousands or decimals",
        "Answer decimal=. (1.5 is one and a half) or decimal=, (1,5 is one and a half)",
    )  # fmt: skip


def check_date_order(subject: Subject) -> list[Finding]:
    """Dates in which day and month could be swapped are asked about; a mix is an error."""
    return _which(
        subject, subject.reading.order, "date_order",
        "some dates have the day first and others the month",
        "Write dates as YYYY-MM-DD",
        "could have the day or the month first",
        "Answer date_order=dmy (day first) or date_order=mdy (month first)",
    )  # fmt: skip


def check_instants(subject: Subject) -> list[Finding]:
    """Instants fall in another day, and month, from place to place: the time zone is asked, then said."""
    texts = {
        text: column.name
        for column in of_kind("month", "date")(subject)
        for text in subject.coded(column.name).texts
    }
    found = {text: date for text in texts if (date := parse_date(text, subject.reading.order.choice or "dmy"))}
    instants = [text for text, date in found.items() if date.instant is not None]
    if not instants:
        return []
    count = sum(int(subject.cells[name].isin(instants).sum()) for name in dict.fromkeys(map(texts.get, instants)))
    # The instant that says most: one that is in another month somewhere.
    shown = next((text for text in instants if len(set(_months_of(found[text]))) > 1), instants[0])
    if zone := subject.reading.time_zone:
        what = f"{how_many(number(count), 'cells', 'are')} instants and read in the company's time zone, {zone}"
        what += f": {shown} is {found[shown].within(zone).day}"
        return subject.finding("note", "time_zone", what, column=texts[shown], count=count)
    either = dict.fromkeys(_months_of(found[shown]))
    if len(either) == 1:
        either = dict.fromkeys(found[shown].within(zone).day or "" for zone in _ENDS_OF_THE_WORLD)
    what = f"{how_many(number(count), 'cells', 'are')} instants: {shown} is {' or '.join(either)}"
    what += ", depending on the time zone"
    remedy = "Answer time_zone=NAME with the company's, for example time_zone=Europe/Berlin; it is asked once"
    return subject.finding("question", "time_zone", what, remedy, texts[shown], shown, count)


def _months_of(date: DateText) -> list[str]:
    """The months that an instant may be in, from the west to the east."""
    return [date.within(zone).month for zone in _ENDS_OF_THE_WORLD]


_ENDS_OF_THE_WORLD = ("Etc/GMT+12", "Etc/GMT-14")
_DAY, _HOUR, _QUARTER = 1440, 60, 15
_LATEST = _DAY - int(LATE[:2]) * _HOUR
"""Minutes before midnight from which a time can be the start of the next day somewhere."""
_EVENING = 3 * _HOUR


def check_late_hours(subject: Subject) -> list[Finding]:
    """Dates that all stand shortly before the same midnight may be the day after, told in another time zone.

    So they are written where an instant lost its zone, or is read in another one than it was made in: the first
    of a month is 23:00 on the last day of the month before, in summer 22:00.
    """
    told: list[Finding] = []
    for column in of_kind("month", "date")(subject):
        texts = subject.coded(column.name).texts
        dates = [found for found in map(subject.reading.as_written, texts) if found]
        late = _minutes_before_midnight(dates)
        days = {found.day for found in dates if found.day}
        if not late or max(late) - min(late) > _HOUR:
            continue
        evenings = [found for before, found in zip(late, dates, strict=True) if before]
        months_end = all(_ends_month(found.day or "") for found in evenings)
        if not (months_end and column.kind == "month") and (max(late) > _EVENING or len(days) < _SOME):
            continue
        first = evenings[0]
        shown = f"{first.day} {(first.clock or '')[:5]}"
        what = f"all {how_many(len(days), 'days', 'stand')} at the same late hour, such as {shown}"
        if answer := subject.answers.get("late_hours"):
            read = "the day after" if answer == "next" else "the day that is written"
            told += subject.finding("note", "late_hours", f"{what}, and count as {read}", column=column.name)
            continue
        what += ": they may be the start of the next day, told in another time zone"
        remedy = (
            f"Answer late_hours=next if {shown} is {first.of_next_day().day}, or late_hours=written if it is not"
        )
        told += subject.finding("question", "late_hours", what, remedy, column.name, shown)
    return told


_SOME = 2


def _minutes_before_midnight(dates: list[DateText]) -> list[int]:
    """How long before midnight each date stands, 0 at midnight; nothing where one tells no time, or all are 0."""
    late: list[int] = []
    for found in dates:
        hour, minute, second = map(int, (found.clock or "00:00:01").split(":"))
        before = (_DAY - hour * _HOUR - minute) % _DAY
        if second or before % _QUARTER or before > _LATEST:
            return []
        late.append(before)
    return late if any(late) else []


def _ends_month(day: str) -> bool:
    return (date.fromisoformat(day) + timedelta(days=1)).day == 1


def check_currencies(subject: Subject) -> list[Finding]:
    """Amounts in more than one currency would be added up: an error, in cells or by a currency column."""
    if "currency" in subject.spec.column_names:
        return []
    marks: dict[str, int] = {}
    for column in of_kind("number")(subject):
        found = subject.coded(column.name)
        # Texts stand in the order of their first rows.
        for i, text in enumerate(found.texts):
            match = None if text[0].isdigit() and text[-1].isdigit() else CURRENCIES.search(text)
            if match and match[0].upper() not in marks:
                marks[match[0].upper()] = int(subject.cells.index[int(np.argmax(found.codes == i))])
    header = next((name for name in subject.raw.columns if name.strip().lower() in ("currency", "währung")), None)
    if header is not None:
        for label, text in subject.raw.frame[header].dropna().drop_duplicates().items():
            marks.setdefault(text.upper(), int(str(label)))
    what = f"amounts are in more than one currency: {', '.join(sorted(marks))}"
    second = sorted(marks.values())[1:2]
    return subject.at(second, "error", "currency_mix", what, "Convert all amounts to the company's currency")


def check_month_forms(subject: Subject) -> list[Finding]:
    """The same month written in several forms is a warning: two exports were joined."""
    forms: dict[str, dict[str, str]] = {}
    for text in subject.coded("month").texts if "month" in subject.cells else ():
        if found := subject.reading.date(text):
            forms.setdefault(found.month, {}).setdefault(text, found.form)
    twice = {month: texts for month, texts in forms.items() if len(set(texts.values())) > 1}
    if not twice:
        return []
    month, texts = next(iter(twice.items()))
    what = (
        f"{how_many(len(twice), 'months', 'are')} written in more than one form, such as "
        f"{' and '.join(texts)} for {month}"
    )
    return subject.finding("warning", "month_forms", what, "Write all months as YYYY-MM", "month")


def check_far_months(subject: Subject) -> list[Finding]:
    """A month or date before all business or decades ahead is an error: systems write 1899 or 2099 for none."""
    first, last = f"{FIRST_YEAR:04d}", str(int(subject.first_open[:4]) + YEARS_AHEAD)
    found: list[Finding] = []
    for column in of_kind("month", "date")(subject):
        dates = coded(subject.values[column.name])
        far = pd.Series(dates.where(lambda date: not first <= date[:4] <= last), subject.values.index)
        remedy = "Leave the cell empty where nothing is known" * (not column.required) or "Check the date"
        found += subject.at(
            far, "error", "far_date", f"'{{value}}' is not between {first} and {last}", remedy, column.name
        )
    return found


def check_periods(subject: Subject) -> list[Finding]:
    """A cell of a month column must be a month, a day or a period of the company's, with a four-digit year."""
    bucket, found = subject.reading.bucket, list[Finding]()
    for column in of_kind("month")(subject):
        unread = _unread(subject, column)
        for text in subject.cells[column.name][unread].unique():
            told = not_in_calendar(text, bucket)
            rows = unread & (subject.cells[column.name] == text)
            found += subject.at(rows, "error", "bad_month", told.what, told.remedy, column.name)
    return found


def check_week_days(subject: Subject) -> list[Finding]:
    """Days that are all one weekday but Monday may be weeks that begin on it: only ISO weeks are planned."""
    given = subject.gathered.days
    if subject.reading.bucket is not WEEK or not subject.spec.has_months or given is None:
        return []
    days = {day for day in given.dropna().unique() if day}
    names = {date.fromisoformat(day).strftime("%A") for day in days}
    if len(days) < _WEEKS or len(names) > 1 or names == {"Monday"}:
        return []
    name, first = names.pop(), min(days)
    what = (
        f"all {how_many(len(days), 'days', 'are')} a {name}, such as {first}, and weeks here run from "
        f"Monday to Sunday"
    )
    if subject.answers.get("week_days") == "within":
        return subject.finding(
            "note", "week_days", f"{what}; each counts in the week that holds it", column="month"
        )
    remedy = "Bring weeks as YYYY-Www or by day; answer week_days=within if each day lies in the week it tells of"
    return subject.finding("question", "week_days", what, remedy, "month", first)


_WEEKS = 4
"""Days of one weekday from which a file is taken for one of weeks."""


def check_other_lengths(subject: Subject) -> list[Finding]:
    """Rows of longer or shorter periods than the company's are told of."""
    bucket = subject.reading.bucket
    if not subject.spec.has_months:
        return []
    other = [text for text in coded(subject.frame["month"]).texts if bucket_of(text) is not bucket]
    if not other:
        return []
    names = " and ".join(dict.fromkeys(bucket_of(text).plural for text in other))
    rows = int(subject.frame["month"].isin(other).sum())
    what = (
        f"{how_many(f'{rows:,}', 'rows', 'are')} of {names}, shared over the "
        f"{bucket.plural} of the plan by working days"
    )
    return subject.finding("note", "other_length", what, column="month", count=rows)


CELLS = (
    check_rows,
    RowRule(
        "A text cell that holds a spreadsheet error such as #REF! is an error; numbers have their own rule.",
        of_kind("text", "month", "date", "choice"),
        lambda subject, column: _matches(subject, column, SHEET_ERROR),
        "error", "sheet_error", "the cell holds a spreadsheet error", "Mend the formula",
    ),
    RowRule(
        "A row that is called a total and does not add up other rows to the unit is an error.",
        lambda subject: [subject.spec.column(next((n for n in subject.spec.key if n != "month"), "month"))],
        lambda subject, _: subject.totals,
        "error", "total_row", "the row is called a total and its figures are not those of other rows",
        "Delete total rows from the file, or mend what they add up",
    ),
    check_filled,
    RowRule(
        "Invisible characters in a text (line breaks, zero-width spaces) are an error: names would not match.",
        of_kind("text"),
        lambda subject, column: _matches(subject, column, _CONTROL),
        "error", "invisible_character", "the text holds an invisible character",
        "Type it again, or remove line breaks and zero-width spaces",
    ),
    RowRule(
        "A text longer than its column's limit is an error.",
        of_kind("text"),
        _too_long,
        "error", "too_long", "{column.name} has more than {length} characters", "Shorten it",
    ),
    RowRule(
        "A cell of a choice column must be one of its choices; capitals do not matter.",
        of_kind("choice"), _unread,
        "error", "unknown_choice", "{column.name} cannot be '{value}'", "Write one of: {choices}",
    ),
    check_decimal_mark,
    RowRule(
        "A cell of a number column must be a number.",
        of_kind("number"),
        lambda subject, column: _unread(subject, column) & ~_matches(subject, column, NOT_A_NUMBER),
        "error", "bad_number", "'{value}' is not a number", "Write digits only, without unit or text",
    ),
    RowRule(
        "NaN, inf, #N/A and the like are errors: an unknown figure is an empty cell.",
        of_kind("number"),
        lambda subject, column: _matches(subject, column, NOT_A_NUMBER),
        "error", "not_a_number", "'{value}' stands where a number should",
        "Write 0 where it is none, leave the cell empty where it is not known, or mend the formula",
    ),
    check_currencies,
    RowRule(
        "A number below its column's limit is an error; sales below zero have their own rule.",
        of_kind("number"),
        lambda subject, column: subject.values[column.name] < column.low,
        "error", "below_limit", "{column.name} is below {column.low:g}{unit}", "{check}",
    ),
    RowRule(
        "A number above its column's limit is an error.",
        of_kind("number"),
        lambda subject, column: subject.values[column.name] > column.high,
        "error", "above_limit", "{column.name} is above {column.high:g}{unit}", "{check}",
    ),
    check_date_order,
    check_instants,
    check_late_hours,
    check_far_months,
    check_periods,
    check_week_days,
    check_other_lengths,
    RowRule(
        "A cell of a date column must be one, with a four-digit year.",
        of_kind("date"), _unread,
        "error", "bad_date", "'{value}' is not a date", "Write YYYY-MM-DD, for example 2026-12-31",
    ),
    check_month_forms,
)  # fmt: skip

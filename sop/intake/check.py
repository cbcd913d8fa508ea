"""A file checked against its table: every rule applied, the typed rows, what was learnt, what has to be asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from zoneinfo import available_timezones

import numpy as np
import pandas as pd

from sop.core.calendar import bucket_of, require_period, worded
from sop.core.errors import BadInput
from sop.core.findings import Finding, has_errors
from sop.core.format import exact_number, how_many, number
from sop.core.tables import Table
from sop.intake.gather import Total, totals_of
from sop.intake.grouped import fill_labels
from sop.intake.line_numbers import join_line_numbers
from sop.intake.proposals import figures_by_word, mixed_figures, propose_mapping, unread_dates
from sop.intake.rules import RULES
from sop.intake.rules.cells import CELLS
from sop.intake.rules.figures import FIGURES, count_filled_openings
from sop.intake.rules.months import MONTHS, missing_months
from sop.intake.rules.names import NAMES
from sop.intake.rules.sheet_lines import SHEET_LINES
from sop.intake.subject import Mode, RawTable, Subject
from sop.intake.touched import money_touched, worth_of_rows
from sop.intake.turn import turn_groups, turn_months
from sop.intake.typed import read_subject
from sop.intake.written import plain_figures, plain_keys
from sop.intake.year_month import join_months

Progress = Callable[[float], None]
"""Is told the share of the work that is done, and may raise to stop it."""
Rule = Callable[[Subject], list[Finding]]
_READ = 0.4
"""Share of a check that reading the cells takes."""


def untold(share: float) -> None:
    """Progress that nobody follows."""


SHOWN = 10
"""Like findings that are still listed one by one."""
_EXAMPLES = 5
_ORDER = ("error", "question", "warning", "note")

QUESTIONS: dict[str, dict[str, str]] = {
    "decimal": {
        ".": "a dot is the decimal mark: 1.234 is a bit more than one",
        ",": "a comma is the decimal mark",
    },
    "date_order": {"dmy": "day first: 01/02 is the first of February", "mdy": "month first: 01/02 is January 2nd"},
    "missing_months": {"missing": "nothing is known of them; they stay missing, never zero"},
    "negative_sales": {"returns": "returns exceed the sales of that month; kept as they are"},
    "duplicates": {
        "drop": "rows that are equal in every cell count once",
        "add": "they are separate, such as order lines: all rows of a key are added up",
    },
    "same_key": {
        "sum": "rows of a key are separate, such as order lines or days: they are added up",
        "refuse": "each key has one row, and a file with more is refused",
    },
    "week_days": {"within": "each day lies in the Monday to Sunday that it tells of"},
    "late_hours": {
        "next": "they are the start of the next day, told in another time zone",
        "written": "they are late on the day that is written",
    },
    "blank_labels": {"fill": "the label above holds for the rows below it, until the next one"},
    "dashes": {"zero": "a dash is 0", "missing": "a dash is a figure that nobody knows; its cell is empty"},
    "units": {"same": "all of them count single units of the product"},
    "mapping": {"accept": "yes, they are meant: read them so"},
    "month_values": {},
    "periods": {
        "calendar": "period 1 is January and period 12 December",
        "fiscal_end": "period 1 begins the company's fiscal year, called by the year in which it ends",
        "fiscal_begin": "period 1 begins the company's fiscal year, called by the year in which it begins",
        "weeks": "they are weeks of the year, from Monday to Sunday",
    },
    "damaged_keys": {"keep": "keys are meant as they stand, with exponents and of different lengths"},
    "removed_rows": {},
    "time_zone": {},
    "encoding": {
        "cp1252": "Windows, Western Europe",
        "cp1250": "Windows, Central Europe",
        "utf-16": "Unicode, two bytes",
    },
    "sheet": {},
}
"""Each question's answers with their meaning.

`encoding` takes any encoding's name, `sheet` a sheet's title, `month_values` a column, `removed_rows` the
number of rows that are deleted, `time_zone` a name such as Europe/Berlin.
"""

_FREE = ("encoding", "sheet", "removed_rows", "time_zone", "month_values")


def offered_answers(question: Finding) -> Mapping[str, str]:
    """The answers that a question offers, with their meaning: those that its remedy names, else all there are."""
    answers = QUESTIONS.get(question.rule, {})
    named = {answer: answers[answer] for answer in answers if f"{question.rule}={answer}" in question.remedy}
    return named or answers


def require_answers(answers: Mapping[str, str]) -> None:
    """Raise BadInput on an answer to a question there is none of, or one that the question does not offer."""
    for key, answer in answers.items():
        if key not in QUESTIONS:
            raise BadInput(f"there is no question '{key}'", remedy=f"Questions are: {', '.join(QUESTIONS)}")
        if key not in _FREE and answer not in QUESTIONS[key]:
            raise BadInput(f"'{answer}' does not answer {key}", remedy=f"Answers are: {', '.join(QUESTIONS[key])}")
        if key == "time_zone":
            require_zone(answer)


def require_zone(name: str) -> str:
    """The name, which is of a time zone. Raises BadInput."""
    if name not in available_timezones():
        raise BadInput(f"'{name}' is no time zone", remedy="Name one such as Europe/Berlin or America/New_York")
    return name


@dataclass(frozen=True)
class Checked:
    """The outcome of a check.

    `frame`: typed rows in contract order plus `_file` and `_line`; defaults are not filled in. `findings`: folded;
    `all_findings`: row by row. `mapping_used`: header → column. `set_aside`: rows after `until`. `true_zeros`:
    closed months without a row that count as zero. `missing_months`: months in which the whole table has no row.
    `opening_filled`: stock rows that took the previous closing as opening. `totals`: of file and result.
    `money`: what each of `findings` is about, currency, None where that is not known.
    """

    frame: pd.DataFrame = field(repr=False)
    findings: tuple[Finding, ...]
    all_findings: tuple[Finding, ...] = field(repr=False)
    mapping_used: Mapping[str, str]
    unknown_columns: tuple[str, ...]
    rows_read: int
    set_aside: int
    true_zeros: int
    missing_months: tuple[str, ...]
    opening_filled: int
    totals: tuple[Total, ...] = ()
    money: tuple[float | None, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing stands against importing the frame."""
        return not has_errors(self.all_findings)


def check_table(
    spec: Table,
    raw: RawTable,
    *,
    first_open: str,
    mapping: Mapping[str, str] | None = None,
    set_values: Mapping[str, str] | None = None,
    tables: Mapping[str, pd.DataFrame] | None = None,
    until: str | None = None,
    answers: Mapping[str, str] | None = None,
    mode: Mode = "periods",
    fiscal_start: int = 1,
    progress: Progress = untold,
) -> Checked:
    """Hold a file to every rule of its table.

    `mapping`: header → contract column; `set_values`: column → one value for all rows; `tables`: what is stored,
    by name; `first_open`: the cycle's first open month; `until`: last month to import, later rows are set aside;
    `answers`: answers by question (`QUESTIONS`); `mode`: what the file replaces; `fiscal_start`: the
    month (1 to 12) in which the company's fiscal year begins; `progress` is told the share.
    Raises BadInput when the request itself makes no sense (unknown column, answer or month).
    """
    answers = dict(answers or {})
    require_answers(answers)
    for month in filter(None, (first_open, until)):
        require_period(month)
    if (value := answers.get("month_values")) and value not in spec.column_names:
        raise BadInput(f"the table {spec.name} has no column '{value}'", where="month_values")
    if until is not None and not spec.dated_by:
        raise BadInput(worded(f"the table {spec.name} has no months to set aside"), remedy="Leave until out")
    words = figures_by_word(spec)
    raw = plain_figures(spec, raw, mapping or {}, words, answers)
    raw = join_line_numbers(spec, turn_groups(spec, raw, frozenset(words)), mapping or {}, set_values or {})
    if bucket_of(first_open).word != "period":
        before = raw.columns
        raw = join_months(spec, raw, mapping or {}, set_values or {}, answers.get("periods"), fiscal_start)
        joined = set(before) - set(raw.columns)
        mapping = {header: ours for header, ours in (mapping or {}).items() if header not in joined}
    proposed = propose_mapping(spec, raw, mapping or {}, set_values or {}, tables or {})
    if answers.get("mapping") == "accept":
        mapping, proposed = {**proposed, **(mapping or {})}, {}
    raw = plain_keys(spec, raw, {**proposed, **(mapping or {})}, tables or {})
    raw = fill_labels(spec, raw, {**proposed, **(mapping or {})}, answers.get("blank_labels"))
    raw = turn_months(spec, raw, {**proposed, **(mapping or {})}, set_values or {}, answers.get("month_values"))
    subject, headers = read_subject(
        spec, raw, mapping or {}, set_values or {}, tables or {}, first_open, until, answers, mode
    )
    # What a file with other letters, or another of its sheets, holds is not known before that is answered.
    unread = any(f.level == "question" and f.rule in ("encoding", "sheet") for f in raw.findings)
    if unread:
        headers = replace(headers, findings=())
    mixed = mixed_figures(spec, raw, headers.unknown)
    told = _tell_unread(spec, raw, headers.findings)
    headers = replace(headers, findings=(*mixed, *_tell_proposed(subject, told, proposed)))
    progress(_READ)
    own = () if unread or has_errors(headers.findings) else _judge(subject, progress)
    frame = subject.frame
    copies = subject.values[subject.gathered.copies & (answers.get("duplicates") == "drop")]
    copies = copies.drop(index=copies.index.intersection(subject.set_aside.index))
    sums = totals_of(spec, subject.values, (subject.set_aside, copies), frame)
    everything = (*raw.findings, *headers.findings, *own, *_lost_on_the_way(subject, sums, own))
    folded = fold(everything)
    # Of a long table only the rows that something is said about: a number for each row takes much memory.
    about = subject.lines.isin({finding.line for finding in everything if finding.line is not None})
    values = worth_of_rows(spec, subject.values[about], tables or {}) if about.any() else ()
    worth = dict(zip(subject.lines[about], values, strict=True))
    return Checked(
        frame=_with_origin(subject),
        findings=folded,
        all_findings=everything,
        mapping_used=dict(headers.mapping),
        unknown_columns=headers.unknown,
        rows_read=len(subject.cells),
        set_aside=len(subject.set_aside),
        true_zeros=sum(finding.count for finding in own if finding.rule == "true_zeros"),
        missing_months=missing_months(subject),
        opening_filled=count_filled_openings(subject),
        totals=sums,
        money=money_touched(folded, everything, worth),
    )


def _with_origin(subject: Subject) -> pd.DataFrame:
    """The rows to store, numbered anew, with file and line; columns are not copied."""
    frame = subject.frame
    columns = {name: frame[name].to_numpy() for name in frame.columns}
    # Held once for all rows.
    columns["_file"] = np.broadcast_to(np.array(subject.raw.name, dtype=object), len(frame))
    every = len(frame) == len(subject.lines)
    columns["_line"] = (subject.lines if every else subject.lines.loc[frame.index]).to_numpy()
    return pd.DataFrame(columns, index=range(len(frame)), copy=False)


def _tell_unread(spec: Table, raw: RawTable, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Findings about headers; of a required month or day whose column nobody can read, that it is so."""
    unread = unread_dates(spec, raw)
    forms = {"month": "months as YYYY-MM", "date": "days as YYYY-MM-DD"}
    return tuple(
        replace(
            each,
            what=f"the column '{unread[each.column][0]}' may be {each.column}, but cells in it cannot be read",
            remedy=f"Write {forms[spec.column(each.column).kind]}",
            value=unread[each.column][1],
        )
        if each.rule == "missing_column" and each.column in unread
        else each
        for each in findings
    )


def _tell_proposed(
    subject: Subject, findings: tuple[Finding, ...], proposed: Mapping[str, str]
) -> tuple[Finding, ...]:
    """Findings about headers, with a question in place of what is missing where something is proposed for it."""
    if not proposed:
        return findings
    missing = [f.column for f in findings if f.rule == "missing_column"]
    needed = any(column in missing for column in proposed.values())
    pairs = [f'"{theirs}={ours}"' if " " in theirs else f"{theirs}={ours}" for theirs, ours in proposed.items()]
    shown = ", ".join(f"'{theirs}' as {ours}" for theirs, ours in proposed.items())
    what = f"by their headers and cells these columns may be meant: {shown}"
    remedy = f"Answer mapping=accept if all of them are right, else map those that are: --map {' '.join(pairs)}"
    told = subject.finding("question" if needed else "warning", "mapping", what, remedy)
    answered = {("unknown_column", theirs) for theirs in proposed}
    answered |= {("missing_column", ours) for ours in proposed.values()}
    rest = [f for f in findings if (f.rule, f.column) not in answered]
    return (*told, *rest)


def _judge(subject: Subject, progress: Progress) -> list[Finding]:
    """What the rules find, each told once: no rule judges what a rule before it could not read.

    Of a total row nothing else is said: it is unlike the others in every way. A cell that cannot be read is
    judged by no other rule, its row by none of figures, and where months cannot be read nothing is said of
    which there are.
    """
    totals = set(subject.lines[subject.totals])
    every = len(RULES)
    done = iter(range(1, every + 1))

    def found_by(rules: Sequence[Rule]) -> Iterator[Finding]:
        for rule in rules:
            yield from rule(subject)
            progress(_READ + (1 - _READ) * next(done) / every)

    first = [f for f in found_by(CELLS) if f.rule == "total_row" or f.line not in totals]
    subject.forget_codes()
    stops = [f for f in first if f.level in ("error", "question")]
    cells, lines = {(f.line, f.column) for f in stops}, {f.line for f in stops}
    asked = (*stops, *subject.raw.findings)
    open_dates = any(f.rule in ("date_order", "time_zone", "late_hours", "periods") for f in asked)
    dateless = open_dates or any(f.column in ("month", subject.spec.dated) for f in stops)
    found = [f for f in found_by(MONTHS) if not open_dates and (f.line is not None or not dateless)]
    found += (f for f in found_by(NAMES) if (f.line, f.column) not in cells)
    found += (f for f in found_by((*FIGURES, *SHEET_LINES)) if f.line is None or f.line not in lines)
    silent = (*(_NEEDS_NUMBERS if None in lines else ()), *(_NEEDS_DATES if open_dates else ()))
    return first + [f for f in found if f.line not in totals and f.rule not in silent]


_NEEDS_DATES = ("same_key", "duplicates", "conflicting_duplicate", "delivery_dates", "later_cycle", "before_cycle")
"""Rules that say nothing while it is open which day, and month, a date is."""
_NEEDS_NUMBERS = ("jump", "restatement", "negative_closing", "movement_break", "opening_break")
"""Rules that say nothing while the file's decimal mark is not settled."""


def _lost_on_the_way(subject: Subject, totals: Iterable[Total], found: Iterable[Finding]) -> list[Finding]:
    """An error where what is imported is not, to the last unit, what the file holds but for what is left out."""
    told = {finding.column for finding in found if finding.rule == "unknown_sum"}
    return [
        finding
        for total in totals
        if not total.equal and total.column not in told
        for finding in subject.finding(
            "error",
            "totals",
            f"the file's {total.column} adds up to {exact_number(total.file, 12)} and the result to "
            f"{exact_number(total.result, 12)}",
            "Leave the rows out that cannot be read, or mend them",
            total.column,
        )
    ]


def fold(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings of the same level, rule and column as one when there are more than `SHOWN`, worst level first."""
    groups: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.level, finding.rule, finding.column), []).append(finding)
    folded: list[Finding] = []
    for group in sorted(groups.values(), key=lambda group: _ORDER.index(group[0].level)):
        if len(group) <= SHOWN:
            folded += group
            continue
        count = sum(finding.count for finding in group)
        examples = (f"line {f.line}: {f.value}" if f.value else f"line {f.line}" for f in group[:_EXAMPLES])
        what = f"{group[0].what}; {how_many(number(count), 'rows')} in all"
        folded.append(replace(group[0], what=what, value=f"{'; '.join(examples)}; …", count=count))
    return tuple(folded)

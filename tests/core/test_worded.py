"""Months, weeks, periods and quarters in words: the texts of the program say what the company's periods are."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from sop.analysis.commitments import build_commitments
from sop.core.calendar import BUCKETS, MONTH, WEEK, Bucket, retail_bucket, speak_in, worded
from sop.core.format import MoneyFormat
from sop.core.present import table_texts
from sop.core.register import REGISTER, assumption
from sop.core.tables import table
from sop.views.assumption_words import with_unit
from sop.views.executive.sign_off_tables import commitments_table
from tests.tiny import tiny_plan

ROOT = Path(__file__).parents[2]
SAID = ("analysis", "agreement", "facts", "finance", "intake", "portfolio", "supply", "views", "ui/panels")
"""Where texts are made that people read."""
ELSEWHERE = {
    "intake/field_headers.py",
    "intake/turn.py",
    "intake/parse.py",
    "intake/sources.py",
    "intake/rules/cells.py",
    "intake/year_month.py",
}
"""What speaks of columns of files and of dates, which have months and days."""
QUARTER = BUCKETS[-1]


@pytest.mark.parametrize(
    ("bucket", "told"),
    [
        (MONTH, ("Units a month", "Closed months", "4 months behind", "monthly")),
        (WEEK, ("Units a week", "Closed weeks", "4 weeks behind", "weekly")),
        (retail_bucket("4-4-5"), ("Units a period", "Closed periods", "4 periods behind", "each period")),
        (QUARTER, ("Units a quarter", "Closed quarters", "4 quarters behind", "quarterly")),
    ],
    ids=lambda value: value.key if isinstance(value, Bucket) else "",
)
def test_a_period_is_called_what_the_company_calls_it(bucket: Bucket, told: tuple[str, ...]) -> None:
    speak_in(bucket)
    said = (
        worded("Units a month"),
        worded("Closed months"),
        worded("4 months behind", counted=True),
        worded("monthly"),
    )
    assert said == told


def test_a_plan_that_was_signed_in_other_periods_keeps_its_own_words() -> None:
    speak_in(WEEK)
    assert worded("By month", bucket=MONTH) == "By month"
    speak_in(MONTH)
    assert worded("By month", bucket=WEEK) == "By week"


@pytest.mark.parametrize(
    "text",
    [
        "EBIT of the next 12 months and the next twelve months",
        "promised for the last 12 closed months",
        "after 3 months' notice",
        "Profit promised in the months ahead",
        "Months from ordering agency hours to having them",
        "Answer month_values=sold, in the column 'month' or family|region|month",
    ],
)
def test_spans_durations_and_names_of_columns_stay(text: str) -> None:
    speak_in(WEEK)
    assert worded(text) == text


def texts_of(file: Path) -> Iterator[tuple[int, str]]:
    """Texts within functions that say month and are not put into the company's words."""
    tree = ast.parse(file.read_text("utf-8"))
    above = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    plain = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in plain:
            continue
        if not re.search(r"(?<![\w'`/|.])[Mm]onth(s|ly)?(?![\w'`=])", node.value) or re.fullmatch(
            r"[a-z_]+", node.value
        ):
            continue
        around, at = [], node
        while at in above:
            at = above[at]
            around.append(at)
        in_function = any(isinstance(each, ast.FunctionDef | ast.Lambda) for each in around)
        words = any(isinstance(each, ast.Call) and getattr(each.func, "id", "") == "worded" for each in around)
        looked_up = isinstance(around[0], ast.Subscript | ast.Compare | ast.Dict)
        if in_function and not words and not looked_up:
            yield node.lineno, node.value


def test_no_text_says_month_but_in_the_company_s_words() -> None:
    """A new text goes through `worded`, or counts months that are months: those stand here."""
    found = [
        f"{file.relative_to(ROOT / 'sop')}:{line}: {text}"
        for place in SAID
        for file in sorted((ROOT / "sop" / place).rglob("*.py"))
        if str(file.relative_to(ROOT / "sop")) not in ELSEWHERE
        for line, text in texts_of(file)
    ]
    allowed = (
        " a month, after ", "a month, less than a person", "month, is above the", "months are",
        "12 months", "of twelve months", " months ahead, ", "approval to month ", "Over 6 months",
        "Over 12 months",
    )  # fmt: skip
    assert [each for each in found if not any(word in each for word in allowed)] == []


@pytest.mark.parametrize("bucket", BUCKETS, ids=lambda bucket: bucket.key)
def test_durations_and_rates_that_are_said_a_month_are_so_in_every_calendar(bucket: Bucket) -> None:
    speak_in(bucket)
    months = [entry for entry in REGISTER if entry.unit == "months"]
    assert months and all(with_unit(entry.label, entry, "EUR").endswith(", months") for entry in months)
    rate, amount = assumption("past_due_rate"), table("benefits").column("unit")
    assert all("calendar month" in worded(text) for text in (rate.label, rate.meaning, amount.meaning))


@pytest.mark.parametrize("bucket", BUCKETS, ids=lambda bucket: bucket.key)
def test_a_plan_of_months_commits_to_cash_at_month_end_in_every_company(bucket: Bucket) -> None:
    """A plan that was signed in months before the company went over to other periods still has months."""
    speak_in(bucket)
    plan = tiny_plan(12, cash=[500.0] * 12)
    heads = [
        row[0].text for row in table_texts(commitments_table(plan, build_commitments(plan)), MoneyFormat())[1]
    ]
    assert [head for head in heads if " at month end" in head] == heads[-1:]

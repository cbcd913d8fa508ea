"""A refusal as the sentence that stands by itself, and as the part that follows another."""

from __future__ import annotations

import pytest

from sop.core.errors import BadInput


@pytest.mark.parametrize(
    ("what", "where", "sentence"),
    [
        ("a task needs its words", "", "A task needs its words."),
        ("'now' is no month", "", "'now' is no month."),
        ("Überhang is no family", "", "Überhang is no family."),
        # Names stay as they are written.
        ("plan_lines has no column 'x'", "", "plan_lines has no column 'x'."),
        ("sales.csv cannot be read", "", "sales.csv cannot be read."),
        ("the file is empty", "budget.csv", "budget.csv: the file is empty."),
    ],
)
def test_a_sentence_begins_with_a_capital_unless_it_begins_with_a_name(
    what: str, where: str, sentence: str
) -> None:
    refusal = BadInput(what, where=where)
    assert refusal.sentence == sentence and str(refusal).lower() == sentence.lower()
    assert what in str(refusal), "it goes on after 'refused: '"

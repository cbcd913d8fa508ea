"""What the user may be asked, and the answers there are. A question's rule is the key of its answer."""

from __future__ import annotations

from collections.abc import Mapping

from sop.core.errors import BadInput

QUESTIONS: dict[str, dict[str, str]] = {
    "decimal": {
        ".": "a dot is the decimal mark: 1.234 is a bit more than one",
        ",": "a comma is the decimal mark",
    },
    "date_order": {"dmy": "day first: 01/02 is the first of February", "mdy": "month first: 01/02 is January 2nd"},
    "missing_months": {"missing": "nothing is known of them; they stay missing, never zero"},
    "negative_sales": {"returns": "returns exceed the sales of that month; kept as they are"},
    "duplicates": {"drop": "rows that are equal in every cell count once"},
    "encoding": {
        "cp1252": "Windows, Western Europe",
        "cp1250": "Windows, Central Europe",
        "utf-16": "Unicode, two bytes",
    },
    "sheet": {},
}
"""Each question's answers with their meaning; `encoding` takes any encoding's name, `sheet` a sheet's title."""

_FREE = ("encoding", "sheet")


def require_answers(answers: Mapping[str, str]) -> None:
    """Raise BadInput on an answer to a question there is none of, or one that the question does not offer."""
    for key, answer in answers.items():
        if key not in QUESTIONS:
            raise BadInput(f"there is no question '{key}'", remedy=f"Questions are: {', '.join(QUESTIONS)}")
        if key not in _FREE and answer not in QUESTIONS[key]:
            raise BadInput(f"'{answer}' does not answer {key}", remedy=f"Answers are: {', '.join(QUESTIONS[key])}")

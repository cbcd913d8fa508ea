"""Assumptions as they are read: no key of a table or of the code, and every default in its own unit."""

import re

import pytest

from sop.core.register import REGISTER, Assumption, assumption
from sop.views.assumption_words import source_words


@pytest.mark.parametrize("entry", REGISTER, ids=lambda entry: entry.key)
def test_where_a_default_comes_from_names_no_key(entry: Assumption) -> None:
    told = source_words(entry, "EUR")
    assert told and not re.search(r"_|[a-z]\.[a-z]", told)


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("overtime_share", "overtime limit in the plants table, else 20%"),
        ("cover_limit_days", "90 days"),
        ("labour_rate", "labour rate in the plants table, else 25 €"),
        ("subcontract_pct", "the subcontract table"),
        ("price_pct", "none: trailing twelve months' net price"),
    ],
)
def test_a_default_is_told_in_its_own_unit(key: str, words: str) -> None:
    assert source_words(assumption(key), "EUR") == words

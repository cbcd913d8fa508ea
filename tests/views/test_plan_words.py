"""The words of the plan pages: resources by their names, months as people say them."""

from __future__ import annotations

import pytest

from sop.core.words import in_words

NAMES = {"L1": "Welding", "L12": "Painting", "P": "Oven", "L3": "L3"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("line L1 in 2026-12 to 2027-02", "Welding in Dec 2026 to Feb 2027"),
        ("One more shift on line L12", "One more shift on Painting"),
        ("shared resource P", "Oven"),
        ("line L3", "line L3"),
        ("One more period of subcontract for L1", "One more month of subcontract for L1"),
    ],
)
def test_resources_are_called_by_their_names_and_months_are_in_words(text: str, said: str) -> None:
    assert in_words(text, NAMES) == said


def test_a_name_is_taken_as_it_is_written() -> None:
    assert in_words("line L1", {"L1": r"Weld \1"}) == r"Weld \1"

"""The scope of an override: written, read back, and in words."""

from __future__ import annotations

import pytest

from sop.core.override_scopes import Entered, OverrideScope, read_entered, read_override_scope


@pytest.mark.parametrize(
    "scope", ["Bikes|North|2027-01", "||2027-01", "Bikes||2027-01|+5% on 120", "|North|2027-01|to 500 on 480 (2)"]
)
def test_a_scope_is_read_back_as_it_was_written(scope: str) -> None:
    found = read_override_scope(scope)
    assert found is not None and found.text == scope


@pytest.mark.parametrize("scope", ["", "Bikes", "Bikes|North", "Bikes|North|soon", "A|B|North|2027-01|+5 on 3"])
def test_what_names_no_month_is_no_scope(scope: str) -> None:
    assert read_override_scope(scope) is None


@pytest.mark.parametrize(
    ("entered", "text"),
    [
        (Entered("units", 120, 4870), "+120 on 4870"),
        (Entered("units", -30, 0), "-30 on 0"),
        (Entered("percent", 0.025, 4870), "+2.5% on 4870"),
        (Entered("target", 5000, 4870, 2), "to 5000 on 4870 (2)"),
    ],
)
def test_how_an_override_was_entered_is_kept_with_it(entered: Entered, text: str) -> None:
    assert entered.text == text
    assert read_entered(text) == entered


def test_a_text_that_was_not_kept_so_says_nothing() -> None:
    assert read_entered("about a hundred") is None


def test_a_place_is_named_by_what_it_narrows() -> None:
    places = [OverrideScope(*parts, "2027-01").place for parts in (("", ""), ("Bikes", ""), ("Bikes", "North"))]
    assert places == ["all families", "Bikes", "Bikes, North"]

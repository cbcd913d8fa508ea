"""What charts say to whoever hears them: figures with their times."""

from __future__ import annotations

from sop.core.format import signed
from sop.ui.charts.heard import course_text

MONTHS = ("Jan 27", "Feb 27", "Mar 27")


def test_a_course_says_its_lowest_its_highest_and_its_last_figure() -> None:
    told = course_text("Days of supply", MONTHS, (38.0, 42.0, 40.0), "days")
    assert told == "Days of supply: from 38 days in Jan 27 to 42 days in Feb 27; 40 days in Mar 27."


def test_a_difference_is_heard_with_its_sign() -> None:
    told = course_text("Difference", MONTHS, (-0.02, None, 0.1), "M€", 2, signed)
    assert told == "Difference: from −0.02 M€ in Jan 27 to +0.10 M€ in Mar 27; +0.10 M€ in Mar 27."


def test_a_course_of_one_point_says_it_once_and_one_of_none_is_not_known() -> None:
    assert course_text("Past due", MONTHS, (None, 3.0, None), "units") == "Past due: 3 units in Feb 27."
    assert course_text("Past due", MONTHS, (None, None, None)) == "Past due: not known."


def test_a_course_that_never_moves_says_its_figure_once() -> None:
    assert course_text("Past due", MONTHS, (0.0, 0.0, 0.0), "units") == "Past due: 0 units from Jan 27 to Mar 27."

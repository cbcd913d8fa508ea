"""A silent series on the Sales page: the question, its two answers, and what somebody said."""

from sop.core.register import Entry
from sop.demand.cleaning import ENDED, INTERRUPTED, clean_company
from sop.demand.forecast import forecast_company
from sop.views.sales.history import ForecastHistory, history_behind
from tests.demand.test_demand_cleaning_company import MONTHS, silent


def told(*entries: Entry) -> ForecastHistory:
    inputs = silent(7)
    decided = {(entry.key, entry.scope): entry.value for entry in entries}
    forecast = forecast_company(inputs, decided)
    return history_behind(inputs, forecast, clean_company(inputs, decided), entries, {"ann": "Ann"}, "")


def answer(key: str) -> Entry:
    return Entry(key, f"A|North|{MONTHS[41]}", 1.0, "told by the customer", "sales", "ann", "", None, 1)


def test_a_silent_series_can_be_answered_in_two_ways():
    found = told()
    (row,) = [row for row in found.rows if row.kind == "silent"]
    assert (row.what, row.state, row.month) == ("Silent", "Not answered", MONTHS[41])
    assert [(each.act, each.key) for each in row.answers] == [
        ("It has ended", ENDED),
        ("It is interrupted", INTERRUPTED),
    ]
    assert "1 silent at the end" in found.message("A", None)


def test_an_answer_stands_with_who_gave_it_and_can_be_taken_back():
    for key, state in ((ENDED, "Ended"), (INTERRUPTED, "Interrupted")):
        (row,) = [row for row in told(answer(key)).rows if row.kind == "silent"]
        assert (row.state, row.by) == (state, "Ann")
        assert [each.act for each in row.answers] == ["Take back"]

"""Ranges and claims in words: short, plain, and never surer than the draws are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sop.analysis.ranges.claims import Bias, ClaimRow, TrackRecord
from sop.analysis.ranges.draws import Draws
from sop.analysis.ranges.projections import Horizon, Projection, spread_of
from sop.core.format import money_format
from sop.core.measures import headline_measure
from sop.core.plan import Worst
from sop.core.present import Cell
from sop.views.executive.claim_words import (
    bias_note,
    bias_sentence,
    evidence_sentence,
    missed_sentence,
    record_sentence,
)
from sop.views.executive.outlook_tables import projections_table
from sop.views.executive.range_words import (
    bad_tenth_sentence,
    chance_words,
    held_words,
    horizon_words,
    range_caption,
    wide_sentence,
)
from tests.analysis.drawn import drawn

INVENTORY, REVENUE = headline_measure("inventory"), headline_measure("revenue")
LOW = Bias(INVENTORY, 8, 8, -0.4, 6)


def draws() -> Draws:
    moved = np.linspace(-50e6, 50e6, 101)
    return drawn({"revenue": np.full(12, 5e8)}, {"revenue": moved.tolist()}, Demand=moved.tolist())


@pytest.mark.parametrize("held", [None, 0.75, 1.0])
@pytest.mark.parametrize("stale", [False, True])
def test_a_caption_has_at_most_twelve_words(held: float | None, stale: bool) -> None:
    assert len(range_caption(draws(), held, stale=stale).split()) <= 12
    assert range_caption(draws(), 0.75) == "Range: eight of ten cases; our past ranges of revenue held 75%"


def test_no_range_says_why_in_as_many_words() -> None:
    caption = range_caption(None, None, why="nothing sold so far says how much may come")
    assert caption == "No range: nothing sold so far says how much may come" and len(caption.split()) <= 12


def test_a_wide_range_says_why_and_another_one_nothing() -> None:
    wide = replace(draws(), why="only 1 month of sales is known")
    assert wide_sentence(wide) == "Wide because only 1 month of sales is known."
    assert wide_sentence(draws()) == wide_sentence(None) == ""


def test_service_names_the_family_behind_it() -> None:
    on_time, span = headline_measure("on_time"), Horizon("Next 12 months", 0, 11)
    told = Projection(on_time, span, 0.86, 0.8, 0.82, 0.86, 0.9, 0.91, 0.81, (), 50)
    table = projections_table(
        [told], span, money_format("EUR", 6e9), {"on_time": Worst("Heavy duty", 0.125)}, TrackRecord()
    )
    notes = [cell.note for cell in table.rows[0] if isinstance(cell, Cell) and cell.note]
    assert notes == ["worst: Heavy duty 12.5%"]


def test_a_chance_says_how_sure_it_is_where_that_matters() -> None:
    assert chance_words(0.36, 0.07) == "36% ± 7"
    assert chance_words(0.36, 0.015) == "36%"
    assert chance_words(0.0, 0.001) == "Under 1%"


def test_the_bad_tenth_is_told_in_money_with_what_makes_it_bad() -> None:
    spread = spread_of(draws(), REVENUE)
    assert spread is not None
    text = bad_tenth_sentence(spread, money_format("EUR", 6e9))
    assert text.startswith("In the worst tenth of cases revenue is 54.5 M€ on average")
    assert "most of it from Demand" in text


def test_a_bias_is_told_by_how_often_how_much_and_how_far_ahead() -> None:
    assert bias_sentence(LOW) == (
        "Inventory was planned too low in each of the last 8 signed plans, by 40% at 6 months"
    )
    assert bias_sentence(Bias(REVENUE, 9, 10, 0.05, 1)) == (
        "Revenue was planned too high in 9 of the last 10 signed plans, by 5% at 1 month"
    )
    assert bias_note(LOW) == "8 of 8 plans: 40% too low"


def test_the_record_is_one_sentence_and_says_what_few_months_can_show() -> None:
    rows = (ClaimRow(INVENTORY, "1–3 months ahead", 3, 4, -0.4),)
    record = TrackRecord(rows, (LOW,), 8, 8)
    assert record_sentence(record) == (
        "Inventory was planned too low in each of the last 8 signed plans, by 40% at 6 months; "
        "our past ranges held 75% of the time where we said 80%."
    )
    assert "too few to prove that eight of ten hold" in evidence_sentence(record)
    assert evidence_sentence(TrackRecord(rows, (), 1, 1)).startswith("1 signed plan with 1 closed month:")
    assert record_sentence(TrackRecord()) == evidence_sentence(TrackRecord()) == ""


def test_ranges_that_mostly_missed_are_named_and_stand_beside_their_figure() -> None:
    cash, on_time = headline_measure("cash"), headline_measure("on_time")
    held = ((cash, 4, -0.1), (REVENUE, 10, 0.0), (on_time, 3, 0.02))
    record = TrackRecord(
        tuple(ClaimRow(entry, "1–3 months", came, 10, off) for entry, came, off in held), (), 8, 8
    )
    assert missed_sentence(record) == (
        "Ranges of cash (40%) and on time in full (30%) held less than half the time: they were too narrow or in "
        "the wrong place. On average cash came out above plan and on time in full came out below plan."
    )
    assert missed_sentence(TrackRecord()) == missed_sentence(replace(record, rows=record.rows[1:2])) == ""
    span = Horizon("Next 12 months", 0, 11)
    told = [Projection(entry, span, 5.0, 3.0, 4.0, 5.0, 6.0, 7.0, 3.5, (), 50) for entry in (cash, INVENTORY)]
    table = projections_table(told, span, money_format("EUR", 6e9), {}, record)
    assert held_words(record, cash) == "our past ranges of cash held 40%" and held_words(record, INVENTORY) == ""
    assert [row[-1].figure for row in table.rows if isinstance(row[-1], Cell)] == [0.4, None]


def test_a_span_of_one_month_names_it_once() -> None:
    months = ("2026-12", "2027-01", "2027-02")
    assert horizon_words(Horizon("Short", 0, 2), months) == "Short, Dec 26 – Feb 27"
    assert horizon_words(Horizon("To the fiscal year's end", 0, 0), months) == "To the fiscal year's end, Dec 26"

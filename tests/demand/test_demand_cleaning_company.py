"""A company's history: what the rules correct, what planners decide, and stock-outs where inventory shows them."""

from dataclasses import replace

import numpy as np
import pytest

from sop.core.calendar import Calendar, shift_period
from sop.core.inputs import Families, History, Inputs, Position, Products, StockHistory
from sop.core.terms import Strategy
from sop.core.words import units_text
from sop.demand.cleaning import ACCEPTED, ENDED, INTERRUPTED, RESTORED, TRAIN_SINCE, clean_company
from sop.demand.forecast import forecast_company

MONTHS = tuple(shift_period("2022-12", back) for back in range(-48, 0))
NOISE = np.random.default_rng(8).normal(0, 3, 48)
SEASON = 100 + 20 * np.sin(np.arange(48) * np.pi / 6)


def company(*demand: np.ndarray, closing: np.ndarray | None = None, strategy=Strategy.MTS) -> Inputs:
    """A company with one family per demand series, one product each, one region, shipments equal to demand."""
    count = len(demand)
    names = tuple("ABCDEF"[:count])
    ones, ordered = np.ones(count), np.array(demand)[:, None, :]
    stock = None
    if closing is not None:
        flat = np.zeros_like(closing)
        stock = StockHistory(MONTHS, flat, flat, flat, flat, flat, closing)
    return Inputs(
        company="test",
        currency="EUR",
        calendar=Calendar("2022-12"),
        families=Families(
            names, names, (strategy,) * count, ("piece",) * count, ones, ones, ones, ones, ones, ones, ones
        ),
        regions=("North",),
        products=Products(names, names, np.arange(count), ones, ones, np.zeros(count, bool)),
        history=History(MONTHS, ordered, ordered.copy(), ordered * 10),
        position=Position(
            MONTHS[-1], None, np.zeros((count, 1)), np.zeros((count, 1)), np.ones((count, 1)), ones,
            np.ones((count, 1)), np.zeros(count),
        ),
        stock=stock,
    )  # fmt: skip


def spiked() -> np.ndarray:
    demand = SEASON + NOISE
    demand[40] = 700
    return demand


def test_a_correction_is_named_by_family_region_and_month():
    history = clean_company(company(SEASON + NOISE, spiked()))
    (found,) = history.of_kind("corrected")
    assert (found.family, found.region, found.month, found.was) == ("B", "North", MONTHS[40], 700)
    assert found.scope == f"B|North|{MONTHS[40]}"
    assert history.values[1, 0, 40] == pytest.approx(found.now, abs=1e-3)


def test_a_restored_month_counts_as_booked_and_is_only_suggested():
    inputs = company(spiked())
    history = clean_company(inputs, {(RESTORED, f"A|North|{MONTHS[40]}"): 1.0})
    assert history.values[0, 0, 40] == 700 and not history.of_kind("corrected")
    assert [remark.month for remark in history.of_kind("suggested")] == [MONTHS[40]]


def test_a_decision_that_was_taken_back_or_names_nothing_known_changes_nothing():
    inputs = company(spiked())
    decisions = {
        (RESTORED, f"A|North|{MONTHS[40]}"): 0.0,
        (RESTORED, f"Z|North|{MONTHS[40]}"): 1.0,
        (ACCEPTED, "A|North"): 1.0,
        ("demand_pct", "A"): 0.1,
    }
    assert clean_company(inputs, decisions).remarks == clean_company(inputs).remarks


def test_training_since_a_month_forgets_what_was_before():
    shifted = np.where(np.arange(48) < 24, 100.0, 220.0) + NOISE
    inputs = company(shifted)
    (offer,) = clean_company(inputs).of_kind("shift")
    assert offer.was < 110 and offer.now > 210
    since = clean_company(inputs, {(TRAIN_SINCE, offer.scope): 1.0}).values[0, 0]
    start = MONTHS.index(offer.month)
    assert np.isnan(since[:start]).all() and np.isfinite(since[start:]).all()


def test_a_month_without_stock_is_raised_to_what_was_wanted():
    demand, closing = SEASON + NOISE, np.full((1, 48), 500.0)
    demand[45], closing[0, 45] = 30, 0
    history = clean_company(company(demand, closing=closing))
    (found,) = history.of_kind("corrected")
    assert found.month == MONTHS[45] and "stock ran out" in found.reason
    assert abs(history.values[0, 0, 45] - SEASON[45]) < 20


def test_a_month_without_stock_that_sold_as_usual_is_left_alone():
    closing = np.full((1, 48), 500.0)
    closing[0, 45] = 0
    assert not clean_company(company(SEASON + NOISE, closing=closing)).of_kind("corrected")


def test_orders_booked_apart_from_shipments_are_not_cut_short_by_stock():
    demand, closing = SEASON + NOISE, np.full((1, 48), 500.0)
    demand[45], closing[0, 45] = 60, 0
    inputs = company(demand, closing=closing)
    fewer = inputs.history.shipped - np.eye(48)[45] * 5
    inputs = replace(inputs, history=replace(inputs.history, shipped=fewer))
    assert not any("stock ran out" in remark.reason for remark in clean_company(inputs).remarks)


def test_a_family_made_to_order_has_no_stock_to_run_out_of():
    demand, closing = SEASON + NOISE, np.zeros((1, 48))
    demand[45] = 60
    remarks = clean_company(company(demand, closing=closing, strategy=Strategy.MTO)).remarks
    assert not any("stock ran out" in remark.reason for remark in remarks)


def test_a_month_without_a_figure_is_shown_as_a_gap_and_stays_missing():
    demand = SEASON + NOISE
    demand[20] = np.nan
    history = clean_company(company(demand))
    (gap,) = history.of_kind("gap")
    assert gap.month == MONTHS[20] and gap.was is None and np.isnan(history.values[0, 0, 20])


def silent(months: int, demand: np.ndarray = SEASON + NOISE) -> Inputs:
    """Two families, the first without sales in the last months."""
    first = demand.copy()
    first[48 - months :] = 0
    return company(first, SEASON + NOISE)


@pytest.mark.parametrize("months", [6, 7, 11, 12, 20])
def test_a_series_silent_for_half_a_year_is_asked_about_and_the_plan_says_what_it_does(months):
    inputs = silent(months)
    (asked,) = clean_company(inputs).asked
    assert (asked.family, asked.region, asked.month) == ("A", "North", MONTHS[48 - months])
    assert asked.was == pytest.approx(100, abs=8)
    forecast = forecast_company(inputs)
    (found,) = [one for one in forecast.findings if one.rule == "silent_series"]
    each = units_text(forecast.mean[0, 0, :12].mean(), "")
    assert found.level == "question" and found.what.endswith(f"the plan goes on with {each} a month")
    assert not [one for one in clean_company(inputs).of_kind("suggested") if one.month >= asked.month]


@pytest.mark.parametrize("demand", [
    np.where(np.arange(48) % 12 < 6, 100.0, 0.0),
    np.where(np.arange(48) % 8 == 0, 10.0, 0.0),
    np.eye(48)[41] * 900,
    np.zeros(48),
])  # fmt: skip
def test_nobody_is_asked_about_a_season_sparse_sales_or_a_single_one(demand):
    assert not clean_company(company(demand)).asked


@pytest.mark.parametrize("months", [1, 24])
def test_nobody_is_asked_of_one_month_or_after_two_years(months):
    assert not clean_company(silent(months)).asked


@pytest.mark.parametrize("length", [12, 18, 24, 36, 48])
@pytest.mark.parametrize("quiet", [2, 3, 4, 5])
def test_what_sold_every_month_is_asked_about_as_soon_as_chance_explains_its_silence_no_more(length, quiet):
    """No plan of next to nothing is made without a word: two zeros at the end of 18 months are asked about."""
    for level in (np.full(48, 100.0), SEASON + NOISE):
        stopped = level[:length].copy()
        stopped[-quiet:] = 0
        inputs = last_months(company(np.ones(48)), stopped)
        (asked,) = clean_company(inputs).asked
        assert asked.month == inputs.history.months[-quiet]
        (found,) = [one for one in forecast_company(inputs).findings if one.rule == "silent_series"]
        assert "the plan goes on with" in found.what


def last_months(inputs: Inputs, demand: np.ndarray) -> Inputs:
    """The same company with so many closed months of its first family only."""
    months, ordered = inputs.history.months[-len(demand) :], demand[None, None]
    return replace(inputs, history=History(months, ordered, ordered.copy(), ordered * 10))


def test_nobody_is_asked_where_such_months_are_nothing_new():
    rng = np.random.default_rng(5)
    asked = 0
    for _ in range(200):
        sells = np.where(rng.random(48) < 0.3, 0.0, 100.0)
        asked += bool(clean_company(company(sells)).asked)
    assert asked <= 4, "two of a hundred at most"


def test_what_has_ended_is_forecast_as_nothing_and_moves_nobody_else():
    inputs = silent(7)
    ended = forecast_company(inputs, {(ENDED, f"A|North|{MONTHS[41]}"): 1.0})
    assert not ended.mean[0].any() and not ended.hi95[0].any() and ended.why[0].startswith("ended")
    assert not ended.product_mean[0].any()
    alone = forecast_company(company(SEASON + NOISE))
    assert np.array_equal(ended.mean[1], alone.mean[0])
    assert not [one for one in ended.findings if one.rule == "silent_series"]


def test_what_is_interrupted_is_forecast_as_if_it_had_gone_on():
    answer = {(INTERRUPTED, f"A|North|{MONTHS[41]}"): 1.0}
    history = clean_company(silent(7), answer)
    assert np.array_equal(history.values[0, 0, 41:], (SEASON + NOISE)[29:36])
    assert not history.asked and len(history.of_kind("gap")) == 7
    forecast = forecast_company(silent(7), answer)
    assert forecast.mean[0, 0].mean() == pytest.approx(100, abs=8)


def test_an_answer_does_not_hold_once_the_series_sells_again():
    sold = SEASON + NOISE
    sold[36:44] = 0
    answers = {(ENDED, f"A|North|{MONTHS[36]}"): 1.0, (INTERRUPTED, f"A|North|{MONTHS[36]}"): 1.0}
    history = clean_company(company(sold), answers)
    assert not history.ended.any() and np.array_equal(history.values[0, 0, 44:], sold[44:])


def test_a_last_month_unlike_the_others_is_a_finding():
    demand = SEASON + NOISE
    demand[-1] = -400
    (found,) = forecast_company(company(demand)).findings
    assert (found.level, found.rule) == ("warning", "last_month_unusual")
    assert "Nov 2022: \u2212400 is far below" in found.what

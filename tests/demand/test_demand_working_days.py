"""Working days and Easter: what the calendar says, used only where months that were not fitted prove it."""

from dataclasses import replace

import numpy as np
import pytest

from sop.core.calendar import Calendar, shift_period
from sop.core.inputs import History, Inputs
from sop.demand.cleaning import DRIVER_USE
from sop.demand.forecast import forecast_company
from sop.demand.working_days import CALENDAR, HOLIDAYS, calendar_series, prove_working_days, with_holidays
from tests.demand.test_demand_cleaning_company import company

CLOSED, AHEAD = 84, 24
MONTHS = tuple(shift_period("2022-12", t - CLOSED) for t in range(CLOSED + AHEAD))
DAYS = calendar_series(MONTHS)
T = np.arange(CLOSED)


def sells(effect: float, easter: float = 0.0, noise: float = 0.03, seed: int = 0) -> np.ndarray:
    """Demand with a season that moves with working days and Easter."""
    moved = effect * DAYS["working days"][:CLOSED] + easter * DAYS["Easter"][:CLOSED]
    drawn = np.random.default_rng(seed).normal(0, noise, CLOSED)
    return 100 * np.exp(0.3 * np.sin(T * np.pi / 6) + moved + drawn)


def of_families(*demand: np.ndarray) -> Inputs:
    inputs = company(*(np.ones(48) for _ in demand))
    ordered = np.array(demand)[:, None, :]
    history = History(MONTHS[:CLOSED], ordered, ordered.copy(), ordered * 10)
    return replace(inputs, history=history, calendar=Calendar("2022-12"))


def used(inputs: Inputs, decided: float = 1.0) -> tuple[list[str], np.ndarray]:
    demand = inputs.ordered_by_family
    proofs, factor = prove_working_days(inputs, demand, {(DRIVER_USE, CALENDAR): decided})
    return [proof.family for proof in proofs if proof.used], factor


def test_the_calendar_counts_mondays_to_fridays_and_finds_easter():
    days = calendar_series([shift_period("2024-02", t) for t in range(15)])
    spring = [0, 1, 2, 13, 14]  # February to April 2024, March and April 2025
    assert np.exp(days["working days"])[spring].round().tolist() == [21, 21, 22, 21, 22]
    assert np.exp(days["working days without Easter"])[spring].round().tolist() == [21, 20, 21, 21, 20]
    assert days["Easter"][spring].round(4).tolist() == [0, 0.8889, 0.1111, 0, 1]


def test_quarters_have_their_days_too():
    assert np.exp(calendar_series(("2024-Q1", "2024-Q2"))["working days"]).round().tolist() == [65, 65]


def test_working_days_are_used_where_they_are_proven_and_follow_the_months_ahead():
    families, factor = used(of_families(*(sells(1.0, seed=seed) for seed in range(6))))
    assert families == list("ABCDEF")
    ahead = DAYS["working days"][CLOSED:]
    assert np.corrcoef(factor[0, :12], ahead[:12] - _usual(ahead)[:12])[0, 1] > 0.9
    assert 0.02 < np.abs(factor[0] - 1).max() < 0.15


def _usual(ahead: np.ndarray) -> np.ndarray:
    place = np.arange(CLOSED + AHEAD) % 12
    past = DAYS["working days"][:CLOSED]
    return np.array([past[place[:CLOSED] == each].mean() for each in place[CLOSED:]])


def test_easter_moves_what_sells_for_it():
    families, factor = used(of_families(*(sells(0.0, 0.6, 0.015, seed) for seed in range(6))))
    assert families
    spring = {MONTHS[CLOSED + t] for t in range(AHEAD) if abs(factor[0, t] - 1) > 0.05}
    assert spring and spring <= {"2023-03", "2023-04", "2024-03", "2024-04"}


@pytest.mark.parametrize("noise", [0.03, 0.1])
def test_luck_proves_nothing(noise):
    """Of 20 companies with four families that have no working days, at most one is taken to have them."""
    found = [used(of_families(*(sells(0.0, 0.0, noise, 100 * c + f) for f in range(4))))[0] for c in range(20)]
    assert sum(bool(each) for each in found) <= 1


def test_it_can_be_switched_off_and_says_that_it_was_tested():
    inputs = of_families(*(sells(1.0, seed=seed) for seed in range(6)))
    families, factor = used(inputs, 0.0)
    assert not families and (factor == 1).all()


def test_the_forecast_follows_and_errs_less_on_months_that_were_held_back():
    inputs = of_families(*(sells(1.0, seed=seed, noise=0.02) for seed in range(4)))
    held = 12
    short = replace(
        inputs,
        calendar=Calendar(MONTHS[CLOSED - held]),
        history=replace(
            inputs.history,
            months=inputs.history.months[:-held],
            **{name: getattr(inputs.history, name)[..., :-held] for name in ("ordered", "shipped", "revenue")},
        ),
    )
    came = inputs.history.ordered[:, 0, -held:]
    with_it = forecast_company(short).mean[:, 0, :held]
    without = forecast_company(short, {(DRIVER_USE, CALENDAR): 0.0}).mean[:, 0, :held]
    assert any("Working days and Easter working days" in why for why in forecast_company(short).why)
    assert np.abs(with_it - came).sum() < 0.9 * np.abs(without - came).sum()


def test_a_short_history_is_not_tried():
    inputs = of_families(np.where(T < 50, np.nan, sells(1.0)))
    assert prove_working_days(inputs, inputs.ordered_by_family)[0] == ()


# -- holidays that move, by country


def moving_holidays(first: str = "2015-07-17", last: str = "2025-12-31") -> tuple[str, ...]:
    """Nine days of a feast that comes eleven days earlier each year, as the end of Ramadan does."""
    feasts = np.arange(np.datetime64(first), np.datetime64(last), np.timedelta64(354, "D"))
    return tuple(str(day) for feast in feasts for day in feast + np.arange(9))


FEAST = moving_holidays()


def keeping(feast: float, *countries: tuple[str, ...]) -> Inputs:
    """Two families in one region each of these holidays, whose demand follows the days without the feast."""
    days = with_holidays(DAYS, MONTHS, [FEAST], np.ones(1))[HOLIDAYS][:CLOSED]
    drawn = np.random.default_rng(4).normal(0, 0.03, (2, len(countries), CLOSED))
    demand = 100 * np.exp(0.3 * np.sin(T * np.pi / 6) + feast * days + drawn)
    inputs = of_families(demand[0, 0], demand[1, 0])
    history = replace(inputs.history, ordered=demand, shipped=demand.copy(), revenue=demand * 10)
    position = replace(inputs.position, product_share=np.ones((2, len(countries))))
    regions = tuple(f"Region {r}" for r in range(len(countries)))
    return replace(inputs, regions=regions, history=history, position=position, holidays=countries)


def test_holidays_that_move_are_used_where_they_are_proven():
    families, factor = used(keeping(1.0, FEAST))
    assert families == ["A", "B"]
    ahead = with_holidays(DAYS, MONTHS, [FEAST], np.ones(1))[HOLIDAYS][CLOSED:]
    assert np.corrcoef(factor[0, :12], ahead[:12] - _usual_of(FEAST)[:12])[0, 1] > 0.9
    (proof, _), _ = prove_working_days(keeping(1.0, FEAST), keeping(1.0, FEAST).history.ordered)
    assert HOLIDAYS in proof.why
    # Nobody knows of the feast without the table.
    blind, _ = prove_working_days(keeping(1.0, ()), keeping(1.0, ()).history.ordered)
    assert not any(HOLIDAYS in each.why for each in blind)
    assert proof.gain > max(each.gain for each in blind)


def test_holidays_that_customers_do_not_keep_change_nothing():
    families, factor = used(keeping(0.0, FEAST))
    assert not families and (factor == 1).all()


def test_each_region_counts_by_what_it_sold_and_one_without_holidays_by_its_weekdays():
    one, none = (with_holidays(DAYS, MONTHS, [days], np.ones(1)) for days in (FEAST, ()))
    assert HOLIDAYS not in none
    both = with_holidays(DAYS, MONTHS, [FEAST, ()], np.array([3.0, 1.0]))[HOLIDAYS]
    assert np.exp(both) == pytest.approx(0.75 * np.exp(one[HOLIDAYS]) + 0.25 * np.exp(DAYS["working days"]))
    alike = with_holidays(DAYS, MONTHS, [FEAST, FEAST], np.zeros(2))[HOLIDAYS]
    assert alike == pytest.approx(one[HOLIDAYS])


def test_a_month_in_which_everybody_is_closed_has_a_finite_place():
    shut = tuple(str(np.datetime64("2016-02-01") + day) for day in range(29))
    assert np.isfinite(with_holidays(DAYS, MONTHS, [shut], np.ones(1))[HOLIDAYS]).all()


def _usual_of(holidays: tuple[str, ...]) -> np.ndarray:
    """What the months ahead had on average in the past."""
    days = with_holidays(DAYS, MONTHS, [holidays], np.ones(1))[HOLIDAYS]
    place = np.arange(len(days)) % 12
    return np.array([days[:CLOSED][place[:CLOSED] == each].mean() for each in place[CLOSED:]])

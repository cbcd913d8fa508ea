"""Other operating cost: estimated where years not fitted prove it, else its trailing mean and inflation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from data.demo.generator.demo_company import DemoCompany, demo_company
from data.demo.generator.strategy import initiative_spending
from data.demo.generator.timeline import Timeline
from sop.core.calendar import Calendar
from sop.core.inputs import Gate, Initiative, Inputs, Ledger
from sop.core.money import MINOR
from sop.core.register import Assumptions, assumption
from sop.core.terms import PlanName
from sop.finance.operating_cost import (
    Course,
    OperatingCost,
    estimate_operating_cost,
    fit_course,
    prove_course,
    spent_before,
)
from sop.intake.assemble import assemble
from sop.portfolio.effects import initiative_spend
from tests.integrated import company, plan_of

YEAR = 12
FIRST_OPEN, YEAR_LATER = "2026-12", "2027-12"


def of_ledger(cost: list[float], revenue: list[float] | None = None) -> Inputs:
    """The company with a ledger of these last months, and sales of this revenue."""
    inputs = company()
    months = inputs.calendar.history(len(cost))
    history = inputs.history
    if revenue is not None:
        # All of it by one product and region.
        values = np.zeros((1, 2, len(revenue)))
        values[0, 0] = revenue
        history = replace(history, months=months, revenue=values, shipped=values, ordered=values)
    return replace(
        inputs, ledger=Ledger(months, {"operating_cost": np.array(cost)}, {}), history=history, launches=()
    )


def estimated(inputs: Inputs) -> OperatingCost:
    found = estimate_operating_cost(inputs)
    assert found is not None
    return found


def seasonal(months: int, seed: int = 0) -> np.ndarray:
    rng, t = np.random.default_rng(seed), np.arange(months)
    found: np.ndarray = 1000 * (1 + 0.3 * np.sin(2 * np.pi * t / YEAR)) * rng.normal(1, 0.03, months) + 5 * t
    return found


# -- on ledgers whose course is known


def test_level_drift_and_share_are_found_and_the_plan_follows_its_own_revenue() -> None:
    revenue = seasonal(48)
    cost = 200 + 1.5 * np.arange(-48, 0) + 0.05 * revenue
    found = estimated(of_ledger(cost.tolist(), revenue.tolist()))
    assert found.course is not None and found.proof is not None and found.proof.holds
    assert (found.course.level, found.course.drift, found.course.share) == pytest.approx(
        (200, 1.5, 0.05), rel=1e-4
    )
    planned = found.over(np.array([2000, 0]) * MINOR, Assumptions()) / MINOR
    assert planned.tolist() == pytest.approx([200 + 100, 201.5], abs=0.01)
    more = found.over(np.array([2000, 0]) * MINOR, Assumptions({("operating_cost_pct", ""): 0.1})) / MINOR
    assert more.tolist() == pytest.approx([330, 221.65], abs=0.01)


def test_a_cost_that_only_varies_by_chance_stays_its_trailing_mean_with_inflation() -> None:
    rng = np.random.default_rng(5)
    found = estimated(of_ledger(rng.normal(300, 15, 48).tolist(), seasonal(48).tolist()))
    assert found.course is None and found.proof is not None and not found.proof.holds
    assert "came not clearly nearer" in found.in_words(Assumptions())


def test_a_short_ledger_rises_by_the_assumed_inflation_from_the_middle_of_its_year() -> None:
    found = estimated(of_ledger([100.0] * YEAR))
    assert found.proof is None and found.course is None and found.middle == -6.5
    planned = found.over(np.zeros(24, dtype=np.int64), Assumptions()) / MINOR
    assert planned[0] == pytest.approx(100 * 1.02 ** (6.5 / 12), abs=0.01)
    assert planned[12] / planned[0] == pytest.approx(1.02, abs=1e-4), "a year later a year's inflation more"
    given = Assumptions({("cost_inflation", ""): 0.0})
    assert set(found.over(np.zeros(3, dtype=np.int64), given).tolist()) == {100_00}
    assert found.is_assumed(Assumptions()) and not found.is_assumed(given)
    assert "assumed 2.0%" in found.in_words(Assumptions()) and "assumed" not in found.in_words(given)
    assert "needs 36 months of the ledger to be proven, which has 12." in found.in_words(given)


def test_the_assumed_inflation_says_where_it_comes_from() -> None:
    entry = assumption("cost_inflation")
    assert "assumed" in entry.source and "central banks" in entry.source and entry.default == 0.02


def test_months_that_are_missing_are_no_months_without_cost() -> None:
    revenue, cost = seasonal(60), 200 + 0.05 * seasonal(60)
    cost[[7, 50]] = np.nan
    found = estimated(of_ledger(cost.tolist(), revenue.tolist()))
    assert found.known == 58 and found.course is not None
    assert (found.course.level, found.course.share) == pytest.approx((200, 0.05), rel=1e-4)
    assert found.course.drift == pytest.approx(0, abs=1e-4)


def test_revenue_has_no_share_where_it_is_not_known_or_the_cost_falls_with_it() -> None:
    at, revenue = np.arange(-36.0, 0.0), seasonal(36)
    falling = fit_course(500 - 0.05 * revenue, at, revenue, YEAR)
    unknown = fit_course(500 + 2 * at, at, np.full(36, np.nan), YEAR)
    assert falling.share == 0 and unknown == Course(pytest.approx(500), pytest.approx(2), 0.0)  # type: ignore[arg-type]
    assert Course(10.0, -5.0).over(np.arange(4.0), np.zeros(4)).tolist() == [10, 5, 0, 0], "never below nothing"


def test_without_cost_in_closed_months_there_is_nothing_to_go_on_with() -> None:
    assert estimate_operating_cost(replace(company(), ledger=None)) is None
    assert estimate_operating_cost(of_ledger([float("nan")] * 3)) is None


def test_quarters_are_proven_over_years_too() -> None:
    at, revenue = np.arange(-16.0, 0.0), np.tile([900.0, 1000, 1300, 1100], 4)
    proof = prove_course(300 + 4 * at + 0.1 * revenue, at, revenue, 4)
    assert proof is not None and proof.holds and proof.years == 7
    assert prove_course((300 + 4 * at)[-11:], at[-11:], revenue[-11:], 4) is None


# -- what launches and initiatives book themselves


def project(spent: float, since: int) -> Initiative:
    return Initiative(
        "Lean", "", "", spent, spent, 1.0, (Gate("Start", since, since, since), Gate("End", 3, 3)), ()
    )


def test_what_was_spent_is_spread_since_the_first_milestone() -> None:
    inputs = replace(company(), launches=(), initiatives=(project(600.0, -6),))
    assert spent_before(inputs, 8).tolist() == [0, 0] + [100.0] * 6
    assert spent_before(inputs, 3).tolist() == [100.0] * 3, "what was spent before the ledger begins is not in it"
    ahead = replace(project(600.0, 2))
    assert spent_before(replace(inputs, initiatives=(ahead,)), 12).tolist() == [50.0] * 12


def test_what_has_passed_its_last_milestone_spent_nothing_after_it() -> None:
    ended = replace(project(600.0, -8), milestones=(Gate("Start", -8, -8, -8), Gate("End", -5, -4, -3)))
    inputs = replace(company(), launches=(), initiatives=(ended,))
    assert spent_before(inputs, 10).tolist() == [0, 0] + [100.0] * 6 + [0, 0]
    assert spent_before(inputs, 4).tolist() == [100.0, 100.0, 0, 0], "most of it before the ledger begins"
    overdue = replace(ended, milestones=(Gate("Start", -8, -8, -8), Gate("End", -5, -4)))
    assert spent_before(replace(inputs, initiatives=(overdue,)), 8).tolist() == [75.0] * 8, "it still goes on"
    one = replace(ended, milestones=(Gate("End", -6, -6, -6),))
    assert spent_before(replace(inputs, initiatives=(one,)), 6).tolist() == [100.0] * 6


def test_spend_that_the_ledger_holds_is_taken_off_and_other_spend_is_not() -> None:
    rent = [300.0] * 24
    with_spend = [*rent[:18], *(300.0 + 100.0 for _ in range(6))]
    without, within = (
        estimated(replace(of_ledger(cost), initiatives=(project(600.0, -6),))) for cost in (rent, with_spend)
    )
    assert (without.mean, without.own_spend) == (300.0, 0.0), "the months do not look like it"
    assert (within.mean, within.own_spend) == (300.0, 50.0), "half of the last year had 100 a month of it"
    assert "14.3% is taken off" in within.in_words(Assumptions())


# -- on the demo's ledger


@pytest.fixture(scope="module")
def demo() -> DemoCompany:
    return demo_company(FIRST_OPEN)


@pytest.fixture(scope="module")
def known(demo: DemoCompany) -> Inputs:
    return assemble(demo.tables_known_at(FIRST_OPEN), Calendar(FIRST_OPEN), company="demo")


def ledger_of(inputs: Inputs) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Other operating cost, what initiatives spent, revenue of the sales tables by closed month, currency.

    The demo's ledger books what initiatives spend within operating cost; the plan books it in a line of its own.
    So what an estimate of other operating cost is held against is the account without it.
    """
    assert inputs.ledger is not None
    months = len(inputs.history.months)
    timeline = Timeline(FIRST_OPEN)
    closed = timeline.index(timeline.position(inputs.calendar.first_open))
    spent = initiative_spending(closed)[-months:]
    revenue = np.nansum(inputs.history.revenue, axis=(0, 1))
    return inputs.ledger.actual["operating_cost"][:months] - spent, spent, revenue


def test_the_demos_trailing_mean_was_short_in_each_year_and_the_estimate_was_not(known: Inputs) -> None:
    cost, spent, revenue = ledger_of(known)
    assert len(cost) == 48
    at = np.arange(-48.0, 0.0)
    for origin in (12, 24, 36):
        ahead = slice(origin, origin + YEAR)
        came = cost[ahead].sum()
        trailing = cost[origin - YEAR : origin].sum()
        course = fit_course(cost[:origin], at[:origin], revenue[:origin], YEAR)
        said = course.over(at[ahead], revenue[ahead]).sum()
        assert trailing < 0.98 * came, "more than 2% short"
        assert 0.995 * came < said < 1.02 * came, f"the estimate at {origin} was off by {said / came - 1:+.1%}"
        inflated = estimated(of_ledger(cost[:origin].tolist())).mean * sum(
            1.02 ** ((t + 6.5) / 12) for t in range(12)
        )
        assert trailing < inflated < came, "the assumed inflation alone leaves half of it"
    found = estimated(known)
    assert found.course is not None and found.proof is not None
    assert found.proof.short == found.proof.years == 19 and found.proof.trailing_bias < -0.03
    assert found.proof.bias > -0.005 and found.proof.error < 0.01
    assert found.own_spend == pytest.approx(spent[-YEAR:].mean(), rel=0.01), "all of it in the last year"
    assert spent[-YEAR:].sum() > 0.03 * cost[-YEAR:].sum() and not spent[:-YEAR].any()


def test_the_demos_estimate_holds_in_the_year_that_it_had_not_seen(demo: DemoCompany, known: Inputs) -> None:
    later = assemble(demo.tables_known_at(YEAR_LATER), Calendar(YEAR_LATER), company="demo")
    came, spent, revenue = (values[-YEAR:] for values in ledger_of(later))
    found = estimated(known)
    said = found.over(np.rint(revenue * MINOR).astype(np.int64), Assumptions()) / MINOR
    assert said.sum() == pytest.approx(came.sum(), rel=0.015)
    assert abs(found.mean * YEAR / came.sum() - 1) > 0.015, "the trailing mean was further off"
    planned = initiative_spend(known.initiatives, Assumptions(), YEAR).sum()
    assert said.sum() + planned == pytest.approx((came + spent).sum(), rel=0.015), "nothing twice, nothing missed"


# -- in the plan


def test_the_plan_says_which_way_it_took_and_names_what_is_assumed() -> None:
    plan = plan_of(company())
    assert plan["operating_cost"].tolist() == [300_00] * 12
    assert plan.detail.ways["operating_cost"].startswith("The mean of the last year known, rising by 0.0% a year")
    assumed = plan_of(company(), cost_inflation=0.02)
    assert (assumed["operating_cost"][1:] >= assumed["operating_cost"][:-1]).all()
    why = assumed.availability[PlanName.FINANCIAL].why
    assert "assumed" not in why, "somebody set it"

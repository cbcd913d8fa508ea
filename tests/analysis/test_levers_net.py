"""Levers valued net on generated companies: the money of the plan made again, paid for, from their lead on.

Every lever is tried on companies whose lines are tight, with the price of an hour known, dear, and unknown.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.analysis.decisions.decisions import ADDS_NOTHING, COST_NOT_KNOWN
from sop.analysis.decisions.proposals import Move, propose_moves
from sop.analysis.decisions.trials import Trial
from sop.analysis.decisions.valuation import bottlenecks, keep_adding, value_all, value_move
from sop.analysis.effects import effect_of
from sop.analysis.supply.limits import find_plan_relief, rank_limits
from sop.core.inputs import Inputs
from sop.core.plan import StoredForecast
from sop.core.register import Assumptions
from sop.engine import Planner
from sop.intake.assemble import assemble
from sop.supply import supply_of
from tests.companies import Shape, calendar_of, company_tables
from tests.trials import trial_on

HORIZON = 18
SEEDS = (3, 11, 29)


@cache
def company(seed: int) -> tuple[Inputs, Planner]:
    """A generated company with little room on its lines."""
    shape = Shape(history=5, horizon=HORIZON, products=4, families=3, seed=seed)
    inputs = assemble(company_tables(shape), calendar_of(shape), company="generated")
    assert inputs.capacity is not None
    tight = replace(inputs.capacity, line_hours=inputs.capacity.line_hours * 0.8)
    inputs = replace(inputs, capacity=tight)
    return inputs, Planner(inputs, as_before(inputs))


def as_before(inputs: Inputs) -> StoredForecast:
    """A forecast of the mean of the closed months, with a tenth of it to either side."""
    mean = np.nan_to_num(inputs.history.ordered).mean(axis=-1, keepdims=True)
    products = np.repeat(mean, inputs.calendar.horizon, axis=-1)
    family = np.zeros((len(inputs.families.names), *products.shape[1:]))
    np.add.at(family, inputs.products.family, products)
    low, high = family * 0.9, family * 1.1
    methods = ("mean",) * (family.shape[0] * family.shape[1])
    return StoredForecast(inputs.calendar.first_open, family, low, high, low, high, products, methods)


def trial_of(seed: int, **assumed: float) -> Trial:
    inputs, planner = company(seed)
    values = Assumptions({("demand_pct", ""): 0.2} | {(key, ""): value for key, value in assumed.items()})
    return trial_on(inputs, planner, values)


def hours_move(trial: Trial) -> Move:
    return next(move for move in proposed(trial) if move.kind == "line")


def proposed(trial: Trial) -> tuple[Move, ...]:
    return propose_moves(trial.inputs, trial.assumptions, bottlenecks(trial.plan))


@pytest.mark.parametrize("seed", SEEDS)
def test_money_shown_is_profit_and_cash_of_the_plan_made_again_less_that_without_it(seed: int) -> None:
    trial = trial_of(seed, extra_hour_price=20.0)
    for decision in value_all(trial).decisions:
        plan, once = trial.with_moves(decision.move), decision.move.terms.once
        for span, told in ((12, decision.effect.ebit_12_months), (HORIZON, decision.effect.ebit_horizon)):
            assert told == int(plan["ebit"][:span].sum()) - int(trial.plan["ebit"][:span].sum()) - once
        assert decision.effect.cash_low == int(plan["cash"][:12].min()) - int(trial.plan["cash"][:12].min()) - once


@settings(max_examples=12, deadline=None)
@given(st.sampled_from(SEEDS), st.floats(0.0, 400.0))
def test_hours_of_a_lever_are_paid_for_in_the_profit_and_loss(seed: int, price: float) -> None:
    """No free hours: what is bought stands in the cost, and where it is not worth its price nothing is bought."""
    price = round(price, 2)
    trial = trial_of(seed, extra_hour_price=price)
    move = hours_move(trial)
    decision, plan = value_move(trial, move), trial.with_moves(move)
    supply, before = supply_of(plan), supply_of(trial.plan)
    bought = supply.relief["extra_line"].sum()
    assert decision.cost == pytest.approx(100 * price * bought, abs=1.0)
    booked = plan.detail.variances
    assert booked is not None and booked["relief"].sum() >= 100 * price * bought - HORIZON, (
        "in the profit and loss"
    )
    assert supply.objective <= before.objective + 1e-6 * abs(before.objective), "it is bought only where it helps"
    assert bought == 0 or not before.relief["extra_line"].any()


@pytest.mark.parametrize("seed", SEEDS)
def test_an_hour_beyond_all_reason_buys_nothing_changes_nothing_and_is_not_recommended(seed: int) -> None:
    trial = trial_of(seed, extra_hour_price=100_000.0)
    decision = value_move(trial, hours_move(trial))
    assert (decision.effect.ebit_12_months, decision.effect.ebit_horizon, decision.cost) == (0, 0, 0)
    assert not decision.recommended


@pytest.mark.parametrize("seed", SEEDS)
def test_a_lever_whose_price_nobody_knows_shows_its_benefit_and_is_never_recommended(seed: int) -> None:
    trial = trial_of(seed)
    move = hours_move(trial)
    decision = value_move(trial, move)
    assert (decision.why_not, decision.cost, move.terms.price) == (COST_NOT_KNOWN, None, None)
    assert decision.effect.unit_days is not None and decision.effect.unit_days <= 0
    assert decision.effect.ebit_horizon is not None, "what it brings before its cost"
    plan = trial.again.plan(trial.assumptions_with(move), None)
    assert any(finding.rule == "hours_without_price" for finding in plan.findings)
    bought = supply_of(plan).relief["extra_line"].any()
    assert (plan.headline["ebit"] is None) == bought, "once it is in the plan, profit is not known"


@pytest.mark.parametrize("seed", SEEDS)
def test_a_lever_takes_effect_after_its_lead_and_a_month_later_when_it_is_decided_a_month_later(seed: int) -> None:
    trial = trial_of(seed, extra_hour_price=1.0, extra_lead_months=4.0)
    move = hours_move(trial)
    for delay in (0, 1):
        bought = supply_of(trial.with_moves(move, delay=delay)).relief["extra_line"]
        assert not bought[:, : 4 + delay].any()
    plain = Assumptions({**trial.assumptions, (move.key, move.scope): move.value})
    assert trial.with_moves(move).lines == trial.again.plan(plain, None).lines, "as the plan is once it is decided"


@pytest.mark.parametrize("seed", SEEDS)
def test_of_all_recommended_each_stays_only_while_it_adds(seed: int) -> None:
    trial = trial_of(seed, extra_hour_price=5.0)
    valued = [
        value_move(trial, move)
        for move in proposed(trial)
        if move.kind in ("line", "people", "overtime", "subcontract")
    ]
    told, together = keep_adding(trial, valued)
    kept = [decision.move for decision in told if decision.recommended]
    assert {d.why_not for d in told} - {d.why_not for d in valued} <= {ADDS_NOTHING}
    if together is None:
        assert len(kept) < 2
        return
    assert together == effect_of(trial.plan, trial.with_moves(*kept))
    for at in range(len(kept)):
        others = effect_of(trial.plan, trial.with_moves(*kept[:at], *kept[at + 1 :]))
        assert together.ebit_horizon > others.ebit_horizon, kept[at].title


@pytest.mark.parametrize("seed", SEEDS)
def test_a_limit_is_worth_what_the_plan_gains_without_it_and_its_price_is_nowhere(seed: int) -> None:
    trial = trial_of(seed)
    supply, found = supply_of(trial.plan), rank_limits(trial)
    assert found and [each.order for each in found] == sorted((each.order for each in found), reverse=True)
    line = next(each for each in found if each.kind == "line")
    at = trial.inputs.capacity.line_names.index(line.name)

    def free(problem):
        hours = problem.line_hours.copy()
        hours[at] += 1e9
        return replace(problem, line_hours=hours)

    plan = trial.with_change(free)
    assert line.effect == effect_of(trial.plan, plan)
    assert line.effect.ebit_horizon == int(plan["ebit"].sum()) - int(trial.plan["ebit"].sum())
    waits = [each.past_due.sum(axis=0) @ np.array(trial.plan.calendar.days) for each in (supply, supply_of(plan))]
    assert line.effect.unit_days == pytest.approx(waits[1] - waits[0], abs=31 * 3 * HORIZON)


@pytest.mark.parametrize("seed", SEEDS)
def test_relief_is_net_of_its_price_and_comes_after_its_lead(seed: int) -> None:
    free, paid = (find_plan_relief(trial_of(seed, **known), None) for known in ({}, {"extra_hour_price": 30.0}))
    shifts = [next((r for r in found.relief if "shift on" in r.name), None) for found in (free, paid)]
    assert shifts[0] is not None and shifts[0].cost is None, "before its cost, which is not known"
    if shifts[1] is not None:
        assert shifts[1].cost is not None and shifts[1].cost >= 0
    first, second = trial_of(seed).plan.months[:2]
    assert not any(month in relief.periods for relief in free.relief if "shift on" in relief.name
                   for month in (first, second))  # fmt: skip

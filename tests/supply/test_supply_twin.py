"""The product's compact model and the textbook's plain rows find the same least cost."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.supply import solve_supply
from tests.supply.instances import random_problem
from tests.supply.textbook import textbook_cost


@settings(deadline=None, max_examples=150)
@given(seed=st.integers(0, 10**6), lines=st.integers(1, 3), periods=st.integers(1, 8))
def test_the_compact_model_agrees_with_the_textbook_to_nine_digits(seed, lines, periods):
    problem = random_problem(seed, lines=lines, periods=periods)
    least = textbook_cost(problem)
    # Where something hard is broken, how little of it is itself only known to the optimiser's tolerance.
    digits = 1e-9 if least == textbook_cost(problem, keep_hard=False) else 1e-6
    assert solve_supply(problem).objective == pytest.approx(least, rel=digits, abs=1e-6)


def test_the_generated_problems_are_not_trivial():
    plans = [solve_supply(random_problem(seed)) for seed in range(40)]
    late = sum(plan.past_due.sum() > 1 for plan in plans)
    lost = sum(plan.lost.sum() > 1 for plan in plans)
    to_order = sum((plan.problem.max_inventory == 0).any() for plan in plans)
    shut = sum((plan.problem.line_hours == 0).any() for plan in plans)
    fenced = sum(plan.problem.agreed_production is not None for plan in plans)
    broken = sum(np.isfinite(plan.problem.line_hours).all() and plan.relief["machine"].any() for plan in plans)
    assert min(late, lost, to_order, shut, fenced, broken) >= 5

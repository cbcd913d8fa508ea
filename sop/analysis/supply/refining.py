"""Refining the first months of a plan: which problem that is, and what has to be whole in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sop.core.findings import Finding
from sop.core.inputs import Capacity
from sop.supply import Refinement, SupplyPlan, SupplyProblem
from sop.supply.lp.terms import build_terms
from sop.supply.what_if.first_periods import first_periods
from sop.supply.what_if.refinement import check_refinement

MOST_MONTHS = 12
"""Whole numbers matter where work is scheduled; beyond a year they cost time and decide nothing."""


@dataclass(frozen=True)
class RefineOptions:
    """What is to be whole. `lots`: the routings' smallest lots, or `lot_units` where none is loaded.

    `setup_hours` of line time that a family takes when it starts on a line; `shift_hours` of one shift in a month
    (0: lines are not run in shifts); `seconds` after which the best plan found is taken.
    """

    months: int = 6
    lot_units: float = 0.0
    setup_hours: float = 0.0
    shift_hours: float = 0.0
    whole_people: bool = True
    seconds: float = 60.0


def refinement_of(capacity: Capacity, supply: SupplyPlan, options: RefineOptions) -> Refinement:
    """What has to be whole on a company's lines; a family keeps running without a new set-up."""
    lots = capacity.minimum_lot
    return Refinement(
        lot_units=options.lot_units if lots is None else np.where(lots > 0, lots, options.lot_units),
        setup_hours=options.setup_hours,
        campaigns=options.setup_hours > 0,
        shift_hours=options.shift_hours,
        whole_people=options.whole_people and bool(supply.problem.sizes["P"]),
    )


def first_problem(
    supply: SupplyPlan, rules: Refinement, options: RefineOptions
) -> tuple[SupplyProblem, tuple[Finding, ...]]:
    """The problem of the first months of a plan, which ends with what the plan has then, and odd lots in it."""
    problem = first_periods(supply, min(options.months, MOST_MONTHS))
    return problem, tuple(check_refinement(rules, problem, build_terms(problem)))

"""How labour hours are worked: regular first, then overtime up to its limit, then what is bought beyond it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sop.core.inputs import Floats
from sop.supply.lp.problem import SupplyProblem
from sop.supply.lp.terms import PlanningTerms

_NOISE = 1e-7
"""Below this a limit counts as kept: solver noise, times a penalty price, would be read as a broken limit."""


@dataclass(frozen=True, eq=False)
class LabourHours:
    """Hours [P, T]: regular, overtime with what goes beyond its limit, that part alone, and agency hours."""

    regular: Floats
    overtime: Floats
    beyond_overtime: Floats
    agency: Floats


def split_labour(problem: SupplyProblem, terms: PlanningTerms, worked: Floats, people: Floats) -> LabourHours:
    """Labour hours worked [P, T] by people [P, T].

    Labour beyond regular hours is overtime up to its limit, then the cheaper of extra overtime and agency hours
    (agency first where it is cheaper than overtime).
    """
    regular = np.minimum(worked, people * problem.hours_per_person)
    over = beyond(worked - regular)
    agency_price, rate = terms.agency.price[:, None], problem.overtime_rate[:, None]
    allowed = np.maximum(terms.overtime_limit * people + problem.granted_overtime_hours, 0.0)
    within = np.where(agency_price < rate, 0.0, np.minimum(over, allowed))
    rest = beyond(over - within)
    extra = np.where(rate + terms.overtime.price[:, None] <= agency_price, rest, 0.0)
    return LabourHours(regular, within + extra, extra, rest - extra)


def beyond(amount: Floats) -> Floats:
    """What goes beyond a limit, without solver noise."""
    return np.where(amount > _NOISE, amount, 0.0)

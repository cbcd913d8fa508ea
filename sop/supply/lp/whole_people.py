"""The people of a supply plan in whole numbers: the cheapest whole path beside the optimiser's, hours feasible."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sop.core.inputs import Floats, Ints
from sop.core.money import snap
from sop.supply.lp.labour import LabourHours, split_labour
from sop.supply.lp.problem import SupplyProblem
from sop.supply.lp.terms import PlanningTerms


@dataclass(frozen=True, eq=False)
class WholePeople:
    """Whole people (int64) and the hours they work [P, T]. To the person, with `opening` [P]:

    people[t] = people[t-1] + hired[t] - released[t]

    Regular hours paid and not worked are `idle_hours`; `extra_overtime_hours` are those above the limit.
    """

    opening: Ints
    people: Ints
    hired: Ints
    released: Ints
    regular_hours: Floats
    overtime_hours: Floats
    idle_hours: Floats
    extra_overtime_hours: Floats
    agency_hours: Floats


def round_people(
    problem: SupplyProblem, terms: PlanningTerms, people: Floats, labour_hours: Floats
) -> WholePeople:
    """Whole people for the people [P, T] that the optimiser plans and the labour hours [P, T] that its plan takes.

    Each period has the whole number above or below. Of all paths that keep the limits on people, hires and
    releases (all of them above always does) the cheapest is taken: an idle hour is paid, an hour short is
    overtime, and one above the overtime limit costs more than any idle hour. Ties go to more people.
    """
    opening = np.rint(snap(np.maximum(problem.opening_people, 0.0))).astype(np.int64)
    steps = np.stack([np.ceil(snap(people)), np.floor(snap(people))])
    fewest, most = np.ceil(snap(problem.people_min)), np.floor(snap(terms.people_max))
    near = np.minimum(np.maximum(steps, fewest), np.maximum(most, fewest))
    cost = np.stack([_cost_of_hours(problem, terms, labour_hours, each) for each in near])
    chosen = _cheapest_path(problem, terms, opening, near, cost).astype(np.int64)
    change = np.diff(chosen, axis=1, prepend=opening[:, None])
    hours = split_labour(problem, terms, labour_hours, chosen.astype(float))
    return WholePeople(
        opening=opening,
        people=chosen,
        hired=np.maximum(change, 0),
        released=np.maximum(-change, 0),
        regular_hours=hours.regular,
        overtime_hours=hours.overtime,
        idle_hours=np.maximum(chosen * problem.hours_per_person - hours.regular, 0.0),
        extra_overtime_hours=hours.beyond_overtime,
        agency_hours=hours.agency,
    )


def _cost_of_hours(problem: SupplyProblem, terms: PlanningTerms, worked: Floats, people: Floats) -> Floats:
    """What people [P, T] and the hours that they work cost in a period."""
    hours: LabourHours = split_labour(problem, terms, worked, people)
    return (
        problem.wage[:, None] * problem.hours_per_person * people
        + problem.overtime_rate[:, None] * hours.overtime
        + terms.overtime.price[:, None] * hours.beyond_overtime
        + terms.agency.price[:, None] * hours.agency
    )


def _cheapest_path(
    problem: SupplyProblem, terms: PlanningTerms, opening: Ints, near: Floats, cost: Floats
) -> Floats:
    """The cheapest way through the whole numbers near [2, P, T], by what each costs [2, P, T]; [P, T]."""
    if near.shape[2] == 0 or np.array_equal(near[0], near[1]):
        return near[0]
    before = np.concatenate([np.broadcast_to(opening[:, None], (2, len(opening), 1)), near[:, :, :-1]], axis=2)
    move = _cost_of_change(problem, terms, near[None] - before[:, None])
    total, came = move[0, :, :, 0] + cost[:, :, 0], []
    for t in range(1, near.shape[2]):
        ways = total[:, None] + move[:, :, :, t]
        came.append(ways.argmin(axis=0))
        total = ways.min(axis=0) + cost[:, :, t]
    plants, at = np.arange(near.shape[1]), total.argmin(axis=0)
    path = [near[at, plants, -1]]
    for t in range(near.shape[2] - 1, 0, -1):
        at = came[t - 1][at, plants]
        path.append(near[at, plants, t - 1])
    return np.stack(path[::-1], axis=1)


def _cost_of_change(problem: SupplyProblem, terms: PlanningTerms, change: Floats) -> Floats:
    """What hiring and releasing costs, [..., P, T]; infinite beyond what may be hired or released in a period."""
    hired, released = np.maximum(change, 0.0), np.maximum(-change, 0.0)
    within = (hired <= terms.hire_limit + 1e-6) & (released <= terms.release_limit + 1e-6)
    price = problem.hire_cost[:, None] * hired + problem.release_cost[:, None] * released
    return np.where(within, price, np.inf)

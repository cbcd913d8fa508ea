"""The gate's lines that follow from a plan, its inputs and its assumptions alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from sop.agreement.gate import GateLevel, GateLine, line_of_finding, worst_first
from sop.agreement.identities import check_identities
from sop.analysis.commitments import Commitment, build_commitments
from sop.analysis.people import PlantPeople, people_of, total
from sop.core.calendar import period_name, worded
from sop.core.findings import Finding
from sop.core.format import how_many, number, percent, unit_decimals
from sop.core.inputs import Floats, Inputs
from sop.core.measures import OVER_TARGET_DAYS
from sop.core.money import MINOR
from sop.core.plan import Plan
from sop.core.register import Assumptions, assumption
from sop.core.terms import Function, PlanName, Role
from sop.core.words import Words, resource_names, table_title, units_text
from sop.supply import SupplyPlan, supply_of

MINIMUM_CASH = "minimum_cash"
BEYOND_REPAIR = 0.05
"""Above this share of a limit that nobody sells more of, a plan cannot be worked."""
MOST_BY_FAMILY = 3
"""Families whose subcontract is told one by one."""
_NOTICEABLE = 0.5
"""Less than half an hour or a unit above a limit comes from whole units."""
_BEGUN = 2.0
"""Whole units under way at both ends of some weeks."""


def plan_gate(
    plan: Plan, inputs: Inputs, assumptions: Assumptions, imported: Sequence[Finding]
) -> tuple[GateLine, ...]:
    """What the gate finds in a plan that was computed, the worst first.

    `imported`: warnings under which the tables were imported that the plan rests on.
    """
    money = plan.money.exact
    findings = dict.fromkeys((*plan.findings, *imported))
    return worst_first(
        (
            *check_identities(plan, inputs),
            *low_cash_lines(plan, assumptions, money),
            *limit_lines(plan, inputs),
            *waiting_lines(plan),
            *people_lines(plan),
            *(line_of_finding(finding) for finding in findings),
            *commitment_lines(plan, money),
            *limited_plans(plan),
        )
    )


def low_cash_lines(plan: Plan, assumptions: Assumptions, money: Words) -> Iterator[GateLine]:
    """Cash below its minimum: red within twelve months, amber after them; operating cash makes no claim."""
    if "cash" not in plan:
        return
    minimum, year = round(assumptions.value(MINIMUM_CASH) * MINOR), plan.calendar.year
    owner = assumption(MINIMUM_CASH).owner.title
    if not plan.cash_is_whole:
        what = "Cash is operating cash, before taxes, interest, dividends and debt"
        kept = f"the minimum of {money(minimum)} is kept" if minimum else "it suffices"
        remedy = "Map taxes, interest, dividends and debt in account_map"
        level: GateLevel = "amber" if minimum else "info"
        yield GateLine(level, "operating_cash", f"{what}; whether {kept} is not known", "", remedy, owner)
        return
    levels: tuple[GateLevel, GateLevel] = ("red", "amber")
    for level, first, last in zip(levels, (0, year), (year, len(plan.months)), strict=True):
        cash = plan["cash"][first:last]
        if not len(cash) or cash.min() >= minimum:
            continue
        month = period_name(plan.months[first + int(cash.argmin())])
        below = int((cash < minimum).sum())
        span = worded(f"{below} of {how_many(len(cash), 'months')}", counted=True)
        low, short = int(cash.min()), minimum - int(cash.min())
        what = (
            f"Cash falls to {money(low)} in {month}, {money(short)} below the minimum of {money(minimum)} ({span})"
        )
        remedy = "Change the plan until it holds, or agree on it with the bank"
        yield GateLine(level, MINIMUM_CASH, what, "", remedy, owner)


@dataclass(frozen=True, eq=False)
class Excess:
    """How far a plan goes beyond limits of one kind: (N, T) above it and the limit itself; `sold` (N,) whether
    somebody sells more of it. `whose`: a limit in words, of {name}."""

    names: Sequence[str]
    above: Floats
    limit: Floats
    sold: Floats
    unit: str
    whose: str
    owner: Function


def limit_lines(plan: Plan, inputs: Inputs) -> Iterator[GateLine]:
    """Every limit that the plan in whole units goes beyond, with how often and by how much at most."""
    known_by = resource_names(inputs)
    for excess in plan_excess(plan):
        for row, name in enumerate(excess.names):
            above = np.nan_to_num(excess.above[row])
            beyond = above > _NOTICEABLE
            if not beyond.any():
                continue
            t = int(above.argmax())
            limit, most = float(excess.limit[row, t]), float(above[t])
            share, weeks = _part(most, limit), plan.calendar.month
            passed, allowed = _over_a_month(excess.above[row], excess.limit[row], weeks)
            # A week's limit is a part of a month's: a unit begun before and one finished after are none too many.
            begun = _BEGUN if weeks > 1 and excess.unit == "units" else 0.0
            over = _part(max(passed - begun, 0.0), allowed)
            sold = bool(excess.sold[row])
            level: GateLevel = "red" if over > BEYOND_REPAIR and not sold else "amber"
            shown = known_by.get(name, name)
            places = unit_decimals(most) if excess.unit == "units" else 1
            what = worded(
                f"{excess.whose.format(name=shown)} in {int(beyond.sum())} of {how_many(len(above), 'months')}, "
                f"most in {period_name(plan.months[t])}: {how_many(number(most, places), excess.unit)} above "
                f"{number(limit, unit_decimals(limit) if weeks > 1 and excess.unit == 'units' else 0)}",
                counted=True,
            ) + (f" ({percent(share, 1)})" if np.isfinite(share) else "")
            if weeks > 1 and allowed > 0:
                what += f", {percent(passed / allowed, 1)} over {plan.calendar.count(weeks)}"
            remedy = "The excess must be bought outside" if sold else "Plan less there, or allow more"
            yield GateLine(level, "limit_exceeded", what, shown, remedy, excess.owner.title)


def _over_a_month(above: Floats, limit: Floats, periods: int) -> tuple[float, float]:
    """How far a plan goes beyond a limit over some periods, where that is most, and what is allowed then: a whole
    unit that is more in one week is less in the next."""
    window = np.ones(min(periods, len(above)))
    beyond, allowed = (np.convolve(np.nan_to_num(each), window, "valid") for each in (above, limit))
    most = int(beyond.argmax())
    return float(beyond[most]), float(allowed[most])


def _part(above: float, limit: float) -> float:
    """The part of a limit by which a plan goes beyond it, infinite where nothing is allowed."""
    return above / limit if limit > 0 else np.inf


def plan_excess(plan: Plan) -> Iterator[Excess]:
    """What a plan in whole units needs beyond its limits; of a plan that was read back, its lines alone."""
    supply = supply_of(plan)
    if "capacity_hours" in plan:
        hours, names = plan["capacity_hours"].astype(float), plan.names("capacity_hours")
        sold = np.zeros(len(names)) if supply is None else np.isfinite(supply.problem.outside_machine_price)
        whose = "{name} is planned above its hours"
        above = plan["load_hours"] - hours
        yield Excess(names, above, hours, sold, "h", whose, Function.OPERATIONS)
    if supply is not None:
        yield from _excess_of_supply(supply)


def _excess_of_supply(supply: SupplyPlan) -> Iterator[Excess]:
    problem, whole, staff = supply.problem, supply.whole, supply.staff
    made = whole.production.sum(axis=1)
    overtime = staff.overtime_hours + staff.extra_overtime_hours
    stored = (problem.volume_per_unit @ whole.inventory)[None, :]
    none = np.zeros(len(problem.families))
    for names, used, limit, sold, unit, whose, owner in (
        (
            problem.plants,
            overtime,
            overtime - staff.extra_overtime_hours,
            np.isfinite(problem.extra_overtime_price),
            "h",
            "{name} plans more overtime than is allowed",
            Function.OPERATIONS,
        ),
        (
            problem.shared,
            problem.shared_hours_per_unit.T @ made,
            problem.shared_hours,
            np.isfinite(problem.outside_shared_price),
            "h",
            "{name} is planned above its hours",
            Function.OPERATIONS,
        ),
        (
            problem.materials,
            problem.material_use.T @ made,
            problem.material_supply,
            np.isfinite(problem.spot_premium),
            "units",
            "More {name} is used than its suppliers deliver",
            Function.SUPPLY,
        ),
        (
            problem.families,
            whole.subcontract.astype(float),
            problem.subcontract_limit,
            none,
            "units",
            "More {name} is bought outside than its makers offer",
            Function.SUPPLY,
        ),
        (
            ("storage",),
            stored,
            problem.storage_limit[None, :],
            np.isfinite(problem.outside_storage_price).reshape(1),
            "of volume",
            "More is stored than there is {name} for",
            Function.SUPPLY,
        ),
    ):
        finite = np.isfinite(limit)
        above = np.where(finite, used - np.where(finite, limit, 0.0), 0.0)
        yield Excess(names, above, limit, sold, unit, whose, owner)


def waiting_lines(plan: Plan) -> Iterator[GateLine]:
    """Families whose customers wait longer than their target in the next twelve months, the worst first."""
    if "customer_lead_time" not in plan or "lead_time_target" not in plan:
        return
    year = plan.calendar.year
    days, target = plan["customer_lead_time"][:, :year], plan["lead_time_target"][:, :year]
    over = np.nan_to_num(days - target).max(axis=1)
    owner = assumption("lead_time_target_days").owner.title
    for f in np.argsort(-over, kind="stable"):
        if over[f] <= OVER_TARGET_DAYS:
            return
        t = int((days[f] - target[f]).argmax())
        name, aim = plan.names("customer_lead_time")[f], float(target[f, t])
        wanted = f"the target is {aim:g}" if aim else "it is to be served from stock"
        months = int((days[f] - target[f] > OVER_TARGET_DAYS).sum())
        yield GateLine(
            "amber",
            "customers_waiting",
            worded(
                f"{name}: customers wait up to {how_many(f'{days[f, t]:g}', 'days')} in "
                f"{period_name(plan.months[t])}, {wanted} "
                f"(over it in {months} of {how_many(days.shape[1], 'months')})",
                counted=True,
            ),
            name,
            "Decide on a lever that brings it down, or set another target",
            owner,
        )


def people_lines(plan: Plan) -> Iterator[GateLine]:
    """Who would go and who would be hired over the plan, by plant; what is not known is said."""
    remedies = {
        "releases": "Be sure that notice, severance and who goes are agreed before signing",
        "hires": "Start hiring in time",
    }
    for plant in people_of(plan):
        for kind, verb, level in (("releases", "would go", "amber"), ("hires", "would be hired", "info")):
            what = _moves(plan, plant, kind, verb)
            if what:
                known = "not known" not in what
                chosen: GateLevel = "info" if known and level == "info" else "amber"
                remedy = remedies[kind] if known else worded("Load the people of the first month")
                yield GateLine(chosen, kind, what, plant.plant, remedy, Function.OPERATIONS.title)


def _moves(plan: Plan, plant: PlantPeople, kind: str, verb: str) -> str:
    """Who moves at a plant, in words; empty where nobody does."""
    values = getattr(plant, kind)
    count = total(values)
    if count is None:
        return f"{plant.plant}: how many people {verb} is not known"
    if not count:
        return ""
    first = next(month for month, value in zip(plan.months, values, strict=True) if value)
    people = how_many(f"{count:.0f}", "people")
    return f"{plant.plant}: {people} {verb}, the first in {period_name(first)}"


def commitment_lines(plan: Plan, money: Words) -> Iterator[GateLine]:
    """What signing commits to buy in the next twelve months, in one line."""
    bought = [line for line in build_commitments(plan) if line.unit != "people" and not line.low]
    there = [line for line in bought if line.total is None or line.total]
    by_family = [line for line in there if line.unit == "units"]
    left = len(by_family) - MOST_BY_FAMILY
    told = [_bought(line, money) for line in there if line not in by_family[MOST_BY_FAMILY:]]
    told += [f"subcontract of {how_many(left, 'more families')}"] if left > 0 else []
    if told:
        what = f"Signing commits the next {plan.near_text} to {', '.join(told)}"
        remedy = worded("See the months under What signing commits us to")
        yield GateLine("info", "commitments", what, "", remedy, Function.SUPPLY.title)


def _bought(line: Commitment, money: Words) -> str:
    label = line.label[0].lower() + line.label[1:]
    if line.total is None:
        return worded(f"{label} that are not known in every month")
    if line.unit == "currency":
        return f"{money(line.total)} of {label}"
    if line.names_unit:
        counted, rest = label.split(" ", 1)
        return f"{how_many(number(line.total), counted)} {rest}"
    return f"{units_text(line.total, line.unit)} of {label}"


def limited_plans(plan: Plan) -> Iterator[GateLine]:
    """Plans that are not available, or only up to a line."""
    for name, found in plan.availability.items():
        if found.why:
            remedy = f"Import {', '.join(map(table_title, found.unlock))}" if found.unlock else ""
            # What no table unlocks, finance has to choose.
            owner = Role.COORDINATOR.title if found.unlock else Function.FINANCE.title
            title = PlanName(name).title
            yield GateLine("info", "plan_limited", f"{title}: {found.why}", title, remedy, owner)

"""The move that lets a plant release people who are paid and have nothing to do, valued as every other."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from sop.analysis.decisions.lever_terms import terms_of
from sop.analysis.decisions.levers import table_value
from sop.analysis.decisions.proposals import Move
from sop.core.inputs import Inputs
from sop.core.plan import Plan
from sop.core.register import Assumptions, assumption
from sop.supply import supply_of

KEY = "releases_allowed"


def propose_releases(inputs: Inputs, assumptions: Assumptions, plan: Plan) -> Iterator[Move]:
    """For each plant where nobody may go and a person's hours or more are idle over twelve months.

    The allowance is as many a month as have nothing to do. Who really goes, after notice and with severance, is
    what planning again says; it is valued with both.
    """
    supply, year = supply_of(plan), plan.calendar.year
    if supply is None or "idle_hours" not in plan:
        return
    for at, plant in enumerate(plan.names("idle_hours")):
        before = assumptions.value(KEY, plant, table_value(inputs, KEY, plant))
        a_person = float(supply.problem.hours_per_person[at][:year].sum())
        idle = float(plan["idle_hours"][at][:year].sum()) / a_person if a_person > 0 else 0.0
        if before > 0 or idle < 1.0:
            continue
        terms = terms_of(inputs, assumptions, "releases", plant)
        count = min(ceil(idle), int(assumption(KEY).high))
        yield Move(
            kind="releases",
            name=plant,
            key=KEY,
            scope=plant,
            before=before,
            value=float(count),
            title=f"Let {plant} release people: up to {count} a month, after {terms.lead_months} months' notice",
            need=plan.months[0],
            terms=terms,
            owner=assumption(KEY).owner.title,
        )

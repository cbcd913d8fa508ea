"""The cadence proposed for every family of the open cycle, from its history, materials and past accuracy."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sop.analysis.cadence import Cadence, FamilyFacts, propose_cadences
from sop.core.accuracy import ALL, CONSENSUS, StepAccuracy
from sop.core.inputs import Floats, Inputs
from sop.core.plan import Plan
from sop.services.acting import reading
from sop.services.agreement.agreed_plans import agreed_plans
from sop.services.analysis.value_added import MOST_LAGS, Said, judge_steps
from sop.services.planning.memo import keep
from sop.services.planning.room import PlanningRoom
from sop.store.plans import read_agreed_plans
from sop.views.timeline import sum_known

LAG = 3
"""Months ahead at which a forecast is judged: early enough for supply to act on it."""
MEASURE = "consensus_demand"
_DAYS_TO_MAKE = 30.0
"""Goods are made in the month after their material has come."""


def read_cadences(room: PlanningRoom, person_id: str) -> list[Cadence]:
    """The proposed cadence of every family. Raises NotAllowed, and NotFound without a cycle."""
    with reading(room.store, person_id):
        inputs, plans = room.input_set().inputs, agreed_plans(room)
    demand = inputs.by_family(inputs.history.ordered)
    lead_days, added = cumulative_lead_days(inputs), value_over_naive(inputs, plans)
    facts = [
        FamilyFacts(name, sum_known(demand[f], axis=0), float(lead_days[f]), *added.get(name, (np.nan, np.nan)))
        for f, name in enumerate(inputs.families.names)
    ]
    return propose_cadences(facts, inputs.calendar.season_length)


def cadences_of(room: PlanningRoom, person_id: str) -> list[Cadence]:
    """The same, kept by the data and the agreed plans that it rests on. Raises as `read_cadences` does."""
    with reading(room.store, person_id) as tx:
        plans = tuple(sorted(record.digest for record in read_agreed_plans(tx)))
    return keep(room, ("cadences", room.input_set().key, plans), lambda: read_cadences(room, person_id))


def cumulative_lead_days(inputs: Inputs) -> Floats:
    """Days from buying a family's slowest material to its goods (F,); NaN where no material is known."""
    if inputs.materials is None:
        return np.full(len(inputs.families.names), np.nan)
    used = np.where(np.nan_to_num(inputs.materials.use) > 0, inputs.materials.lead_time_days, -np.inf)
    longest = used.max(axis=1, initial=-np.inf)
    return np.where(np.isfinite(longest), longest + _DAYS_TO_MAKE, np.nan)


def value_over_naive(inputs: Inputs, plans: Mapping[str, Plan]) -> dict[str, tuple[float, float]]:
    """By family, the WAPE that past consensus saved over seasonal naive, and its interval's lower end."""
    found = {row.family: row.added for row in accuracy_of_plans(inputs, plans, LAG) if row.region == ALL}
    return {family: (added.value, added.lo) for family, added in found.items() if added is not None}


def accuracy_of_plans(inputs: Inputs, plans: Mapping[str, Plan], lag: int) -> list[StepAccuracy]:
    """Accuracy of seasonal naive and of the consensus in agreed plans (by first open month) at a lag."""
    names = inputs.families.names, inputs.regions
    said = [
        Said(cycle, names, {CONSENSUS: plan[MEASURE][..., :MOST_LAGS].astype(float)})
        for cycle, plan in plans.items()
        if _has_same_names(plan, inputs)
    ]
    return [row for row in judge_steps(inputs, said) if row.lag == lag]


def _has_same_names(plan: Plan, inputs: Inputs) -> bool:
    return MEASURE in plan and plan.blocks[MEASURE].names == (inputs.families.names, inputs.regions)

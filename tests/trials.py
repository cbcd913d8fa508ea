"""A plan to be planned again, without a workspace: what decisions and limits are valued by."""

from __future__ import annotations

from sop.analysis.decisions.trials import Replanning, Trial
from sop.analysis.ranges.demand_errors import demand_errors
from sop.core.inputs import Inputs
from sop.core.memo import Memo
from sop.core.plan import Plan
from sop.core.register import Assumptions
from sop.engine import Planner
from sop.supply.what_if.limits import ProblemChange


def trial_on(inputs: Inputs, planner: Planner, assumptions: Assumptions) -> Trial:
    """The plan of some inputs under assumptions, to be planned again; nothing is agreed."""
    kept = Memo(96)

    def plan(chosen: Assumptions, change: ProblemChange | None = None) -> Plan:
        if change is not None:
            return planner.build(chosen, change)
        return kept.get(chosen.texts, lambda: planner.build(chosen))

    again = Replanning(
        inputs=inputs,
        plan=plan,
        problem=planner.supply_problem,
        forecast=lambda chosen: planner.forecast,
        agreed=False,
        errors=lambda: demand_errors(inputs, planner.forecast),
    )
    return Trial(again, assumptions)

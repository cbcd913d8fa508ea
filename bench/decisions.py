"""CPU of valuing the review's decisions on the demo company: every move planned again, and what exceptions cost.

    python bench/decisions.py [--json FILE] [--rounds 3]

A review asks for it once for each set of assumptions; the answer is kept. It stays below three seconds of CPU.
"""

from __future__ import annotations

import argparse
import statistics

from replan import company, cpu
from report import Figures, main

from sop.analysis.decisions.trials import Replanning, Trial
from sop.analysis.decisions.valuation import value_all
from sop.analysis.ranges.demand_errors import demand_errors
from sop.analysis.supply.limits import rank_limits
from sop.core.inputs import Inputs
from sop.core.memo import Memo
from sop.core.plan import Plan, StoredForecast
from sop.core.register import Assumptions
from sop.engine import Planner
from sop.supply.what_if.limits import ProblemChange

TARGET_SECONDS = 3.0


class Counted:
    """Plans as a planning room makes them: those without a change are kept; `made` counts what was planned."""

    def __init__(self, inputs: Inputs, forecast: StoredForecast) -> None:
        self.planner, self.kept, self.made = Planner(inputs, forecast), Memo(96), 0

    def __call__(self, assumptions: Assumptions, change: ProblemChange | None = None) -> Plan:
        if change is not None:
            return self._build(assumptions, change)
        return self.kept.get(assumptions.texts, lambda: self._build(assumptions, None))

    def _build(self, assumptions: Assumptions, change: ProblemChange | None) -> Plan:
        self.made += 1
        return self.planner.build(assumptions, change)


def fresh_trial(inputs: Inputs, forecast: StoredForecast) -> tuple[Trial, Counted]:
    """The plan of the demo company without any entry, to be planned again, and what counts the plans."""
    plans = Counted(inputs, forecast)

    again = Replanning(
        inputs=inputs,
        plan=plans,
        problem=plans.planner.supply_problem,
        forecast=lambda assumptions: forecast,
        agreed=False,
        errors=lambda: demand_errors(inputs, forecast),
    )
    return Trial(again, Assumptions()), plans


def measure(options: argparse.Namespace) -> Figures:
    inputs, forecast = company()
    Planner(inputs, forecast).build(Assumptions())
    decisions, limits, made = [], [], 0
    for _ in range(options.rounds):
        trial, plans = fresh_trial(inputs, forecast)
        decisions.append(cpu(lambda trial=trial: value_all(trial)) / 1e3)
        made = plans.made
        limits.append(cpu(lambda trial=trial: rank_limits(trial)) / 1e3)
    return {
        "decisions_cpu": (statistics.median(decisions), "s"),
        "decisions_cpu_most": (max(decisions), "s"),
        "decisions_plans": (float(made), "plans"),
        "decisions_to_target": (statistics.median(decisions) / TARGET_SECONDS, "ratio"),
        "limits_cpu": (statistics.median(limits), "s"),
    }


if __name__ == "__main__":
    main(measure, __doc__ or "", ("--rounds", {"type": int, "default": 3}))

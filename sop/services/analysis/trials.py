"""Planning again with something changed: the one way in which decisions, slips and surprises are valued."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from sop.analysis.decisions.proposals import Move
from sop.analysis.ranges.outlook import demand_deviation_pct, rolling_deviation
from sop.core.inputs import Inputs
from sop.core.plan import Plan
from sop.core.register import Assumptions, assumption
from sop.engine import Planner
from sop.services.analysis.claims import read_track_record
from sop.services.planning.room import InputSet, PlanningRoom


@dataclass(frozen=True)
class Trial:
    """The plan under some assumptions, to be planned again with single changes."""

    room: PlanningRoom
    inputs: InputSet
    assumptions: Assumptions

    @cached_property
    def plan(self) -> Plan:
        """The plan without any change."""
        return self.room.plan(self.assumptions, self.inputs)

    def with_moves(self, *moves: Move) -> Plan:
        """The plan with moves made."""
        return self.with_values({(move.key, move.scope): move.value for move in moves})

    def with_values(self, values: dict[tuple[str, str], float]) -> Plan:
        """The plan with other values of some assumptions."""
        return self.room.plan(Assumptions({**self.assumptions, **values}), self.inputs)

    def with_inputs(self, inputs: Inputs, values: dict[tuple[str, str], float] | None = None) -> Plan:
        """The plan on other inputs, solved cold."""
        assumptions = Assumptions({**self.assumptions, **(values or {})})
        forecast = self.room.decided(self.inputs, assumptions).forecast
        return Planner(inputs, forecast, self.inputs.planner.agreed).build(assumptions)

    def at_demand(self, share: float) -> Trial:
        """The same with every family's demand moved by a share of its forecast, within the register's range."""
        entry, names = assumption("demand_pct"), self.inputs.inputs.families.names
        now = {name: self.assumptions.value("demand_pct", name) for name in names}
        moved = {("demand_pct", name): min(max(now[name] + share, entry.low), entry.high) for name in names}
        return replace(self, assumptions=Assumptions({**self.assumptions, **moved}))

    @cached_property
    def demand_deviation(self) -> float:
        """One standard deviation of twelve months' demand in money, as a share of the plan's revenue."""
        links = read_track_record(self.room, self.inputs).links
        forecast = self.room.decided(self.inputs, self.assumptions).forecast
        deviation = rolling_deviation(self.inputs.inputs, forecast, links)
        return demand_deviation_pct(self.plan, deviation)


def revenue_of(plan: Plan) -> float:
    """Revenue of the next twelve months, minor units."""
    return float(plan.headline["revenue"] or 0)


def profit_of(plan: Plan) -> int:
    """EBIT of the next twelve months, minor units; gross margin where operating cost is not known."""
    ebit = plan.headline["ebit"]
    return int(ebit if ebit is not None else plan.headline["gross_margin"] or 0)


def profit_changes(plans: Iterable[Plan], base: Plan) -> list[int]:
    """How the profit of plans differs from a base plan's."""
    return [profit_of(plan) - profit_of(base) for plan in plans]

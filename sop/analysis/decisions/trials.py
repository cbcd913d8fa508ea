"""Planning again with something changed: the one way in which decisions, slips and surprises are valued."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

from sop.analysis.decisions.proposals import Move
from sop.analysis.ranges.claims import ErrorLinks
from sop.analysis.ranges.outlook import demand_deviation_pct, rolling_deviation
from sop.core.inputs import Inputs
from sop.core.plan import Plan, StoredForecast
from sop.core.register import Assumptions, assumption


@dataclass(frozen=True)
class Replanning:
    """How the open cycle's inputs are planned again.

    `plan`: under other assumptions; `plan_on`: on other inputs too, solved cold; `forecast`: as assumptions decide
    about history. `agreed`: whether a plan was agreed, so that the frozen months stand. `links`: how forecast
    errors go together.
    """

    inputs: Inputs
    plan: Callable[[Assumptions], Plan]
    plan_on: Callable[[Inputs, Assumptions], Plan]
    forecast: Callable[[Assumptions], StoredForecast]
    agreed: bool
    links: ErrorLinks


@dataclass(frozen=True)
class Trial:
    """The plan under some assumptions, to be planned again with single changes."""

    again: Replanning
    assumptions: Assumptions

    @property
    def inputs(self) -> Inputs:
        """What the plan is built from."""
        return self.again.inputs

    @cached_property
    def plan(self) -> Plan:
        """The plan without any change."""
        return self.again.plan(self.assumptions)

    @cached_property
    def forecast(self) -> StoredForecast:
        """The forecast that the assumptions decide."""
        return self.again.forecast(self.assumptions)

    def with_moves(self, *moves: Move) -> Plan:
        """The plan with moves made."""
        return self.with_values({(move.key, move.scope): move.value for move in moves})

    def with_values(self, values: dict[tuple[str, str], float]) -> Plan:
        """The plan with other values of some assumptions."""
        return self.again.plan(Assumptions({**self.assumptions, **values}))

    def with_inputs(self, inputs: Inputs) -> Plan:
        """The plan on other inputs, solved cold."""
        return self.again.plan_on(inputs, self.assumptions)

    def at_demand(self, share: float) -> Trial:
        """The same with every family's demand moved by a share of its forecast, within the register's range."""
        entry, names = assumption("demand_pct"), self.inputs.families.names
        now = {name: self.assumptions.value("demand_pct", name) for name in names}
        moved = {("demand_pct", name): min(max(now[name] + share, entry.low), entry.high) for name in names}
        return replace(self, assumptions=Assumptions({**self.assumptions, **moved}))

    @cached_property
    def demand_deviation(self) -> float:
        """One standard deviation of twelve months' demand in money, as a share of the plan's revenue."""
        deviation = rolling_deviation(self.inputs, self.forecast, self.again.links)
        return demand_deviation_pct(self.plan, deviation)

"""Planning again with something changed: the one way in which decisions, limits and surprises are valued."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil

from sop.analysis.decisions.proposals import Move
from sop.analysis.ranges.demand_errors import DemandErrors
from sop.analysis.ranges.risks import spread_of_year
from sop.core.inputs import Inputs
from sop.core.money import MINOR
from sop.core.plan import Plan, StoredForecast
from sop.core.register import MITIGATION, Assumptions, Start, assumption
from sop.supply import SupplyProblem
from sop.supply.before.extra_hours import HOURS, PRICE
from sop.supply.what_if.limits import ProblemChange

_SLIP = ("launch", "initiative")


Plans = Callable[[Assumptions, ProblemChange | None], Plan]
"""Plans under assumptions, with the supply problem changed before it is solved where a change is given."""


@dataclass(frozen=True)
class Replanning:
    """How the open cycle's inputs are planned again.

    `problem`: the supply problem under assumptions, None where supply is not planned; `forecast`: as assumptions
    decide about history. `agreed`: whether a plan was agreed, so that the frozen months stand. `errors`: how far
    demand may come out from the forecast.
    """

    inputs: Inputs
    plan: Plans
    problem: Callable[[Assumptions], SupplyProblem | None]
    forecast: Callable[[Assumptions], StoredForecast]
    agreed: bool
    errors: Callable[[], DemandErrors]


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
        return self.again.plan(self.assumptions, None)

    @cached_property
    def forecast(self) -> StoredForecast:
        """The forecast that the assumptions decide."""
        return self.again.forecast(self.assumptions)

    @cached_property
    def problem(self) -> SupplyProblem | None:
        """The supply problem without any change."""
        return self.again.problem(self.assumptions)

    def with_moves(self, *moves: Move, delay: int = 0) -> Plan:
        """The plan with moves made, each in force from the first open month and its lead time on.

        `delay`: periods by which all of them come later still. Hours of a move whose price nobody knows are taken
        for nothing: the plan then tells what they bring before their cost.
        """
        free = {(PRICE, move.scope): 0.0 for move in moves if move.key == HOURS and not move.terms.known}
        return self.again.plan(self.assumptions_with(*moves, delay=delay).having(free), None)

    def assumptions_with(self, *moves: Move, delay: int = 0) -> Assumptions:
        """The assumptions with moves made; what slips comes later by its own assumption."""
        values, starts = {}, {}
        for move in moves:
            place = move.key, move.scope
            slips = delay if move.kind in _SLIP else 0
            values[place] = min(move.value + slips, assumption(move.key).high)
            start = self._start(move, delay)
            if assumption(move.key).by_month and start > 0:
                starts[place] = Start(self.inputs.calendar.at(start), self.assumptions.get(place))
            if move.terms.once:
                values[MITIGATION, move.scope] = move.terms.once / MINOR
                starts[MITIGATION, move.scope] = Start(self.inputs.calendar.at(delay))
        return self.assumptions.having(values, starts)

    def with_values(self, values: Mapping[tuple[str, str], float]) -> Plan:
        """The plan with other values of some assumptions."""
        return self.again.plan(self.assumptions.having(values), None)

    def with_change(self, change: ProblemChange) -> Plan:
        """The plan with its supply problem changed before it is solved."""
        return self.again.plan(self.assumptions, change)

    def at_demand(self, share: float) -> Trial:
        """The same with every family's demand moved by a share of its forecast, within the register's range."""
        entry, names = assumption("demand_pct"), self.inputs.families.names
        now = {name: self.assumptions.value("demand_pct", name) for name in names}
        moved = {("demand_pct", name): min(max(now[name] + share, entry.low), entry.high) for name in names}
        return replace(self, assumptions=self.assumptions.having(moved))

    @cached_property
    def demand_deviation(self) -> float:
        """One standard deviation of twelve months' demand in money, as a share of it."""
        return spread_of_year(self.again.errors())

    @property
    def first_free(self) -> int:
        """The first period that is not frozen by the agreed plan."""
        return self.inputs.calendar.frozen if self.again.agreed else 0

    def _start(self, move: Move, delay: int) -> int:
        """The first period in which a move takes effect."""
        return max(self.periods_of(move.lead_months), self.first_free if delay else 0) + delay

    def periods_of(self, months: float) -> int:
        """Planned periods that some months of lead take."""
        return ceil(self.inputs.calendar.in_periods(months))

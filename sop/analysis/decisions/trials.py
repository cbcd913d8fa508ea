"""Planning again with something changed: the one way in which decisions, limits and surprises are valued."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil

from sop.analysis.decisions.proposals import Move
from sop.analysis.ranges.errors import DemandErrors
from sop.analysis.ranges.risks import spread_of_year
from sop.core.inputs import Inputs
from sop.core.plan import Plan, StoredForecast
from sop.core.register import Assumptions, assumption
from sop.supply import SupplyProblem
from sop.supply.what_if.limits import ProblemChange, only_from

_COME_LATER = ("line", "shared resource", "people", "overtime", "material", "subcontract", "stock", "releases")
"""Kinds of move that change limits and targets of the supply problem month by month, and nothing else."""

_SLIP = ("launch", "initiative")


Plans = Callable[[Assumptions, ProblemChange | None], Plan]
"""Plans under assumptions, with the supply problem changed before it is solved where a change is given."""
PlansOn = Callable[[Inputs, Assumptions, ProblemChange | None], Plan]
"""The same on other inputs, solved cold."""


@dataclass(frozen=True)
class Replanning:
    """How the open cycle's inputs are planned again.

    `problem`: the supply problem under assumptions, None where supply is not planned; `forecast`: as assumptions
    decide about history. `agreed`: whether a plan was agreed, so that the frozen months stand. `errors`: how far
    demand may come out from the forecast.
    """

    inputs: Inputs
    plan: Plans
    plan_on: PlansOn
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

        `delay`: periods by which all of them come later still.
        """
        cut = {move.name: self._start(move, delay) for move in moves if move.kind == "event"}
        cut = {
            event.name: cut[event.name]
            for event in self.inputs.events or ()
            if event.start < cut.get(event.name, 0)
        }
        values = self._values([move for move in moves if move.kind != "event" or move.name not in cut], delay)
        change = self._later(moves, delay)
        if not cut:
            return self.again.plan(values, change)
        # What an event does before its mitigation works stays: the event ends then.
        events = tuple(
            replace(event, duration=min(event.duration, cut[event.name] - event.start))
            if event.name in cut
            else event
            for event in self.inputs.events or ()
        )
        return self.again.plan_on(replace(self.inputs, events=events), values, change)

    def with_values(self, values: Mapping[tuple[str, str], float]) -> Plan:
        """The plan with other values of some assumptions."""
        return self.again.plan(Assumptions({**self.assumptions, **values}), None)

    def with_change(self, change: ProblemChange) -> Plan:
        """The plan with its supply problem changed before it is solved."""
        return self.again.plan(self.assumptions, change)

    def at_demand(self, share: float) -> Trial:
        """The same with every family's demand moved by a share of its forecast, within the register's range."""
        entry, names = assumption("demand_pct"), self.inputs.families.names
        now = {name: self.assumptions.value("demand_pct", name) for name in names}
        moved = {("demand_pct", name): min(max(now[name] + share, entry.low), entry.high) for name in names}
        return replace(self, assumptions=Assumptions({**self.assumptions, **moved}))

    @cached_property
    def demand_deviation(self) -> float:
        """One standard deviation of twelve months' demand in money, as a share of it."""
        return spread_of_year(self.again.errors())

    @property
    def first_free(self) -> int:
        """The first period that is not frozen by the agreed plan."""
        return self.inputs.calendar.frozen if self.again.agreed else 0

    def _values(self, moves: Iterable[Move], delay: int = 0) -> Assumptions:
        """The assumptions with moves made; what slips comes later by its own assumption."""
        made = {}
        for move in moves:
            slips = delay if move.kind in _SLIP else 0
            made[move.key, move.scope] = min(move.value + slips, assumption(move.key).high)
        return Assumptions({**self.assumptions, **made})

    def _start(self, move: Move, delay: int) -> int:
        """The first period in which a move takes effect."""
        return max(self.periods_of(move.lead_months), self.first_free if delay else 0) + delay

    def periods_of(self, months: float) -> int:
        """Planned periods that some months of lead take."""
        return ceil(self.inputs.calendar.in_periods(months))

    def _later(self, moves: Sequence[Move], delay: int) -> ProblemChange | None:
        """What keeps limits and targets as they are until each move takes effect; None where nothing has to."""
        late = [(self._moved(move), self._start(move, delay)) for move in moves if move.kind in _COME_LATER]
        base = self.problem
        waiting = [(problem, start) for problem, start in late if problem is not None and start > 0]
        if base is None or not waiting:
            return None

        def change(whole: SupplyProblem) -> SupplyProblem:
            for problem, start in waiting:
                whole = only_from(base, problem, whole, start)
            return whole

        return change

    def _moved(self, move: Move) -> SupplyProblem | None:
        key = (move.key, move.scope, move.value)
        if key not in self._problems:
            self._problems[key] = self.again.problem(self._values((move,)))
        return self._problems[key]

    @cached_property
    def _problems(self) -> dict[tuple[str, str, float], SupplyProblem | None]:
        """The supply problem with each move made, kept while this trial is."""
        return {}

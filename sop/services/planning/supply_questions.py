"""Questions asked of the plan shown and its supply: each plans again beside it, and nothing is changed or kept."""

from dataclasses import dataclass

from sop.analysis.comparison.impact import assumption_words, impact_sentence, trace_impact
from sop.analysis.decisions.trials import Trial
from sop.analysis.supply.gap_levers import GapLevers, pull_levers
from sop.analysis.supply.limits import PlanLimits, PlanRelief, find_plan_limits, find_plan_relief
from sop.analysis.supply.quotes import Order, QuoteAnswer, answer_order
from sop.analysis.supply.strategies import StrategyOutcome, compare_outcomes, followed_strategy
from sop.core.errors import BadInput
from sop.core.inputs import Inputs
from sop.core.plan import Plan
from sop.core.words import Money
from sop.portfolio.worth import InitiativeWorth, SlipCost, SlipKey, slip_costs, value_initiative
from sop.services.acting import reading
from sop.services.analysis.outlook import trial_of
from sop.services.planning.choices import View
from sop.services.planning.room import InputSet, PlanningRoom
from sop.supply import SupplyPlan, supply_of
from sop.supply.before.safety import SafetyBasis


def supply_shown(view: View) -> SupplyPlan | None:
    """The supply plan of the plan shown; None for a frozen one, which is not planned again, and without supply."""
    return None if view.record is not None else supply_of(view.plan)


def plan_limits(room: PlanningRoom, inputs: InputSet, view: View, family: str | None) -> PlanLimits | None:
    """What limits the plan of a family (None: all).

    None for a frozen plan: only its lines are kept.
    """
    return None if supply_shown(view) is None else find_plan_limits(_trial(room, inputs, view), family)


def plan_relief(room: PlanningRoom, inputs: InputSet, view: View, family: str | None) -> PlanRelief | None:
    """What more of each limit on a family (None: all) brings; None for a frozen plan."""
    return None if supply_shown(view) is None else find_plan_relief(_trial(room, inputs, view), family)


def levers_on_gap(room: PlanningRoom, inputs: InputSet, view: View, family: str) -> GapLevers | None:
    """What would close a family's gap to its lead time target; None for a frozen plan and without lead times."""
    if supply_shown(view) is None or "customer_lead_time" not in view.plan:
        return None
    return pull_levers(_trial(room, inputs, view), family)


def _trial(room: PlanningRoom, inputs: InputSet, view: View) -> Trial:
    """The plan shown, to be planned again beside it."""
    return trial_of(room, inputs, view.assumptions)


def quote_under(room: PlanningRoom, person_id: str, view: View, inputs: Inputs, order: Order) -> QuoteAnswer:
    """The answer to an order under the plan shown. Raises NotAllowed, and BadInput where it cannot be planned."""
    with reading(room.store, person_id):
        supply = supply_shown(view)
    if supply is None:
        why = "it is frozen" if view.record is not None else "opening stock is not loaded"
        raise BadInput(f"{view.name} cannot answer a quote", why=why, remedy="Choose the working plan")
    return answer_order(view.plan, supply, inputs, order)


def planned_strategy(inputs: InputSet, view: View) -> int:
    """The position of the strategy that the plan shown really follows in the register's choices."""
    return followed_strategy(inputs.planner.supply_problem(view.assumptions), view.assumptions)


def strategies_beside(room: PlanningRoom, inputs: InputSet, view: View) -> tuple[StrategyOutcome, ...]:
    """Every strategy that there is data for; nothing for a frozen plan, and where supply is not planned."""
    if view.record is not None:
        return ()
    return compare_outcomes(_trial(room, inputs, view))


def read_basis(room: PlanningRoom, person_id: str, view: View) -> SafetyBasis | None:
    """What safety stock rests on, (F, 1), as a mean of the next twelve months; None for a frozen plan, which kept
    its safety stock and not how it came about, and where supply is not planned. Raises NotAllowed."""
    with reading(room.store, person_id):
        if view.record is not None or "safety_stock" not in view.plan:
            return None
        chosen = room.input_set(view.assumptions)
    return chosen.planner.safety(view.assumptions).mean_of(chosen.inputs.calendar.year)


@dataclass(frozen=True)
class TriedValue:
    """A change tried on the plan that is shown: the plan as it stands, with the change, and the path in words."""

    now: Plan
    then: Plan
    path: str


def try_value(
    room: PlanningRoom, inputs: InputSet, view: View, place: tuple[str, str], value: float, money: Money
) -> TriedValue:
    """The plan with one assumption elsewhere."""
    changed = view.assumptions.set(*place, value)
    now, then = room.plan(view.assumptions, inputs), room.plan(changed, inputs)
    cause = assumption_words(view.assumptions, changed)
    return TriedValue(now, then, impact_sentence(trace_impact(now, then, money), cause))


def slips_of(room: PlanningRoom, inputs: InputSet, view: View, key: SlipKey, name: str) -> tuple[SlipCost, ...]:
    """What each further month of slip of a launch or an initiative changes."""
    return slip_costs(key, name, view.assumptions, lambda assumptions: room.plan(assumptions, inputs))


def initiative_worths(room: PlanningRoom, inputs: InputSet, view: View) -> tuple[InitiativeWorth, ...]:
    """What each initiative brings in the next twelve months, found by planning without it.

    None is valued in a plan whose profit is not known.
    """
    if not view.plan.has_profit:
        return ()
    return tuple(
        value_initiative(item, view.assumptions, lambda assumptions: room.plan(assumptions, inputs))
        for item in inputs.inputs.initiatives or ()
    )

"""What changed since the agreed plan, and why: both plans side by side and the exact attribution by group.

Groups: new actuals, forecast, and each function with its assumptions and its tables. The value of a set of
groups is the plan re-run from the new first open month with those groups new and the others as signed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from sop.core.inputs import Inputs, Position
from sop.core.measures import HEADLINES
from sop.core.plan import Plan, StoredForecast
from sop.core.register import Assumptions
from sop.core.terms import Function
from sop.engine import Planner
from sop.intake.assemble import assemble
from sop.review.attribution import Attribution, attribute
from sop.review.compare import headline_of_base
from sop.review.content import assumptions_of_content, forecast_of_content
from sop.services.planning import AgreedPlan, InputSet, PlanningRoom, agreed_supply
from sop.store.data import read_tables_by_sha256
from sop.store.kept import keep_result, read_result

ACTUALS, FORECAST = "New actuals", "Forecast refresh"
HORIZON = "Horizon moves on"
_BLOCKS: dict[str, tuple[str, ...]] = {
    ACTUALS: ("history", "position", "stock", "orders", "families", "products", "ledger"),
    Function.SALES.title: ("events",),
    Function.OPERATIONS.title: ("capacity",),
    Function.SUPPLY.title: ("materials", "subcontract"),
    Function.PRODUCT.title: ("launches",),
    Function.FINANCE.title: (),
    Function.CEO.title: ("initiatives",),
}
"""Which blocks of the inputs belong to a group; functions bring their assumptions as well."""

GROUPS = (ACTUALS, FORECAST, *(function.title for function in Function))
KEYS = tuple(entry.key for entry in HEADLINES)


@dataclass(frozen=True)
class PlanChange:
    """The difference between a plan and the agreed one, explained.

    `steps`: group → effect on each headline measure (money in minor units); with `horizon`, what the same
    inputs give on the new horizon, they sum to the difference of every measure that both plans have.
    """

    base: Mapping[str, float]
    now: Mapping[str, float]
    horizon: Mapping[str, float]
    steps: Mapping[str, Mapping[str, float]]

    def bridge(self, measure: str) -> list[tuple[str, float]]:
        """Steps of one measure in order, those without effect left out; they sum to the difference exactly."""
        if measure not in self.base or measure not in self.now:
            return []
        steps = [(HORIZON, self.horizon[measure]), *((g, effects[measure]) for g, effects in self.steps.items())]
        return [(name, value) for name, value in steps if abs(value) > 1e-9]

    def main_cause(self, measure: str) -> tuple[str, float] | None:
        """The step that moves a measure most; None where nothing does."""
        steps = self.bridge(measure)
        return max(steps, key=lambda step: abs(step[1])) if steps else None


def explain_change(
    room: PlanningRoom,
    inputs: InputSet,
    assumptions: Assumptions,
    progress: Callable[[float], None] = lambda share: None,
) -> PlanChange | None:
    """Why the plan under these assumptions differs from the agreed one; None without an agreed plan to explain.

    Kept by what it rests on, so that the same question is answered once.
    """
    agreed = inputs.agreed
    if agreed is None:
        return None
    plan = room.plan(assumptions, inputs)
    families = inputs.inputs.families
    made_to_order = [n for n, flag in zip(families.names, families.made_to_order, strict=True) if flag]
    base = _known(headline_of_base(plan, agreed.plan, made_to_order))
    if not base:
        return None
    key = _key(inputs, agreed, assumptions)
    with room.store.read() as tx:
        kept = read_result(tx, key)
    if kept is not None:
        return PlanChange(**kept.facts)
    found = _attribution(room, inputs, agreed, assumptions, progress)
    measures = [m for m in KEYS if m in base and m in found.end and m in found.start]
    change = PlanChange(
        base={m: base[m] for m in measures},
        now={m: found.end[m] for m in measures},
        horizon={m: found.start[m] - base[m] for m in measures},
        steps={group: {m: effects[m] for m in measures} for group, effects in found.effects.items()},
    )
    with room.store.write() as tx:
        keep_result(tx, key, {}, {name: getattr(change, name) for name in ("base", "now", "horizon", "steps")})
    return change


def _attribution(
    room: PlanningRoom,
    inputs: InputSet,
    agreed: AgreedPlan,
    assumptions: Assumptions,
    progress: Callable[[float], None],
) -> Attribution:
    """Shapley values of the groups that changed, by re-planning every subset of them."""
    signed = assumptions_of_content(agreed.content)
    old = signed_inputs(room, inputs, agreed)
    old_forecast = roll_forecast(agreed, inputs)
    groups = changed_groups(inputs, old, old_forecast, assumptions, signed)
    planners: dict[tuple[bool, ...], Planner] = {}

    def value_of(chosen: frozenset[str]) -> Mapping[str, float]:
        mixed = mix_inputs(inputs.inputs, old, chosen)
        forecast = inputs.forecast if FORECAST in chosen else old_forecast
        owners = [function for function in Function if function.title in chosen]
        values = signed.with_owners_from(assumptions, owners)
        kept = tuple(group in chosen for group in GROUPS if group in (FORECAST, *_BLOCKS))
        if kept not in planners:
            planners[kept] = Planner(mixed, forecast, agreed_supply(agreed, mixed))
        return _known(planners[kept].build(values).headline)

    found = attribute(groups, value_of, progress)
    common = [m for m in found.end if m in found.start]
    return replace(found, end={m: found.end[m] for m in common})


def changed_groups(
    inputs: InputSet, old: Inputs, old_forecast: StoredForecast, assumptions: Assumptions, signed: Assumptions
) -> tuple[str, ...]:
    """The groups in which anything differs from what was signed."""
    agreed = inputs.agreed
    was = {row["table"]: row["sha256"] for row in agreed.content["inputs"]} if agreed else {}
    now = {str(row["table"]): row["sha256"] for row in inputs.sources}
    changed = {name for name in {*was, *now} if was.get(name) != now.get(name)}
    groups = []
    for group in GROUPS:
        if group == FORECAST:
            differs = not np.array_equal(old_forecast.mean, inputs.forecast.mean)
        elif group == ACTUALS:
            differs = bool(changed & _TABLES[ACTUALS])
        else:
            owner = next(function for function in Function if function.title == group)
            differs = dict(assumptions.owned_by(owner)) != dict(signed.owned_by(owner))
            differs = differs or bool(changed & _TABLES.get(group, set()))
        if differs:
            groups.append(group)
    return tuple(groups)


_TABLES: dict[str, set[str]] = {
    ACTUALS: {"sales_actuals", "inventory", "order_book", "products", "financials", "account_map", "deliveries"},
    Function.SALES.title: {"events"},
    Function.OPERATIONS.title: {"resources", "capacity", "workforce", "routings", "calendar", "plants"},
    Function.SUPPLY.title: {"materials", "material_usage", "material_supply", "subcontract"},
    Function.PRODUCT.title: {"launches", "launch_gates"},
    Function.CEO.title: {"initiatives", "milestones", "benefits"},
}
"""Which tables belong to a group, so that a change of data is told as its owner's change."""


def mix_inputs(new: Inputs, old: Inputs, chosen: frozenset[str]) -> Inputs:
    """Inputs with the chosen groups' blocks new and the others as signed."""
    blocks = {
        block: getattr(old, block) for group, names in _BLOCKS.items() if group not in chosen for block in names
    }
    return replace(new, **blocks)


def signed_inputs(room: PlanningRoom, inputs: InputSet, agreed: AgreedPlan) -> Inputs:
    """The inputs that were signed, on today's calendar, opening where the agreed plan projected.

    Where families, regions, products or plants are not the same any more, what cannot be mixed is taken new.
    """
    digests = {row["table"]: row["sha256"] for row in agreed.content["inputs"]}
    with room.store.read() as tx:
        tables = read_tables_by_sha256(tx, digests)
    new = inputs.inputs
    old = assemble(tables, new.calendar, company=new.company, currency=new.currency)
    same = old.families.names == new.families.names and old.regions == new.regions
    if not same or old.products.numbers != new.products.numbers:
        return new
    if (old.capacity is None) != (new.capacity is None) or (
        old.capacity and new.capacity and old.capacity.plants.names != new.capacity.plants.names
    ):
        old = replace(old, capacity=new.capacity)
    return replace(old, position=roll_position(old, agreed, new), stock=new.stock, orders=new.orders)


def roll_position(old: Inputs, agreed: AgreedPlan, new: Inputs) -> Position:
    """The opening position as the agreed plan projected it for the last closed month.

    Past due by region follows the regions' present parts. Where the agreed plan does not reach that month or
    lacks a line, today's position stands.
    """
    month, plan, position = new.calendar.last_closed, agreed.plan, new.position
    if month not in plan.months:
        return position
    t = plan.months.index(month)
    inventory = plan["inventory"][:, t].astype(float) if "inventory" in plan else position.inventory
    past_due, not_due = position.past_due, position.orders_not_due
    if "past_due" in plan and new.orders is not None:
        past_due = _by_region(plan["past_due"][:, t], position.past_due, old)
        if "order_book" in plan:
            not_due = _by_region(plan["order_book"][:, t] - plan["past_due"][:, t], position.orders_not_due, old)
    people = plan["people"][:, t] if "people" in plan and position.people is not None else position.people
    balances = dict(position.balances) | {
        name: float(plan[name][t]) / 100 for name in ("cash", "receivables", "payables") if name in plan
    }
    return replace(
        old.position,
        inventory=inventory,
        past_due=past_due,
        orders_not_due=not_due,
        people=people,
        balances=balances,
        recent_revenue=_rolled(old.position.recent_revenue, plan, "total_revenue", t),
        recent_purchases=_rolled(old.position.recent_purchases, plan, "purchases", t),
    )


def _by_region(total: np.ndarray, like: np.ndarray, inputs: Inputs) -> np.ndarray:
    """Family totals (F,) over regions in proportion to present ones, else to recent sales."""
    recent = np.nan_to_num(inputs.by_family(inputs.history.shipped)[..., -12:]).sum(axis=-1)
    weight = np.where(like.sum(axis=1, keepdims=True) > 0, like, recent)
    weight = np.where(weight.sum(axis=1, keepdims=True) > 0, weight, 1.0)
    return np.rint(total[:, None] * weight / weight.sum(axis=1, keepdims=True))


def _rolled(past: np.ndarray, plan: Plan, key: str, t: int) -> np.ndarray:
    """The last months of a flow with the agreed plan's months up to `t` in place of what was not yet closed."""
    if key not in plan or not len(past):
        return past
    return np.concatenate([past, plan[key][: t + 1] / 100])[-len(past) :]


def roll_forecast(agreed: AgreedPlan, inputs: InputSet) -> StoredForecast:
    """The forecast that was signed, on today's months; today's beyond its end or where the grain has changed."""
    now, stored = inputs.forecast, agreed.content["forecast"]
    new = inputs.inputs
    same = tuple(stored["families"]) == new.families.names and tuple(stored["regions"]) == new.regions
    if not same or tuple(stored["products"]) != new.products.numbers:
        return now
    was = forecast_of_content(agreed.content)
    shift = new.calendar.position(was.first_open)
    count = was.mean.shape[-1] + shift
    if shift > 0 or count <= 0:
        return now
    bands = {}
    for name in ("mean", "lo80", "hi80", "lo95", "hi95", "product_mean"):
        values = getattr(now, name).copy()
        values[..., :count] = getattr(was, name)[..., -shift:][..., : values.shape[-1]]
        bands[name] = values
    return replace(now, **bands)


def _known(headline: Mapping[str, float | int | None]) -> dict[str, float]:
    return {name: float(value) for name, value in headline.items() if value is not None}


def _key(inputs: InputSet, agreed: AgreedPlan, assumptions: Assumptions) -> str:
    values = ";".join(f"{key}|{scope}={value!r}" for (key, scope), value in assumptions.items())
    return hashlib.sha256(f"attribution/1 {inputs.key} {agreed.record.digest} {values}".encode()).hexdigest()

"""What needs attention: by rule, each with its numbers in one sentence, an owner, and what it puts at stake.

At stake, in minor units, is what the plan would gain without it, found by planning again: EBIT of the next twelve
months and of the horizon, and the lowest cash; for an outside event with its probability in it. Late and lost
units are valued by taking away the limit that stops them, and tell the value of the orders beside it; what cash
is short of is cash. Stock below its target or above its limit is told in units and at cost: it is no profit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from sop.analysis.decisions.health import initiative_health, launch_slip
from sop.analysis.effects import UNKNOWN, PlanEffect
from sop.core.calendar import period_name, worded
from sop.core.format import how_many, number, percent
from sop.core.inputs import Floats, Inputs
from sop.core.measures import FULL
from sop.core.money import MINOR
from sop.core.plan import Plan
from sop.core.register import Assumptions, probability_of, use_of
from sop.core.terms import EventUse, Function, owner_title
from sop.core.words import days_text
from sop.facts.stock_value import cost_today
from sop.facts.unit_worth import net_price_today

Money = Callable[[float | int], str]
_LATE_SHARE = 0.1
"""What is past due when the plan begins is told above this share of what falls due in a month."""
OUTSIDE = "event"
"""The kind of exception that comes from customers, partners, competitors or the market."""


@dataclass(frozen=True)
class ReviewException:
    """One exception: its sentence, more in `detail`, who owns it, and what the plan would gain without it.

    `orders`: value of orders that wait or are lost (minor units, 0 where none or not known), by which exceptions
    of one money come.
    """

    kind: str
    name: str
    sentence: str
    detail: str
    owner: str
    effect: PlanEffect = UNKNOWN
    orders: int = 0

    @property
    def at_stake(self) -> int:
        """The most money (minor units) that any span of profit, or cash, would gain without it; 0 without any."""
        known = (self.effect.ebit_12_months, self.effect.ebit_horizon, self.effect.cash_low)
        return max([0, *(value for value in known if value is not None)])


@dataclass(frozen=True)
class AtStake:
    """What only planning again can tell.

    `limits`: family → what stops its unmet units, and its owner; `unmet`: family → what the plan gains without
    that. `slips`, `events`: what it gains without the slip of a launch or initiative, or without an event.
    """

    limits: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    slips: Mapping[str, PlanEffect] = field(default_factory=dict)
    events: Mapping[str, PlanEffect] = field(default_factory=dict)
    unmet: Mapping[str, PlanEffect] = field(default_factory=dict)

    def slip_costs(self) -> dict[str, int]:
        """EBIT (minor units) of the next twelve months that each slip costs, as far as it is known."""
        known = {name: effect.ebit_12_months for name, effect in self.slips.items()}
        return {name: value for name, value in known.items() if value is not None}


def at_stake_of_facts(facts: Mapping[str, Any]) -> AtStake:
    """What is at stake read back from plain data."""

    def effects(name: str) -> dict[str, PlanEffect]:
        return {key: PlanEffect(**found) for key, found in facts[name].items()}

    limits = {name: (found[0], found[1]) for name, found in facts["limits"].items()}
    return AtStake(limits, effects("slips"), effects("events"), effects("unmet"))


def find_exceptions(
    plan: Plan, inputs: Inputs, assumptions: Assumptions, worth: AtStake, money: Money
) -> tuple[ReviewException, ...]:
    """Every exception of a plan, the most money first; `money` writes minor units with their unit."""
    found = [
        *late_units(plan, inputs, worth, money),
        *late_at_start(plan, inputs, money),
        *lost_units(plan, inputs, worth, money),
        *short_stock(plan, inputs),
        *excess_stock(plan, inputs, assumptions, money),
        *low_cash(plan, assumptions, money),
        *slipping_launches(inputs, assumptions, worth),
        *slipping_initiatives(inputs, assumptions, worth),
        *outside_events(inputs, assumptions, worth),
    ]
    return told_once(sorted(found, key=lambda found: (-found.at_stake, -found.orders, found.sentence)), worth)


def told_once(found: Sequence[ReviewException], worth: AtStake) -> tuple[ReviewException, ...]:
    """The same exceptions with what the plan gains without one limit told of the first family that it stops alone:
    each money stands once, and figures may be added up."""
    first: dict[tuple[str, PlanEffect], str] = {}
    told = []
    for each in found:
        stopped = worth.limits.get(each.name) if each.kind in ("late", "lost") else None
        if stopped is not None and each.effect is not UNKNOWN:
            limit = (stopped[0], each.effect)
            if limit in first:
                each = replace(each, effect=UNKNOWN, detail=f"{each.detail}; its money stands with {first[limit]}")
            first.setdefault(limit, each.name)
        told.append(each)
    return tuple(told)


def outside_first(exceptions: Sequence[ReviewException], most: int) -> tuple[ReviewException, ...]:
    """The exceptions to talk about, those from outside first: at most a third of all, then the rest by money."""
    outside = [exception for exception in exceptions if exception.kind == OUTSIDE][: most // 3]
    inside = [exception for exception in exceptions if exception.kind != OUTSIDE]
    return (*outside, *inside[: most - len(outside)])


def late_units(plan: Plan, inputs: Inputs, worth: AtStake, money: Money) -> Iterable[ReviewException]:
    """Families with orders past due: units at the peak, when, their value, the lead time, and what limits them."""
    price = _price(inputs)
    lead = plan.get("customer_lead_time")
    for f, name, late in _rows(plan, "past_due", inputs):
        t = int(late.argmax())
        if late[t] <= 0:
            continue
        days = (
            ""
            if lead is None
            else f"{how_many(f'{lead[f, : plan.calendar.year].max():.0f}', 'days')} to deliver at the peak; "
        )
        reason, owner = _limit(plan, name, np.flatnonzero(late > 0), worth)
        sentence = f"{name}: up to {how_many(_units(late[t]), 'units')} past due ({period_name(plan.months[t])})"
        orders = _minor(late[t] * price[name])
        value = f"orders of {money(orders)} wait; " if orders else ""
        yield ReviewException(
            "late", name, sentence, value + days + reason, owner, worth.unmet.get(name, UNKNOWN), orders
        )


def late_at_start(plan: Plan, inputs: Inputs, money: Money) -> Iterable[ReviewException]:
    """Families with orders past due now that no planned month's end shows: the plan ships them at once."""
    if inputs.orders is None or "past_due" not in plan:
        return
    price, late = _price(inputs), np.maximum(inputs.position.past_due, 0.0).sum(axis=1)
    year = slice(0, plan.calendar.year)
    usual = np.nan_to_num(plan.by_family("due")[:, year].mean(axis=1))
    planned = dict(zip(plan.names("past_due"), plan["past_due"][:, year].max(axis=1), strict=True))
    for name, units, month in zip(inputs.families.names, late, usual, strict=True):
        if units <= max(planned.get(name, 0), _LATE_SHARE * month):
            continue
        orders = _minor(units * price[name])
        known = (
            "inferred from the order book and the stated lead time"
            if inputs.orders.derived
            else "by the order book"
        )
        value = f"orders of {money(orders)}; " if orders else ""
        yield ReviewException(
            "late",
            name,
            f"{name}: {how_many(_units(units), 'units')} past due when the plan begins",
            f"{value}{known}; the plan ships them at once",
            Function.SUPPLY.title,
            UNKNOWN,
            orders,
        )


def lost_units(plan: Plan, inputs: Inputs, worth: AtStake, money: Money) -> Iterable[ReviewException]:
    """Families whose demand is not served at all."""
    price = _price(inputs)
    for _, name, lost in _rows(plan, "lost_sales", inputs):
        if lost.sum() > 0:
            reason, owner = _limit(plan, name, np.flatnonzero(lost), worth)
            sentence = f"{name}: {how_many(_units(lost.sum()), 'units')} of sales lost in {plan.near_text}"
            orders = _minor(lost.sum() * price[name])
            value = f"orders of {money(orders)}; " if orders else ""
            yield ReviewException(
                "lost", name, sentence, value + reason, owner, worth.unmet.get(name, UNKNOWN), orders
            )


def short_stock(plan: Plan, inputs: Inputs) -> Iterable[ReviewException]:
    """Families below safety stock in some month; a unit that is not there has no money."""
    for _, name, short in _rows(plan, "shortage_units", inputs):
        t = int(short.argmax())
        if short[t] > 0:
            months = int((short > 0).sum())
            sentence = (
                f"{name}: {how_many(_units(short[t]), 'units')} below safety stock ({period_name(plan.months[t])})"
            )
            detail = worded(
                f"below in {months} of {how_many(min(plan.calendar.year, len(plan.months)), 'months')}",
                counted=True,
            )
            yield ReviewException("short", name, sentence, detail, Function.SUPPLY.title)


def excess_stock(plan: Plan, inputs: Inputs, assumptions: Assumptions, money: Money) -> Iterable[ReviewException]:
    """Families with stock above their cover limit, and what it is worth at standard cost."""
    cost = dict(zip(inputs.families.names, cost_today(inputs, plan).tolist(), strict=True))
    for _, name, excess in _rows(plan, "excess_units", inputs):
        t = int(excess.argmax())
        if excess[t] > 0:
            sentence = (
                f"{name}: {how_many(_units(excess[t]), 'units')} above the cover limit "
                f"({period_name(plan.months[t])})"
            )
            limit = f"limit: {days_text(assumptions.value('cover_limit_days', name))} of demand"
            known = cost[name] == cost[name] and cost[name] > 0
            held = f"stock of {money(_minor(excess[t] * cost[name]))} at standard cost; " if known else ""
            yield ReviewException("excess", name, sentence, held + limit, Function.SUPPLY.title)


def low_cash(plan: Plan, assumptions: Assumptions, money: Money) -> Iterable[ReviewException]:
    """Cash below its minimum; of operating cash nobody knows whether it suffices."""
    if "cash" not in plan or not plan.cash_is_whole:
        return
    cash = plan["cash"][: plan.calendar.year]
    t, minimum = int(cash.argmin()), round(assumptions.value("minimum_cash") * MINOR)
    if cash[t] < minimum:
        sentence = f"Cash falls to {money(int(cash[t]))} ({period_name(plan.months[t])})"
        detail = f"the minimum is {money(minimum)}"
        missing = PlanEffect(cash_low=int(minimum - cash[t]))
        yield ReviewException("cash", "", sentence, detail, Function.FINANCE.title, missing)


def slipping_launches(inputs: Inputs, assumptions: Assumptions, worth: AtStake) -> Iterable[ReviewException]:
    """Launches later than agreed at first."""
    for launch in inputs.launches or ():
        gate, slip = launch.market_gate, launch_slip(launch, assumptions)
        if gate is None or gate.actual is not None or slip <= 0:
            continue
        probability = assumptions.value("launch_probability", launch.name, launch.probability)
        volume = launch.peak_units * probability * assumptions.value("launch_volume_pct", launch.name)
        family = inputs.families.names[launch.family]
        sentence = f"Launch {launch.name} is {_months(slip)} late"
        detail = worded(f"{how_many(_units(volume), 'units')} a month at its peak, expected ({family})")
        effect = worth.slips.get(launch.name, UNKNOWN)
        yield ReviewException("launch", launch.name, sentence, detail, Function.PRODUCT.title, effect)


def slipping_initiatives(inputs: Inputs, assumptions: Assumptions, worth: AtStake) -> Iterable[ReviewException]:
    """Initiatives that are late or at risk by the rule of `health`; what is done or stopped is no exception."""
    for item, health in zip(inputs.initiatives or (), initiative_health(inputs, assumptions), strict=True):
        if health.state not in ("late", "at risk"):
            continue
        late = health.slip_months > 0
        sentence = f"{item.name} is {_months(health.slip_months) + ' late' if late else health.state}"
        why = [reason for reason in health.reasons if not late or "behind its baseline" not in reason]
        detail = "; ".join([f"goal: {item.goal}", *why])
        yield ReviewException(
            "initiative", item.name, sentence, detail, owner_title(item.owner), worth.slips.get(item.name, UNKNOWN)
        )


def outside_events(inputs: Inputs, assumptions: Assumptions, worth: AtStake) -> Iterable[ReviewException]:
    """Outside events that the plan or its range counts with and that cost profit or cash."""
    for event in inputs.events or ():
        effect = worth.events.get(event.name, UNKNOWN)
        if not any(value is not None and value > 0 for value in (effect.ebit_12_months, effect.ebit_horizon)):
            continue
        where = "in the plan" if use_of(event, assumptions) is EventUse.PLAN else "not in the plan"
        detail = f"probability {percent(probability_of(event, assumptions))}, {where}"
        yield ReviewException(OUTSIDE, event.name, event.title, detail, owner_title(event.owner), effect)


def full_lines(plan: Plan, family: str, months: np.ndarray) -> str:
    """Lines that make a family and are full in most of these months: 'Press 2 is full'."""
    if "utilisation" not in plan or "production" not in plan or not len(months):
        return ""
    made = plan["production"][plan.names("production").index(family)].sum(axis=-1)
    used = {name for name, units in zip(plan.names("production", 1), made, strict=True) if units > 0}
    full = (np.nan_to_num(plan["utilisation"][:, : plan.calendar.year]) >= FULL)[:, months].mean(axis=1)
    names = [n for n, share in zip(plan.names("utilisation"), full, strict=True) if n in used and share >= 0.5]
    return f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'} full" if names else ""


def _limit(plan: Plan, family: str, months: np.ndarray, worth: AtStake) -> tuple[str, str]:
    """What stops a family's units, in words, and who owns it: traced by planning again, else by full lines."""
    if family in worth.limits:
        reason, owner = worth.limits[family]
        return f"limit: {reason}", owner
    full = full_lines(plan, family, months)
    return full or "no line is full", (Function.OPERATIONS if full else Function.SUPPLY).title


def _rows(plan: Plan, key: str, inputs: Inputs) -> Iterator[tuple[int, str, Floats]]:
    """Position, name and next months of each family that plan and inputs share; none without such a line."""
    if key in plan:
        for f, name in enumerate(plan.names(key)):
            if name in inputs.families.names:
                yield f, name, plan.by_family(key)[f, : plan.calendar.year].astype(float)


def _price(inputs: Inputs) -> dict[str, float]:
    """Mean net price by family; currency per unit, 0 where not known."""
    price = np.nan_to_num(net_price_today(inputs))
    return dict(zip(inputs.families.names, price.tolist(), strict=True))


def _units(quantity: float) -> str:
    return number(quantity)


def _minor(amount: float) -> int:
    return round(float(amount) * MINOR)


def _months(count: int) -> str:
    return worded(f"{count} {'month' if count == 1 else 'months'}", counted=True)

"""What needs attention: by rule, each with its numbers in one sentence, an owner, and the money at stake.

Money at stake, in minor units over the next twelve months: late = units past due at the peak × price; lost =
units lost × price; short stock = units missing in the worst month × (price − cost); excess = units above the
cover limit × cost × monthly carrying rate, summed; cash = what is missing to the minimum; a slip or an outside
event = the EBIT that planning again without it brings (`AtStake`), with the event's probability in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from sop.analysis.decisions.health import initiative_health, launch_slip
from sop.core.calendar import period_name
from sop.core.inputs import Floats, Inputs
from sop.core.measures import FULL
from sop.core.plan import Plan
from sop.core.register import Assumptions, probability_of, use_of
from sop.core.terms import EventUse, Function

Money = Callable[[float | int], str]
OUTSIDE = "event"
"""The kind of exception that comes from customers, partners, competitors or the market."""


@dataclass(frozen=True)
class ReviewException:
    """One exception: its sentence, more in `detail`, who owns it, and what is at stake in minor units."""

    kind: str
    name: str
    sentence: str
    detail: str
    owner: str
    at_stake: int


@dataclass(frozen=True)
class AtStake:
    """What only planning again can tell.

    `limits`: family → what stops its unmet units, and its owner. `slips`, `events`: EBIT (minor units) that the
    slip of a launch or initiative, or an event, costs in the next twelve months.
    """

    limits: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    slips: Mapping[str, int] = field(default_factory=dict)
    events: Mapping[str, int] = field(default_factory=dict)


def find_exceptions(
    plan: Plan, inputs: Inputs, assumptions: Assumptions, worth: AtStake, money: Money
) -> tuple[ReviewException, ...]:
    """Every exception of a plan, the most money first; `money` writes minor units with their unit."""
    found = [
        *late_units(plan, inputs, worth),
        *lost_units(plan, inputs, worth),
        *short_stock(plan, inputs),
        *excess_stock(plan, inputs, assumptions),
        *low_cash(plan, assumptions, money),
        *slipping_launches(inputs, assumptions, worth),
        *slipping_initiatives(inputs, assumptions, worth),
        *outside_events(inputs, assumptions, worth),
    ]
    return tuple(sorted(found, key=lambda exception: (-exception.at_stake, exception.sentence)))


def outside_first(exceptions: Sequence[ReviewException], most: int) -> tuple[ReviewException, ...]:
    """The exceptions to talk about, those from outside first: at most a third of all, then the rest by money."""
    outside = [exception for exception in exceptions if exception.kind == OUTSIDE][: most // 3]
    inside = [exception for exception in exceptions if exception.kind != OUTSIDE]
    return (*outside, *inside[: most - len(outside)])


def late_units(plan: Plan, inputs: Inputs, worth: AtStake) -> Iterable[ReviewException]:
    """Families with orders past due: units at the peak, when, the lead time then, and what limits them."""
    price = _price(inputs)
    lead = plan.get("customer_lead_time")
    for f, name, late in _rows(plan, "past_due", inputs):
        t = int(late.argmax())
        if late[t] <= 0:
            continue
        days = "" if lead is None else f"{lead[f, : plan.calendar.year].max():.0f} days to deliver at the peak; "
        reason, owner = _limit(plan, name, np.flatnonzero(late > 0), worth)
        sentence = f"{name}: up to {_units(late[t])} units past due ({period_name(plan.months[t])})"
        yield ReviewException("late", name, sentence, days + reason, owner, _minor(late[t] * price[name]))


def lost_units(plan: Plan, inputs: Inputs, worth: AtStake) -> Iterable[ReviewException]:
    """Families whose demand is not served at all."""
    price = _price(inputs)
    for _, name, lost in _rows(plan, "lost_sales", inputs):
        if lost.sum() > 0:
            reason, owner = _limit(plan, name, np.flatnonzero(lost), worth)
            sentence = f"{name}: {_units(lost.sum())} units of sales lost in 12 months"
            yield ReviewException("lost", name, sentence, reason, owner, _minor(lost.sum() * price[name]))


def short_stock(plan: Plan, inputs: Inputs) -> Iterable[ReviewException]:
    """Families below safety stock in some month."""
    margin = _margin(inputs)
    for _, name, short in _rows(plan, "shortage_units", inputs):
        t = int(short.argmax())
        if short[t] > 0:
            months = int((short > 0).sum())
            sentence = f"{name}: {_units(short[t])} units below safety stock ({period_name(plan.months[t])})"
            detail, stake = f"below in {months} of {plan.calendar.year} months", _minor(short[t] * margin[name])
            yield ReviewException("short", name, sentence, detail, Function.SUPPLY.title, stake)


def excess_stock(plan: Plan, inputs: Inputs, assumptions: Assumptions) -> Iterable[ReviewException]:
    """Families with stock above their cover limit."""
    cost = dict(zip(inputs.families.names, np.nan_to_num(inputs.position.unit_cost).tolist(), strict=True))
    rate = assumptions.value("carrying_rate")
    for _, name, excess in _rows(plan, "excess_units", inputs):
        t = int(excess.argmax())
        if excess[t] > 0:
            sentence = f"{name}: {_units(excess[t])} units above the cover limit ({period_name(plan.months[t])})"
            limit = assumptions.value("cover_limit_days", name)
            stake = _minor(excess.sum() * cost[name] * rate / plan.calendar.year)
            yield ReviewException(
                "excess", name, sentence, f"limit: {limit:.0f} days of demand", Function.SUPPLY.title, stake
            )


def low_cash(plan: Plan, assumptions: Assumptions, money: Money) -> Iterable[ReviewException]:
    """Cash below its minimum."""
    if "cash" not in plan:
        return
    cash = plan["cash"][: plan.calendar.year]
    t, minimum = int(cash.argmin()), round(assumptions.value("minimum_cash") * 100)
    if cash[t] < minimum:
        sentence = f"Cash falls to {money(int(cash[t]))} ({period_name(plan.months[t])})"
        detail = f"the minimum is {money(minimum)}"
        yield ReviewException("cash", "", sentence, detail, Function.FINANCE.title, int(minimum - cash[t]))


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
        detail = f"{_units(volume)} units a month at its peak, expected ({family})"
        stake = max(worth.slips.get(launch.name, 0), 0)
        yield ReviewException("launch", launch.name, sentence, detail, Function.PRODUCT.title, stake)


def slipping_initiatives(inputs: Inputs, assumptions: Assumptions, worth: AtStake) -> Iterable[ReviewException]:
    """Initiatives that are late or at risk by the rule of `health`; what is done or stopped is no exception."""
    for item, health in zip(inputs.initiatives or (), initiative_health(inputs, assumptions), strict=True):
        if health.state not in ("late", "at risk"):
            continue
        late = health.slip_months > 0
        sentence = f"{item.name} is {_months(health.slip_months) + ' late' if late else health.state}"
        why = [reason for reason in health.reasons if not late or "behind its baseline" not in reason]
        detail = "; ".join([f"goal: {item.goal}", *why])
        stake = max(worth.slips.get(item.name, 0), 0)
        yield ReviewException("initiative", item.name, sentence, detail, item.owner, stake)


def outside_events(inputs: Inputs, assumptions: Assumptions, worth: AtStake) -> Iterable[ReviewException]:
    """Outside events that the plan or its range counts with and that cost EBIT."""
    for event in inputs.events or ():
        stake = worth.events.get(event.name, 0)
        if stake <= 0:
            continue
        where = "in the plan" if use_of(event, assumptions) is EventUse.PLAN else "not in the plan"
        detail = f"probability {probability_of(event, assumptions):.0%}, {where}"
        yield ReviewException(OUTSIDE, event.name, event.title, detail, event.owner, stake)


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
    """Mean net price by family, weighted by recent sales; currency per unit, 0 where not known."""
    shipped = np.nan_to_num(inputs.by_family(inputs.history.shipped)[..., -inputs.calendar.year :]).sum(axis=-1)
    price = inputs.position.price
    weight = np.where(np.isfinite(price), shipped + 1e-9, 0.0)
    total = weight.sum(axis=1)
    mean = np.divide((np.nan_to_num(price) * weight).sum(axis=1), total, out=np.zeros_like(total), where=total > 0)
    return dict(zip(inputs.families.names, mean.tolist(), strict=True))


def _margin(inputs: Inputs) -> dict[str, float]:
    """Price less standard cost by family, currency per unit, not below zero."""
    cost = np.nan_to_num(inputs.position.unit_cost).tolist()
    return {name: max(price - own, 0.0) for (name, price), own in zip(_price(inputs).items(), cost, strict=True)}


def _units(quantity: float) -> str:
    return f"{quantity:,.0f}".replace(",", "\u202f")


def _minor(amount: float) -> int:
    return round(float(amount) * 100)


def _months(count: int) -> str:
    return f"{count} {'month' if count == 1 else 'months'}"

"""How long customers wait in a plan, family by family: promise, nine in ten, share from stock, Little's law.

Read from the plan's own lines (due, shipments, lost, past due, order book), so it works for frozen plans too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sop.analysis.decisions.exception_worth import trace_limits
from sop.analysis.supply.limits import why_in_words
from sop.core.calendar import days_of
from sop.core.inputs import Bools, Floats
from sop.core.plan import Plan
from sop.supply.after.lead_time import customer_wait, little_wait_days, unit_waits, wait_curve

NINE_IN_TEN = 0.9

_NOTICEABLE = 0.5
"""Less than half a unit is not a unit that waits."""


@dataclass(frozen=True)
class Waiting:
    """How customers of a family wait in the next twelve months, in days from order to delivery.

    `standard_days` is the promise when nothing is late, `p90_days` what nine in ten units due do not exceed
    (`p90_beyond`: the horizon does not reach them, so it is a minimum), `mean_days` their mean, `little_days` the
    same by Little's law. `served_share` of the units due is shipped in its month, the rest waits
    `otherwise_days` on average (not-a-number where there is no rest; a minimum where `otherwise_beyond`).
    """

    standard_days: float
    p90_days: float
    p90_beyond: bool
    mean_days: float
    little_days: float
    served_share: float
    otherwise_days: float
    otherwise_beyond: bool = False


def waiting_of(plan: Plan) -> dict[str, Waiting]:
    """What customers of each family wait for in the next twelve months; empty without a lead time plan."""
    if "customer_lead_time" not in plan or "past_due" not in plan:
        return {}
    names, days, flows = plan.names("customer_lead_time"), _days(plan), _flows(plan)
    due, shipped, lost, _ = flows
    year = plan.calendar.year
    wait, units = customer_wait(*flows), unit_waits(*flows, days, year)
    standard = standard_days(plan)
    nine, beyond = units.quantile(NINE_IN_TEN)
    little = _little_days(plan.by_family("order_book")[:, :year].astype(float), shipped[:, :year], days[:year])
    return {
        name: Waiting(
            standard_days=round(float(standard[f]), 1),
            p90_days=float(standard[f] + nine[f]),
            p90_beyond=bool(beyond[f]),
            mean_days=float(standard[f] + units.mean[f]),
            little_days=float(little[f]),
            **_served(
                wait.served_share[f, :year],
                wait.late_periods[f, :year] * days[:year],
                due[f, :year],
                lost[f, :year],
                wait.beyond[f, :year],
            ),
        )
        for f, name in enumerate(names)
    }


def standard_days(plan: Plan) -> Floats:
    """Days (F,) from order to delivery when nothing is late: a plan's lead time less the wait of its queue."""
    wait = wait_curve(*_flows(plan)).days(_days(plan))
    days: Floats = np.median(plan.by_family("customer_lead_time") - wait, axis=1)
    return days


def _flows(plan: Plan) -> tuple[Floats, Floats, Floats, Floats]:
    """Due, shipped and lost (F, T), and past due at the start (F,), in units."""
    due, shipped, lost, past_due = (
        plan.by_family(key).astype(float) for key in ("due", "shipments", "lost_sales", "past_due")
    )
    return due, shipped, lost, np.rint(past_due[:, 0] - due[:, 0] + shipped[:, 0] + lost[:, 0])


def _days(plan: Plan) -> Floats:
    return np.array(days_of(plan.months), dtype=float)


def _little_days(order_book: Floats, shipped: Floats, days: Floats) -> Floats:
    """Days by Little's law (F,) over all months given: mean order book over what is shipped a day."""
    book, rate = order_book.mean(axis=1), shipped.sum(axis=1)
    return little_wait_days(book[:, None], rate[:, None], np.array([days.sum()]))[:, 0]


def _served(share: Floats, late_days: Floats, due: Floats, lost: Floats, beyond: Bools) -> dict[str, Any]:
    """The share of a family's units served in the month due, and the days that those wait which are not lost.

    Where the horizon ends before some of them are shipped (`beyond`), they count with the days that are left.
    """
    at_once, asked = np.where(np.isnan(share), 0.0, share) * due, float(due.sum())
    late = np.maximum(due - lost - at_once, 0.0)
    return {
        "served_share": float(at_once.sum()) / asked if asked > 0 else float("nan"),
        "otherwise_days": float((late_days * late).sum() / late.sum())
        if late.sum() >= _NOTICEABLE
        else float("nan"),
        "otherwise_beyond": bool(late[beyond].sum() >= _NOTICEABLE),
    }


def late_because(plan: Plan) -> dict[str, str]:
    """Family → what stops most of its late or lost units; empty for a plan that was read back."""
    return {family: why_in_words(reason) for family, (reason, _) in trace_limits(plan).items()}

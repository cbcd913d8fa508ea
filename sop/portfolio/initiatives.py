"""Strategic initiatives: what they still cost and how much of their benefit is planned."""

from __future__ import annotations

import numpy as np

from sop.core.inputs import Floats, Initiative
from sop.core.money import MINOR, to_minor
from sop.core.register import Assumptions


def initiative_spend(initiatives: tuple[Initiative, ...], assumptions: Assumptions, periods: int) -> Floats:
    """Spend (K, T) in currency, whole cents: budget not yet spent, evenly to the last milestone.

    Rounded on the running total, so that the months add up to what is left of the budget.
    An initiative stopped by a confidence of zero spends nothing more; one without milestones spends over a year.
    """
    spend = np.zeros((len(initiatives), periods))
    for k, initiative in enumerate(initiatives):
        if planned_confidence(initiative, assumptions) <= 0:
            continue
        slip = round(assumptions.value("initiative_slip_months", initiative.name))
        last = max((gate.forecast for gate in initiative.milestones), default=periods // 2 - 1) + slip
        months = min(max(last + 1, 1), periods)
        spend[k, :months] = max(initiative.budget - initiative.spent, 0.0) / max(last + 1, 1)
    return np.diff(to_minor(np.cumsum(spend, axis=1)), axis=1, prepend=0) / MINOR


def planned_confidence(initiative: Initiative, assumptions: Assumptions) -> float:
    """The share of the promised benefit that is planned."""
    return assumptions.value("initiative_confidence", initiative.name, initiative.confidence)


def benefit_share(initiatives: tuple[Initiative, ...], assumptions: Assumptions, periods: int) -> Floats:
    """Share of each initiative's promised benefit planned in each month (K, T): confidence × mean ramp."""
    share = np.zeros((len(initiatives), periods))
    for k, initiative in enumerate(initiatives):
        slip = round(assumptions.value("initiative_slip_months", initiative.name))
        ramps = [
            np.clip((np.arange(periods) - benefit.start - slip + 1) / max(benefit.ramp_months, 1.0), 0.0, 1.0)
            for benefit in initiative.benefits
        ]
        if ramps:
            share[k] = np.mean(ramps, axis=0) * planned_confidence(initiative, assumptions)
    return share

"""What steps leave unexplained of a difference: nothing, in every explanation."""

from __future__ import annotations

from sop.analysis.comparison.attribution import Attribution
from sop.analysis.comparison.plan_change import PARTS, PlanChange


def residual_of(change: PlanChange, measure: str) -> int:
    """What the bridge of a measure leaves unexplained, in whole parts."""
    parts = PARTS[measure]
    told = sum(round(value * parts) for _, value in change.bridge(measure))
    return round(change.now[measure] * parts) - round(change.base[measure] * parts) - told


def unexplained(found: Attribution, measure: str) -> float:
    """What the effects leave unexplained: zero but for float noise."""
    return found.end[measure] - found.start[measure] - sum(found.effects[g][measure] for g in found.groups)

"""The bridge of the executive review: from a reference to the plan's revenue, named for what it is.

With the last agreed plan the steps are causes; with any other reference they are differences by family, because
a cause needs both plans' inputs. Revenue of the next twelve months in minor units throughout.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from sop.analysis.headline import revenue_of
from sop.core.inputs import Inputs
from sop.core.money import MINOR
from sop.core.plan import Plan

Step = tuple[str, float]
MOST_FAMILIES = 8
"""Families that have a step of their own; the rest are one step."""
OTHERS, SMALLER = "Other families", "Smaller causes together"
CHANGED = "What changed since the agreed plan"
CAUSES = "causes, most upstream first; they add up exactly"


@dataclass(frozen=True)
class Bridge:
    """From `start` (name, minor units) over the steps to the plan `end`; the end is start plus all steps.

    `title` and `note` say what is compared; `reference` is the start within a sentence ('agreed plan'). `effects`:
    what each cause does to every headline measure; `starts`: the reference's value of each. Both in the measures'
    own units, money in minor units.
    """

    title: str
    note: str
    reference: str
    start: Step
    steps: tuple[Step, ...]
    end: str
    causes: bool = False
    effects: tuple[tuple[str, Mapping[str, float]], ...] = ()
    starts: Mapping[str, float] = field(default_factory=dict)

    def of(self, key: str) -> Bridge:
        """The same bridge for another headline measure, in its own unit; itself where causes are not known."""
        if key not in self.starts:
            return self
        steps = tuple((name, found[key]) for name, found in self.effects if found[key])
        return replace(self, start=(self.start[0], self.starts[key]), steps=steps)

    @property
    def total(self) -> float:
        """What the bridge ends at."""
        return self.start[1] + sum(value for _, value in self.steps)

    @property
    def main_cause(self) -> Step | None:
        """The cause that moves most; None where the steps are not causes."""
        return max(self.steps, key=lambda step: abs(step[1])) if self.causes and self.steps else None


def revenue_by_family(plan: Plan, months: Sequence[str]) -> dict[str, float]:
    """A plan's revenue by family over some of its months, minor units."""
    at = [plan.months.index(month) for month in months]
    return dict(zip(plan.names("revenue"), plan.by_family("revenue")[:, at].sum(axis=1).tolist(), strict=True))


def bridge_to_itself(plan: Plan, base_name: str, end: str) -> Bridge:
    """The agreed plan looked at against itself: nothing changes."""
    return Bridge(CHANGED, "the same plan", "agreed plan", (base_name, revenue_of(plan)), (), end)


def bridge_to_plan(plan: Plan, base: Plan, base_name: str, reference: str, end: str) -> Bridge | None:
    """Differences by family to another plan; None where it does not know them all for twelve months."""
    months = plan.months[: plan.calendar.year]
    if not set(months) <= set(base.months) or "revenue" not in base:
        return None
    note = "differences by family; causes are known for the last agreed plan only"
    before = revenue_by_family(base, months)
    if not np.isfinite(list(before.values())).all():
        return None
    return by_family(plan, before, base_name, reference, end, note)


def bridge_without_plan(plan: Plan, inputs: Inputs, end: str) -> Bridge | None:
    """Before the first agreed plan: differences by family to the budget, else to the same months a year before."""
    before = inputs.calendar.year_before_text
    for words, values in (("budget", budget_by_family(inputs)), (before, prior_year_by_family(inputs))):
        if values is not None:
            name = words[0].upper() + words[1:]
            note = "differences by family; no plan has been agreed yet"
            return by_family(plan, values, name, words, end, note)
    return None


def by_family(plan: Plan, reference: Mapping[str, float], name: str, words: str, end: str, note: str) -> Bridge:
    """Steps by family from a reference's revenue to the plan's, the largest first."""
    now = revenue_by_family(plan, plan.months[: plan.calendar.year])
    names = dict.fromkeys((*now, *reference))
    steps = [(family, now.get(family, 0.0) - reference.get(family, 0.0)) for family in names]
    moved = sorted((step for step in steps if step[1]), key=lambda step: -abs(step[1]))
    start = (name, float(sum(reference.values())))
    shown, rest = moved[:MOST_FAMILIES], moved[MOST_FAMILIES:]
    if rest:
        shown.append((OTHERS, sum(value for _, value in rest)))
    what = words if words.startswith("last") else f"the {words}"
    return Bridge(f"Difference to {what}, by family", note, words, start, tuple(shown), end)


def budget_by_family(inputs: Inputs) -> dict[str, float] | None:
    """Budgeted revenue by family over the next twelve months, minor units; None where a month or a family has
    none."""
    budget, months = inputs.budget, inputs.calendar.months[: inputs.calendar.year]
    if budget is None or not (budget.by_family and budget.is_whole) or not set(months) <= set(budget.months):
        return None
    if {*months} & {*budget.partial}:
        return None
    values = budget.revenue[..., [budget.months.index(month) for month in months]]
    if not np.isfinite(values).any(axis=(0, 1)).all():
        return None
    return _minor(inputs, np.nansum(values, axis=(1, 2)))


def prior_year_by_family(inputs: Inputs) -> dict[str, float] | None:
    """Revenue by family of the planned year's months a year before, minor units; None with a shorter history.

    None too where some of that revenue is not known.
    """
    revenue, year = inputs.revenue_by_family, inputs.calendar.year
    start = revenue.shape[-1] - year
    before = slice(start, start + min(year, inputs.calendar.horizon))
    if not inputs.knows_years() or inputs.revenue_lost[..., before].any():
        return None
    return _minor(inputs, np.nansum(revenue[..., before], axis=(1, 2)))


def _minor(inputs: Inputs, amounts: np.ndarray) -> dict[str, float]:
    return dict(zip(inputs.families.names, np.rint(amounts * MINOR).tolist(), strict=True))

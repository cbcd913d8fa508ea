"""The time line of a plan page: closed months as they were, then the planned months, for every plan compared.

Figures are arrays over `months` (P closed months, then T planned ones) in the measure's own unit, money in minor
units; not-a-number where nothing is known, because missing is not zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sop.analysis.headline import waiting_family
from sop.analysis.performance.tracks import planned
from sop.core.arrays import Labelled, sum_known
from sop.core.calendar import span_text, year_before
from sop.core.inputs import Floats, Inputs
from sop.core.money import MINOR
from sop.core.plan import Plan
from sop.facts.closed import ClosedFacts
from sop.facts.stock_value import cost_today, standard_cost
from sop.facts.unit_worth import price_of_sales

Flags = NDArray[np.bool_]
Family = str | tuple[str, ...] | None
"""A choice of families: one by name, several, or all (None)."""

PAST_MONTHS = 6
"""Closed months that a plan page shows."""


@dataclass(frozen=True)
class PlanContext:
    """A plan, what it is compared with, and what was: everything that the plan pages read from.

    `base` is the plan compared with (None before the first agreed one), `agreed` every agreed plan by its first
    open month. `cover_days` gives days of supply (P + T,) by family, and for all under '';
    `cover_beyond` says where they reach beyond the horizon and are a minimum. `single`: planned periods that
    sheets show one by one, 0 as the calendar has it.
    """

    inputs: Inputs
    plan: Plan
    base: Plan | None = None
    base_name: str = ""
    agreed: Mapping[str, Plan] = field(default_factory=dict)
    facts: ClosedFacts = field(default_factory=ClosedFacts)
    cover_days: Mapping[str, Floats] = field(default_factory=dict)
    cover_beyond: Mapping[str, Flags] = field(default_factory=dict)
    single: int = 0

    @cached_property
    def past(self) -> int:
        """How many closed months are shown: six, or as many as there are."""
        return min(PAST_MONTHS, len(self.inputs.history.months))

    @cached_property
    def months(self) -> tuple[str, ...]:
        """The closed months shown, then the planned ones."""
        return (*self.plan.calendar.history(self.past), *self.plan.months)

    @property
    def year(self) -> int:
        """Periods in twelve months."""
        return self.plan.calendar.year

    @property
    def word(self) -> str:
        """What the company calls a period: month, week, period or quarter."""
        return self.plan.calendar.word

    @property
    def near_text(self) -> str:
        """How long the next twelve months are, as far as is planned: '12 months'."""
        return self.plan.near_text

    @property
    def last_text(self) -> str:
        """How long the last twelve months are, as far as they are known: '12 months'."""
        return span_text(min(self.year, len(self.inputs.history.months)), self.year)

    @property
    def years_meet(self) -> bool:
        """Whether twelve months are planned and twelve are known: a year is never held against a part of one."""
        return len(self.plan.months) >= self.year and self.inputs.knows_years()

    @property
    def next_year(self) -> slice:
        """The next twelve months on the time line."""
        return slice(self.past, self.past + self.year)

    @property
    def closed(self) -> tuple[str, ...]:
        """The closed months shown."""
        return self.months[: self.past]

    def chosen(self, family: Family) -> tuple[str, ...]:
        """The families behind a choice: one, several, or all."""
        if family is None:
            return self.inputs.families.names
        return (family,) if isinstance(family, str) else family

    @property
    def made_to_order(self) -> tuple[str, ...]:
        """The families made to order."""
        return self.inputs.families.made_to_order_names

    @cached_property
    def waiting(self) -> str:
        """The family whose lead time the headline tells; empty where it is not known."""
        return waiting_family(self.plan, self.made_to_order)

    # -- by family (F, P + T)

    def in_plan(self, plan: Plan | None, key: str) -> Floats:
        """A measure of a plan by family on the time line; not-a-number where the plan has no such month."""
        names = self.inputs.families.names
        if plan is None or key not in plan:
            return np.full((len(names), len(self.months)), np.nan)
        said = Labelled(plan.by_family(key), family=plan.names(key), month=plan.months)
        found = said.on(family=names, month=self.months).values
        found[:, : self.past] = np.nan
        return found

    def new_plan(self, key: str) -> Floats:
        """The plan shown, in its planned months."""
        return self.in_plan(self.plan, key)

    def compared(self, key: str) -> Floats:
        """The plan in force at the time for closed months, the plan compared with for planned ones."""
        values = self.in_plan(self.base, key)
        values[:, : self.past] = planned(key, self.inputs.families.names, self.closed, self.agreed)
        return values

    @cached_property
    def last_cycle(self) -> Plan | None:
        """The plan agreed in the last cycle before this one; None where it is the plan compared with."""
        before = [cycle for cycle in self.agreed if cycle < self.plan.calendar.first_open]
        last = self.agreed[max(before)] if before else None
        same = self.base is not None and before and max(before) == self.base.calendar.first_open
        return None if same else last

    def closed_values(self, values: Floats, months: Sequence[str]) -> Floats:
        """Figures of closed months by family (F, H of `months`) on the time line."""
        return self._placed(values, months, self.closed)

    def prior_year(self, values: Floats, months: Sequence[str]) -> Floats:
        """Figures of closed months by family, each standing a year later."""
        return self._placed(values, months, [year_before(month) for month in self.months])

    def budgeted(self, column: str, family: str | tuple[str, ...] | None = None) -> Floats:
        """A column of the budget (`quantity`, `revenue`, `gross_margin`) by family; money in minor units.

        Not-a-number for a `family` of which a budget of the whole company says nothing, and for a choice of which
        some sell and are in no budget, at all or in a month.
        """
        budget = self.inputs.budget
        values = None if budget is None else getattr(budget, column)
        chosen = set() if budget is None else {*self.chosen(family)} & {*budget.uncovered}
        if budget is None or values is None or chosen or (family is not None and not budget.by_family):
            return np.full((len(self.inputs.families.names), len(self.months)), np.nan)
        scale = 1 if column == "quantity" else 100
        found = self._placed(sum_known(values, axis=1) * scale, budget.months, self.months)
        if self.several(family):
            found[:, [month in budget.partial for month in self.months]] = np.nan
        return found

    def _placed(self, values: Floats, months: Sequence[str], wanted: Sequence[str]) -> Floats:
        found = np.full((len(values), len(self.months)), np.nan)
        rows = Labelled(values, row=range(len(values)), month=months)
        found[:, : len(wanted)] = rows.on(month=wanted).values
        return found

    @cached_property
    def cost_today(self) -> Floats:
        """What a unit in stock is worth today (F,), currency: standard cost, by the ledger where that counts."""
        return cost_today(self.inputs, self.plan)

    @cached_property
    def unit_cost(self) -> Floats:
        """Standard cost of a unit (F, P + T) in minor units: today's in closed months, then the plan's."""
        today = np.repeat(self.cost_today[:, None], self.past, axis=1)
        return np.concatenate([today, standard_cost(self.inputs, self.plan)], axis=1) * MINOR

    @cached_property
    def net_price(self) -> Floats:
        """What a unit of each family sells for (F, P + T), minor units: its revenue over its shipments in the plan
        shown; in months without any, and in closed ones, what it does over the whole plan.
        """
        return price_of_sales(self.new_plan("revenue"), self.new_plan("shipments"))

    @property
    def prices_known(self) -> bool:
        """Whether all that the plan sells has a price."""
        return self.plan.has_revenue

    @property
    def costs_known(self) -> bool:
        """Whether all of the plan has a standard cost."""
        return bool(np.isfinite(self.unit_cost[:, self.past :]).all())

    def several(self, family: Family) -> bool:
        """Whether a choice is more than one family, whose units are not added up where money can be."""
        return len(self.chosen(family)) > 1

    # -- of the whole company (P + T,)

    def whole(self, plan: Plan | None, key: str) -> Floats:
        """A measure of the whole company, such as EBIT, on the time line."""
        if plan is None or key not in plan:
            return np.full(len(self.months), np.nan)
        found = Labelled(plan.total(key), month=plan.months).on(month=self.months).values
        found[: self.past] = np.nan
        return found

    def whole_compared(self, key: str) -> Floats:
        """A measure of the whole company in the plan in force at the time, then in the plan compared with."""
        values = self.whole(self.base, key)
        for place, month in enumerate(self.closed):
            cycles = [cycle for cycle in self.agreed if cycle <= month]
            plan = self.agreed[max(cycles)] if cycles else None
            if plan is not None and key in plan and month in plan.months:
                values[place] = plan.total(key)[plan.months.index(month)]
        return values

    def total(
        self, values: Floats, family: Family, weight: Floats | None = None, units: Floats | None = None
    ) -> Floats:
        """Figures by family added up to a choice (P + T,), each times its `weight` (F,) or (F, P + T) where given.

        Families without a figure count nothing; a figure whose weight is not known makes the total unknown, and so
        does a family with `units` (F, P + T) and no money for them.
        """
        rows = [self.inputs.families.names.index(name) for name in self.chosen(family)]
        picked = values[rows]
        if units is not None:
            lost = (~np.isfinite(picked) & (np.nan_to_num(units[rows]) != 0)).any(axis=0)
            return np.where(lost, np.nan, sum_known(picked, axis=0))
        if weight is None:
            return sum_known(picked, axis=0)
        each = weight[rows] if weight.ndim == picked.ndim else weight[rows][:, None]
        weighted = picked * np.nan_to_num(each)
        unknown = (~np.isfinite(each) & np.isfinite(picked) & (picked != 0)).any(axis=0)
        return np.where(unknown, np.nan, sum_known(weighted, axis=0))

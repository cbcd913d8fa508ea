"""What limits the plan: the limits that bind, what one more of each is worth, and the units late behind them."""

from __future__ import annotations

from dataclasses import dataclass

from sop.core.money import MINOR
from sop.review.plan_views.resources import ResourceLoad
from sop.review.plan_views.table import PlanTable, TableColumn
from sop.review.plan_views.words import Money, units_text


@dataclass(frozen=True)
class LimitWorth:
    """One limit that binds in `months` months of the horizon.

    `worth` in minor units is what one more `unit` in each of those months is worth, for one month: revenue less
    cost plus the price put on late and lost units; `money` is the part without that price. It holds for the next
    `reach` units a month (`open_ended`: at least), then `worth_after`. None where it was not looked at.
    """

    name: str
    kind: str
    unit: str
    months: int
    worth: float | None = None
    money: float = 0.0
    reach: float = 0.0
    worth_after: float = 0.0
    open_ended: bool = False

    @property
    def label(self) -> str:
        """The limit as people name it: a line by its name, others with their kind."""
        return self.name if self.kind in ("line", "material", self.name) else f"{self.name}, {self.kind}"

    def note(self, money: Money) -> str:
        """How far the worth reaches, in words; empty where it was not looked at or there is none."""
        if not self.worth or self.worth < MINOR:
            return ""
        reach = f"{self.reach:,.1f}" if self.reach < 10 else units_text(self.reach, "")
        unit = {"person": "people", "hour": "h"}.get(self.unit, f"{self.unit}s")
        return (
            f"at least the next {reach} {unit}"
            if self.open_ended
            else f"first {reach} {unit}, then {money(self.worth_after)}"
        )


@dataclass(frozen=True)
class Cause:
    """Units of a family that are late or lost, and what stops them, in one sentence."""

    family: str
    units: float
    sentence: str


def by_worth(limits: tuple[LimitWorth, ...]) -> tuple[LimitWorth, ...]:
    """The most valuable limits first, then those that bind longest."""
    return tuple(sorted(limits, key=lambda limit: (-(limit.worth or 0.0), -limit.months)))


def full_lines_table(resources: tuple[ResourceLoad, ...]) -> PlanTable:
    """Lines by months at their demonstrated capacity: what a frozen plan still tells of its limits."""
    columns = (
        TableColumn("Limit", "text"),
        TableColumn("Months full", "months"),
        TableColumn("Utilisation", "percent"),
    )
    rows = tuple((r.name, r.full_months, r.utilisation_next_year) for r in resources)
    return PlanTable("What limits the plan", columns, rows)

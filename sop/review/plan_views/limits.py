"""What limits the plan: the limits that bind, what one more of each is worth, and the units late behind them."""

from __future__ import annotations

from dataclasses import dataclass

from sop.core.money import MINOR
from sop.review.plan_views.resources import ResourceLoad
from sop.review.plan_views.table import PlanTable, TableColumn
from sop.review.plan_views.words import units_text


@dataclass(frozen=True)
class LimitWorth:
    """One limit that binds in `months` months of the horizon.

    `worth` in minor units is what one more `unit` in each of those months brings in revenue less cost, for one
    month; it holds for the next `reach` units a month (`open_ended`: at least). None where it was not looked at.
    `families` run into it.
    """

    name: str
    kind: str
    unit: str
    months: int
    families: tuple[str, ...] = ()
    worth: float | None = None
    reach: float = 0.0
    open_ended: bool = False

    @property
    def label(self) -> str:
        """The limit as people name it: a line by its name, others with their kind."""
        return self.name if self.kind in ("line", "material", self.name) else f"{self.name}, {self.kind}"

    @property
    def note(self) -> str:
        """How far the worth reaches, in words; empty where it was not looked at or there is none."""
        if not self.worth or self.worth < MINOR:
            return ""
        reach = f"{self.reach:,.1f}" if self.reach < 10 else units_text(self.reach, "")
        unit = {"person": "people", "hour": "h"}.get(self.unit, f"{self.unit}s")
        return f"at least the next {reach} {unit}" if self.open_ended else f"next {reach} {unit}, then less"


@dataclass(frozen=True)
class Cause:
    """Units of a family that are late or lost, and what stops them, in one sentence."""

    family: str
    units: float
    sentence: str


def limits_of(limits: tuple[LimitWorth, ...], family: str | None) -> tuple[LimitWorth, ...]:
    """Limits that the family runs into (None: all), the most valuable first, then those that bind longest."""
    own = (limit for limit in limits if family is None or family in limit.families)
    return tuple(sorted(own, key=lambda limit: (-(limit.worth or 0.0), -limit.months)))


def full_lines_table(resources: tuple[ResourceLoad, ...]) -> PlanTable:
    """Lines by months at their demonstrated capacity: what a frozen plan still tells of its limits."""
    columns = (
        TableColumn("Limit", "text"),
        TableColumn("Months full", "months"),
        TableColumn("Utilisation", "percent"),
    )
    rows = tuple((r.name, r.full_months, r.utilisation_next_year) for r in resources)
    return PlanTable("What limits the plan", columns, rows)

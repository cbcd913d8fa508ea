"""Where an override of demand applies, and how it was entered: the scope of `demand_units` and `marketing_units`.

An override is kept as one entry for each of its months, whose scope is `family|region|month`. An empty family or
region stands for all of them: the units are then spread over families and regions when a plan is built. A fourth
part says how the whole override was entered, on which baseline forecast of that month.

>>> read_override_scope("Bikes||2027-01|+5% on 120")
OverrideScope(family='Bikes', region='', month='2027-01', entered='+5% on 120')
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sop.core.calendar import is_period

Names = tuple[Sequence[str], Sequence[str]]
"""Families and regions along the first two axes of an array of demand."""
How = Literal["units", "percent", "target"]
"""An override is a change in units, a change in percent of the baseline forecast, or the demand to reach."""

SALES_UNITS, MARKETING_UNITS = "demand_units", "marketing_units"
UNIT_OVERRIDES = (SALES_UNITS, MARKETING_UNITS)
"""The keys of the register that hold overrides in units."""
_ENTERED = re.compile(
    r"(?P<to>to )?(?P<number>[+-]?\d+(\.\d+)?)(?P<pct>%)? on (?P<base>-?\d+)( \((?P<copy>\d+)\))?"
)


@dataclass(frozen=True)
class OverrideScope:
    """What one entry applies to: a month of a family and region, where empty means all of them."""

    family: str
    region: str
    month: str
    entered: str = ""

    @property
    def text(self) -> str:
        """The scope as it is stored."""
        return "|".join((self.family, self.region, self.month, self.entered)).removesuffix("|")

    @property
    def place(self) -> str:
        """Family and region in words: 'Bikes, North', 'Bikes', 'all families'."""
        return ", ".join(part for part in (self.family, self.region) if part) or "all families"


@dataclass(frozen=True)
class Entered:
    """How an override was entered: a signed change in units, a fraction, or the demand to reach.

    `baseline`: the baseline forecast of the entry's own month at that moment. `copy` tells entries apart that
    are the same in everything else.
    """

    how: How
    number: float
    baseline: int
    copy: int = 1

    @property
    def text(self) -> str:
        """How it is stored: '+120 on 4870', '+5% on 4870', 'to 5000 on 4870'.

        >>> Entered("percent", -0.05, 4870).text
        '-5% on 4870'
        """
        copy = f" ({self.copy})" if self.copy > 1 else ""
        return f"{self.wish} on {self.baseline}{copy}"

    @property
    def wish(self) -> str:
        """What was asked for: '+120', '+5%', 'to 5000'."""
        if self.how == "target":
            return f"to {self.number:.0f}"
        return f"{round(self.number * 100, 4):+.10g}%" if self.how == "percent" else f"{self.number:+.0f}"


def read_override_scope(scope: str) -> OverrideScope | None:
    """A stored scope read back; None where it names no month."""
    parts = scope.split("|")
    return OverrideScope(*parts) if 3 <= len(parts) <= 4 and is_period(parts[2]) else None


def read_entered(text: str) -> Entered | None:
    """The fourth part of a scope read back; None where it says nothing that was kept so."""
    found = _ENTERED.fullmatch(text)
    if found is None:
        return None
    number, copy = float(found["number"]), int(found["copy"] or 1)
    if found["pct"]:
        return Entered("percent", number / 100, int(found["base"]), copy)
    return Entered("target" if found["to"] else "units", number, int(found["base"]), copy)


def cells_of(scope: OverrideScope, names: Names) -> NDArray[np.bool_]:
    """The families and regions (F, R) that an entry applies to; an empty name is all of them."""
    wanted = (scope.family, scope.region)
    family, region = (
        np.array([name in ("", each) for each in axis], dtype=bool)
        for name, axis in zip(wanted, names, strict=True)
    )
    return family[:, None] & region[None, :]

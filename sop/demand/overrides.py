"""What people changed about the baseline forecast, in units by family, region and month, for each function.

An entry for several families or regions is spread over them in proportion to their baseline forecast, to the
unit, so that they always add up to what was entered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sop.core.calendar import Calendar
from sop.core.inputs import Floats
from sop.core.overrides import MARKETING_UNITS, SALES_UNITS, UNIT_OVERRIDES, Names, cells_of, read_override_scope
from sop.core.register import Assumptions
from sop.demand.consensus import override_units
from sop.demand.spread import share_units


def entered_units(
    baseline: Floats,
    names: Names,
    calendar: Calendar,
    assumptions: Mapping[tuple[str, str], float],
    keys: Sequence[str] = UNIT_OVERRIDES,
) -> Floats:
    """Overrides that were entered in units (F, R, T), beside a baseline forecast (F, R, T) of the same shape.

    `names`: families and regions along its axes. Entries for months that are closed by now or beyond the horizon,
    and for names that the company no longer has, change nothing.
    """
    entered = np.zeros(baseline.shape)
    for (key, text), units in assumptions.items():
        scope = read_override_scope(text) if key in keys else None
        if scope is None or not 0 <= (t := calendar.position(scope.month)) < baseline.shape[-1]:
            continue
        cells = cells_of(scope, names)
        if cells.any():
            entered[cells, t] += share_units(units, baseline[cells, t])
    return entered


def sales_override(baseline: Floats, names: Names, calendar: Calendar, assumptions: Assumptions) -> Floats:
    """What sales changes (F, R, T): its percent of the baseline by family, and its entries in units."""
    percent = np.array([assumptions.value("demand_pct", family) for family in names[0]])
    units = entered_units(baseline, names, calendar, assumptions, (SALES_UNITS,))
    return override_units(baseline, percent=percent[:, None, None], delta=units)


def marketing_override(baseline: Floats, names: Names, calendar: Calendar, assumptions: Assumptions) -> Floats:
    """What marketing changes on top of sales (F, R, T), units."""
    return entered_units(baseline, names, calendar, assumptions, (MARKETING_UNITS,))

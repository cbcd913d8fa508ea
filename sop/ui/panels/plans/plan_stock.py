"""What the pages of stock and of waiting customers have in common: figures by month as a line."""

from __future__ import annotations

import numpy as np

from sop.core.inputs import Floats
from sop.views.series import PlanSeries
from sop.views.timeline import PlanContext


def month_line(
    name: str, unit: str, context: PlanContext, now: Floats, agreed: Floats | None = None
) -> PlanSeries:
    """Figures (P + T,) as a series for a line chart."""
    nothing = np.full(len(now), np.nan)
    return PlanSeries(
        name,
        unit,
        "stock",
        0,
        context.past,
        context.year,
        now,
        nothing if agreed is None else agreed,
        nothing,
        nothing,
        nothing,
    )

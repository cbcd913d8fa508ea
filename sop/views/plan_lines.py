"""All lines of one plan as a wide table: the long list under each plan page, and its download."""

from __future__ import annotations

import pandas as pd

from sop.core.measures import MEASURES
from sop.core.plan import Plan
from sop.core.terms import PlanName

NAMES = ["Measure", "Family", "Region", "Resource", "Unit"]


def plan_lines_table(plan: Plan, name: PlanName, family: str | None) -> pd.DataFrame:
    """One row per measure, family, region and resource of a plan, one column per month; money in currency.

    With a family only its lines, and those that belong to no family. Figures that are not known stay empty.
    """
    labels = {entry.key: entry.label for entry in MEASURES}
    frame = plan.frame
    frame = frame[frame["plan"] == name.value]
    if family is not None:
        frame = frame[frame["family"].isin([family, ""])]
    frame = frame.assign(Measure=frame["measure"].map(labels)).rename(
        columns={"family": "Family", "region": "Region", "resource": "Resource", "unit": "Unit"}
    )
    if frame.empty:
        return pd.DataFrame(columns=NAMES)
    wide = frame.pivot_table(index=NAMES, columns="month", values="value", aggfunc="sum", sort=False)
    return wide.reset_index().rename_axis(columns=None)

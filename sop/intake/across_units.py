"""Findings about quantities in parts of a unit that the plan would make whole."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sop.core.calendar import worded
from sop.core.findings import Finding
from sop.core.inputs import Inputs

FEW = 10
"""Units a month below which whole units change what a plan says."""


def check_parts_of_units(inputs: Inputs) -> Iterator[Finding]:
    """Families that sell few units a month, in parts, and are planned in whole units.

    Sales that were told by month have parts in weeks because they are shared.
    """
    if inputs.history.told_by is not None:
        return
    families, year = inputs.families, inputs.calendar.year
    sold = np.nan_to_num(inputs.shipped_by_family[..., -year:])
    a_month = np.abs(sold).sum(axis=(1, 2)) / max(sold.shape[-1], 1)
    parts = (np.abs(sold - np.rint(sold)) > 1e-6).any(axis=(1, 2))
    for family in np.flatnonzero(parts & (families.decimals == 0) & (a_month < FEW)):
        yield Finding(
            "warning",
            "sold_in_parts_of_a_unit",
            worded(
                f"family {families.names[family]} sells {a_month[family]:.2g} {families.unit[family]} a "
                f"month and is "
                "planned in whole units, now one and now none"
            ),
            "Fill unit_decimals in products, 3 for a tonne to the kilogram",
            table="products",
            column="unit_decimals",
        )

"""What is past due when a plan begins, in words: where it ships at once no month's end shows it late."""

from __future__ import annotations

import numpy as np

from sop.core.calendar import period_name
from sop.core.inputs import Inputs
from sop.core.words import units_text

INFERRED = "inferred from the order book and the stated lead time"


def late_now(inputs: Inputs, family: str | None) -> float:
    """Units past due at the end of the last closed month, of a family or of all; as the plan starts from them."""
    late = np.rint(np.maximum(inputs.position.past_due, 0.0)).sum(axis=1)
    return float(sum(late[f] for f, name in enumerate(inputs.families.names) if family in (None, name)))


def late_now_text(inputs: Inputs, family: str | None) -> str:
    """'57 units were past due at the end of Nov 2026', and how it is known where no table says; '' for none."""
    units = late_now(inputs, family)
    if not units or inputs.orders is None:
        return ""
    verb = "was" if units == 1 else "were"
    known = f", {INFERRED}" if inputs.orders.derived else ""
    month = period_name(inputs.calendar.last_closed)
    return f"{units_text(units, 'unit' if units == 1 else 'units')} {verb} past due at the end of {month}{known}"

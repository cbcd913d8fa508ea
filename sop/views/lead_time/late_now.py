"""What is past due when a plan begins, in words: where it ships at once no month's end shows it late."""

from __future__ import annotations

import numpy as np

from sop.core.calendar import period_name
from sop.core.inputs import Inputs
from sop.core.words import units_text
from sop.facts.unit_worth import net_price_today

INFERRED = "inferred from the order book and the stated lead time"


def late_now(inputs: Inputs, family: str | None) -> float:
    """Units past due at the end of the last closed month, of a family or of all; as the plan starts from them."""
    late = np.rint(np.maximum(inputs.position.past_due, 0.0)).sum(axis=1)
    return float(sum(late[f] for f, name in enumerate(inputs.families.names) if family in (None, name)))


def late_now_text(inputs: Inputs, family: str | None) -> str:
    """'57 units were past due at the end of Nov 2026', and how it is known where no table says; '' for none.

    Units of several families are not added up: '40 units of Heavy duty, and some of 2 other families, were …', the
    family with most at today's price first.
    """
    late = {name: late_now(inputs, name) for name in inputs.families.names if family in (None, name)}
    late = {name: units for name, units in late.items() if units}
    if not late or inputs.orders is None:
        return ""
    price = dict(zip(inputs.families.names, np.nan_to_num(net_price_today(inputs)).tolist(), strict=True))
    first = max(late, key=lambda name: (late[name] * price[name], late[name]))
    units, others = late[first], len(late) - 1
    verb = "was" if units == 1 and not others else "were"
    whose = f" of {first}, and some of {others} other {'family' if others == 1 else 'families'}," if others else ""
    known = f", {INFERRED}" if inputs.orders.derived else ""
    month = period_name(inputs.calendar.last_closed)
    count = units_text(units, "unit" if units == 1 else "units")
    return f"{count}{whose} {verb} past due at the end of {month}{known}"

"""How the forecast of one month moved over the cycles."""

from __future__ import annotations

from collections.abc import Mapping

from sop.core.plan import Plan


def vintages(month: str, plans: Mapping[str, Plan], family: str | None = None) -> list[tuple[str, float]]:
    """How consensus demand for one month moved over the cycles: (cycle, units) for every plan that covers it.

    Of one family, or of all where none is named; a plan that does not know the family is left out.
    """
    found = []
    for cycle, plan in sorted(plans.items()):
        names = plan.names("consensus_demand")
        if month not in plan.months or (family is not None and family not in names):
            continue
        values = plan.by_family("consensus_demand")[:, plan.months.index(month)]
        found.append((cycle, float(values.sum() if family is None else values[names.index(family)])))
    return found

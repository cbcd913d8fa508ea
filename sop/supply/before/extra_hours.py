"""What can be bought beyond the own limits: hours for lines and shared resources, material on the spot market."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from sop.core.findings import Finding
from sop.core.inputs import Capacity, ExtraHours, Floats, Inputs, Materials
from sop.core.register import Assumptions, assumption
from sop.core.words import resource_names

HOURS, PRICE, LEAD = "extra_hours_pct", "extra_hour_price", "extra_lead_months"
NO_HOURS = 0.005
"""Hours below this are none."""


@dataclass(frozen=True, eq=False)
class Offered:
    """Hours that may be bought (L, T) and their price (L, T), infinite where nobody offers any."""

    hours: Floats
    price: Floats


def offered_hours(
    inputs: Inputs,
    assumptions: Assumptions,
    names: Sequence[str],
    own: Floats,
    extra: ExtraHours | None,
) -> Offered:
    """The hours that may be bought beyond the `own` (L, T) of resources, from the first month in which they come.

    At most the share that somebody allows, and at most what the table offers. Hours without a known price are
    planned at none, which `hours_findings` says; of a plan that buys any, `bought_unpriced` does.
    """
    hours, price = np.zeros(own.shape), np.full(own.shape, np.inf)
    for row, name in enumerate(names):
        asked = price_of_hours(assumptions, name, None if extra is None else extra.price[row])
        share = assumptions.value(HOURS, name)
        if share > 0 or asked is not None:
            price[row] = 0.0 if asked is None else asked
        if share > 0:
            most = np.inf if extra is None else extra.most[row]
            most = np.where(np.isfinite(most), most, np.inf)
            hours[row] = np.minimum(own[row] * share, most)
            hours[row, : lead_periods(inputs, assumptions, name, extra, row)] = 0.0
    return Offered(hours, price)


def price_of_hours(assumptions: Assumptions, name: str, table: Floats | None) -> Floats | None:
    """The price (T,) of an hour bought for a resource: what somebody set, else the table; None where neither says.

    Months that the table leaves open cost what the dearest of the others does.
    """
    found = assumptions.known(PRICE, name)
    if found is not None:
        return np.full(1 if table is None else len(table), found)
    if table is None or not np.isfinite(table).any():
        return None
    return np.where(np.isfinite(table), table, np.nanmax(table))


def lead_periods(inputs: Inputs, assumptions: Assumptions, name: str, extra: ExtraHours | None, row: int) -> int:
    """Planned periods in which hours that are ordered now have not come yet."""
    months = assumptions.value(LEAD, name, None if extra is None else extra.lead_months[row])
    return min(int(np.ceil(inputs.calendar.in_periods(months))), inputs.calendar.horizon)


def hours_findings(capacity: Capacity, assumptions: Assumptions) -> Iterator[Finding]:
    """Hours that may be bought and whose price nobody says: what a plan that buys any earns is not known."""
    for _, name in _without_price(capacity, assumptions):
        if assumptions.value(HOURS, name) > 0:
            yield Finding(
                "warning",
                "hours_without_price",
                f"hours may be bought for {name} at a price that is not known; of a plan that buys any, neither "
                "profit nor cash is known",
                f"Load {PRICE}, or set '{assumption(PRICE).label}' on Assumptions",
                table="capacity",
                column=PRICE,
            )


def bought_unpriced(
    inputs: Inputs, assumptions: Assumptions, extra_line: Floats, extra_shared: Floats
) -> tuple[str, ...]:
    """Resources, as people call them, for which hours are bought at a price that nobody says.

    `extra_line` (L, T) and `extra_shared` (K, T): hours that a plan buys beyond its own.
    """
    if inputs.capacity is None:
        return ()
    bought, called = {"line": extra_line, "shared": extra_shared}, resource_names(inputs)
    found = [
        called.get(name, name)
        for (kind, row), name in _without_price(inputs.capacity, assumptions)
        if (bought[kind][row] > NO_HOURS).any()
    ]
    return tuple(found)


def _without_price(capacity: Capacity, assumptions: Assumptions) -> Iterator[tuple[tuple[str, int], str]]:
    """Lines and shared resources, by kind and row, of whose bought hours nobody says the price."""
    kinds = (("line", capacity.lines, capacity.line_extra), ("shared", capacity.shared, capacity.shared_extra))
    for kind, names, extra in kinds:
        for row, name in enumerate(names):
            if price_of_hours(assumptions, name, None if extra is None else extra.price[row]) is None:
                yield (kind, row), name


def spot_premium(materials: Materials, assumptions: Assumptions, name: str) -> float:
    """Extra price of a unit above the supplier's limit: what somebody set, else the table; not-a-number where
    neither says, and nobody sells any."""
    found = assumptions.known("spot_premium", name, materials.spot_premium[materials.names.index(name)])
    return np.nan if found is None else found

"""Findings about the order book: where it, the stated lead time and shipments cannot all be so (Little's law).

In a steady queue the book is what is shipped a day × the days that an order waits (J. D. C. Little, "A proof for
the queuing formula L = λW", Operations Research 9, 1961). Which of the three is wrong no arithmetic can tell, so
both readings are told with what each would mean for the plan.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sop.core.calendar import MONTH, worded
from sop.core.findings import Finding
from sop.core.format import does, how_many, number
from sop.core.inputs import Inputs
from sop.intake.blocks.products import shipped_a_day

WATCHED = ("order_book", "products", "sales_actuals")
"""Tables whose import may bring the three into contradiction."""

_SHARE, _DAYS = 0.5, 30.0
"""What a book and a lead time may differ by: half of the lead time, and a month; growth and seasons explain it."""


def check_order_book(inputs: Inputs) -> Iterator[Finding]:
    """Families whose book contradicts their lead time, families and regions with a book and no sales, late units
    inferred."""
    orders, families = inputs.orders, inputs.families
    if orders is None:
        return
    book, late = orders.quantity[..., -1].sum(axis=1), orders.past_due[..., -1].sum(axis=1)
    history = inputs.history
    rate = shipped_a_day(history, inputs.products, len(families.names)).sum(axis=1)
    contradicted = False
    never = ~np.isfinite(history.ordered).any(axis=(0, 2))
    for r in np.flatnonzero(never & (orders.quantity[..., -1].sum(axis=0) > 0)):
        units = number(orders.quantity[:, r, -1].sum())
        what = f"{inputs.regions[r]}: {how_many(units, 'units', 'are')} on order and nothing was sold there yet"
        remedy = "Import its sales, or correct the region in order_book"
        yield Finding("note", "book_of_new_region", f"{what}; only they are planned for it", remedy, "order_book")
    for f, name in enumerate(families.names):
        # What is late by the table is no part of the lead time; of stock nobody knows when the rest is due.
        waiting = book[f] if orders.derived else book[f] - late[f]
        if waiting <= 0 or not (orders.derived or families.made_to_order[f]):
            continue
        if rate[f] <= 0:
            yield _without_sales(name, float(book[f]), len(history.months[-history.year :]))
            continue
        implied, stated = float(waiting / rate[f]), float(families.lead_days[f])
        if abs(implied - stated) > max(_SHARE * stated, _DAYS):
            contradicted = True
            yield _contradiction(name, float(waiting), float(rate[f]), stated, derived=orders.derived)
    if orders.derived and late.sum() > 0 and not contradicted:
        what = worded(
            f"no past due is given: {how_many(number(late.sum()), 'units')} of the order book "
            f"{does(number(late.sum()), 'are')} taken as late, "
            "what it exceeds the stated lead time by; no closed month shows them as actual"
        )
        yield Finding("note", "past_due_inferred", what, "Fill past_due", "order_book", column="past_due")


def _contradiction(name: str, waiting: float, rate: float, stated: float, *, derived: bool) -> Finding:
    """One family's contradiction, with both figures and what each would mean for the plan."""
    implied, a_month = waiting / rate, rate * MONTH.mean_days
    over = waiting - rate * stated
    which = "" if derived else " that are not past due"
    what = (
        f"{name}: its {how_many(number(waiting), 'open orders')}{which} {does(number(waiting), 'are')} "
        f"{how_many(number(implied), 'days')} of shipments, its stated "
        f"lead time is {how_many(number(stated), 'days')}"
    )
    if over <= 0:
        then = (
            f"by the lead time only {how_many(number(waiting), 'units', 'fall')} due in the next "
            f"{how_many(number(stated), 'days')}, where "
            f"{number(rate * stated)} are shipped in as many"
        )
    elif derived:
        then = worded(
            f"by the lead time {how_many(number(over), 'units')} "
            f"({how_many(number(over / a_month, 1), 'months')} of shipments) {does(number(over), 'are')} "
            "past due, "
            "and the plan ships them as soon as it can"
        )
    else:
        then = worded(
            f"by the lead time all of them fall due within it, {how_many(number(over), 'units')} ("
            f"{how_many(number(over / a_month, 1), 'months')} of shipments) more than are shipped in as many days"
        )
    what += (
        f". {then[0].upper()}{then[1:]}; by the book customers wait "
        f"{how_many(number(implied), 'days')} and nothing is past due"
    )
    remedy = "Fill past_due in order_book, or correct standard_lead_time_days in products"
    return Finding("warning", "little_law", what, remedy, "order_book")


def _without_sales(name: str, book: float, months: int) -> Finding:
    """A book of what was not shipped lately: nothing tells how long it takes."""
    what = worded(
        f"{name}: {how_many(number(book), 'units', 'are')} on order and none was shipped in the last "
        f"{how_many(months, 'months')}, so nothing "
        "tells whether its lead time holds; the plan takes them as due within it",
        counted=True,
    )
    return Finding("warning", "book_without_sales", what, "Import its sales, or close the orders", "order_book")

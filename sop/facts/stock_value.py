"""What stock is worth: units × current standard cost, the one rule behind every page, file and plan.

A family's standard cost is the mean of its products'; what one stock is worth is therefore worked out by family.
The ledger may say another value of the same stock: it is told beside this one, and never mixed into it.
"""

from __future__ import annotations

import numpy as np

from sop.core.arrays import Labelled, sum_known
from sop.core.inputs import Floats, Inputs, Ints
from sop.core.money import MINOR, known_minor
from sop.core.plan import Plan


def value_of_stock(units: Floats | Ints, unit_cost: Floats) -> Floats:
    """Stock in whole minor units, of the shape of `units`; `unit_cost` in currency broadcasts against it.

    Nothing is worth nothing whatever it costs; units whose cost is not known have no value that is known.

    >>> value_of_stock(np.array([3.0, 0.0, 2.0]), np.array([1.01, np.nan, np.nan])).tolist()
    [303.0, 0.0, nan]
    """
    return known_minor(np.where(units == 0, 0.0, units * unit_cost)).astype(float)


def stock_of_families(inputs: Inputs) -> Labelled | None:
    """Closing stock by family and closed month at what one is worth today, minor units; None without stock."""
    stock, cost = inputs.stock, inputs.position.worth
    if stock is None:
        return None
    return Labelled(value_of_stock(stock.closing, cost[:, None]), family=inputs.families.names, month=stock.months)


def stock_of_tables(inputs: Inputs) -> Labelled | None:
    """Closing stock of the company by closed month, minor units, not known where some of it has no cost.

    A family without rows in a month holds none. None without stock.
    """
    found, stock = stock_of_families(inputs), inputs.stock
    if found is None or stock is None:
        return None
    unknown = (np.isfinite(stock.closing) & ~np.isfinite(found.values)).any(axis=0)
    total = np.where(unknown, np.nan, sum_known(found.values, axis=0))
    return Labelled(total, month=stock.months)


def cost_today(inputs: Inputs, plan: Plan) -> Floats:
    """What one in stock of each family is worth as a plan opens (F,), currency, by the cost that counts."""
    priced = plan.detail.stock_cost
    return inputs.position.worth if priced is None else priced[:, 0]


def standard_cost(inputs: Inputs, plan: Plan) -> Floats:
    """What a unit of each family's stock is worth in a plan's months (F, T), currency: current standard cost.

    Of a plan that was read back it is the value of its stock over its units, today's cost where nothing is there.
    """
    names, months = inputs.families.names, plan.months
    today = np.repeat(inputs.position.worth[:, None], len(months), axis=1)
    if plan.detail.stock_cost is not None:
        return plan.detail.stock_cost[:, 1:]
    if "inventory_revaluation" not in plan:
        return today  # The value of its stock is not its units at standard cost: it was signed before that rule.
    value, units = (plan.on(key, (names,), months, np.nan) for key in ("inventory_value", "inventory"))
    return np.divide(value, units * MINOR, out=today, where=units > 0)
